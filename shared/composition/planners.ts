import * as z from 'zod';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { accountDue } from '#shared/onboarding/account-refresh.ts';
import { pageOfBackfill, type PlanBackfillDeps } from '#shared/onboarding/plan-backfill.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { pageOfFlash, type PlanFlashDeps } from '#shared/score-sync/plan-flash.ts';
import { createPlanDue, type PlanDueDeps } from '#shared/score-sync/rounds/plan-due.ts';
import type { JobArchive } from '#shared/jobs/job-archive.ts';
import type { SyncPosition, SyncStatePage } from '#shared/score-sync/sync-state-repository.ts';
import type { Job } from '#shared/jobs/job.ts';
import { rowSubject } from '#shared/jobs/job.ts';
import { pageOfEnded } from '#shared/jobs/plan-cleanup.ts';
import { PAYLOAD_SCHEMAS } from '#shared/jobs/task-payloads.ts';
import type { PlanPage, Planners } from '#shared/jobs/plan-page.ts';

export interface PlannerDeps {
  readonly syncStates: PlanDueDeps['syncStates'] & {
    readonly page: (position: SyncPosition, limit: number) => Promise<SyncStatePage>;
  };
  /** What rounds go by, beside the above. */
  readonly due: Pick<PlanDueDeps, 'rounds' | 'learned' | 'settings' | 'jobs' | 'timeZone'>;
  readonly totals: {
    readonly page: (
      after: string | null,
      limit: number,
    ) => Promise<{
      readonly due: readonly { readonly competitorId: string }[];
      readonly next: string | null;
    }>;
    /** Where the last sweep ended, so that people whose totals keep failing do not stand in the others' way. */
    readonly position: () => Promise<string | null>;
    readonly savePosition: (competitorId: string) => Promise<void>;
  };
  readonly competitors: {
    readonly pageOfCoach: (
      coachId: string,
      page: { readonly limit: number; readonly afterId: string | null },
    ) => Promise<readonly Competitor[]>;
    readonly byIds: (ids: readonly string[]) => Promise<ReadonlyMap<string, Competitor>>;
  };
  readonly coaches: {
    /** At most `limit` coaches whose ids are not before `fromId`, by id. */
    readonly page: (page: {
      readonly limit: number;
      readonly fromId: string | null;
    }) => Promise<readonly Coach[]>;
  };
  readonly flash: PlanFlashDeps['flash'];
  readonly backfill: PlanBackfillDeps['backfill'];
  /** Ended jobs of a state, made before a time, oldest first. */
  readonly ended: JobArchive['madeBefore'];
  /** Whether a competitor may be put on the platform now. */
  readonly eligible: (competitor: Competitor) => boolean;
  readonly now: Clock;
  /** Seconds since the oldest last read of all who are read; told once everyone was listed. */
  readonly onOldestRead: (ageSeconds: number) => void;
}

/**
 * People in a part. Score reads: a hundred take a quarter of a minute at the usual calls per second, well inside the
 * time-out, and share the few writes that a part takes. Onboarding: several calls each, one after another, inside the
 * eight seconds of the roster function.
 * Rows of a file: a few writes each, and every part reads the file and the coach's people once.
 */
const PART_SIZE = { read: 100, onboard: 5, rows: 2_500, lookUps: 50, jobs: 100 } as const;

const idsCursor = z.object({ offset: z.int() });
const coachCursor = z.object({ afterId: z.string() });
const coachesCursor = z.object({ fromId: z.string().nullable() });
const everyoneCursor = z.object({
  bucket: z.int(),
  after: z.string().nullable(),
  oldest: z.string().nullable(),
});
const accountsCursor = everyoneCursor.omit({ oldest: true });
const sweepCursor = z.object({
  from: z.string().nullable(),
  after: z.string().nullable(),
  wrapped: z.boolean(),
  taken: z.int(),
});

function pageOfIds(ids: readonly string[], cursor: Job['planCursor'], size: number): PlanPage {
  const unique = [...new Set(ids)];
  const { offset } = idsCursor.parse(cursor ?? { offset: 0 });
  const end = offset + size;
  return { subjects: unique.slice(offset, end), next: end < unique.length ? { offset: end } : null };
}

async function pageOfCoach(
  deps: PlannerDeps,
  coachId: string,
  cursor: Job['planCursor'],
  size: number,
  wanted: (competitor: Competitor) => boolean,
): Promise<PlanPage> {
  const afterId = cursor === null ? null : coachCursor.parse(cursor).afterId;
  const competitors = await deps.competitors.pageOfCoach(coachId, { limit: size, afterId });
  const last = competitors.length < size ? undefined : competitors.at(-1);
  return {
    subjects: competitors.filter(wanted).map((competitor) => competitor.id),
    next: last === undefined ? null : { afterId: last.id },
  };
}

/** Coaches who may sign in and have no account of their own. */
async function pageOfCoaches(deps: PlannerDeps, cursor: Job['planCursor'], size: number): Promise<PlanPage> {
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
}

async function pageOfEveryone(deps: PlannerDeps, cursor: Job['planCursor']): Promise<PlanPage> {
  const at = everyoneCursor.parse(cursor ?? { bucket: 0, after: null, oldest: null });
  const { states, next } = await deps.syncStates.page(at, PART_SIZE.read);
  const oldest = states.reduce(
    (min, { lastReadAt }) => (lastReadAt !== null && (min === null || lastReadAt < min) ? lastReadAt : min),
    at.oldest,
  );
  if (next === null && oldest !== null) {
    deps.onOldestRead(Math.max(0, Math.round((deps.now().getTime() - Date.parse(oldest)) / 1000)));
  }
  return {
    subjects: states.map((state) => state.competitorId),
    next: next === null ? null : { ...next, oldest },
  };
}

/** Those of the next people, in key order, whose account is to be asked about. */
async function pageOfAccounts(deps: PlannerDeps, cursor: Job['planCursor']): Promise<PlanPage> {
  const at = accountsCursor.parse(cursor ?? { bucket: 0, after: null });
  const { states, next } = await deps.syncStates.page(at, PART_SIZE.read);
  const competitors = await deps.competitors.byIds(states.map((state) => state.competitorId));
  const now = deps.now();
  return {
    subjects: [...competitors.values()]
      .filter((competitor) => accountDue(competitor, now))
      .map((competitor) => competitor.id),
    next: next === null ? null : { ...next },
  };
}

/** Goes round the flagged people: from where the last sweep ended to the end, then from the start up to there. */
async function pageOfFlagged(deps: PlannerDeps, cursor: Job['planCursor'], limit: number): Promise<PlanPage> {
  const from = cursor === null ? await deps.totals.position() : null;
  const at =
    cursor === null ? { from, after: from, wrapped: from === null, taken: 0 } : sweepCursor.parse(cursor);
  const size = Math.min(PART_SIZE.read, limit - at.taken);
  const { due, next } = await deps.totals.page(at.after, size);
  const round = at.wrapped && at.from !== null ? at.from : null;
  const subjects = due.map((flag) => flag.competitorId).filter((id) => round === null || id <= round);
  const last = subjects.at(-1);
  if (last !== undefined) await deps.totals.savePosition(last);
  const taken = at.taken + subjects.length;
  const closed = at.wrapped && (next === null || subjects.length < due.length || next === round);
  if (taken >= limit || closed) return { subjects, next: null };
  const onward = next === null ? { after: null, wrapped: true } : { after: next, wrapped: at.wrapped };
  return { subjects, next: { from: at.from, taken, ...onward } };
}

const onPlatform = (competitor: Competitor): boolean =>
  competitor.active && competitor.gamePlatformId !== null;

export function createPlanners(deps: PlannerDeps): Planners {
  const pageOfDue = createPlanDue({ ...deps, ...deps.due });
  return {
    game_platform_sync: (job, cursor) => {
      const { coachId, competitorIds, due } = PAYLOAD_SCHEMAS.game_platform_sync.parse(job.payload);
      if (due === true) return pageOfDue(job, PART_SIZE.read);
      if (competitorIds !== undefined)
        return Promise.resolve(pageOfIds(competitorIds, cursor, PART_SIZE.read));
      if (coachId === undefined) return pageOfEveryone(deps, cursor);
      return pageOfCoach(deps, coachId, cursor, PART_SIZE.read, onPlatform);
    },
    game_platform_totals_sweep: async (job, cursor) => {
      const { limit } = PAYLOAD_SCHEMAS.game_platform_totals_sweep.parse(job.payload);
      return pageOfFlagged(deps, cursor, limit ?? (await deps.due.settings()).sweepLimit);
    },
    game_platform_flash_ctf_sync: (job, cursor) => {
      const { everyone } = PAYLOAD_SCHEMAS.game_platform_flash_ctf_sync.parse(job.payload);
      return pageOfFlash(deps, everyone, cursor, PART_SIZE.read);
    },
    profile_refresh: (job, cursor) => {
      const { competitorIds } = PAYLOAD_SCHEMAS.profile_refresh.parse(job.payload);
      return competitorIds === undefined
        ? pageOfAccounts(deps, cursor)
        : Promise.resolve(pageOfIds(competitorIds, cursor, PART_SIZE.read));
    },
    onboard_competitors: (job, cursor) => {
      const { coachId, competitorIds } = PAYLOAD_SCHEMAS.onboard_competitors.parse(job.payload);
      if (coachId !== undefined) return pageOfCoach(deps, coachId, cursor, PART_SIZE.onboard, deps.eligible);
      return Promise.resolve(pageOfIds(competitorIds ?? [], cursor, PART_SIZE.onboard));
    },
    onboard_coaches: (job, cursor) => {
      const { coachIds } = PAYLOAD_SCHEMAS.onboard_coaches.parse(job.payload);
      if (coachIds === undefined) return pageOfCoaches(deps, cursor, PART_SIZE.onboard);
      return Promise.resolve(pageOfIds(coachIds, cursor, PART_SIZE.onboard));
    },
    competitor_import: (job, cursor) => {
      const { rows } = PAYLOAD_SCHEMAS.competitor_import.parse(job.payload);
      const subjects = Array.from({ length: rows }, (_, index) => rowSubject(index + 1));
      return Promise.resolve(pageOfIds(subjects, cursor, PART_SIZE.rows));
    },
    competitor_refresh: (job, cursor) => {
      const { competitorId } = PAYLOAD_SCHEMAS.competitor_refresh.parse(job.payload);
      return Promise.resolve(pageOfIds([competitorId], cursor, 1));
    },
    external_id_backfill: (job, cursor) => pageOfBackfill(deps, job, cursor, PART_SIZE.lookUps),
    job_cleanup: (_job, cursor) => pageOfEnded(deps, cursor, PART_SIZE.jobs),
    privacy_erasure: (job, cursor) => {
      const { competitorId } = PAYLOAD_SCHEMAS.privacy_erasure.parse(job.payload);
      return Promise.resolve(pageOfIds([competitorId], cursor, 1));
    },
    dead_letter_redrive: (_job, cursor) => Promise.resolve(pageOfIds(['letters'], cursor, 1)),
    roster_reconcile: (_job, cursor) => Promise.resolve(pageOfIds(['everybody'], cursor, 1)),
    team_recreate: (job, cursor) => {
      const { teamId } = PAYLOAD_SCHEMAS.team_recreate.parse(job.payload);
      return Promise.resolve(pageOfIds([teamId], cursor, 1));
    },
    team_sync: (job, cursor) => {
      const { teamId } = PAYLOAD_SCHEMAS.team_sync.parse(job.payload);
      return Promise.resolve(pageOfIds([teamId], cursor, 1));
    },
  };
}
