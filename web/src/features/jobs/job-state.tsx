import type { JobView } from '#shared/jobs/contract.ts';
import { count } from '#shared/kernel/format.ts';
import { Badge } from '#web/shared/ui/badge.tsx';
import { Check, Clock, LoaderCircle, type LucideIcon, Minus, OctagonAlert } from 'lucide-react';
import { isUnderWay, STATE_LABELS } from './job-labels.ts';

const ICONS: Readonly<Record<JobView['status'], LucideIcon>> = {
  pending: Clock,
  running: LoaderCircle,
  succeeded: Check,
  failed: OctagonAlert,
  cancelled: Minus,
};

export function JobState({ status }: { status: JobView['status'] }) {
  const { tone, text } = STATE_LABELS[status];
  return (
    <Badge tone={tone} icon={ICONS[status]}>
      {text}
    </Badge>
  );
}

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
