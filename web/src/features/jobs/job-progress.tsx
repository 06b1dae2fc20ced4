import type { JobView } from '#shared/jobs/job-view.ts';
import { count } from '../../shared/format/numbers.ts';
import { isUnderWay, progressShare } from './job-words.ts';

/** Done of all while a job is under way; nothing before it is planned or after it is over. */
export function JobProgress({ job }: { job: JobView }) {
  const share = progressShare(job);
  if (share === null || !isUnderWay(job)) return null;
  const { done, total } = job.progress;
  return (
    <span className="flex items-center gap-2 text-12 text-muted">
      <span
        className="meter"
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
      >
        <i style={{ width: `${share * 100}%` }} />
      </span>
      {count(done)} of {count(total)}
    </span>
  );
}
