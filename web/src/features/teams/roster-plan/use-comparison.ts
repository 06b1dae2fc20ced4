import type { JobView } from '#shared/jobs/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { useKeyRing } from '#web/shared/api/idempotency-key.ts';
import { ownJobQuery, startJob } from '#web/shared/jobs/job-api.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { LAST_COMPARISON_KEY, lastComparisonQuery } from './roster-plan-api.ts';
import { ROSTER_PLAN_KEY } from './roster-plan-query.ts';

type Purpose = 'draw' | 'confirm';

export interface Comparison {
  /** Undefined while it is not known; null before the first. */
  readonly job: JobView | null | undefined;
  /** What this page asked for; null for a run that it only looks at. */
  readonly purpose: Purpose | null;
  readonly underWay: boolean;
}

/** The run that is or was last: the one asked for here, or else the newest of all. The plan is read again when it ends. */
export function useComparison() {
  const api = useApi();
  const queries = useQueryClient();
  const [own, setOwn] = useState<{ readonly id: string; readonly purpose: Purpose } | null>(null);
  const ownJob = useQuery({ ...ownJobQuery(api, null, own?.id ?? ''), enabled: own !== null });
  const last = useQuery(lastComparisonQuery(api));
  const ownOver = ownJob.data !== undefined && ownJob.data.finishedAt !== null;
  // A later run of somebody else, or of the clock, takes the place of one that is over.
  const later =
    ownOver && last.data && last.data.id !== own?.id && last.data.createdAt > ownJob.data.createdAt;
  const followed = own !== null && later !== true;
  const job = followed ? ownJob.data : last.data;
  const ended = job && job.finishedAt !== null ? job.id : null;
  useEffect(() => {
    if (ended === null) return;
    void queries.invalidateQueries({ queryKey: ROSTER_PLAN_KEY });
    void queries.invalidateQueries({ queryKey: LAST_COMPARISON_KEY });
  }, [ended, queries]);
  const comparison: Comparison = {
    job,
    purpose: followed ? own.purpose : null,
    underWay: followed ? !ownOver && !ownJob.isError : job !== undefined && job !== null && ended === null,
  };
  return { comparison, follow: (id: string, purpose: Purpose) => setOwn({ id, purpose }) };
}

/** Compares everybody with the platform's list, and writes down what differs; nothing is changed by it. */
export function useDrawUp(onStarted: (jobId: string) => void) {
  const api = useApi();
  const keys = useKeyRing();
  return useMutation({
    mutationFn: () =>
      startJob(api, {
        taskType: 'roster_reconcile',
        payload: { dryRun: true },
        idempotencyKey: keys.current(),
      }),
    onSuccess: ({ jobId }) => onStarted(jobId),
    onSettled: (_started, error) => keys.settle(error ?? undefined),
  });
}
