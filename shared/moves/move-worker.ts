import type { Actor } from '#shared/audit/actor.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { actorOfJob } from '#shared/jobs/job-audit.ts';
import type { Job, JobRow } from '#shared/jobs/job.ts';
import { pageOfIds, type PlanPage } from '#shared/jobs/plan-page.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { Planner } from '#shared/jobs/task-handlers.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import { chunks, mapAtOnce } from '#shared/kernel/at-once.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { OwnError } from '#shared/kernel/errors.ts';
import type { Team } from '#shared/teams/team.ts';
import {
  decideMove,
  decisionToRow,
  rowToDecision,
  sameMove,
  type MoveDecision,
  type MoveDetail,
} from './decide-move.ts';
import type { MovePeople, RowPage } from './start-move.ts';
import type { MOVE_TASKS } from './tasks.ts';

type Move = PayloadOf<typeof MOVE_TASKS.competitor_move>;

export interface PlanMoveDeps {
  readonly jobs: { readonly pageOfRows: RowPage };
  readonly competitors: {
    readonly pageOfCoach: (
      coachId: string,
      page: { readonly limit: number; readonly afterId: string | null },
    ) => Promise<readonly Pick<Competitor, 'id'>[]>;
  };
}

const afterOf = (cursor: Job['planCursor']): string | null => {
  const after = cursor?.['after'];
  return typeof after === 'string' ? after : null;
};

/** Whom a move of a coach’s whole list is about: the list for a plan, the plan’s rows for what applies it. */
export const createListMove =
  ({ jobs, competitors }: PlanMoveDeps): Planner<Move> =>
  async ({ payload }, cursor, size): Promise<PlanPage> => {
    const { fromCoachId, planId } = payload;
    if (fromCoachId === undefined) return pageOfIds([], cursor, size);
    const after = afterOf(cursor);
    if (planId === null) {
      const people = await competitors.pageOfCoach(fromCoachId, { limit: size, afterId: after });
      const ids = people.map(({ id }) => id);
      return { subjects: ids, next: ids.length < size ? null : { after: ids.at(-1) } };
    }
    const { rows, end } = await jobs.pageOfRows(planId, { limit: size, after });
    const ids = rows.map(({ subject }) => subject);
    return { subjects: ids, next: end ? null : { after: ids.at(-1) } };
  };

export interface MoveChange {
  readonly person: Competitor;
  /** The team that is left; null: there is none, or it comes along. */
  readonly leaves: Team | null;
  readonly toCoachId: string;
  readonly actor: Actor;
  readonly at: string;
}

export interface MoveWorkerDeps extends MovePeople {
  readonly rowsOf: (jobId: string, subjects: readonly string[]) => Promise<ReadonlyMap<string, JobRow>>;
  readonly saveRows: (jobId: string, rows: ReadonlyMap<string, JobRow>) => Promise<void>;
  /** The team under its new coach; false when the stored version is no longer this one. */
  readonly moveTeam: (team: Team, toCoachId: string, actor: Actor, at: string) => Promise<boolean>;
  /**
   * The person under their new coach, off the team that is left, with the row of the job that says so: all or nothing;
   * false when a stored version is no longer this one.
   */
  readonly movePerson: (change: MoveChange, jobId: string, row: JobRow) => Promise<boolean>;
  /** Has the rows of the scores follow; false when the time ended it. */
  readonly followRows: (competitorId: string, coachId: string, mayGoOn: () => boolean) => Promise<boolean>;
  /** Has the platform follow those who left a team. May be lost: they wait in the table. */
  readonly wakeUp: (competitorIds: readonly string[]) => Promise<void>;
  /** Has a coach’s sums made anew from the rows. */
  readonly forgetSums: (coachIds: readonly string[]) => Promise<void>;
  readonly now: Clock;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Teams, and people without one, that are worked on at once. */
const AT_ONCE = 4;
const RESERVE_MS = 15_000;
/** Others may edit the same team or person in between. */
const ATTEMPTS = 10;
const STEP_MS = 20;

class EditedTooOftenError extends OwnError {
  override readonly name = 'EditedTooOftenError';
}

/**
 * Parts of `competitor_move`. A plan writes rows of the job and nothing else. An apply does what the plan said of a
 * person, once however often the part runs: the row that says that somebody is on the way is in the transaction that
 * moves them, and the rest of their rows follow until none is left. Whoever would now come to something else stays.
 */
export function createMoveWorker(deps: MoveWorkerDeps): PartWorker<Move> {
  const rowAt = (decision: MoveDecision, id: string): JobRow =>
    decisionToRow(decision, id, deps.now().toISOString());
  const teamsOf = (people: ReadonlyMap<string, Competitor>) =>
    deps.teamsByIds([...new Set([...people.values()].flatMap(({ teamId }) => teamId ?? []))]);

  async function plan({ competitorIds, fromCoachId, toCoachId }: Move, subjects: readonly string[]) {
    const people = await deps.byIds(subjects);
    const teams = await teamsOf(people);
    const named = new Set(competitorIds);
    // A team’s members are all of one coach, so that a whole list has each of them.
    const comesAlong = (id: string) => fromCoachId !== undefined || named.has(id);
    return subjects.map((id): [string, JobRow] => {
      const person = people.get(id);
      const team = teams.get(person?.teamId ?? '');
      return [id, rowAt(decideMove({ person, team, toCoachId, fromCoachId, comesAlong }), id)];
    });
  }

  /** Whom of a team the plan moves. */
  async function alongBy(planId: string, team: Team | undefined): Promise<(id: string) => boolean> {
    const rows = team === undefined ? new Map<string, JobRow>() : await deps.rowsOf(planId, team.members);
    return (id) => rows.get(id)?.outcome === 'move';
  }

  /** Moves the profile and what lies with it; false: the person stays as they are. */
  async function head(
    { id: jobId }: Pick<Job, 'id'>,
    { toCoachId, fromCoachId }: Move,
    planId: string,
    id: string,
    planned: MoveDetail,
    actor: Actor,
  ): Promise<boolean> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const people = await deps.byIds([id]);
      const person = people.get(id);
      if (person === undefined) return false;
      const team = (await teamsOf(people)).get(person.teamId ?? '');
      const at = deps.now().toISOString();
      const teamIsThere = team?.coachId === toCoachId;
      const comesAlong = teamIsThere ? () => true : await alongBy(planId, team);
      const now = decideMove({ person, team, toCoachId, fromCoachId, comesAlong });
      // Ours, when an earlier try got through and its answer did not.
      if (now.outcome === 'unchanged') return (await deps.rowsOf(jobId, [id])).get(id)?.outcome === 'moving';
      if (!sameMove(now, { ...planned, outcome: 'move' })) return false;
      const whole = now.team === 'comes_along';
      // The team goes before its members: whoever comes to it from now on is the new coach’s.
      const moved =
        !whole || team === undefined || teamIsThere || (await deps.moveTeam(team, toCoachId, actor, at));
      const row: JobRow = { ...rowAt(now, id), outcome: 'moving' };
      const leaves = whole ? null : (team ?? null);
      if (moved && (await deps.movePerson({ person, leaves, toCoachId, actor, at }, jobId, row))) return true;
      await deps.sleep(STEP_MS * 2 ** Math.min(attempt, 5));
    }
    throw new EditedTooOftenError(`Competitor ${id} or their team was changed ${ATTEMPTS} times in a row.`);
  }

  return async (job, part, context) => {
    const { payload } = job;
    const { planId, toCoachId } = payload;
    const mayGoOn = () => context.remainingMs() > RESERVE_MS;
    if (planId === null) {
      const rows = await plan(payload, part.subjects);
      await deps.saveRows(job.id, new Map(rows));
      return finished(rows.map(([, { outcome }]) => outcome));
    }
    const actor = { ...actorOfJob(job), requestId: job.id };
    const [planned, done] = await Promise.all([
      deps.rowsOf(planId, part.subjects),
      deps.rowsOf(job.id, part.subjects),
    ]);
    const rows = new Map(done);
    const coaches = new Set<string>([toCoachId]);
    let stopped = false;
    let progressed = false;

    const one = async (id: string): Promise<void> => {
      const row = planned.get(id);
      if (row === undefined) return;
      const decision = rowToDecision(row);
      if (decision.fromCoachId !== null) coaches.add(decision.fromCoachId);
      const before = rows.get(id)?.outcome;
      if (before !== undefined && before !== 'moving') return;
      if (!mayGoOn()) {
        stopped = true;
        return;
      }
      let after: JobRow;
      if (decision.outcome !== 'move') after = { ...row, at: deps.now().toISOString() };
      else if (before === 'moving' || (await head(job, payload, planId, id, decision, actor))) {
        if (decision.team === 'leaves') await deps.wakeUp([id]);
        if (!(await deps.followRows(id, toCoachId, mayGoOn))) {
          stopped = true;
          return;
        }
        after = { ...row, outcome: 'moved', at: deps.now().toISOString() };
      } else {
        const { teamId, team, fromCoachId } = decision;
        after = rowAt({ teamId, team, fromCoachId, outcome: 'refused', refusal: 'CHANGED' }, id);
      }
      await deps.saveRows(job.id, new Map([[id, after]]));
      rows.set(id, after);
      progressed = true;
    };

    // Those of one team one after the other: each changes the team.
    const byTeam = Map.groupBy(part.subjects, (id) => String(planned.get(id)?.detail?.['teamId'] ?? id));
    await mapAtOnce([...byTeam.values()], AT_ONCE, async (ids) => {
      for (const id of ids) if (!stopped) await one(id);
    });
    if (stopped) return { kind: 'released', because: 'time', progressed };
    for (const some of chunks([...coaches], AT_ONCE)) await deps.forgetSums(some);
    return finished(part.subjects.map((id) => rows.get(id)?.outcome ?? 'refused'));
  };
}

function finished(outcomes: readonly string[]) {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return { kind: 'finished' as const, counts };
}
