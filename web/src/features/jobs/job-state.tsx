import type { JobView } from '#shared/jobs/contract.ts';
import { Check, Clock, LoaderCircle, Minus, OctagonAlert, type LucideIcon } from 'lucide-react';
import { Badge } from '../../shared/ui/badge.tsx';
import { STATE_WORDS } from './job-words.ts';

const ICONS: Readonly<Record<JobView['status'], LucideIcon>> = {
  pending: Clock,
  running: LoaderCircle,
  succeeded: Check,
  failed: OctagonAlert,
  cancelled: Minus,
};

export function JobState({ status }: { status: JobView['status'] }) {
  const { tone, text } = STATE_WORDS[status];
  return (
    <Badge tone={tone} icon={ICONS[status]}>
      {text}
    </Badge>
  );
}
