import type { Quarantined } from '#shared/score-sync/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { CsvButton, type CsvColumn } from '#web/shared/ui/csv-button.tsx';
import { DayField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { quarantineQuery } from './dead-letter-api.ts';
import { issueLabel, laidOut, sourceLabel } from './queue-labels.ts';

const CSV: readonly CsvColumn<Quarantined>[] = [
  { name: 'Record', of: ({ source }) => sourceLabel(source) },
  { name: 'Read', at: ({ readAt }) => readAt },
  { name: 'Happened', at: ({ happenedAt }) => happenedAt },
  { name: 'What was wrong', of: ({ issues }) => issues.map(issueLabel).join(' ') },
  { name: 'Competitor id', of: ({ competitorId }) => competitorId },
];

/** Records of the platform that could not be read: what was wrong with each, and its shape without its texts. */
export function Quarantine() {
  const [params, setFilters] = useUrlFilters();
  const filters = {
    competitorId: params.get('competitor'),
    from: params.get('from'),
    to: params.get('to'),
  };
  const filtered = Object.values(filters).some((value) => value !== null);
  const list = useInfiniteQuery(quarantineQuery(useApi(), filters));
  const records = list.data?.pages.flatMap((page) => page.items);
  const clear = () => setFilters({ competitor: null, from: null, to: null });
  return (
    <Panel label="Quarantine" busy={list.isPending}>
      <div className="panel-head pb-3.5">
        <h2>Quarantine</h2>
        <span className="as-of">Records that could not be read; the settings say how long they are kept</span>
        <div className="end">
          {records && records.length > 0 && (
            <CsvButton
              caption="Quarantine"
              columns={CSV}
              rows={records}
              asOf={new Date(list.dataUpdatedAt).toISOString()}
              more={list.hasNextPage}
            />
          )}
          <DayField label="From" value={filters.from} onChange={(from) => setFilters({ from })} />
          <DayField label="To" value={filters.to} onChange={(to) => setFilters({ to })} />
          {filtered && <Button onClick={clear}>Clear</Button>}
        </div>
      </div>
      {list.isError && (
        <div className="px-5 pb-4">
          <LoadFailure
            what={records ? 'More records' : 'The quarantine'}
            safe="Everything else was stored."
            error={list.error}
            retrying={list.isFetching}
            onRetry={() => void list.refetch()}
          />
        </div>
      )}
      {list.isPending && <SkeletonRows label="the quarantine" rows={3} />}
      {records?.length === 0 && !filtered && (
        <Empty kind="never" title="Every record could be read">
          A record of the platform that does not follow its own rules is kept here, without its texts, while
          the rest goes on.
        </Empty>
      )}
      {records?.length === 0 && filtered && (
        <Empty
          kind="filtered"
          title="No record matches"
          action={<Button onClick={clear}>Clear the filters</Button>}
        >
          Others are hidden by the competitor or day filter.
        </Empty>
      )}
      {records && records.length > 0 && (
        <ScrollRegion label="Quarantine table">
          <table className="table tall">
            <caption className="sr-only">Records that could not be read, newest first</caption>
            <thead>
              <tr>
                <th scope="col">Record</th>
                <th scope="col">What was wrong</th>
                <th scope="col" className="wide-only">
                  Competitor
                </th>
              </tr>
            </thead>
            <tbody>
              {records.map((record) => (
                <Line
                  key={`${record.readAt} ${record.id}`}
                  record={record}
                  onOnly={(competitor) => setFilters({ competitor })}
                />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {list.hasNextPage && (
        <div className="panel-foot">
          <Button
            small
            aria-disabled={list.isFetchingNextPage || undefined}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? 'Loading more' : 'Load older records'}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Line({ record, onOnly }: { record: Quarantined; onOnly: (competitorId: string) => void }) {
  const { timeZone } = useConfig();
  const now = useNow();
  return (
    <tr>
      <th scope="row" className="py-2.5 align-top">
        <span className="grid min-w-0">
          <span>{sourceLabel(record.source)}</span>
          <span className="text-12 text-muted">
            read {moment(record.readAt, timeZone, now)}
            {record.happenedAt !== null && `, of ${moment(record.happenedAt, timeZone, now)}`}
          </span>
        </span>
      </th>
      <td className="py-2.5 align-top">
        {record.issues.map((issue) => (
          <div key={issueLabel(issue)}>{issueLabel(issue)}</div>
        ))}
        <details className="mt-1.5 text-12 text-text-2">
          <summary className="cursor-pointer">The record, without its texts</summary>
          <ScrollRegion label="Redacted record">
            <pre className="mono mt-1.5 max-h-[260px] rounded-1 border border-line bg-bg px-3 py-2.5 text-12 whitespace-pre-wrap">
              {laidOut(record.redacted)}
            </pre>
          </ScrollRegion>
        </details>
      </td>
      <td className="wide-only py-2.5 align-top">
        <span className="grid min-w-0">
          <Link className="mono" to={`/competitors/${encodeURIComponent(record.competitorId)}`}>
            {record.competitorId}
          </Link>
          <Button
            small
            look="ghost"
            className="justify-self-start"
            onClick={() => onOnly(record.competitorId)}
          >
            Only theirs
          </Button>
        </span>
      </td>
    </tr>
  );
}
