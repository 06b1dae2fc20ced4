import type { DashboardView, Timeline } from '#shared/dashboard/contract.ts';
import { countDays } from '#shared/kernel/days.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { linearScale, useWidth } from '#web/shared/charts/sparkline.tsx';
import { count, counted, dayIn, dayTick, moment, plainDay } from '#shared/kernel/format.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { useActingAs } from '#web/shared/identity/current-user.tsx';
import { Button } from '#web/shared/ui/button.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { DataTable } from '#web/shared/ui/table.tsx';
import { useInfiniteQuery } from '@tanstack/react-query';
import { activitySentence, BY, timelineSummary, timelineTotals } from './activity-labels.ts';
import { activityQuery } from './dashboard-api.ts';
import { DownloadButton } from './download-button.tsx';
import { useDashboardFilters } from './filters.ts';

const LANE = 34;
const TOP = 26;

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
        <TimelineChart timeline={data.timeline} />
        <div className="panel-foot">
          {data.timeline.teamEditsSince !== null && (
            <span>Team edits are counted from {day(data.timeline.teamEditsSince)}.</span>
          )}
          <DataTable
            caption="Activity by day"
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

function TimelineChart({ timeline }: { timeline: Timeline }) {
  const [holder, width] = useWidth<HTMLDivElement>();
  const { days, streaks, flashCtfs } = timeline;
  const totals = timelineTotals(timeline);
  const lanes = [
    { name: 'Registrations', total: totals.registrations },
    { name: 'Team edits', total: totals.teamEdits },
    { name: 'Solves', total: totals.solves },
    { name: 'Streaks', total: totals.streaks },
    { name: 'Flash CTFs', total: totals.flashCtfs },
  ];
  const left = width < 560 ? 104 : 140;
  const step = (width - left - 8) / Math.max(1, days.length);
  const first = days[0]?.day ?? '';
  const middle = (lane: number): number => TOP + LANE * (lane + 0.5);
  const place = (day: string): number => left + step * (countDays(first, day) - 0.5);
  const most = Math.max(1, ...days.map((day) => day.solves));
  const tall = linearScale([0, most], [0, LANE - 10]);
  const every = Math.max(1, Math.ceil(64 / Math.max(1, step)));
  const height = TOP + LANE * lanes.length + 6;
  return (
    <div ref={holder} className="chart mx-5" style={{ height }}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`Activity by day. ${timelineSummary(timeline)}`}
        className="block"
      >
        {width > 0 && (
          <>
            {days.map(({ day }, index) =>
              index % every === 0 ? (
                <text key={day} x={place(day)} y={14} textAnchor={index === 0 ? 'start' : 'middle'}>
                  {dayTick(day)}
                </text>
              ) : null,
            )}
            {lanes.map(({ name, total }, lane) => (
              <g key={name}>
                <line x1={0} x2={width} y1={TOP + LANE * lane} y2={TOP + LANE * lane} stroke="var(--line)" />
                <text x={0} y={middle(lane) + 4} className="strong">
                  {name}
                </text>
                <text x={left - 14} y={middle(lane) + 4} textAnchor="end">
                  {count(total)}
                </text>
              </g>
            ))}
            {days.map(({ day, registrations, teamEdits, solves }) => (
              <g key={day}>
                {registrations > 0 && <Diamond x={place(day)} y={middle(0)} color="var(--s4)" />}
                {teamEdits > 0 && <Diamond x={place(day)} y={middle(1)} color="var(--s3)" />}
                {solves > 0 && (
                  <rect
                    x={place(day) - Math.min(10, step * 0.36)}
                    width={Math.min(20, step * 0.72)}
                    y={middle(2) + LANE / 2 - 2 - tall(solves)}
                    height={tall(solves)}
                    fill="var(--s1)"
                  />
                )}
              </g>
            ))}
            {streaks.map(({ competitorId, from, to }, index) => {
              const begin = from < first ? first : from;
              const y = middle(3) - 10 + (index % 6) * 4;
              return (
                <line
                  key={`${competitorId}${from}`}
                  x1={place(begin) - step * 0.3}
                  x2={place(to) + step * 0.3}
                  y1={y}
                  y2={y}
                  stroke="var(--s5)"
                  strokeWidth={2}
                />
              );
            })}
            {flashCtfs.map(({ eventId, day, players }) => (
              <g key={eventId}>
                <Diamond x={place(day)} y={middle(4)} color="var(--s2)" />
                {step > 9 && countDays(day, days.at(-1)?.day ?? day) * step > 90 && (
                  <text x={place(day) + 9} y={middle(4) + 4}>
                    {players} took part
                  </text>
                )}
              </g>
            ))}
          </>
        )}
      </svg>
    </div>
  );
}

const Diamond = ({ x, y, color }: { x: number; y: number; color: string }) => (
  <rect x={x - 4} y={y - 4} width={8} height={8} fill={color} transform={`rotate(45 ${x} ${y})`} />
);

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
