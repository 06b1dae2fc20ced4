import { CsvButton, type CsvColumn } from '#web/shared/ui/csv-button.tsx';
import { capitalized } from '#shared/kernel/text.ts';
import type { JobDetailView } from '#shared/jobs/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { count, counted, duration } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Fold, SkeletonRows } from '#web/shared/ui/panel.tsx';
import type { JobRowView } from '#web/shared/jobs/job-api.ts';
import { ScrollRegion } from '#web/shared/ui/table.tsx';
import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { jobPartsQuery, jobRowsQuery } from './job-api.ts';
import { countName, isUnderWay, payloadLines, resultLabel, STATE_LABELS } from './job-labels.ts';
import { JobState } from './job-state.tsx';
import { hasRows } from './job-types.ts';
import { waterfallOf, type Waterfall } from './job-waterfall.ts';
import './jobs.css';

/** What became of each, folded: read only once somebody looks. Ids and reasons; no names. */
export function JobRows({ job }: { job: JobDetailView }) {
  const [open, setOpen] = useState(false);
  if (!hasRows(job) || job.partCounts.total === 0) return null;
  return (
    <Fold
      look="plain"
      summary={
        <>
          <b>A result for each</b>
        </>
      }
      onToggle={setOpen}
    >
      {open && <Rows job={job} />}
    </Fold>
  );
}

const RESULT_CSV: readonly CsvColumn<JobRowView>[] = [
  { name: 'Line', of: ({ line }) => line },
  { name: 'Id', of: ({ subject }) => subject },
  { name: 'Result', of: ({ outcome }) => capitalized(countName(outcome)) },
  { name: 'Message', of: ({ message }) => message },
];

function Rows({ job }: { job: JobDetailView }) {
  const rows = useInfiniteQuery(jobRowsQuery(useApi(), job.id, !isUnderWay(job)));
  const items = rows.data?.pages.flatMap((page) => page.items);
  return (
    <>
      {rows.isError && (
        <LoadFailure
          what="The results"
          error={rows.error}
          retrying={rows.isFetching}
          onRetry={() => void rows.refetch()}
        />
      )}
      {rows.isPending && <SkeletonRows label="results" rows={3} />}
      {items?.length === 0 && <p className="pb-3 text-text-2">None yet.</p>}
      {items && items.length > 0 && (
        <CsvButton
          caption="Results of the job"
          columns={RESULT_CSV}
          rows={items}
          asOf={new Date(rows.dataUpdatedAt).toISOString()}
          more={rows.hasNextPage}
        />
      )}
      {items && items.length > 0 && (
        <ScrollRegion label="Result table" className="max-h-[320px] overflow-auto">
          <table className="table tight flush">
            <caption className="sr-only">A result for each of this job</caption>
            <thead>
              <tr>
                <th scope="col">Whom</th>
                <th scope="col">Result</th>
              </tr>
            </thead>
            <tbody>
              {items.map((row) => (
                <tr key={row.subject}>
                  <th scope="row">
                    <span className="grid min-w-0">
                      <span className="mono">
                        {row.line === null ? row.subject : `line ${row.line.toString()}`}
                      </span>
                      {row.message !== null && <span className="text-12 text-muted">{row.message}</span>}
                    </span>
                  </th>
                  <td>{capitalized(countName(row.outcome))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {rows.hasNextPage && (
        <div className="pt-3">
          <Button
            small
            aria-disabled={rows.isFetchingNextPage || undefined}
            onClick={() => void rows.fetchNextPage()}
          >
            {rows.isFetchingNextPage ? 'Loading more' : 'Load more results'}
          </Button>
        </div>
      )}
    </>
  );
}

/** Parts that the picture has room for; the table has all. */
const MOST_DRAWN = 30;

/** How the parts of a job waited and were worked on, and the same as a table. */
export function JobParts({ job }: { job: JobDetailView }) {
  const parts = useInfiniteQuery({ ...jobPartsQuery(useApi(), job), enabled: job.partCounts.total > 0 });
  const now = useNow(5_000);
  const { total, failed } = job.partCounts;
  if (total === 0) return null;
  const items = parts.data?.pages.flatMap((page) => page.parts.items);
  return (
    <>
      <div className="pb-3">
        <h3 className="pb-1 text-13 font-strong">How it ran</h3>
        {parts.isPending && <SkeletonRows label="parts" rows={3} />}
        {items && <WaterfallChart waterfall={waterfallOf(job, items.slice(0, MOST_DRAWN), now)} />}
        {total > MOST_DRAWN && (
          <p className="pt-1 text-12 text-muted">
            The first {count(MOST_DRAWN)} of {counted(total, 'part')}.
          </p>
        )}
      </div>
      <Fold
        look="plain"
        summary={
          <>
            <b>{counted(total, 'part')}</b>
            <span className="text-muted">same data as a table</span>
            {failed > 0 && <span className="text-error">{count(failed)} failed</span>}
          </>
        }
      >
        <PartTable parts={parts} />
      </Fold>
    </>
  );
}

const SEGMENTS = {
  queued: { name: 'Waited', className: 'queued' },
  worked: { name: 'Worked', className: 'worked' },
  failed: { name: 'Failed', className: 'failed' },
  stopped: { name: 'Stopped', className: 'stopped' },
} as const;

function WaterfallChart({ waterfall: { rows, spanMs, label } }: { waterfall: Waterfall }) {
  const kinds = (['queued', 'worked', 'failed', 'stopped'] as const).filter((kind) =>
    rows.some(({ segments }) => segments.some((segment) => segment.kind === kind)),
  );
  return (
    <>
      <figure className="waterfall" aria-label={label}>
        {rows.map(({ name, segments, waitedMs, workedMs }) => (
          <div key={name}>
            <span>{name}</span>
            <span className="took">
              {workedMs !== null
                ? duration(workedMs)
                : waitedMs !== null
                  ? `after ${duration(waitedMs)}`
                  : 'waits'}
            </span>
            <span className="track">
              {segments.map(({ kind, left, width }) => (
                <i
                  key={kind}
                  className={SEGMENTS[kind].className}
                  style={{ left: `${left.toFixed(2)}%`, width: `${width.toFixed(2)}%` }}
                />
              ))}
            </span>
          </div>
        ))}
        <div className="axis">
          <span>asked for</span>
          <span>{duration(spanMs)}</span>
        </div>
      </figure>
      <p className="waterfall-key">
        {kinds.map((kind) => (
          <span key={kind}>
            <i className={SEGMENTS[kind].className} aria-hidden />
            {SEGMENTS[kind].name}
          </span>
        ))}
      </p>
    </>
  );
}

/** What a part came to, or why it failed, and how often it was begun when that was more than once. */
function partLabel(part: JobDetailView['parts']['items'][number]): string {
  const came =
    part.error ?? resultLabel(part.counts) ?? `${count(part.done)} of ${count(part.subjects)} done`;
  return part.attempts > 1 ? `${came} (${count(part.attempts)} attempts)` : came;
}

const spanOf = (from: string | null, to: string | null): string | null =>
  from === null || to === null || to < from ? null : duration(Date.parse(to) - Date.parse(from));

const PART_CSV: readonly CsvColumn<JobDetailView['parts']['items'][number]>[] = [
  { name: 'Part', of: (part) => part.number },
  { name: 'What it came to', of: partLabel },
  { name: 'State', of: ({ status }) => STATE_LABELS[status].text },
  { name: 'Queued', at: ({ queuedAt }) => queuedAt },
  { name: 'Begun', at: ({ startedAt }) => startedAt },
  { name: 'Ended', at: ({ finishedAt }) => finishedAt },
  { name: 'Waited', of: ({ queuedAt, startedAt }) => spanOf(queuedAt, startedAt) },
  { name: 'Took', of: ({ durationMs }) => (durationMs === null ? null : duration(durationMs)) },
];

function PartTable({ parts }: { parts: UseInfiniteQueryResult<InfiniteData<JobDetailView>> }) {
  const items = parts.data?.pages.flatMap((page) => page.parts.items);
  return (
    <>
      {parts.isError && (
        <LoadFailure
          what={items ? 'The newest parts' : 'The parts'}
          error={parts.error}
          retrying={parts.isFetching}
          onRetry={() => void parts.refetch()}
        />
      )}
      {parts.isPending && <SkeletonRows label="parts" rows={3} />}
      {items && (
        <CsvButton
          caption="Parts of the job"
          columns={PART_CSV}
          rows={items}
          asOf={new Date(parts.dataUpdatedAt).toISOString()}
          more={parts.hasNextPage}
        />
      )}
      {items && (
        <ScrollRegion label="Part table" className="max-h-[320px] overflow-auto">
          <table className="table tight flush">
            <caption className="sr-only">Parts of this job</caption>
            <thead>
              <tr>
                <th scope="col">Part</th>
                <th scope="col">State</th>
                <th scope="col" className="num">
                  Waited
                </th>
                <th scope="col" className="num">
                  Took
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((part) => (
                <tr key={part.number}>
                  <th scope="row">
                    <span className="grid min-w-0">
                      {count(part.number)}
                      <span className="text-12 text-muted">{partLabel(part)}</span>
                    </span>
                  </th>
                  <td>
                    <JobState status={part.status} />
                  </td>
                  <td className="num whitespace-nowrap text-text-2">
                    {spanOf(part.queuedAt, part.startedAt) ?? 'unknown'}
                  </td>
                  <td className="num whitespace-nowrap">
                    {part.durationMs === null ? 'not ended' : duration(part.durationMs)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {parts.hasNextPage && (
        <div className="pt-3">
          <Button
            small
            aria-disabled={parts.isFetchingNextPage || undefined}
            onClick={() => void parts.fetchNextPage()}
          >
            {parts.isFetchingNextPage ? 'Loading more' : 'Load more parts'}
          </Button>
        </div>
      )}
    </>
  );
}

/** What the job was started with: ids and options, folded. */
export function JobPayload({ job }: { job: Pick<JobDetailView, 'payload'> }) {
  const lines = payloadLines(job.payload);
  if (lines.length === 0) return null;
  return (
    <Fold look="plain" summary={<b>Payload</b>}>
      <dl className="facts">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
    </Fold>
  );
}
