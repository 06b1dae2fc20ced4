import type { JobDetailView } from '#shared/jobs/contract.ts';
import { TASKS } from '#shared/composition/tasks.ts';
import type { Tasks } from '#shared/jobs/task-definition.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useApi } from '../../shared/api/api-context.ts';
import { Button } from '../../shared/ui/button.tsx';
import { LoadFailure } from '../../shared/ui/load-failure.tsx';
import { ScrollRegion } from '../../shared/ui/scroll-region.tsx';
import { SkeletonRows } from '../../shared/ui/skeleton.tsx';
import { jobRowsQuery } from './api/list-rows.ts';
import { capitalised, countName, isUnderWay } from './job-words.ts';

const tasks: Tasks = TASKS;

/** What became of each, folded: read only once somebody looks. Ids and reasons; no names. */
export function JobRows({ job }: { job: JobDetailView }) {
  const [open, setOpen] = useState(false);
  if (tasks[job.taskType]?.tellsRows !== true || job.partCounts.total === 0) return null;
  return (
    <details className="job-fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <b>A result for each</b>
        <ChevronDown size={16} className="job-fold-arrow" aria-hidden />
      </summary>
      {open && <Rows job={job} />}
    </details>
  );
}

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
        <ScrollRegion label="Result table" className="job-fold-body">
          <table className="table tight job-parts">
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
                    <span className="two-lines">
                      <span className="mono">
                        {row.line === null ? row.subject : `line ${row.line.toString()}`}
                      </span>
                      {row.message !== null && <span className="second">{row.message}</span>}
                    </span>
                  </th>
                  <td>{capitalised(countName(row.outcome))}</td>
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
