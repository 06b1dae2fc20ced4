import type { DashboardView } from '#shared/dashboard/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { counted, dayIn, moment, plainDay } from '#shared/kernel/format.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { useActingAs } from '#web/shared/identity/current-user.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { DataTable } from '#web/shared/ui/table.tsx';
import { useInfiniteQuery } from '@tanstack/react-query';
import { activitySentence, BY } from './activity-labels.ts';
import { activityQuery } from './dashboard-api.ts';
import { DownloadButton } from './download-button.tsx';
import { useDashboardFilters } from './filters.ts';
import { Timeline } from './timeline.tsx';

/** What happened, by day as a chart and line by line as a log. */
export default function Activity({ data, now }: { data: DashboardView; now: Date }) {
  const { timeZone } = useConfig();
  const day = (plain: string): string => plainDay(plain, dayIn(timeZone, now));
  return (
    <>
      <Panel label="Activity">
        <div className="panel-head">
          <h2>Activity</h2>
          <span className="as-of">{data.period.label}</span>
          <div className="end">
            <DownloadButton file="solves" />
          </div>
        </div>
        <Timeline timeline={data.timeline} today={dayIn(timeZone, now)} />
        <div className="panel-foot">
          {data.timeline.teamEditsSince !== null && (
            <span>Team edits are counted from {day(data.timeline.teamEditsSince)}.</span>
          )}
          <DataTable
            caption="Activity by day"
            asOf={data.freshness.asOf}
            columns={['Day', 'Registrations', 'Team edits', 'Solves', 'Flash CTFs']}
            rows={data.timeline.days.map(({ day: one, registrations, teamEdits, solves }) => ({
              key: one,
              cells: [
                day(one),
                registrations,
                teamEdits,
                solves,
                data.timeline.flashCtfs
                  .filter((event) => event.day === one)
                  .map((event) => `${event.name} (${event.players})`)
                  .join(', '),
              ],
            }))}
          />
          <DataTable
            label="Streaks as a table"
            asOf={data.freshness.asOf}
            caption="Streaks: three or more days in a row with a solve"
            columns={['Competitor', 'From', 'To', 'Days']}
            rows={data.timeline.streaks.map(({ competitorId, name, from, to, days }) => ({
              key: `${competitorId}${from}`,
              cells: [name, day(from), day(to), days],
            }))}
          />
        </div>
      </Panel>
      <Panel label="Activity log">
        <div className="panel-head">
          <h2>Activity log</h2>
        </div>
        <Log now={now} />
      </Panel>
    </>
  );
}

function Log({ now }: { now: Date }) {
  const { timeZone } = useConfig();
  const log = useInfiniteQuery(activityQuery(useApi(), useActingAs(), useDashboardFilters(now)));
  const lines = log.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {log.isPending && <SkeletonRows label="the activity log" rows={8} />}
      {log.isError && (
        <div className="panel-body flex-none">
          <LoadFailure
            what={log.data ? 'More of the activity log' : 'The activity log'}
            safe="The numbers above are not affected."
            error={log.error}
            retrying={log.isFetching}
            onRetry={() => void (log.data ? log.fetchNextPage() : log.refetch())}
          />
        </div>
      )}
      {log.data && lines.length === 0 && !log.hasNextPage && (
        <Empty kind="never" title="Nothing happened in this period">
          New competitors, team edits, and new solves show up here, newest first.
        </Empty>
      )}
      {lines.length > 0 && (
        <ol className="log" aria-label="What happened, newest first">
          {lines.map((line) => (
            <li key={line.id}>
              <time dateTime={line.at}>{moment(line.at, timeZone, now)}</time>
              <span className="min-w-0 wrap-anywhere">{activitySentence(line)}</span>
              <span className="by">{BY[line.by]}</span>
            </li>
          ))}
        </ol>
      )}
      {log.data && (
        <div className="panel-foot">
          <output>{counted(lines.length, 'line')} shown</output>
          {log.hasNextPage && (
            <Button
              small
              aria-disabled={log.isFetchingNextPage || undefined}
              onClick={() => log.isFetchingNextPage || void log.fetchNextPage()}
            >
              {log.isFetchingNextPage ? 'Loading' : 'Show more activity'}
            </Button>
          )}
        </div>
      )}
    </>
  );
}
