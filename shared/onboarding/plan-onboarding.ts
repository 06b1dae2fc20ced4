import * as z from 'zod';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { pageOfCoach, type CompetitorsOfCoach } from '#shared/competitors/page-of-coach.ts';
import type { Coach } from '#shared/identity/identity.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { Planner } from '#shared/jobs/task-handlers.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { accountDue } from './account-refresh.ts';
import type { ONBOARDING_TASKS } from './tasks.ts';

type Tasks = typeof ONBOARDING_TASKS;

/** A coach's competitors who may be put on the platform now. */
export const createPlanCompetitors =
  (deps: {
    readonly competitors: { readonly pageOfCoach: CompetitorsOfCoach };
    readonly eligible: (competitor: Competitor) => boolean;
  }): Planner<PayloadOf<Tasks['onboard_competitors']>> =>
  async ({ payload: { coachId } }, cursor, size) =>
    coachId === undefined
      ? { subjects: [], next: null }
      : pageOfCoach(deps.competitors.pageOfCoach, coachId, cursor, size, deps.eligible);

const coachesCursor = z.object({ fromId: z.string().nullable() });

/** Coaches who may sign in and have no account of their own. */
export const createPlanCoaches =
  (deps: {
    readonly coaches: {
      /** At most `limit` coaches whose ids are not before `fromId`, by id. */
      readonly page: (page: {
        readonly limit: number;
        readonly fromId: string | null;
      }) => Promise<readonly Coach[]>;
    };
  }): Planner<PayloadOf<Tasks['onboard_coaches']>> =>
  async (_job, cursor, size) => {
    const { fromId } = coachesCursor.parse(cursor ?? { fromId: null });
    const coaches = await deps.coaches.page({ limit: size + 1, fromId });
    const next = coaches[size];
    return {
      subjects: coaches
        .slice(0, size)
        .filter((coach) => coach.enabled && coach.gamePlatformId === null)
        .map((coach) => coach.id),
      next: next === undefined ? null : { fromId: next.id },
    };
  };

type Position = { readonly bucket: number; readonly after: string | null };
const accountsCursor = z.object({ bucket: z.int(), after: z.string().nullable() });

/** Those of the next people who are read, in key order, whose account is to be asked about. */
export const createPlanAccounts =
  (deps: {
    readonly syncStates: {
      readonly page: (
        position: Position,
        limit: number,
      ) => Promise<{
        readonly states: readonly { readonly competitorId: string }[];
        readonly next: Position | null;
      }>;
    };
    readonly competitors: {
      readonly byIds: (ids: readonly string[]) => Promise<ReadonlyMap<string, Competitor>>;
    };
    readonly now: Clock;
  }): Planner<PayloadOf<Tasks['profile_refresh']>> =>
  async (_job, cursor, size) => {
    const at = accountsCursor.parse(cursor ?? { bucket: 0, after: null });
    const { states, next } = await deps.syncStates.page(at, size);
    const competitors = await deps.competitors.byIds(states.map((state) => state.competitorId));
    const now = deps.now();
    return {
      subjects: [...competitors.values()]
        .filter((competitor) => accountDue(competitor, now))
        .map((competitor) => competitor.id),
      next: next === null ? null : { ...next },
    };
  };
