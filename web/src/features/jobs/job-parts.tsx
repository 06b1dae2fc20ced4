import type { JobDetailView } from '#shared/jobs/contract.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useApi } from '../../shared/api/api-context.ts';
import { count, counted } from '../../shared/format/numbers.ts';
import { duration } from '../../shared/format/time.ts';
import { Button } from '../../shared/ui/button.tsx';
import { LoadFailure } from '../../shared/ui/load-failure.tsx';
import { ScrollRegion } from '../../shared/ui/scroll-region.tsx';
import { SkeletonRows } from '../../shared/ui/skeleton.tsx';
import { jobPartsQuery } from './api/get-job.ts';
import { JobState } from './job-state.tsx';
import { resultWords } from './job-words.ts';

/** The parts of a job, folded: read only once somebody looks. */
export function JobParts({ job }: { job: JobDetailView }) {
  const [open, setOpen] = useState(false);
  const { total, failed } = job.partCounts;
  if (total === 0) return null;
  return (
    <details className="job-fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <b>{counted(total, 'part')}</b>
        {failed > 0 && <span className="text-error">{count(failed)} failed</span>}
        <ChevronDown size={16} className="job-fold-arrow" aria-hidden />
      </summary>
      {open && <PartTable job={job} />}
    </details>
  );
}

/** What a part came to, or why it failed, and how often it was begun when that was more than once. */
function partWords(part: JobDetailView['parts']['items'][number]): string {
  const came =
    part.error ?? resultWords(part.counts) ?? `${count(part.done)} of ${count(part.subjects)} done`;
  return part.attempts > 1 ? `${came} (${count(part.attempts)} attempts)` : came;
}

function PartTable({ job }: { job: JobDetailView }) {
  const parts = useInfiniteQuery(jobPartsQuery(useApi(), job));
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
        <ScrollRegion label="Part table" className="job-fold-body">
          <table className="table tight job-parts">
            <caption className="sr-only">Parts of this job</caption>
            <thead>
              <tr>
                <th scope="col">Part</th>
                <th scope="col">State</th>
                <th scope="col" className="num">
                  Took
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((part) => (
                <tr key={part.number}>
                  <th scope="row">
                    <span className="two-lines">
                      {count(part.number)}
                      <span className="second">{partWords(part)}</span>
                    </span>
                  </th>
                  <td>
                    <JobState status={part.status} />
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
