import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { syncStateItem } from '#shared/score-sync/score-items.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { transactWrite } from '#shared/table/table.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createEntriesOf, teamToView } from '#shared/teams/team-to-view.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { aSyncState } from '#test/support/records.ts';
import { everyNth } from '#test/support/effort.ts';
import { RosterWorld } from './roster-world.ts';

const newTable = useTestTables();
const PEOPLE = ['cmp_a', 'cmp_b', 'cmp_c'] as const;

async function worldWith(teamNames: readonly string[]): Promise<{ world: RosterWorld; teams: string[] }> {
  const world = await new RosterWorld(await newTable()).settle();
  for (const id of PEOPLE) await world.addPerson(id);
  const teams: string[] = [];
  for (const name of teamNames) teams.push(await world.addTeam(name));
  return { world, teams };
}

async function expectMirrored(world: RosterWorld): Promise<void> {
  const { here, there, lists } = await world.assignments();
  expect(there).toEqual(here);
  expect(lists).toEqual(here);
  expect(await world.waiting()).toEqual([]);
  expect(world.platform.offences).toEqual([]);
  for (const entry of (await world.rosters.ofCompetitors(PEOPLE)).values()) {
    expect(entry).toMatchObject({ confirmedTeamId: entry.wantedTeamId, doubtTeamId: null, failure: null });
  }
}

test('a member added, moved and removed is so on the platform after one hint each, with the time it took', async () => {
  const { world, teams } = await worldWith(['Packet Foxes', 'Byte Owls']);
  const [first = '', second = ''] = teams;
  await world.deliverAll();
  await world.put('cmp_a', first);
  world.later(4);
  await world.deliverAll();
  expect((await world.assignments()).there).toEqual({ cmp_a: first });
  expect(world.editSeconds).toEqual([4]);
  await world.put('cmp_a', second);
  await world.deliverAll();
  expect((await world.assignments()).there).toEqual({ cmp_a: second });
  await world.take('cmp_a');
  await world.deliverAll();
  expect((await world.assignments()).there).toEqual({});
  expect(world.queue).toEqual([]);
  await expectMirrored(world);
});

test('the time of a team’s last confirmation never goes back, whoever leaves it', async () => {
  const { world, teams } = await worldWith(['Packet Foxes', 'Byte Owls']);
  const [foxes = '', owls = ''] = teams;
  const lastConfirmed = async () => {
    const [team, people, entries] = await Promise.all([
      world.teams.byId(foxes, { consistent: true }),
      world.competitors.byIds(PEOPLE),
      world.rosters.ofCompetitors(PEOPLE),
    ]);
    if (team === undefined) throw new Error('The team is gone.');
    return teamToView(team, { people, entries: createEntriesOf([...entries.values()])(team) }).badge
      .lastSuccessAt;
  };
  const edits: (() => Promise<boolean>)[] = [
    () => world.put('cmp_a', foxes),
    () => world.put('cmp_b', foxes),
    () => world.take('cmp_b'),
    () => world.put('cmp_a', owls),
    () => world.take('cmp_a'),
  ];
  await world.deliverAll();
  let before = await lastConfirmed();
  for (const edit of edits) {
    world.later(60);
    await edit();
    await world.deliverAll();
    const after = await lastConfirmed();
    expect(String(after) >= String(before)).toBe(true);
    before = after;
  }
});

test('the score sync’s copy of a team follows a member, and nobody gets a sync state by it', async () => {
  const { world, teams } = await worldWith(['Packet Foxes']);
  const [team = ''] = teams;
  const states = createSyncStateRepository(world.table);
  const Item = syncStateItem(aSyncState({ competitorId: 'cmp_a' }));
  await world.table.client.send(new PutCommand({ TableName: world.table.name, Item }));
  const copies = async () => [...(await states.byIds(PEOPLE))].map(([id, { teamId }]) => [id, teamId]);
  for (const id of ['cmp_a', 'cmp_b']) await world.put(id, team);
  await world.deliverAll();
  expect(await copies()).toEqual([['cmp_a', team]]);
  await world.take('cmp_a');
  await world.deliverAll();
  expect(await copies()).toEqual([['cmp_a', null]]);
});

test('a team create that timed out but worked makes one team, without the platform’s number', async () => {
  const { world, teams } = await worldWith([]);
  world.platform.faults = [null, null, { code: 'TIMED_OUT', side: 'after' }];
  teams.push(await world.addTeam('Packet Foxes'));
  await world.deliverAll();
  expect(world.hidden).toEqual([2]);
  world.later(10);
  await world.deliverAll();
  const [team] = await world.teams.ofCoach('coa_1');
  expect(team).toMatchObject({ platform: { teamId: null, name: 'Packet Foxes' }, createSent: null });
  expect(world.platform.model.teamIds()).toEqual(teams);
  expect(world.platform.count('createTeam')).toBe(2);
});

test('a rename while the create is in doubt is told as drift, not taken for what the platform has', async () => {
  const { world, teams } = await worldWith([]);
  world.platform.faults = [null, null, { code: 'TIMED_OUT', side: 'after' }];
  const id = await world.addTeam('Packet Foxes');
  teams.push(id);
  await world.deliverAll();
  const actor = { sub: 'sub-1', actingAs: null, requestId: 'r' };
  await world.edit.update(id, 1, { name: 'Byte Owls' }, actor, () => true);
  await world.drain();
  expect(await world.teams.byId(id)).toMatchObject({
    name: 'Byte Owls',
    platform: { name: 'Packet Foxes' },
  });
});

/** A team that is there after a create that timed out, and whose next create was refused all the same. */
async function refusedAfterDoubt() {
  const { world, teams } = await worldWith([]);
  world.platform.faults = [null, null, { code: 'TIMED_OUT', side: 'after' }];
  const id = await world.addTeam('Packet Foxes');
  teams.push(id);
  await world.deliverAll();
  world.platform.faults = [{ code: 'REFUSED', side: 'before' }];
  world.later(10);
  await world.deliverAll();
  expect(world.platform.model.teamIds()).toEqual([id]);
  expect(await world.teams.byId(id)).toMatchObject({
    platform: null,
    sync: { failure: { code: 'REFUSED' } },
  });
  return { world, id };
}

test('a refusal does not make a team forgotten that an earlier create may have made', async () => {
  const { world, id } = await refusedAfterDoubt();
  await world.deleteTeam(id);
  await world.drain();
  expect(world.platform.model.teamIds()).toEqual([]);
});

test('a renamed team whose old name is refused in doubt: what may be there is deleted, then it is made as it is now', async () => {
  const { world, id } = await refusedAfterDoubt();
  await world.rename(id, 'Byte Owls');
  world.platform.faults = [{ code: 'REFUSED', side: 'before' }];
  await world.deliverAll();
  expect(await world.teams.byId(id)).toMatchObject({ createSent: { name: 'Packet Foxes' } });
  await world.drain();
  expect(await world.teams.byId(id)).toMatchObject({
    name: 'Byte Owls',
    platform: { name: 'Byte Owls' },
    createSent: null,
  });
  expect(world.platform.count('deleteTeam')).toBe(1);
  expect(world.platform.model.teamIds()).toEqual([id]);
});

test('somebody whose new team is refused stays on the old one over there', async () => {
  const { world, teams } = await worldWith(['Packet Foxes']);
  const [first = ''] = teams;
  await world.put('cmp_a', first);
  await world.drain();
  const second = await world.addTeam('Byte Owls');
  world.queue = [];
  await world.put('cmp_a', second);
  world.platform.faults = [{ code: 'VALIDATION_REFUSED', side: 'before' }];
  await world.deliverAll();
  expect((await world.assignments()).there).toEqual({ cmp_a: first });
  expect(await world.rosters.byId('cmp_a')).toMatchObject({ failure: { code: 'VALIDATION_REFUSED' } });
  expect(world.queue).toEqual([]);
  world.later(3_700);
  await world.drain();
  await expectMirrored(world);
});

test('a list that is shorter than it says settles nothing', async () => {
  const { world, teams } = await worldWith(['Packet Foxes']);
  const [first = ''] = teams;
  await world.deliverAll();
  await world.put('cmp_a', first);
  world.platform.faults = [{ code: 'TIMED_OUT', side: 'after' }];
  await world.deliverAll();
  world.later(10);
  world.platform.shortenNextList();
  await world.deliverAll();
  expect(await world.rosters.byId('cmp_a')).toMatchObject({
    doubtTeamId: first,
    failure: { code: 'BAD_ANSWER' },
  });
  await world.drain();
  await expectMirrored(world);
  expect(world.platform.count('assignTeam')).toBe(1);
});

test('an edit that comes while a doubt is being settled is closed and counted, also when it wants just what was found', async () => {
  const { world, teams } = await worldWith(['Packet Foxes']);
  await world.deliverAll();
  await world.put('cmp_a', teams[0] ?? '');
  world.platform.faults = [{ code: 'TIMED_OUT', side: 'before' }];
  await world.deliverAll();
  world.later(10);
  const { api } = world.platform;
  const ask = api.getTeamAssignments;
  Object.assign(api, {
    getTeamAssignments: async (...args: Parameters<typeof ask>) => {
      const answer = await ask(...args);
      await world.take('cmp_a');
      return answer;
    },
  });
  await world.deliverAll();
  await world.deliverAll();
  expect(world.queue).toEqual([]);
  expect(world.editSeconds).toEqual([0]);
  expect(await world.rosters.byId('cmp_a')).toMatchObject({ wantedTeamId: null, confirmedTeamId: null });
  await expectMirrored(world);
});

test('an entry that is called open though all is as wanted is closed by a look at it, and not counted', async () => {
  const { world, teams } = await worldWith(['Packet Foxes']);
  await world.put('cmp_a', teams[0] ?? '');
  await world.drain();
  world.editSeconds.length = 0;
  await world.rosters.wake('cmp_a', world.now);
  expect(await world.waiting()).toEqual(['cmp_a']);
  world.send({ kind: 'roster', competitorId: 'cmp_a' });
  await world.deliverAll();
  expect(world.editSeconds).toEqual([]);
  await expectMirrored(world);
});

test('a team chosen before the account waits for it without calls or hints', async () => {
  const { world, teams } = await worldWith(['Packet Foxes']);
  const [first = ''] = teams;
  await world.addPerson('cmp_n', { gamePlatformId: null });
  await world.deliverAll();
  const calls = world.platform.calls.length;
  await world.put('cmp_n', first);
  await world.deliverAll();
  world.later(600);
  await world.dispatch();
  expect(world.queue).toEqual([]);
  expect(world.platform.calls).toHaveLength(calls);
});

test('no call is made while processing is off, and all is done when it is on again', async () => {
  const { world, teams } = await worldWith(['Packet Foxes']);
  world.paused = true;
  await world.put('cmp_a', teams[0] ?? '');
  await world.deliverAll();
  await world.dispatch();
  expect(world.queue).toEqual([]);
  expect(world.platform.calls).toEqual([]);
  world.paused = false;
  world.later(60);
  await world.dispatch();
  await world.drain();
  await expectMirrored(world);
});

test('a refused token holds everything and is nobody’s failure', async () => {
  const { world, teams } = await worldWith(['Packet Foxes']);
  await world.deliverAll();
  await world.put('cmp_a', teams[0] ?? '');
  world.platform.faults = [{ code: 'TOKEN_REFUSED', side: 'before' }];
  await world.deliverAll();
  expect(world.held).toEqual(['TOKEN_REFUSED']);
  expect(await world.rosters.byId('cmp_a')).toMatchObject({ failure: null, attempts: 0 });
});

test('a team that cannot be deleted over there is gone here all the same, and tried again', async () => {
  const { world, teams } = await worldWith(['Packet Foxes']);
  const [id = ''] = teams;
  await world.deliverAll();
  expect(await world.deleteTeam(id)).toBe(true);
  world.platform.faults = [{ code: 'UNAVAILABLE', side: 'before' }];
  await world.deliverAll();
  expect(await world.teams.ofCoach('coa_1')).toEqual([]);
  expect(world.platform.model.teamIds()).toEqual([id]);
  world.later(120);
  await world.dispatch();
  await world.deliverAll();
  expect(world.platform.model.teamIds()).toEqual([]);
  expect(await world.teams.byId(id)).toBeUndefined();
});

test('a team is deleted over there only when its last member is off it', async () => {
  const { world, teams } = await worldWith(['Packet Foxes']);
  const [id = ''] = teams;
  await world.put('cmp_a', id);
  await world.drain();
  await world.take('cmp_a');
  await world.deleteTeam(id);
  const [taken, deleted] = world.queue;
  if (taken === undefined || deleted === undefined) throw new Error('There are not two hints.');
  await world.deliver(deleted);
  expect(world.platform.count('deleteTeam')).toBe(0);
  expect(world.hidden).toEqual([2]);
  await world.deliver(taken);
  await world.deliver(deleted);
  expect(world.platform.count('deleteTeam')).toBe(1);
  expect(world.queue).toEqual([]);
  await expectMirrored(world);
  expect(world.platform.model.teamIds()).toEqual([]);
});

test('a team is deleted over there only when somebody who went to another coach is off it', async () => {
  const { world, teams } = await worldWith(['Packet Foxes']);
  const [id = ''] = teams;
  await world.put('cmp_a', id);
  await world.drain();
  await world.take('cmp_a');
  const entries = createRosterRepository(world.table);
  await transactWrite(world.table, [entries.ownerTransaction({ id: 'cmp_a', coachId: 'coa_2' })]);
  await world.deleteTeam(id);
  const [taken, deleted] = world.queue;
  if (taken === undefined || deleted === undefined) throw new Error('There are not two hints.');
  await world.deliver(deleted);
  expect(world.platform.count('deleteTeam')).toBe(0);
  await world.deliver(taken);
  await world.deliver(deleted);
  expect(world.platform.count('deleteTeam')).toBe(1);
  expect(world.platform.model.teamIds()).toEqual([]);
});

test('a team that is there but still called open is closed by the dispatcher, without a hint', async () => {
  const { world, teams } = await worldWith(['Packet Foxes']);
  const [id = ''] = teams;
  await world.deliverAll();
  const open = await world.teams.saveProgress(id, {}, world.now.toISOString());
  expect([open, await world.waiting()]).toEqual([true, [id]]);
  world.later(60);
  await world.dispatch();
  expect(world.queue).toEqual([]);
  expect(await world.waiting()).toEqual([]);
});

test('a worker killed at any call of a move: the next one ends it, and nobody is lost on the way', async () => {
  const STEP = everyNth(5);
  let killed = 0;
  for (const side of ['before', 'after'] as const) {
    for (let at = 0; ; at += STEP) {
      const { world, teams } = await worldWith(['Packet Foxes', 'Byte Owls']);
      await world.put('cmp_a', teams[0] ?? '');
      await world.drain();
      await world.put('cmp_a', teams[1] ?? '');
      const [message] = world.queue;
      if (message === undefined) throw new Error('There is no hint.');
      const { died } = await world.deliver(message, { at, side });
      world.later(30);
      await world.drain();
      await expectMirrored(world);
      if (!died) break;
      killed += 1;
    }
  }
  expect(killed).toBeGreaterThan(20 / STEP);
});
