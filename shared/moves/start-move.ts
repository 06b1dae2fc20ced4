import type { Actor } from '#shared/audit/actor.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type { Coach } from '#shared/identity/identity.ts';
import type { JobAbout } from '#shared/jobs/job-audit.ts';
import type { Job, JobRow } from '#shared/jobs/job.ts';
import type { StartOf } from '#shared/jobs/start-job.ts';
import { chunks } from '#shared/kernel/at-once.ts';
import { DomainError, notFound } from '#shared/kernel/errors.ts';
import type { Team } from '#shared/teams/team.ts';
import type { MoveRequest } from './contract.ts';
import { decideMove, rowToDecision, sameMove } from './decide-move.ts';
import { MOVE_TASKS } from './tasks.ts';

export interface MovePeople {
  /** Consistent, both. */
  readonly byIds: (competitorIds: readonly string[]) => Promise<ReadonlyMap<string, Competitor>>;
  readonly teamsByIds: (teamIds: readonly string[]) => Promise<ReadonlyMap<string, Team>>;
}

export type RowPage = (
  jobId: string,
  page: { readonly limit: number; readonly after: string | null; readonly outcome?: string | undefined },
) => Promise<{ readonly rows: readonly (JobRow & { readonly subject: string })[]; readonly end: boolean }>;

export interface StartMoveDeps extends MovePeople {
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  readonly pageOfRows: RowPage;
  /** How many people a coach has. */
  readonly countOfCoach: (coachId: string) => Promise<number>;
  /** Puts a job into the table with its audit entry and asks for it to be planned. */
  readonly start: (input: StartOf<typeof MOVE_TASKS>, actor: Actor, about: JobAbout) => Promise<Job>;
}

const invalid = (code: string, detail: string, path: string): DomainError =>
  new DomainError('invalid', code, detail, { errors: [{ path, message: detail }] });

/**
 * Starts the plan of a move.
 * @throws DomainError not_found for a coach; invalid `SAME_COACH`, `COACH_SWITCHED_OFF`
 */
export function createPlanMove(
  deps: StartMoveDeps,
): (request: MoveRequest, by: Actor, idempotencyId: string | undefined) => Promise<Job> {
  return async ({ competitorIds, fromCoachId, toCoachId }, by, idempotencyId) => {
    if (fromCoachId === toCoachId)
      throw invalid('SAME_COACH', 'Choose another coach: they are on this list already.', 'toCoachId');
    const to = await deps.coachById(toCoachId);
    if (to === undefined) throw notFound();
    if (fromCoachId !== undefined && (await deps.coachById(fromCoachId)) === undefined) throw notFound();
    if (!to.enabled)
      throw invalid(
        'COACH_SWITCHED_OFF',
        'This coach is switched off and could not look after them. Switch the coach on first.',
        'toCoachId',
      );
    return deps.start(
      {
        taskType: 'competitor_move',
        payload: { competitorIds, fromCoachId, toCoachId, planId: null },
        startedBy: `user:${by.sub}`,
        ...(idempotencyId === undefined ? {} : { idempotencyId }),
      },
      by,
      { action: 'competitor.plan_move', coachId: fromCoachId ?? null },
    );
  };
}

export const appliedJobId = (planId: string): string => `job_apply_${planId}`;

/** The payload of a job that is a move. @throws DomainError not_found */
export function moveOf(job: Job | undefined) {
  if (job?.taskType !== 'competitor_move') throw notFound();
  return { job, payload: MOVE_TASKS.competitor_move.payload.parse(job.payload) };
}

const refused = (code: string, detail: string): DomainError => new DomainError('conflict', code, detail);

const ROWS_AT_ONCE = 100;

/** All rows of a job, with who moves by it. */
export async function rowsOfPlan(pageOfRows: RowPage, planId: string) {
  const rows = new Map<string, JobRow>();
  let after: string | null = null;
  for (;;) {
    const page: Awaited<ReturnType<RowPage>> = await pageOfRows(planId, { limit: ROWS_AT_ONCE, after });
    for (const { subject, ...row } of page.rows) rows.set(subject, row);
    after = page.rows.at(-1)?.subject ?? null;
    if (page.end || after === null) return rows;
  }
}

/** Whether every decision of a plan is what it would be now, and nobody came to a list that is moved whole. */
async function unchanged(deps: StartMoveDeps, planId: string, payload: ReturnType<typeof moveOf>['payload']) {
  const rows = await rowsOfPlan(deps.pageOfRows, planId);
  const { fromCoachId, toCoachId } = payload;
  if (fromCoachId !== undefined && (await deps.countOfCoach(fromCoachId)) !== rows.size) return false;
  const comesAlong = (id: string) => rows.get(id)?.outcome === 'move';
  for (const some of chunks([...rows], ROWS_AT_ONCE)) {
    const people = await deps.byIds(some.map(([id]) => id));
    const teams = await deps.teamsByIds([...people.values()].flatMap(({ teamId }) => teamId ?? []));
    for (const [id, row] of some) {
      const person = people.get(id);
      const team = teams.get(person?.teamId ?? '');
      const now = decideMove({ person, team, toCoachId, fromCoachId, comesAlong });
      const planned = rowToDecision(row);
      if (planned.outcome === 'moving' || !sameMove(now, { ...planned, outcome: planned.outcome }))
        return false;
    }
  }
  return true;
}

/**
 * Starts what a finished plan said, once: asked again, it answers the same job.
 * @throws DomainError not_found; conflict `DRY_RUN_NOT_FINISHED`, `CHANGED_SINCE_DRY_RUN`
 */
export function createApplyMove(deps: StartMoveDeps): (planId: string, by: Actor) => Promise<Job> {
  return async (planId, by) => {
    const { job: plan, payload } = moveOf(await deps.jobById(planId));
    if (payload.planId !== null) throw notFound();
    const known = await deps.jobById(appliedJobId(planId));
    if (known !== undefined) return known;
    if (plan.status !== 'succeeded')
      throw refused('DRY_RUN_NOT_FINISHED', 'The plan is not finished. Wait for it, or make it again.');
    if (!(await unchanged(deps, planId, payload)))
      throw refused(
        'CHANGED_SINCE_DRY_RUN',
        'Competitors or teams changed since the plan, so that the move would do something else now. Make the plan again.',
      );
    return deps.start(
      {
        taskType: 'competitor_move',
        payload: { ...payload, planId },
        startedBy: `user:${by.sub}`,
        idempotencyId: `apply_${planId}`,
      },
      by,
      { action: 'competitor.apply_move', coachId: payload.fromCoachId ?? null },
    );
  };
}
