import type { JobView } from '#shared/jobs/contract.ts';
import { count } from '../../shared/format/numbers.ts';
import { isUnderWay } from './job-words.ts';

/** Done of all while a job is under way; nothing before it is planned or after it is over. */
export function JobProgress({ job }: { job: JobView }) {
  const { done, total } = job.progress;
  if (total === 0 || !isUnderWay(job)) return null;
  return (
    <span className="flex items-center gap-2 whitespace-nowrap text-12 text-muted">
      <progress className="meter" aria-label="Progress" max={total} value={done} />
      {count(done)} of {count(total)}
    </span>
  );
}
