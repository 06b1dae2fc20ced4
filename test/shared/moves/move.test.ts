import { expect, test } from 'vitest';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { createDynamoMoves } from '#shared/composition/moves.ts';
import { createDashboardRepository } from '#shared/dashboard/dashboard-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { chunks } from '#shared/kernel/at-once.ts';
import { createNewId } from '#shared/kernel/ids.ts';
import { createMoveWorker } from '#shared/moves/move-worker.ts';
import { storeSolves } from '#shared/score-sync/solve-store.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { createSolveRepository } from '#shared/score-sync/solve-repository.ts';
import type { Table } from '#shared/table/table.ts';
import type { RosterWakeUp } from '#shared/teams/rosters/roster-entry.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { dyingTable, killedAnywhere, KilledError, type Crash } from '#test/support/dying-table.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { FULL } from '#test/support/effort.ts';
import { aFlashResult, aSolve } from '#test/support/records.ts';
import {
  aMember,
  aPersonWithoutAccount,
  FROM,
  layDown,
  NOW,
  pictureOf,
  TO,
  toldOf,
  workOn,
} from './program-world.ts';

const newTable = useTestTables();
const now = () => NOW;
/** Six parts, the last of them one short, whatever the effort. */
const MANY = FULL ? { people: 300, teams: 40, part: 50 } : { people: 60, teams: 8, part: 10 };

/** A worker that lives on this table; what it wakes up. */
function workerOn(table: Table, woken: RosterWakeUp[] = []) {
  return createMoveWorker(
    createDynamoMoves({
      table,
      wakeUpRosters: (wakeUps) => {
        woken.push(...wakeUps);
        return Promise.resolve();
      },
      now,
      newId: createNewId(now),
      sleep: () => Promise.resolve(),
    }),
  );
}

/** `subjects`: those of one part. */
const plan = (table: Table, ids: readonly string[], subjects = ids) =>
  workOn(
    workerOn(table),
    {
      id: 'job_plan',
      taskType: 'competitor_move',
      payload: { competitorIds: [...ids], toCoachId: TO, planId: null },
    },
    subjects,
  );
const apply = (
  table: Table,
  ids: readonly string[],
  { woken, remainingMs }: { readonly woken?: RosterWakeUp[]; readonly remainingMs?: () => number } = {},
) =>
  workOn(
    workerOn(table, woken),
    {
      id: 'job_apply',
      taskType: 'competitor_move',
      payload: { competitorIds: [...ids], toCoachId: TO, planId: 'job_plan' },
    },
    ids,
    remainingMs,
  );

const TEAMS = [
  { id: 'team_whole', name: 'Packet Foxes' },
  { id: 'team_part', name: 'Cedar Sparks' },
];
const PEOPLE: readonly Competitor[] = [
  aMember('team_whole', { id: 'cmp_w1' }),
  aMember('team_whole', { id: 'cmp_w2', mediaReleaseDate: null }),
  aMember('team_part', { id: 'cmp_p1' }),
  aMember('team_part', { id: 'cmp_p2' }),
  aMember('team_part', { id: 'cmp_stays' }),
  aPersonWithoutAccount({ id: 'cmp_new' }),
  aMember('', { id: 'cmp_alone', teamId: null, active: false }),
];
const MOVED = ['cmp_w1', 'cmp_w2', 'cmp_p1', 'cmp_p2', 'cmp_new', 'cmp_alone'];
const ALL = [...MOVED, 'cmp_stays'];

const personOf = async (table: Table, id: string) => {
  const person = await createCompetitorRepository(table).byId(id, { consistent: true });
  if (person === undefined) throw new Error('The person is gone.');
  return person;
};
const RANGE = { from: '2026-11-01', to: '2026-11-30' };
const factsOf = (table: Table, coachId: string) =>
  createDashboardRepository(table).factsOfCoach(coachId, {
    ...RANGE,
    eventsSince: '2026-11-01',
    solvesSince: '2026-11-01T00:00:00.000Z',
    editsWithin: { from: '2026-11-01', to: '2026-12-01' },
  });
const idsIn = (rows: readonly { readonly competitorId: string }[]) =>
  rows.map(({ competitorId }) => competitorId).toSorted();
/** Whom each coach's own rows are about. */
async function heldBy(table: Table, coachId: string) {
  const facts = await factsOf(table, coachId);
  const solves = await createDashboardRepository(table).solvesOfCoach(
    coachId,
    { from: '2026-11-01', to: '2026-12-01' },
    { limit: 5_000, after: null },
  );
  return {
    people: facts.competitors.map(({ id }) => id).toSorted(),
    teams: facts.teams.map(({ id }) => id).toSorted(),
    days: idsIn(facts.days),
    flash: idsIn(facts.flashResults),
    solves: solves.solves.length,
  };
}

test('a plan tells for each person from whom they go and what becomes of their team, and changes nothing', async () => {
  const table = await newTable();
  await layDown(table, PEOPLE, TEAMS);
  const before = await pictureOf(table, ALL, ['team_whole', 'team_part'], 'job_apply');
  expect(await plan(table, [...MOVED, 'cmp_nobody'])).toEqual({
    kind: 'finished',
    counts: { move: 6, refused: 1 },
  });
  const rows = await createJobRepository(table).rowsOf('job_plan', [...MOVED, 'cmp_nobody']);
  const detail = (id: string) => rows.get(id)?.detail;
  expect(detail('cmp_w1')).toEqual({
    fromCoachId: FROM,
    teamId: 'team_whole',
    team: 'comes_along',
    refusal: null,
  });
  expect(detail('cmp_p1')).toEqual({ fromCoachId: FROM, teamId: 'team_part', team: 'leaves', refusal: null });
  expect(detail('cmp_new')).toEqual({ fromCoachId: FROM, teamId: null, team: 'none', refusal: null });
  expect(rows.get('cmp_nobody')).toMatchObject({ outcome: 'refused', detail: { refusal: 'UNKNOWN' } });
  expect(await pictureOf(table, ALL, ['team_whole', 'team_part'], 'job_apply')).toEqual(before);
});

test('an apply moves people with scores and history, a whole team with them, and takes the others off theirs', async () => {
  const table = await newTable();
  await layDown(table, PEOPLE, TEAMS);
  const before = await heldBy(table, FROM);
  await plan(table, MOVED);
  const woken: RosterWakeUp[] = [];
  expect(await apply(table, MOVED, { woken })).toEqual({ kind: 'finished', counts: { moved: 6 } });

  const [from, to] = [await heldBy(table, FROM), await heldBy(table, TO)];
  expect(from).toMatchObject({ people: ['cmp_stays'], teams: ['team_part'], days: ['cmp_stays'], solves: 3 });
  expect(to).toMatchObject({ people: MOVED.toSorted(), teams: ['team_whole'] });
  expect([...from.days, ...to.days].toSorted()).toEqual(before.days);
  expect([...from.flash, ...to.flash].toSorted()).toEqual(before.flash);
  expect(from.solves + to.solves).toBe(before.solves);

  expect(await personOf(table, 'cmp_w1')).toMatchObject({ coachId: TO, teamId: 'team_whole', version: 2 });
  expect(await personOf(table, 'cmp_p1')).toMatchObject({ coachId: TO, teamId: null });
  const teams = createTeamRepository(table);
  expect(await teams.byId('team_part')).toMatchObject({ members: ['cmp_stays'], coachId: FROM });
  expect(await teams.byId('team_whole')).toMatchObject({ members: ['cmp_w1', 'cmp_w2'], coachId: TO });
  // The platform is asked for those who leave a team alone.
  const rosters = await createRosterRepository(table).ofCompetitors(MOVED);
  expect(rosters.get('cmp_p1')).toMatchObject({
    coachId: TO,
    wantedTeamId: null,
    confirmedTeamId: 'team_part',
  });
  expect(rosters.get('cmp_w1')).toMatchObject({ coachId: TO, wantedTeamId: 'team_whole' });
  expect(woken.map((one) => 'competitorId' in one && one.competitorId)).toEqual(['cmp_p1', 'cmp_p2']);
  expect(await toldOf(table)).toMatchObject({
    'coa_a competitor_moved_away': 6,
    'coa_b competitor_moved_here': 6,
    'coa_a team_moved_away': 1,
    'coa_b team_moved_here': 1,
    'audit coa_a competitor.move': 6,
    'audit coa_b competitor.move': 6,
    'audit coa_b team.move': 1,
  });
});

test('a part that runs again, or after its time was over, moves and tells nothing twice', async () => {
  const table = await newTable();
  await layDown(table, PEOPLE, TEAMS);
  await plan(table, MOVED);
  let asked = 0;
  const soonOver = () => (asked++ < 4 ? 600_000 : 0);
  expect(await apply(table, MOVED, { remainingMs: soonOver })).toMatchObject({ kind: 'released' });
  expect(await apply(table, MOVED)).toEqual({ kind: 'finished', counts: { moved: 6 } });
  const picture = await pictureOf(table, ALL, ['team_whole', 'team_part'], 'job_apply');
  expect(await apply(table, MOVED)).toEqual({ kind: 'finished', counts: { moved: 6 } });
  expect(await pictureOf(table, ALL, ['team_whole', 'team_part'], 'job_apply')).toEqual(picture);
});

test.each<[string, (table: Table) => Promise<unknown>, readonly string[]]>([
  [
    'a member was added to a whole team',
    async (table) => {
      const teams = createTeamRepository(table);
      const team = await teams.byId('team_whole');
      if (team !== undefined) await teams.put({ ...team, members: [...team.members, 'cmp_stays'] });
    },
    ['cmp_w1', 'cmp_w2'],
  ],
  [
    'somebody was put on another team',
    async (table) =>
      createCompetitorRepository(table).put({ ...(await personOf(table, 'cmp_p1')), teamId: null }),
    ['cmp_p1'],
  ],
  [
    'somebody went to a third coach',
    async (table) =>
      createCompetitorRepository(table).put({ ...(await personOf(table, 'cmp_new')), coachId: 'coa_c' }),
    ['cmp_new'],
  ],
])('when, since the plan, %s, they stay and are told as changed', async (_title, edit, refused) => {
  const table = await newTable();
  await layDown(table, PEOPLE, TEAMS);
  await plan(table, MOVED);
  await edit(table);
  const outcome = await apply(table, MOVED);
  expect(outcome).toMatchObject({ counts: { moved: 6 - refused.length, refused: refused.length } });
  for (const id of refused) expect((await personOf(table, id)).coachId).not.toBe(TO);
  const rows = await createJobRepository(table).rowsOf('job_apply', refused);
  for (const row of rows.values()) expect(row.detail).toMatchObject({ refusal: 'CHANGED' });
});

test('what a read that began before the move stores and finds is the new coach’s, counted once', async () => {
  const table = await newTable();
  await layDown(table, PEOPLE, TEAMS);
  await plan(table, MOVED);
  await apply(table, MOVED);
  const old = { competitorId: 'cmp_w1', coachId: FROM };
  const solve = aSolve({ ...old, solveId: 4 });
  const options = {
    since: NOW.toISOString(),
    jobId: 'job_read',
    openMonth: null,
    totalsMark: 'm',
    activity: null,
  };
  expect((await storeSolves(table, old, [solve], options)).stored).toBe(1);
  await createFlashRepository(table).saveResult(
    aFlashResult({ ...old, eventId: 'late', readAt: NOW.toISOString() }),
  );
  const solves = createSolveRepository(table);
  await solves.savePlatformTotals(old, null);
  expect((await solves.statsOf(['cmp_w1'])).get('cmp_w1')).toMatchObject({ coachId: TO, storedOdl: 4 });
  const [from, to] = [await heldBy(table, FROM), await heldBy(table, TO)];
  expect(from.solves).toBe(3);
  expect(from.flash).toEqual(['cmp_stays']);
  expect(to.flash.filter((id) => id === 'cmp_w1')).toHaveLength(2);
});

test('a worker killed at any await, and the next one: the same result as without, nobody lost or doubled', async () => {
  const pictures: unknown[] = [];
  const { calls } = await killedAnywhere(async (crash: Crash | undefined) => {
    const table = await newTable();
    const some = PEOPLE.filter(({ id }) => ['cmp_w1', 'cmp_w2', 'cmp_p1', 'cmp_stays'].includes(id));
    const ids = ['cmp_w1', 'cmp_w2', 'cmp_p1'];
    await layDown(table, some, TEAMS);
    await plan(table, ids);
    const mortal = dyingTable(table, crash);
    await apply(mortal.table, ids).catch((error: unknown) => {
      if (!(error instanceof KilledError)) throw error;
    });
    if (crash !== undefined) await apply(table, ids);
    pictures.push(await pictureOf(table, [...ids, 'cmp_stays'], ['team_whole', 'team_part'], 'job_apply'));
    return mortal.calls();
  });
  expect(calls).toBeGreaterThan(20);
  for (const picture of pictures) expect(picture).toEqual(pictures[0]);
});

test('many people whose worker is killed again and again come to the other coach, each once', async () => {
  const table = await newTable();
  const teams = Array.from({ length: MANY.teams }, (_, index) => ({
    id: `team_${index}`,
    name: `Team ${index}`,
  }));
  const people = Array.from({ length: MANY.people }, (_, index) => {
    const id = `cmp_${String(index).padStart(3, '0')}`;
    return index % 6 === 0 ? aPersonWithoutAccount({ id }) : aMember(`team_${index % MANY.teams}`, { id });
  });
  await layDown(table, people, teams);
  // One person stays, so that the others of that team leave it and the other teams come along.
  const ids = people.filter((_, index) => index !== 1).map(({ id }) => id);
  const before = await heldBy(table, FROM);
  const parts = chunks(ids, MANY.part);
  for (const part of parts) await plan(table, ids, part);
  let kills = 0;
  for (const part of parts) {
    for (let turn = 0; ; turn += 1) {
      const side = turn % 2 === 0 ? 'before' : 'after';
      const mortal = dyingTable(table, { at: 15 + ((turn * 7) % 37), side });
      const outcome = await apply(mortal.table, part).catch((error: unknown) => {
        if (!(error instanceof KilledError)) throw error;
        kills += 1;
      });
      if (outcome !== undefined) break;
    }
  }
  expect(kills).toBeGreaterThan(MANY.people / 5);
  const [from, to] = [await heldBy(table, FROM), await heldBy(table, TO)];
  expect(to.people).toEqual(ids.toSorted());
  expect(from.people).toEqual(people.map(({ id }) => id).filter((id) => !ids.includes(id)));
  for (const what of ['days', 'flash', 'teams'] as const)
    expect([...from[what], ...to[what]].toSorted()).toEqual(before[what]);
  expect(from.solves + to.solves).toBe(before.solves);
  const told = await toldOf(table);
  expect(told['coa_b competitor_moved_here']).toBe(ids.length);
  expect(told['audit coa_a competitor.move']).toBe(ids.length);
  for (const id of ids) expect((await personOf(table, id)).version).toBe(2);
  const repository = createTeamRepository(table);
  for (const { id } of teams) {
    const team = await repository.byId(id, { consistent: true });
    for (const member of team?.members ?? []) {
      const person = await personOf(table, member);
      expect([person.teamId, person.coachId]).toEqual([id, team?.coachId]);
    }
  }
});
