import type { Actor } from '#shared/audit/actor.ts';
import type { Coach } from '#shared/identity/identity.ts';
import type { JobAbout } from '#shared/jobs/job-audit.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { StartOf } from '#shared/jobs/start-job.ts';
import { DomainError, notFound } from '#shared/kernel/errors.ts';
import { appliedJobId } from '#shared/moves/start-move.ts';
import type { RollOverRequest } from './contract.ts';
import { SEASON_TASKS } from './tasks.ts';

export interface StartRollOverDeps {
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  /** The season’s first day as it is set now. */
  readonly seasonStart: () => Promise<string | null>;
  /** Puts a job into the table with its audit entry and asks for it to be planned. */
  readonly start: (input: StartOf<typeof SEASON_TASKS>, actor: Actor, about: JobAbout) => Promise<Job>;
}

/** @throws DomainError not_found for a coach; invalid for a season that begins before the one that is set */
export function createPlanRollOver(
  deps: StartRollOverDeps,
): (request: RollOverRequest, by: Actor, idempotencyId: string | undefined) => Promise<Job> {
  return async ({ coachId, seasonStart, teams }, by, idempotencyId) => {
    if (coachId !== undefined && (await deps.coachById(coachId)) === undefined) throw notFound();
    const set = await deps.seasonStart();
    if (set !== null && seasonStart < set)
      throw new DomainError('invalid', 'VALIDATION_FAILED', 'The new season cannot begin before this one.', {
        errors: [{ path: 'seasonStart', message: `Enter a day from ${set} on: this season began then.` }],
      });
    return deps.start(
      {
        taskType: 'season_roll_over',
        payload: { coachId, seasonStart, teams, planId: null },
        startedBy: `user:${by.sub}`,
        ...(idempotencyId === undefined ? {} : { idempotencyId }),
      },
      by,
      { action: 'season.plan', coachId: coachId ?? null },
    );
  };
}

/** The payload of a job that is a roll-over. @throws DomainError not_found */
export function rollOverOf(job: Job | undefined) {
  if (job?.taskType !== 'season_roll_over') throw notFound();
  return { job, payload: SEASON_TASKS.season_roll_over.payload.parse(job.payload) };
}

const refused = (code: string, detail: string): DomainError => new DomainError('conflict', code, detail);

/**
 * Starts what a finished plan said, once: asked again, it answers the same job. Single people who changed since are
 * left alone by the job; a season that was begun since makes the whole plan one of yesterday.
 * @throws DomainError not_found; conflict `DRY_RUN_NOT_FINISHED`, `CHANGED_SINCE_DRY_RUN`
 */
export function createApplyRollOver(deps: StartRollOverDeps): (planId: string, by: Actor) => Promise<Job> {
  return async (planId, by) => {
    const { job: plan, payload } = rollOverOf(await deps.jobById(planId));
    if (payload.planId !== null) throw notFound();
    const known = await deps.jobById(appliedJobId(planId));
    if (known !== undefined) return known;
    if (plan.status !== 'succeeded')
      throw refused('DRY_RUN_NOT_FINISHED', 'The plan is not finished. Wait for it, or make it again.');
    const set = await deps.seasonStart();
    if (set !== null && set > payload.seasonStart)
      throw refused('CHANGED_SINCE_DRY_RUN', 'A later season was begun since the plan. Make the plan again.');
    return deps.start(
      {
        taskType: 'season_roll_over',
        payload: { ...payload, planId },
        startedBy: `user:${by.sub}`,
        idempotencyId: `apply_${planId}`,
      },
      by,
      { action: 'season.apply', coachId: payload.coachId ?? null },
    );
  };
}
