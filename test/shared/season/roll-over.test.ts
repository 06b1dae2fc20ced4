import { describe, expect, test } from 'vitest';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { createDynamoRollOver } from '#shared/composition/season.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { chunks } from '#shared/kernel/at-once.ts';
import { createNewId } from '#shared/kernel/ids.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { decideRollOver } from '#shared/season/decide-roll-over.ts';
import { createListRollOver, createRollOverWorker } from '#shared/season/roll-over-worker.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import type { Table } from '#shared/table/table.ts';
import type { RosterWakeUp } from '#shared/teams/rosters/roster-entry.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import {
  aMember,
  aPersonWithoutAccount,
  layDown,
  NOW,
  pictureOf,
  toldOf,
  workOn,
} from '#test/shared/moves/program-world.ts';
import { dyingTable, killedAnywhere, KilledError, type Crash } from '#test/support/dying-table.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { FULL } from '#test/support/effort.ts';

const newTable = useTestTables();
const now = () => NOW;
const SEASON = '2027-08-16';
/** Four parts, the last of them small, whatever the effort. */
const MANY = FULL ? { people: 300, teams: 40, part: 100 } : { people: 60, teams: 8, part: 20 };
const KEEP = { seasonStart: SEASON, teams: 'keep' as const };

const workerOn = (table: Table, woken: RosterWakeUp[] = []) =>
  createRollOverWorker(
    createDynamoRollOver({
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

const run = (
  table: Table,
  planId: string | null,
  subjects: readonly string[],
  { woken, teams = 'keep' }: { readonly woken?: RosterWakeUp[]; readonly teams?: 'keep' | 'empty' } = {},
) =>
  workOn(
    workerOn(table, woken),
    {
      id: planId === null ? 'job_plan' : 'job_apply',
      taskType: 'season_roll_over',
      payload: { seasonStart: SEASON, teams, planId },
    },
    subjects,
  );

const TEAMS = [
  { id: 'team_high', name: 'Packet Foxes', division: 'high_school' as const },
  { id: 'team_middle', name: 'Cedar Sparks', division: 'middle_school' as const },
];
const middle = { division: 'middle_school' as const };
const PEOPLE: readonly Competitor[] = [
  aMember('team_high', { id: 'cmp_senior', grade: 12 }),
  aMember('team_high', { id: 'cmp_junior', grade: 11 }),
  aMember('team_middle', { id: 'cmp_eight', grade: 8, ...middle }),
  aMember('team_middle', { id: 'cmp_seven', grade: 7, ...middle }),
  aPersonWithoutAccount({ id: 'cmp_new', grade: 9, mediaReleaseDate: null }),
  aPersonWithoutAccount({ id: 'cmp_nograde', grade: null }),
  aMember('team_high', { id: 'cmp_gone', grade: 10, active: false }),
];
const IDS = PEOPLE.map(({ id }) => id);
const SUBJECTS = [...IDS, 'team#team_high', 'team#team_middle', 'season'];
const CHANGED = ['cmp_senior', 'cmp_junior', 'cmp_eight', 'cmp_seven', 'cmp_new', 'season'];
const TEAM_IDS = TEAMS.map(({ id }) => id);

const personOf = async (table: Table, id: string) => {
  const person = await createCompetitorRepository(table).byId(id, { consistent: true });
  if (person === undefined) throw new Error('The person is gone.');
  return person;
};
const seasonOf = async (table: Table) =>
  (await createSettingsRepository(table).syncSettings()).program.seasonStart;

describe('a person', () => {
  const team = { division: 'high_school' as const };
  test.each<[string, Partial<Competitor>, object]>([
    [
      'of grade 11 goes up, and the release is due again',
      { grade: 11 },
      { outcome: 'up', gradeTo: 12, releaseDue: true },
    ],
    ['of grade 12 is archived', { grade: 12 }, { outcome: 'archived', gradeTo: null, releaseDue: false }],
    ['of grade 8 goes to high school', { grade: 8, ...middle }, { outcome: 'up', divisionTo: 'high_school' }],
    [
      'of grade 7 stays in middle school',
      { grade: 7, ...middle },
      { outcome: 'up', divisionTo: 'middle_school' },
    ],
    [
      'in college goes up',
      { grade: 14, division: 'college' },
      { outcome: 'up', gradeTo: 15, divisionTo: 'college' },
    ],
    ['in the last college year is archived', { grade: 16, division: 'college' }, { outcome: 'archived' }],
    [
      'without a release has none that is due',
      { mediaReleaseDate: null },
      { outcome: 'up', releaseDue: false },
    ],
    ['without a grade is left', { grade: null }, { outcome: 'left', reason: 'NO_GRADE' }],
    ['who is deactivated is left', { active: false }, { outcome: 'left', reason: 'INACTIVE' }],
    ['who was rolled over is left', { season: SEASON }, { outcome: 'left', reason: 'DONE' }],
    ['of the season before goes up', { season: '2026-08-17' }, { outcome: 'up' }],
  ])('%s', (_title, over, expected) => {
    expect(decideRollOver(aMember('team_high', over), team, KEEP)).toMatchObject(expected);
  });

  test('leaves a team that they outgrow, every team when teams are emptied, and none otherwise', () => {
    const eight = aMember('team_middle', { grade: 8, ...middle });
    expect(decideRollOver(eight, { division: 'middle_school' }, KEEP).leavesTeam).toBe(true);
    expect(decideRollOver(eight, { division: 'high_school' }, KEEP).leavesTeam).toBe(false);
    const junior = aMember('team_high', { grade: 11 });
    expect(decideRollOver(junior, team, KEEP).leavesTeam).toBe(false);
    expect(decideRollOver(junior, team, { ...KEEP, teams: 'empty' }).leavesTeam).toBe(true);
  });
});

test('a plan lists every person, every team with who stays, and the season, and changes nothing', async () => {
  const table = await newTable();
  await layDown(table, PEOPLE, TEAMS);
  const before = await pictureOf(table, IDS, TEAM_IDS, 'job_apply');
  expect(await run(table, null, SUBJECTS)).toEqual({
    kind: 'finished',
    counts: { up: 4, archived: 1, left: 2, team: 2, season: 1 },
  });
  const rows = await createJobRepository(table).rowsOf('job_plan', SUBJECTS);
  expect(rows.get('team#team_high')?.detail).toMatchObject({ before: 3, after: 2 });
  expect(rows.get('team#team_middle')?.detail).toMatchObject({ before: 2, after: 1 });
  expect(await pictureOf(table, IDS, TEAM_IDS, 'job_apply')).toEqual(before);
  expect(await seasonOf(table)).toBeNull();
});

test('the subjects of a plan are all people, then the teams, then the season; of its apply whom it changes', async () => {
  const table = await newTable();
  await layDown(table, PEOPLE, TEAMS);
  const list = createListRollOver({
    jobs: { pageOfRows: (jobId, page) => createJobRepository(table).pageOfRows(jobId, page) },
    competitors: createCompetitorRepository(table),
    teams: createTeamRepository(table),
    coaches: createIdentityRepository(table).coaches,
  });
  async function all(planId: string | null) {
    const subjects: string[] = [];
    let cursor: Awaited<ReturnType<typeof list>>['next'] = null;
    do {
      const payload = { seasonStart: SEASON, teams: 'keep' as const, planId };
      const job = { payload } as unknown as Parameters<typeof list>[0];
      const page: Awaited<ReturnType<typeof list>> = await list(job, cursor, 3);
      subjects.push(...page.subjects);
      cursor = page.next;
    } while (cursor !== null);
    return subjects;
  }
  expect(await all(null)).toEqual([...IDS.toSorted(), 'team#team_high', 'team#team_middle', 'season']);
  await run(table, null, SUBJECTS);
  expect((await all('job_plan')).toSorted()).toEqual(CHANGED.toSorted());
});

test('an apply raises grades, archives seniors, empties what is outgrown and begins the season; history stays', async () => {
  const table = await newTable();
  await layDown(table, PEOPLE, TEAMS);
  await run(table, null, SUBJECTS);
  const solves = (await itemsOf(table, 'COMP#cmp_senior')).filter(({ type }) => type === 'solve').length;
  const woken: RosterWakeUp[] = [];
  expect(await run(table, 'job_plan', CHANGED, { woken })).toEqual({
    kind: 'finished',
    counts: { up: 4, archived: 1, season: 1 },
  });
  expect(await personOf(table, 'cmp_senior')).toMatchObject({
    active: false,
    grade: 12,
    teamId: null,
    season: SEASON,
  });
  expect(await personOf(table, 'cmp_junior')).toMatchObject({
    grade: 12,
    teamId: 'team_high',
    mediaReleaseDate: null,
    active: true,
  });
  expect(await personOf(table, 'cmp_eight')).toMatchObject({
    grade: 9,
    division: 'high_school',
    teamId: null,
  });
  expect(await personOf(table, 'cmp_seven')).toMatchObject({ grade: 8, teamId: 'team_middle' });
  expect(await personOf(table, 'cmp_nograde')).toMatchObject({ grade: null, version: 1 });
  expect(await seasonOf(table)).toBe(SEASON);
  // Whoever left a team is read once more before the platform follows, and by no round.
  const rosters = await createRosterRepository(table).ofCompetitors(IDS);
  expect(rosters.get('cmp_senior')).toMatchObject({ wantedTeamId: null, finalRead: true });
  expect(rosters.get('cmp_junior')).toMatchObject({ wantedTeamId: 'team_high' });
  expect((await createSyncStateRepository(table).byIds(IDS)).size).toBe(0);
  expect(woken).toHaveLength(2);
  const after = (await itemsOf(table, 'COMP#cmp_senior')).filter(({ type }) => type === 'solve').length;
  expect(after).toBe(solves);
  expect(await toldOf(table)).toMatchObject({
    'coa_a competitor_rolled_over': 4,
    'coa_a competitor_archived': 1,
    'audit null settings.change': 1,
  });
});

test('a second roll-over into the same season changes nobody', async () => {
  const table = await newTable();
  await layDown(table, PEOPLE, TEAMS);
  await run(table, null, SUBJECTS);
  await run(table, 'job_plan', CHANGED);
  expect(await run(table, null, SUBJECTS)).toMatchObject({ counts: { left: 7 } });
});

test('whoever was changed since the plan stays as they are and is told; who was only renamed is rolled over', async () => {
  const table = await newTable();
  await layDown(table, PEOPLE, TEAMS);
  await run(table, null, SUBJECTS);
  const competitors = createCompetitorRepository(table);
  await competitors.put({ ...(await personOf(table, 'cmp_junior')), grade: 10, version: 2 });
  await competitors.put({ ...(await personOf(table, 'cmp_seven')), firstName: 'Zoë', version: 2 });
  expect(await run(table, 'job_plan', CHANGED)).toMatchObject({
    counts: { up: 3, archived: 1, skipped: 1, season: 1 },
  });
  expect(await personOf(table, 'cmp_junior')).toMatchObject({ grade: 10, mediaReleaseDate: '2026-09-01' });
  expect(await personOf(table, 'cmp_seven')).toMatchObject({ grade: 8, firstName: 'Zoë' });
});

test('teams that are emptied keep their names, and everyone leaves them', async () => {
  const table = await newTable();
  await layDown(table, PEOPLE, TEAMS);
  await run(table, null, SUBJECTS, { teams: 'empty' });
  await run(table, 'job_plan', CHANGED, { teams: 'empty' });
  const teams = await createTeamRepository(table).byIds(TEAM_IDS, { consistent: true });
  expect(teams.get('team_middle')).toMatchObject({ name: 'Cedar Sparks', members: [] });
  // Who is deactivated is left as they are.
  expect(teams.get('team_high')).toMatchObject({ members: ['cmp_gone'] });
});

test('a worker killed at any await, and the next one: the same result as without', async () => {
  const pictures: unknown[] = [];
  const subjects = ['cmp_senior', 'cmp_eight', 'cmp_new', 'season'];
  const { calls } = await killedAnywhere(async (crash: Crash | undefined) => {
    const table = await newTable();
    await layDown(table, PEOPLE, TEAMS);
    await run(table, null, SUBJECTS);
    const mortal = dyingTable(table, crash);
    await run(mortal.table, 'job_plan', subjects).catch((error: unknown) => {
      if (!(error instanceof KilledError)) throw error;
    });
    if (crash !== undefined) await run(table, 'job_plan', subjects);
    pictures.push([await pictureOf(table, IDS, TEAM_IDS, 'job_apply'), await seasonOf(table)]);
    return mortal.calls();
  });
  expect(calls).toBeGreaterThan(10);
  for (const picture of pictures) expect(picture).toEqual(pictures[0]);
});

test('many people whose worker is killed again and again go up once each, and rosters are right', async () => {
  const table = await newTable();
  const teams = Array.from({ length: MANY.teams }, (_, index) => ({
    id: `team_${index}`,
    name: `Team ${index}`,
    division: index % 4 === 0 ? ('middle_school' as const) : ('high_school' as const),
  }));
  const people = Array.from({ length: MANY.people }, (_, index) => {
    const id = `cmp_${String(index).padStart(3, '0')}`;
    if (index % 7 === 0) return aPersonWithoutAccount({ id, grade: 9 });
    const inMiddle = index % 4 === 0;
    const grade = inMiddle ? 6 + (index % 3) : 9 + (index % 4);
    return aMember(`team_${index % MANY.teams}`, { id, grade, ...(inMiddle ? middle : {}) });
  });
  await layDown(table, people, teams);
  const ids = people.map(({ id }) => id);
  for (const part of chunks([...ids, 'season'], MANY.part)) await run(table, null, part);
  let kills = 0;
  for (const part of chunks([...ids, 'season'], MANY.part)) {
    for (let turn = 0; ; turn += 1) {
      const side = turn % 2 === 0 ? 'before' : 'after';
      const mortal = dyingTable(table, { at: 21 + ((turn * 7) % 37), side });
      const outcome = await run(mortal.table, 'job_plan', part).catch((error: unknown) => {
        if (!(error instanceof KilledError)) throw error;
        kills += 1;
      });
      if (outcome !== undefined) break;
    }
  }
  expect(kills).toBeGreaterThan(MANY.people / 20);
  const rosters = await createRosterRepository(table).ofCompetitors(ids);
  const afterwards: Competitor[] = [];
  for (const before of people) {
    const after = await personOf(table, before.id);
    afterwards.push(after);
    const senior = before.grade === 12;
    expect([after.version, after.grade, after.active]).toEqual([
      2,
      senior ? 12 : (before.grade ?? 0) + 1,
      !senior,
    ]);
    expect(rosters.get(before.id)?.wantedTeamId ?? null).toBe(after.teamId);
  }
  const found = await createTeamRepository(table).byIds(
    teams.map(({ id }) => id),
    { consistent: true },
  );
  for (const team of found.values()) {
    const members = afterwards.filter(({ teamId }) => teamId === team.id);
    expect(team.members.toSorted()).toEqual(members.map(({ id }) => id).toSorted());
  }
  const told = await toldOf(table);
  expect((told['coa_a competitor_rolled_over'] ?? 0) + (told['coa_a competitor_archived'] ?? 0)).toBe(
    MANY.people,
  );
  expect(await seasonOf(table)).toBe(SEASON);
});
