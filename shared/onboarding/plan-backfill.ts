import * as z from 'zod';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type { CompetitorsOfCoach } from '#shared/competitors/page-of-coach.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { forecastOf, forecastRefusal, type BackfillForecast, type CallsLeft } from '#shared/jobs/forecast.ts';
import type { Job } from '#shared/jobs/job.ts';
import { pageOfIds, PlanRefusedError } from '#shared/jobs/plan-page.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { Planner } from '#shared/jobs/task-handlers.ts';
import type { ONBOARDING_TASKS } from './tasks.ts';

export interface PlanBackfillDeps {
  readonly competitors: {
    readonly pageOfCoach: CompetitorsOfCoach;
  };
  readonly coaches: {
    readonly page: (page: {
      readonly limit: number;
      readonly fromId: string | null;
    }) => Promise<readonly Coach[]>;
  };
  readonly backfill: {
    /** Calls that the day's budget leaves to reads, now and on a whole day. */
    readonly callsLeft: () => Promise<CallsLeft>;
    readonly noteForecast: (job: Pick<Job, 'id'>, forecast: BackfillForecast) => Promise<void>;
  };
}

/** People read at a time while they are only counted. */
const COUNTED_AT_ONCE = 500;

const cursorSchema = z.object({ coachId: z.string(), afterId: z.string().nullable() });

const lacking = (competitor: Competitor): boolean => competitor.active && competitor.gamePlatformId === null;

async function lackingOf(deps: PlanBackfillDeps, coachId: string): Promise<number> {
  let count = 0;
  let afterId: string | null = null;
  for (;;) {
    const page: readonly Competitor[] = await deps.competitors.pageOfCoach(coachId, {
      limit: COUNTED_AT_ONCE,
      afterId,
    });
    count += page.filter(lacking).length;
    const last = page.at(-1);
    if (last === undefined || page.length < COUNTED_AT_ONCE) return count;
    afterId = last.id;
  }
}

async function everyoneLacking(deps: PlanBackfillDeps): Promise<number> {
  let count = 0;
  let fromId: string | null = null;
  do {
    const coaches: readonly Coach[] = await deps.coaches.page({ limit: COUNTED_AT_ONCE + 1, fromId });
    for (const coach of coaches.slice(0, COUNTED_AT_ONCE)) count += await lackingOf(deps, coach.id);
    fromId = coaches[COUNTED_AT_ONCE]?.id ?? null;
  } while (fromId !== null);
  return count;
}

/**
 * Parts of a backfill: competitors without a platform id, of everybody, one coach or as named. Before the first, all
 * look-ups are counted against what the day's budget leaves, and the forecast is kept with the job.
 * @throws PlanRefusedError when they do not fit into the day and nobody accepted more days
 */
export const createPlanBackfill =
  (deps: PlanBackfillDeps): Planner<PayloadOf<typeof ONBOARDING_TASKS.external_id_backfill>> =>
  async (job, cursor, size) => {
    const { payload } = job;
    const named = payload.competitorIds ?? payload.known?.map(({ competitorId }) => competitorId);
    const ids = named === undefined ? undefined : [...new Set(named)];
    if (cursor === null) {
      const calls =
        ids?.length ??
        (payload.coachId === undefined
          ? await everyoneLacking(deps)
          : await lackingOf(deps, payload.coachId));
      const forecast = forecastOf(calls, await deps.backfill.callsLeft());
      await deps.backfill.noteForecast(job, forecast);
      const refusal = forecastRefusal(forecast, payload.acceptDays);
      if (refusal !== null) throw new PlanRefusedError(refusal);
    }
    if (ids !== undefined) return pageOfIds(ids, cursor, size);

    const [first] =
      cursor === null && payload.coachId === undefined
        ? await deps.coaches.page({ limit: 1, fromId: null })
        : [];
    const start = payload.coachId ?? first?.id;
    if (cursor === null && start === undefined) return { subjects: [], next: null };
    const at = cursorSchema.parse(cursor ?? { coachId: start, afterId: null });
    const people = await deps.competitors.pageOfCoach(at.coachId, { limit: size, afterId: at.afterId });
    const subjects = people.filter(lacking).map(({ id }) => id);
    const last = people.length < size ? undefined : people.at(-1);
    if (last !== undefined) return { subjects, next: { coachId: at.coachId, afterId: last.id } };
    if (payload.coachId !== undefined) return { subjects, next: null };
    const following = (await deps.coaches.page({ limit: 2, fromId: at.coachId })).find(
      ({ id }) => id > at.coachId,
    );
    return { subjects, next: following === undefined ? null : { coachId: following.id, afterId: null } };
  };
