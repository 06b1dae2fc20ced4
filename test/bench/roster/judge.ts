import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import type { Simulator } from '#test/game-platform-simulator/index.ts';
import type { LoggedRequest } from '#test/game-platform-simulator/request-log.ts';
import { spreadOf, type Spread } from '../percentiles.ts';
import type { EditKind } from './plan-edits.ts';
import type { AskedEdit } from './run-load.ts';

/** One edit's way, in milliseconds; undefined from where it did not come on. */
interface Way {
  readonly kind: EditKind;
  /** From when it was due to the API's answer. */
  readonly api: number;
  /** From the answer to the first call of the platform about it: queue, worker's start, lease. */
  readonly waiting: number;
  /** Calls of the platform about it, added up. */
  readonly vendor: number;
  /** The rest until the table says that it is confirmed: reads and writes around the calls, pauses between tries. */
  readonly around: number;
  readonly total: number;
}

export interface Verdict {
  readonly edits: number;
  /** Not taken by the API after all tries, so that nothing was promised. */
  readonly notTaken: number;
  /** Never confirmed, or other on the platform than what was wanted. */
  readonly lost: readonly string[];
  /** Confirmed in the table before the platform had it. */
  readonly tooEarly: number;
  readonly total: Spread;
  readonly byKind: Readonly<Record<string, Spread>>;
  readonly api: Spread;
  readonly waiting: Spread;
  readonly vendor: Spread;
  readonly around: Spread;
  readonly vendorCalls: number;
}

/** A worker's clock is this process's, but for the rounding of milliseconds. */
const CLOCK_STEP_MS = 2;

/** Everything that is asked of one run once nothing waits any more. */
export async function judge(
  asked: readonly AskedEdit[],
  table: Table,
  simulator: Simulator,
  requests: readonly LoggedRequest[],
): Promise<Verdict> {
  const ids = asked.flatMap(({ edit }) => (edit.kind === 'create' ? [] : [edit.competitorId]));
  const entries = await createRosterRepository(table).ofCompetitors(ids);
  const people = await createCompetitorRepository(table).byIds(ids);
  const teams = createTeamRepository(table);
  const there = new Map(
    simulator.model.platform
      .teamAssignments()
      .assignments.map((one) => [one.syned_user_id, one.syned_team_id]),
  );
  const calls = Map.groupBy(
    requests,
    ({ path, synedUserId, synedTeamId }) => (path === '/teams' ? synedTeamId : synedUserId) ?? '',
  );

  const lost: string[] = [];
  const ways: Way[] = [];
  let notTaken = 0;
  let tooEarly = 0;
  for (const { edit, dueAt, answeredAt, status, newTeamId } of asked) {
    const subject = edit.kind === 'create' ? newTeamId : edit.competitorId;
    let confirmedAt: string | null | undefined;
    let same = false;
    if (edit.kind === 'create') {
      confirmedAt = newTeamId === null ? null : (await teams.byId(newTeamId))?.platform?.confirmedAt;
      same = newTeamId !== null && simulator.model.teamIds().includes(newTeamId);
    } else {
      const entry = entries.get(edit.competitorId);
      const wanted = edit.kind === 'remove' ? null : edit.teamId;
      confirmedAt = entry?.closedWish === entry?.wantedAt ? entry?.confirmedAt : null;
      same =
        entry?.confirmedTeamId === wanted &&
        people.get(edit.competitorId)?.teamId === wanted &&
        (there.get(edit.competitorId) ?? null) === wanted;
    }
    // What was neither answered well nor stored was promised to no one.
    const stored =
      edit.kind !== 'create' &&
      people.get(edit.competitorId)?.teamId === (edit.kind === 'remove' ? null : edit.teamId);
    if ((status < 200 || status >= 300) && !stored) {
      notTaken += 1;
      continue;
    }
    if (subject === null || confirmedAt === null || confirmedAt === undefined || !same) {
      lost.push(`${edit.kind} ${subject ?? 'without an id'} (${status})`);
      continue;
    }
    const own = (calls.get(subject) ?? []).filter(({ startedAt }) => startedAt >= dueAt);
    const end = Date.parse(confirmedAt);
    const last = own.findLast(({ doneAt, method }) => doneAt !== undefined && method === 'POST');
    if ((last?.doneAt ?? 0) > end + CLOCK_STEP_MS) tooEarly += 1;
    const first = own.find(({ startedAt }) => edit.kind === 'onboard' || startedAt <= end);
    const vendor = own.reduce((sum, call) => sum + (call.closedAt ?? call.startedAt) - call.startedAt, 0);
    // The worker may be quicker than the API's answer.
    const waiting = Math.max(0, (first?.startedAt ?? end) - answeredAt);
    const total = Math.max(0, end - dueAt);
    const api = answeredAt - dueAt;
    ways.push({
      kind: edit.kind,
      api,
      waiting,
      vendor,
      around: Math.max(0, total - Math.min(api, total) - waiting - vendor),
      total,
    });
  }
  const spread = (value: (way: Way) => number, of: readonly Way[] = ways) => spreadOf(of.map(value));
  return {
    edits: asked.length,
    notTaken,
    lost,
    tooEarly,
    total: spread(({ total }) => total),
    byKind: Object.fromEntries(
      [...Map.groupBy(ways, ({ kind }) => kind)].map(([kind, of]) => [
        kind,
        spread(({ total }) => total, of),
      ]),
    ),
    api: spread(({ api }) => api),
    waiting: spread(({ waiting }) => waiting),
    vendor: spread(({ vendor }) => vendor),
    around: spread(({ around }) => around),
    vendorCalls: requests.length,
  };
}
