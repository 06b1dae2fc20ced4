import * as z from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import type { JobArchive } from './job-archive.ts';
import { archiveDue, newestDue, type JobKeepDays } from './job-retention.ts';
import type { Job } from './job.ts';
import type { PlanPage } from './plan-page.ts';

/** States that jobs are archived from; those under way are never looked at. */
const ENDED = ['succeeded', 'failed', 'cancelled'] as const;

const cursorSchema = z.object({
  state: z.enum(ENDED),
  after: z.object({ id: z.string(), createdAt: z.string() }).nullable(),
});

export interface PlanCleanupDeps {
  /** Ended jobs of a state, made before a time, oldest first. */
  readonly ended: JobArchive['madeBefore'];
  readonly keepDays: () => Promise<JobKeepDays>;
  readonly now: Clock;
}

/** The next jobs to be archived: one state after another, oldest first. */
export async function pageOfEnded(
  deps: PlanCleanupDeps,
  cursor: Job['planCursor'],
  size: number,
): Promise<PlanPage> {
  const { state, after } = cursorSchema.parse(cursor ?? { state: ENDED[0], after: null });
  const now = deps.now();
  const keepDays = await deps.keepDays();
  const jobs = await deps.ended(state, newestDue(now, keepDays), { limit: size, after });
  const subjects = jobs.filter((job) => archiveDue(job, now, keepDays)).map(({ id }) => id);
  const last = jobs.length < size ? undefined : jobs.at(-1);
  if (last !== undefined) {
    const { id, createdAt } = last;
    return { subjects, next: { state, after: { id, createdAt } } };
  }
  const next = ENDED[ENDED.indexOf(state) + 1];
  return { subjects, next: next === undefined ? null : { state: next, after: null } };
}
