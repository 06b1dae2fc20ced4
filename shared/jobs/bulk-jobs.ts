import type { Actor } from '#shared/audit/actor.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { counted } from '#shared/kernel/format.ts';
import { cancelRefusal, type CancelOutcome } from './cancel-job.ts';
import { type BULK_ACTS, JOB_STATES, MOST_AT_ONCE, type BulkCount, type BulkDone } from './contract.ts';
import { jobPosition, type JobRepository } from './job-repository.ts';
import type { Job } from './job.ts';
import { matchesFilter, type JobFilter } from './list-jobs.ts';
import { retryRefusal, type ReopenOutcome } from './reopen-job.ts';
import type { Tasks } from './task-definition.ts';

/** Retries or cancels every job that a filter shows, and no more than were counted and agreed to. */

export type BulkAct = (typeof BULK_ACTS)[number];

export interface BulkJobsDeps {
  readonly tasks: Tasks;
  readonly page: JobRepository['page'];
  readonly reopen: (jobId: string, actor: Actor) => Promise<ReopenOutcome>;
  readonly cancel: (jobId: string, actor: Actor) => Promise<CancelOutcome>;
}

/** Jobs of a state that are looked at; a list that is longer is narrowed first. */
const MOST_LOOKED = 2_000;
const PAGE = 200;
/** Each is a look at the job and a transaction. */
const AT_ONCE = 5;
/** No further job is begun with less time left. */
const RESERVE_MS = 4_000;

/** Whether the act is for a job as it stands. */
const appliesTo = (tasks: Tasks, act: BulkAct, job: Job): boolean =>
  (act === 'retry' ? retryRefusal(job) : cancelRefusal(tasks, job)) === null;

const statesOf = (act: BulkAct): readonly Job['status'][] =>
  act === 'retry' ? ['failed', 'cancelled'] : ['pending', 'running'];

/** The jobs that the filter shows and the act is for; undefined: more than are dealt with at once. */
async function chosen(
  { page, tasks }: Pick<BulkJobsDeps, 'page' | 'tasks'>,
  act: BulkAct,
  filter: JobFilter,
): Promise<readonly Job[] | undefined> {
  const found: Job[] = [];
  for (const state of statesOf(act)) {
    if (filter.status !== undefined && filter.status !== state) continue;
    let before: string | null = null;
    for (let looked = 0; ; looked += PAGE) {
      if (looked >= MOST_LOOKED) return undefined;
      const jobs: readonly Job[] = await page({ state }, { limit: PAGE, before });
      found.push(...jobs.filter((job) => matchesFilter(filter, job) && appliesTo(tasks, act, job)));
      if (found.length > MOST_AT_ONCE) return undefined;
      const last = jobs.at(-1);
      if (last === undefined || jobs.length < PAGE) break;
      before = jobPosition(last);
    }
  }
  return found;
}

/** How many jobs the act would be for, by state. */
export async function countForBulk(
  deps: Pick<BulkJobsDeps, 'page' | 'tasks'>,
  act: BulkAct,
  filter: JobFilter,
): Promise<BulkCount> {
  const jobs = await chosen(deps, act, filter);
  if (jobs === undefined) return { count: null, states: {} };
  const states = JOB_STATES.flatMap((state) => {
    const count = jobs.filter(({ status }) => status === state).length;
    return count === 0 ? [] : [[state, count] as const];
  });
  return { count: jobs.length, states: Object.fromEntries(states) };
}

/**
 * Does it for as many jobs as were expected, each for itself: one that changed meanwhile is named with why. `left`: as
 * many as time ran out for.
 * @throws DomainError conflict when it would be for more jobs, or for another number of them
 */
export async function actOnJobs(
  deps: BulkJobsDeps,
  asked: { readonly act: BulkAct; readonly filter: JobFilter; readonly expected: number },
  actor: Actor,
  remainingMs: () => number,
): Promise<BulkDone & { readonly jobs: readonly string[] }> {
  const { act, filter, expected } = asked;
  const jobs = await chosen(deps, act, filter);
  if (jobs === undefined) {
    const detail = `More than ${MOST_AT_ONCE} jobs match. Narrow the filter, and do them in turns. Nothing was done.`;
    throw new DomainError('conflict', 'TOO_MANY_JOBS', detail);
  }
  if (jobs.length !== expected) {
    const now = `${counted(jobs.length, 'job')} ${jobs.length === 1 ? 'matches' : 'match'} now, not ${expected}.`;
    throw new DomainError('conflict', 'JOBS_CHANGED', `${now} Nothing was done. Look again, then decide.`);
  }
  const done: string[] = [];
  const refused: { jobId: string; detail: string }[] = [];
  const queue = jobs.map(({ id }) => id);
  const next = async (): Promise<void> => {
    while (remainingMs() > RESERVE_MS) {
      const jobId = queue.shift();
      if (jobId === undefined) return;
      const outcome = await deps[act === 'retry' ? 'reopen' : 'cancel'](jobId, actor);
      if (outcome.kind === 'refused') refused.push({ jobId, detail: outcome.refusal.detail });
      else if (outcome.kind === 'not_found') refused.push({ jobId, detail: 'The job no longer exists.' });
      else done.push(jobId);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return { done: done.length, refused, left: queue.length, jobs: done };
}
