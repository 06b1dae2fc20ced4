import type { TeamAssignments } from '#shared/game-platform/vendor-contract.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { keys } from '#shared/table/keys.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { everyNth } from '#test/support/effort.ts';
import { COACH } from '../rosters/roster-world.ts';
import { ReconcileWorld } from './reconcile-world.ts';

const newTable = useTestTables();
const FOXES = Array.from({ length: 7 }, (_, n) => `cmp_f${n}`);
const OWLS = Array.from({ length: 7 }, (_, n) => `cmp_o${n}`);

let all: ReconcileWorld;
let foxes: string;
let owls: string;

/** Two teams of seven, as the platform has them. */
beforeEach(async () => {
  all = new ReconcileWorld(await newTable());
  const { world } = all;
  await world.settle();
  foxes = await world.addTeam('Packet Foxes');
  owls = await world.addTeam('Byte Owls');
  await Promise.all([...FOXES, ...OWLS].map((id) => world.addPerson(id)));
  for (const id of FOXES) await world.put(id, foxes);
  for (const id of OWLS) await world.put(id, owls);
  await world.drain();
  world.later(3_600);
  world.editSeconds.length = 0;
  world.platform.calls.length = 0;
});

const expectInStep = async () => {
  const { here, there } = await all.world.assignments();
  expect(there).toEqual(here);
  expect(await all.world.waiting()).toEqual([]);
  expect(all.world.platform.offences).toEqual([]);
};
const rowsOf = async () =>
  (await all.plan()).rows.map(({ competitorId, action, why, heldBy, state }) => [
    competitorId,
    action,
    why,
    heldBy,
    state,
  ]);
const guard = async (name: string) => (await all.plan()).guards.find((line) => line.guard === name);

/** One missing, one in the wrong team, one on no roster. */
async function tamper() {
  const { world } = all;
  await world.addPerson('cmp_x');
  all.moveThere('cmp_f0', null);
  all.moveThere('cmp_f1', owls);
  all.moveThere('cmp_x', foxes);
}

describe('A dry run', () => {
  test('asks once, lists every difference with names, and changes nothing', async () => {
    await tamper();
    const before = [await all.there(), await all.world.rosters.ofCompetitors(FOXES)];
    const counts = await all.run({ dryRun: true });
    expect(counts).toEqual({ add: 1, move: 1, remove: 1, inStep: 12, underway: 0, unknownUsers: 0, held: 0 });
    expect(all.world.platform.calls).toEqual([{ endpoint: 'getTeamAssignments', id: undefined }]);
    expect([await all.there(), await all.world.rosters.ofCompetitors(FOXES)]).toEqual(before);
    expect(await all.world.waiting()).toEqual([]);
    const plan = await all.plan();
    expect(plan).toMatchObject({
      status: 'drawn',
      dryRun: true,
      assignmentsThere: 14,
      assignmentsHere: 14,
      confirmable: { safe: 3, all: 3 },
      removals: 2,
      confirmed: null,
    });
    expect(plan.guards.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'passed'));
    const remove = plan.rows.find((row) => row.action === 'remove');
    expect(remove).toMatchObject({
      name: 'Mira Okafor',
      from: { teamId: foxes, name: 'Packet Foxes' },
      to: null,
      why: 'not_on_roster',
      points: null,
    });
    expect(all.stopped).toEqual([]);
  });

  test('is carried out once it is confirmed, and only once', async () => {
    await tamper();
    await all.run({ dryRun: true });
    const job = await all.confirm({ scope: 'safe' });
    if (typeof job === 'string') throw new Error(job);
    expect(await all.confirm({ scope: 'safe' })).toBe('PLAN_OUTDATED');
    expect(await all.attempt(job)).toMatchObject({ counts: { handedOver: 3, changed: 0 } });
    expect((await rowsOf()).map((row) => row[4])).toEqual(['handed_over', 'handed_over', 'handed_over']);
    await all.world.drain();
    expect((await rowsOf()).map((row) => row[4])).toEqual(['done', 'done', 'done']);
    expect(await all.plan()).toMatchObject({
      status: 'applied',
      confirmable: { safe: 0, all: 0 },
      confirmed: { by: 'sub-ines', reason: 'Looked at with the vendor', scope: 'safe' },
    });
    expect(await all.attempt(job)).toEqual({ kind: 'finished', counts: {} });
    await expectInStep();
    const audit = await itemsOf(
      all.world.table,
      keys.audit(all.world.now.toISOString().slice(0, 10), '', '').pk,
    );
    expect(audit.filter(({ action }) => action === 'roster_plan.confirm')).toMatchObject([
      { actor: 'sub-ines', details: { scope: 'safe', reason: 'Looked at with the vendor' } },
    ]);
  });
});

describe('A run', () => {
  test('puts right what no guard holds, and is no edit: no time is counted', async () => {
    await tamper();
    const entry = await all.world.rosters.byId('cmp_f0');
    expect(await all.run()).toMatchObject({ handedOver: 3, held: 0 });
    expect(all.stopped).toEqual([0]);
    await all.world.drain();
    await expectInStep();
    expect(all.world.editSeconds).toEqual([]);
    expect(await all.world.rosters.byId('cmp_f0')).toMatchObject({
      wantedAt: entry?.wantedAt,
      lastEditSeconds: entry?.lastEditSeconds,
    });
    expect(await all.plan()).toMatchObject({ status: 'applied', confirmable: { safe: 0, all: 0 } });
    expect(await all.run()).toMatchObject({ inStep: 14, add: 0, move: 0, remove: 0 });
    expect(await all.plan()).toMatchObject({ status: 'in_step', rows: [] });
  });

  test('holds what would empty a team, does the rest, and goes on when an admin says so', async () => {
    const larks = await all.world.addTeam('Null Larks');
    await all.world.drain();
    all.world.later(60);
    all.moveThere('cmp_f0', null);
    for (const id of ['cmp_o0', 'cmp_o1']) all.moveThere(id, larks);
    await all.run();
    const rows = await rowsOf();
    expect(rows).toHaveLength(3);
    expect(rows).toEqual(
      expect.arrayContaining([
        ['cmp_f0', 'add', 'missing_there', null, 'handed_over'],
        ['cmp_o0', 'move', 'wrong_team', 'tiny_team', 'held'],
        ['cmp_o1', 'move', 'wrong_team', 'tiny_team', 'held'],
      ]),
    );
    expect(all.stopped).toEqual([1]);
    expect(await guard('tiny_team')).toEqual({
      guard: 'tiny_team',
      state: 'stopped',
      message: 'The plan would empty the team Null Larks (2 of 2 members).',
    });
    await all.world.drain();
    expect(await all.there()).toMatchObject({ cmp_f0: foxes, cmp_o0: larks, cmp_o1: larks });
    expect(await all.plan()).toMatchObject({
      status: 'stopped',
      confirmable: { safe: 0, all: 2 },
      removals: 2,
    });
    expect(await all.confirm({ scope: 'safe' })).toBe('NOTHING_TO_CONFIRM');
    expect(await all.confirm({ removals: 3 })).toBe('REMOVALS_DIFFER');
    expect(await all.release()).toMatchObject({ counts: { handedOver: 2, changed: 0 } });
    await all.world.drain();
    await expectInStep();
  });

  test('holds removals for good in masses; additions go ahead', async () => {
    const strangers = Array.from({ length: 11 }, (_, n) => `cmp_s${n}`);
    await Promise.all(strangers.map((id) => all.world.addPerson(id)));
    for (const id of strangers) all.moveThere(id, foxes);
    all.moveThere('cmp_f0', null);
    expect(await all.run()).toMatchObject({ remove: 11, add: 1, held: 11, handedOver: 1 });
    await all.world.drain();
    expect(Object.keys(await all.there())).toHaveLength(25);
    expect(await guard('mass_removal')).toMatchObject({ state: 'stopped' });
    await all.release();
    await all.world.drain();
    await expectInStep();
  });

  test('takes deactivated people off, here and there, and says so to their coach', async () => {
    await all.world.setActive('cmp_f0', false);
    await all.run();
    expect(await rowsOf()).toEqual([['cmp_f0', 'remove', 'deactivated', null, 'handed_over']]);
    await all.world.drain();
    await expectInStep();
    const { world } = all;
    expect(await createCompetitorRepository(world.table).byId('cmp_f0')).toMatchObject({
      teamId: null,
      version: 4,
    });
    expect((await world.teams.byId(foxes))?.members).toEqual(FOXES.slice(1));
    const { items } = await createActivityRepository(world.table).ofCoach(COACH, { limit: 1 });
    expect(items).toMatchObject([{ kind: 'member_removed', competitorId: 'cmp_f0' }]);
    expect(world.editSeconds).toEqual([]);
    expect((await rowsOf())[0]?.[4]).toBe('done');
  });

  test('takes erased people off without a look at their scores, and leaves nothing of them', async () => {
    await all.world.erase('cmp_f0');
    await all.world.drain();
    expect(await all.there()).not.toHaveProperty('cmp_f0');
    expect(await all.world.rosters.byId('cmp_f0')).toBeUndefined();
    all.moveThere('cmp_f0', foxes);
    await all.run();
    expect(await rowsOf()).toEqual([['cmp_f0', 'remove', 'erased', null, 'handed_over']]);
    expect((await all.plan()).rows[0]).toMatchObject({ name: null, points: null });
    await all.world.drain();
    expect(await all.there()).not.toHaveProperty('cmp_f0');
    expect(await all.world.rosters.byId('cmp_f0')).toBeUndefined();
    expect((await rowsOf())[0]?.[4]).toBe('done');
    // Once by the erasure, once by the plan.
    const unread = 'cmp_f0 was taken off without a read';
    expect(all.world.platform.offences).toEqual([unread, unread]);
  });

  test('recreates a team that the platform lost, with its members', async () => {
    for (const id of FOXES) all.moveThere(id, null);
    all.world.platform.model.platform.deleteTeam(foxes);
    expect(await all.run()).toMatchObject({ add: 7, handedOver: 7 });
    await all.world.drain();
    await expectInStep();
    expect(all.world.platform.model.teamIds()).toContain(foxes);
  });

  test('reports strangers and teams that are not ours, and touches neither', async () => {
    const { model } = all.world.platform;
    model.enrol({
      synedUserId: 'stranger',
      firstName: 'Some',
      lastName: 'Body',
      email: 'stranger@example.org',
      enrolledAt: 1,
      status: 'approved',
      teamId: foxes,
    });
    model.addTeam({
      synedTeamId: 'elsewhere',
      coachId: 'another',
      name: 'Elsewhere',
      affiliation: 'Another program',
      division: 'college',
    });
    all.moveThere('cmp_o0', 'elsewhere');
    expect(await all.run()).toMatchObject({ unknownUsers: 2, add: 0, move: 0, remove: 0 });
    await all.world.drain();
    expect(await all.there()).toMatchObject({ stranger: foxes, cmp_o0: 'elsewhere' });
    expect((await all.plan()).unknown).toEqual([
      { platformUserId: 'cmp_o0', platformTeamId: 'elsewhere' },
      { platformUserId: 'stranger', platformTeamId: foxes },
    ]);
    expect(await guard('unknown_users')).toMatchObject({ state: 'noted' });
  });

  test('leaves people on their team while a Flash CTF is on; an admin may say otherwise', async () => {
    await all.startEvent();
    await tamper();
    expect(await all.run()).toMatchObject({ handedOver: 1, held: 2 });
    expect(all.stopped).toEqual([0]);
    expect(await guard('event_running')).toMatchObject({ state: 'waiting' });
    await all.world.drain();
    expect(await all.there()).toMatchObject({ cmp_f0: foxes, cmp_f1: owls, cmp_x: foxes });
    await all.release();
    await all.world.drain();
    await expectInStep();
  });

  test('does so by itself once the event is over', async () => {
    await all.startEvent();
    await tamper();
    await all.run();
    await all.world.drain();
    all.world.later(6 * 3_600);
    expect(await all.run()).toMatchObject({ handedOver: 2, held: 0 });
    await all.world.drain();
    await expectInStep();
  });

  test('leaves edits that are on their way to the roster worker', async () => {
    await all.world.put('cmp_f0', owls);
    expect(await all.run()).toMatchObject({ underway: 1, add: 0, move: 0 });
    await all.world.drain();
    await expectInStep();
  });
});

const answerWith = (change: (list: TeamAssignments) => TeamAssignments) => {
  const { api } = all.world.platform;
  const ask = api.getTeamAssignments;
  Object.assign(api, {
    getTeamAssignments: async (...args: Parameters<typeof ask>) => {
      return change(await ask(...args));
    },
  });
};
const odd = { index: 0, issues: [], redacted: null };

describe('An answer that cannot be trusted', () => {
  test('cut short: the run fails with a sentence, there is no plan, and nothing is touched', async () => {
    all.world.platform.shortenNextList();
    const before = await all.world.rosters.ofCompetitors(FOXES);
    expect(await all.attempt(all.newJob())).toMatchObject({
      kind: 'failed',
      sentence: expect.stringContaining('0 came, 14 were announced'),
    });
    expect(await all.hasPlan()).toBe(false);
    expect(await all.world.rosters.ofCompetitors(FOXES)).toEqual(before);
  });

  test('with a record that names nobody: that one is set aside and counted, the rest compared', async () => {
    all.moveThere('cmp_f0', null);
    answerWith((list) => ({ ...list, unparsed: [odd], total_count: list.total_count + 1 }));
    expect(await all.run()).toMatchObject({ add: 1, setAside: 1, handedOver: 1 });
    expect((await all.plan()).guards[0]).toMatchObject({
      guard: 'answer_trusted',
      state: 'noted',
      message: expect.stringContaining('and 1 more that could not be read'),
    });
  });

  test('with a record that is set aside, and still cut short: nothing is compared', async () => {
    answerWith((list) => ({ ...list, unparsed: [odd], total_count: list.total_count + 2 }));
    expect(await all.attempt(all.newJob())).toMatchObject({
      kind: 'failed',
      sentence: expect.stringContaining('15 came, 16 were announced'),
    });
  });

  test('with somebody on a team that cannot be read: they are reported and left alone', async () => {
    answerWith((list) => ({
      ...list,
      assignments: list.assignments.filter((one) => one.syned_user_id !== 'cmp_f0'),
      unparsed: [odd],
      unplaced: ['cmp_f0'],
    }));
    expect(await all.run()).toMatchObject({ add: 0, unknownUsers: 1, setAside: 1 });
  });

  test('none at all: the run fails with a sentence', async () => {
    all.world.platform.faults = [{ code: 'UNAVAILABLE', side: 'before' }];
    expect(await all.attempt(all.newJob())).toMatchObject({
      kind: 'failed',
      sentence: expect.stringContaining('UNAVAILABLE'),
    });
    expect(await all.hasPlan()).toBe(false);
  });

  test('a refused token holds all calls, and the run waits', async () => {
    all.world.platform.faults = [{ code: 'TOKEN_REFUSED', side: 'before' }];
    expect(await all.attempt(all.newJob())).toEqual({
      kind: 'released',
      because: 'suspension',
      progressed: false,
    });
    expect(all.held).toEqual(['TOKEN_REFUSED']);
  });

  test('a platform that asks everybody to wait makes the run wait, and holds nobody else', async () => {
    all.world.platform.faults = [{ code: 'THROTTLED', side: 'before', retryAfterMs: 30_000 }];
    expect(await all.attempt(all.newJob())).toEqual({
      kind: 'released',
      because: 'suspension',
      progressed: false,
    });
    expect(all.held).toEqual([]);
    expect(await all.hasPlan()).toBe(false);
  });

  test('empty: nobody is removed or added until an admin says that it is so', async () => {
    all.loseAllThere();
    expect(await all.run()).toMatchObject({ add: 14, held: 14, handedOver: 0 });
    expect(all.stopped).toEqual([1]);
    await all.world.drain();
    expect(await all.there()).toEqual({});
    expect(await all.plan()).toMatchObject({
      status: 'stopped',
      confirmable: { safe: 0, all: 14 },
      removals: 0,
    });
    expect(await guard('answer_trusted')).toMatchObject({ state: 'stopped' });
    await all.release({ removals: 0 });
    await all.world.drain();
    await expectInStep();
    expect(all.world.editSeconds).toEqual([]);
  });

  test('empty for a moment only: confirmed later, nobody is touched', async () => {
    const before = await all.there();
    const places = Object.entries(before);
    all.loseAllThere();
    await all.run();
    for (const [id, teamId] of places) all.moveThere(id, teamId);
    all.world.platform.calls.length = 0;
    expect(await all.release({ removals: 0 })).toMatchObject({ counts: { handedOver: 0, changed: 14 } });
    await all.world.drain();
    expect(all.world.platform.calls.map(({ endpoint }) => endpoint)).toEqual(['getTeamAssignments']);
    expect(await all.there()).toEqual(before);
  });

  test('much shorter than before, and complete by its own word: nothing is done either', async () => {
    for (const id of [...FOXES, ...OWLS.slice(0, 4)]) all.moveThere(id, null);
    await all.world.addPerson('cmp_x');
    all.moveThere('cmp_x', owls);
    expect(await all.run()).toMatchObject({ add: 11, remove: 1, held: 12, handedOver: 0 });
    await all.world.drain();
    expect(Object.keys(await all.there())).toHaveLength(4);
  });
});

describe('A world that changed since the plan', () => {
  test('row by row: who was edited is left alone, the others are not', async () => {
    await tamper();
    await all.run({ dryRun: true });
    all.world.later(10);
    await all.world.put('cmp_f1', owls);
    await all.world.drain();
    expect(await guard('world_unchanged')).toMatchObject({ state: 'noted' });
    expect((await rowsOf()).find(([id]) => id === 'cmp_f1')?.[4]).toBe('changed');
    expect(await all.release({ scope: 'safe' })).toMatchObject({ counts: { handedOver: 2, changed: 1 } });
    await all.world.drain();
    await expectInStep();
    expect(await all.there()).toMatchObject({ cmp_f1: owls });
  });

  test('wholly: the confirmation is refused', async () => {
    all.moveThere('cmp_f0', null);
    await all.run({ dryRun: true });
    all.world.later(10);
    await all.world.put('cmp_f0', owls);
    await all.world.drain();
    expect(await all.confirm({ scope: 'safe' })).toBe('WORLD_CHANGED');
  });

  test('by a later plan: the earlier one is outdated', async () => {
    await tamper();
    await all.run({ dryRun: true });
    const { id } = await all.plan();
    await all.run({ dryRun: true });
    expect((await all.plan()).id).not.toBe(id);
    expect(await all.confirm({ scope: 'safe' }, id)).toBe('PLAN_OUTDATED');
    expect(await all.confirm({ scope: 'safe' }, 'plan_none')).toBe('NOT_FOUND');
  });

  test('an erased person is not brought back by a plan that names them', async () => {
    all.moveThere('cmp_f0', owls);
    await all.run({ dryRun: true });
    await all.world.erase('cmp_f0');
    await all.world.drain();
    expect(await all.there()).not.toHaveProperty('cmp_f0');
    expect(await all.confirm({ scope: 'all' })).toBe('WORLD_CHANGED');
    expect(await all.world.rosters.byId('cmp_f0')).toBeUndefined();
  });
});

describe('A run that is cut short', () => {
  const STEP = everyNth(11);
  test('anywhere: the next attempt ends it, and nothing is done twice', async () => {
    let killed = 0;
    for (const side of ['before', 'after'] as const) {
      for (let at = 0; ; at += STEP) {
        await tamper();
        const job = all.newJob();
        const first = await all.attempt(job, { crash: { at, side } });
        all.world.later(70);
        const second = await all.attempt(job);
        expect(second).toMatchObject({ kind: 'finished' });
        await all.world.drain();
        await expectInStep();
        if (first.kind !== 'died') break;
        killed += 1;
        all.world.later(3_600);
      }
    }
    expect(killed).toBeGreaterThan(30 / STEP);
    expect(all.world.editSeconds).toEqual([]);
  });

  test('by its time: it goes on where it was', async () => {
    const strangers = Array.from({ length: 10 }, (_, n) => `cmp_s${n}`);
    await Promise.all(strangers.map((id) => all.world.addPerson(id)));
    for (const id of strangers) all.moveThere(id, foxes);
    for (const id of OWLS.slice(0, 6)) all.moveThere(id, null);
    const job = all.newJob();
    expect(await all.attempt(job, { remainingMs: () => 3_000 })).toMatchObject({ kind: 'released' });
    expect(await all.attempt(job)).toMatchObject({ kind: 'finished', counts: { handedOver: 16 } });
    expect(all.world.platform.count('getTeamAssignments')).toBe(1);
    await all.world.drain();
    await expectInStep();
  });
});
