import * as z from 'zod';
import type { Actor } from '#shared/audit/actor.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import {
  createListByCoach,
  type ListByCoachDeps,
  type ListPosition,
} from '#shared/identity/list-by-coach.ts';
import { actorOfJob } from '#shared/jobs/job-audit.ts';
import type { JobRow } from '#shared/jobs/job.ts';
import type { PlanPage } from '#shared/jobs/plan-page.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { Planner } from '#shared/jobs/task-handlers.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import { chunks, mapAtOnce } from '#shared/kernel/at-once.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { OwnError } from '#shared/kernel/errors.ts';
import type { RowPage } from '#shared/moves/start-move.ts';
import type { Team } from '#shared/teams/team.ts';
import {
  decideRollOver,
  decideTeam,
  decisionToRow,
  rowToDecision,
  sameDecision,
  SEASON_SUBJECT,
  teamIdOf,
  teamSubject,
  type PersonDecision,
} from './decide-roll-over.ts';
import type { SEASON_TASKS } from './tasks.ts';

type RollOverPayload = PayloadOf<typeof SEASON_TASKS.season_roll_over>;

export interface PlanRollOverDeps {
  readonly jobs: { readonly pageOfRows: RowPage };
  readonly competitors: { readonly pageOfCoach: ListByCoachDeps<Pick<Competitor, 'id'>>['pageOfCoach'] };
  readonly teams: { readonly pageOfCoach: ListByCoachDeps<Pick<Team, 'id'>>['pageOfCoach'] };
  readonly coaches: { readonly page: ListByCoachDeps<unknown>['coachPage'] };
}

const positionSchema = z.object({ coachId: z.string(), afterId: z.string().nullable() });
const cursorSchema = z.discriminatedUnion('of', [
  z.object({ of: z.literal('people'), from: positionSchema.nullable() }),
  z.object({ of: z.literal('teams'), from: positionSchema.nullable() }),
  z.object({ of: z.literal('season') }),
  z.object({ of: z.literal('rows'), after: z.string() }),
]);
/** Where planning goes on. */
const next = (cursor: z.infer<typeof cursorSchema>): PlanPage['next'] => cursor;

/** A plan is about all people, then all teams, then the season; what applies it about whom the plan changes. */
export function createListRollOver(deps: PlanRollOverDeps): Planner<RollOverPayload> {
  const coachPage = deps.coaches.page;
  const people = createListByCoach({ pageOfCoach: deps.competitors.pageOfCoach, coachPage });
  const teams = createListByCoach({ pageOfCoach: deps.teams.pageOfCoach, coachPage });

  return async ({ payload }, stored, limit): Promise<PlanPage> => {
    const cursor = stored === null ? undefined : cursorSchema.parse(stored);
    if (payload.planId !== null) {
      const after = cursor?.of === 'rows' ? cursor.after : null;
      const { rows, end } = await deps.jobs.pageOfRows(payload.planId, { limit, after });
      const last = rows.at(-1)?.subject;
      return {
        subjects: rows
          .filter(({ outcome }) => outcome !== 'left' && outcome !== 'team')
          .map(({ subject }) => subject),
        next: end || last === undefined ? null : next({ of: 'rows', after: last }),
      };
    }
    if (cursor?.of === 'season') return { subjects: [SEASON_SUBJECT], next: null };
    const from: ListPosition | null = cursor === undefined || cursor.of === 'rows' ? null : cursor.from;
    const scope = { coachId: payload.coachId ?? null };
    if (cursor?.of === 'teams') {
      const page = await teams({ scope, limit, from });
      const subjects = page.items.map(({ id }) => teamSubject(id));
      return {
        subjects,
        next: next(page.next === null ? { of: 'season' } : { of: 'teams', from: page.next }),
      };
    }
    const page = await people({ scope, limit, from });
    const subjects = page.items.map(({ id }) => id);
    return {
      subjects,
      next: next(page.next === null ? { of: 'teams', from: null } : { of: 'people', from: page.next }),
    };
  };
}

export interface RollOverChange {
  readonly person: Competitor;
  readonly decision: PersonDecision;
  /** The team that is left. */
  readonly leaves: Team | null;
  readonly season: string;
  readonly actor: Actor;
  readonly at: string;
}

export interface RollOverWorkerDeps {
  /** Consistent, both. */
  readonly byIds: (competitorIds: readonly string[]) => Promise<ReadonlyMap<string, Competitor>>;
  readonly teamsByIds: (teamIds: readonly string[]) => Promise<ReadonlyMap<string, Team>>;
  readonly rowsOf: (jobId: string, subjects: readonly string[]) => Promise<ReadonlyMap<string, JobRow>>;
  readonly saveRows: (jobId: string, rows: ReadonlyMap<string, JobRow>) => Promise<void>;
  /** The person, the team that is left, and the row of the job: all or nothing; false when a version is another one. */
  readonly change: (change: RollOverChange, jobId: string, row: JobRow) => Promise<boolean>;
  /** Sets the season’s first day, with its audit entry; nothing when it is set, or a later one. */
  readonly beginSeason: (seasonStart: string, actor: Actor) => Promise<void>;
  /** Has the platform follow those who left a team. May be lost: they wait in the table. */
  readonly wakeUp: (competitorIds: readonly string[]) => Promise<void>;
  readonly now: Clock;
  readonly sleep: (ms: number) => Promise<void>;
}

const AT_ONCE = 8;
const RESERVE_MS = 15_000;
/** Subjects between two looks at the time and at whether the job was canceled. */
const BATCH = 25;
const ATTEMPTS = 10;
const STEP_MS = 20;

class EditedTooOftenError extends OwnError {
  override readonly name = 'EditedTooOftenError';
}

/**
 * Parts of `season_roll_over`. A plan writes rows of the job and nothing else. An apply does what the plan said of a
 * person, once however often the part runs: the row that says so is in the person’s own transaction. Whoever would now
 * come to something else stays as they are, and a row tells it.
 */
export function createRollOverWorker(deps: RollOverWorkerDeps): PartWorker<RollOverPayload> {
  const at = (): string => deps.now().toISOString();
  const teamsOf = (people: ReadonlyMap<string, Competitor>) =>
    deps.teamsByIds([...new Set([...people.values()].flatMap(({ teamId }) => teamId ?? []))]);

  async function planned(
    payload: RollOverPayload,
    subjects: readonly string[],
  ): Promise<Map<string, JobRow>> {
    const rows = new Map<string, JobRow>();
    const teamIds = subjects.flatMap((subject) => teamIdOf(subject) ?? []);
    const ids = subjects.filter((subject) => subject !== SEASON_SUBJECT && teamIdOf(subject) === undefined);
    const people = await deps.byIds(ids);
    const teams = await teamsOf(people);
    for (const id of ids) {
      const person = people.get(id);
      const decision = decideRollOver(person, teams.get(person?.teamId ?? ''), payload);
      rows.set(id, decisionToRow(decision, id, at()));
    }
    const own = await deps.teamsByIds(teamIds);
    for (const [id, team] of own) {
      const detail = decideTeam(team, await deps.byIds(team.members), payload);
      rows.set(teamSubject(id), { outcome: 'team', message: null, at: at(), detail });
    }
    if (subjects.includes(SEASON_SUBJECT))
      rows.set(SEASON_SUBJECT, { outcome: 'season', message: null, at: at(), detail: {} });
    return rows;
  }

  /** What became of one person. */
  async function roll(
    jobId: string,
    payload: RollOverPayload,
    id: string,
    decision: PersonDecision,
    actor: Actor,
  ): Promise<JobRow> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const people = await deps.byIds([id]);
      const person = people.get(id);
      const team = (await teamsOf(people)).get(person?.teamId ?? '');
      const now = decideRollOver(person, team, payload);
      if (person === undefined || !sameDecision(now, decision)) {
        // Ours, when an earlier try got through and its answer did not.
        const own = (await deps.rowsOf(jobId, [id])).get(id);
        if (own !== undefined) return own;
        const row = decisionToRow({ ...decision, outcome: 'skipped' }, id, at());
        await deps.saveRows(jobId, new Map([[id, row]]));
        return row;
      }
      const row = decisionToRow(decision, id, at());
      const leaves = decision.leavesTeam ? (team ?? null) : null;
      const change = { person, decision, leaves, season: payload.seasonStart, actor, at: at() };
      if (await deps.change(change, jobId, row)) return row;
      await deps.sleep(STEP_MS * 2 ** Math.min(attempt, 5));
    }
    throw new EditedTooOftenError(`Competitor ${id} or their team was changed ${ATTEMPTS} times in a row.`);
  }

  async function applied(
    job: Parameters<typeof actorOfJob>[0],
    payload: RollOverPayload,
    planId: string,
    subjects: readonly string[],
  ): Promise<Map<string, JobRow>> {
    const actor = { ...actorOfJob(job), requestId: job.id };
    const [plan, done] = await Promise.all([deps.rowsOf(planId, subjects), deps.rowsOf(job.id, subjects)]);
    const rows = new Map(done);
    const left: string[] = [];
    const one = async (subject: string): Promise<void> => {
      const row = plan.get(subject);
      if (row === undefined || rows.has(subject)) return;
      if (subject === SEASON_SUBJECT) {
        await deps.beginSeason(payload.seasonStart, actor);
        const begun = { ...row, at: at() };
        await deps.saveRows(job.id, new Map([[subject, begun]]));
        rows.set(subject, begun);
        return;
      }
      const decision = rowToDecision(row);
      const after = await roll(job.id, payload, subject, decision, actor);
      rows.set(subject, after);
      if (decision.leavesTeam && after.outcome !== 'skipped') left.push(subject);
    };
    // Those of one team one after the other: each may change the team.
    const byTeam = Map.groupBy(subjects, (subject) =>
      String(plan.get(subject)?.detail?.['teamId'] ?? subject),
    );
    await mapAtOnce([...byTeam.values()], AT_ONCE, async (some) => {
      for (const subject of some) await one(subject);
    });
    if (left.length > 0) await deps.wakeUp(left);
    return rows;
  }

  return async (job, part, context) => {
    const { payload } = job;
    const counts: Record<string, number> = {};
    let done = 0;
    for (const batch of chunks(part.subjects, BATCH)) {
      if ((await context.cancelled?.()) === true) return { kind: 'cancelled', counts, done };
      if (context.remainingMs() < RESERVE_MS)
        return { kind: 'released', because: 'time', progressed: done > 0 };
      let rows: ReadonlyMap<string, JobRow>;
      if (payload.planId === null) {
        rows = await planned(payload, batch);
        await deps.saveRows(job.id, rows);
      } else rows = await applied(job, payload, payload.planId, batch);
      for (const { outcome } of rows.values()) counts[outcome] = (counts[outcome] ?? 0) + 1;
      done += batch.length;
    }
    return { kind: 'finished', counts };
  };
}
