import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { habitAfterRead } from '#shared/score-sync/policy/reading-habit.ts';
import { isNoOpRead, withNoOpRead } from '#shared/score-sync/no-op-read.ts';
import type { SyncState } from '#shared/score-sync/score-records.ts';
import { habitOf, packHabit } from '#shared/score-sync/sync-memory.ts';
import { createNoOpReadRepository, SLOTS_IN_ROW } from '#shared/score-sync/no-op-read-repository.ts';
import { isOfJob, packJob, packOdl, unpackOdl } from '#shared/score-sync/packed-no-op-read.ts';
import { keys, syncBucketOf } from '#shared/table/keys.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { refusal } from '#test/support/score-platform.ts';
import { SyncWorld, syncState } from '#test/support/sync-world.ts';
import { runs } from '#test/support/effort.ts';

const runOf = (run: SyncState['lastRun']) =>
  run === undefined ? undefined : { ...run, jobId: packJob(run.jobId) };

const newTable = useTestTables();
const AT = Date.parse('2026-11-03T18:00:00.000Z');
const iso = (at: number) => new Date(at).toISOString();

const READ_BEFORE = syncState('cmp_a', {
  cursorUnix: AT / 1_000 - 86_400,
  lastReadAt: iso(AT),
  lastFlashReadAt: iso(AT),
  odlDigest: 'a',
  habit: [AT / 1_000, AT / 1_000 - 86_400, AT / 1_000 - 90_000, 0, 3, 5],
  why: { reason: 'everyone', at: iso(AT) },
  lastRun: { jobId: 'job_1', outcome: 'synced' },
  quietSlot: 3,
});

const NOTHING_SEEN = { news: [], accessAt: 0 };

describe('a read is a no-op', () => {
  const change = {
    odlDigest: 'a',
    cursorUnix: READ_BEFORE.cursorUnix,
    lastReadAt: iso(AT + 1),
    lastFailure: null,
  };

  test('when it moves nothing but the time of the last one', () => {
    expect(isNoOpRead(READ_BEFORE, { change, outcome: 'skipped_no_new_data' }, NOTHING_SEEN)).toBe(true);
  });

  test.each<[string, Partial<SyncState>, Partial<SyncState>]>([
    ['the first of a list', { lastReadAt: null }, {}],
    ['the first of Flash CTFs', { lastFlashReadAt: null }, { lastFlashReadAt: iso(AT + 1) }],
    ['the first success after a failure', { lastFailure: { code: 'UNAVAILABLE', at: iso(AT) } }, {}],
    ['another fingerprint', {}, { odlDigest: 'b' }],
    ['a cursor that moved', {}, { cursorUnix: READ_BEFORE.cursorUnix + 1 }],
    ['a withdrawal that no longer waits', { flashAgain: true }, { flashAgain: false }],
    ['a state of an older release', { habit: undefined }, {}],
  ])('but not %s', (_, before, also) => {
    const state = { ...READ_BEFORE, ...before };
    expect(
      isNoOpRead(state, { change: { ...change, ...also }, outcome: 'skipped_no_new_data' }, NOTHING_SEEN),
    ).toBe(false);
  });

  test('but not when the platform told of an access that no read knew', () => {
    const read = { change, outcome: 'skipped_no_new_data' } as const;
    expect(isNoOpRead(READ_BEFORE, read, { news: [], accessAt: AT })).toBe(false);
  });

  test('but not what stored something, or could not be made', () => {
    for (const outcome of ['synced', 'corrected', 'failed', 'not_approved'] as const)
      expect(isNoOpRead(READ_BEFORE, { change, outcome }, NOTHING_SEEN)).toBe(false);
  });
});

describe('a state with its no-op reads', () => {
  test('has the habit that writing each of them would have left', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 8 * 3_600 }), { minLength: 1, maxLength: 30 }),
        (gaps) => {
          let now = AT;
          let written = habitOf(READ_BEFORE);
          for (const gap of gaps) {
            now += gap * 1_000;
            written = habitAfterRead(written, now / 1_000, []);
          }
          const read = { at: now, jobId: 'job_2', reason: 'rotation' };
          const merged = withNoOpRead(READ_BEFORE, { odl: read });
          expect(merged).toMatchObject({
            lastReadAt: iso(now),
            lastRun: { jobId: 'job_2', outcome: 'skipped_no_new_data' },
            why: { reason: 'rotation', at: iso(now) },
            rowHabit: READ_BEFORE.habit,
          });
          for (const [index, value] of (merged.habit ?? []).entries())
            expect(value).toBeCloseTo(packHabit(written)[index] ?? NaN, 6);
        },
      ),
    );
  });

  test('is not moved by those that are older than it, whatever it was that wrote it', () => {
    const older = { at: AT - 1, jobId: 'job_0', reason: 'rotation' };
    expect(withNoOpRead(READ_BEFORE, { odl: older, flash: { at: AT - 1, jobId: 'job_0' } })).toEqual(
      READ_BEFORE,
    );
    // A failure since then moved no time, and is what was done last.
    const failed: SyncState = {
      ...READ_BEFORE,
      lastFailure: { code: 'UNAVAILABLE', at: iso(AT + 9) },
      lastRun: { jobId: 'job_3', outcome: 'failed' },
      why: { reason: 'asked', at: iso(AT + 9) },
    };
    const merged = withNoOpRead(failed, { odl: { at: AT + 5, jobId: 'job_2', reason: 'rotation' } });
    expect(merged).toMatchObject({ ...failed, lastReadAt: iso(AT + 5), habit: merged.habit });
  });

  test('never marks a competitor as read who was not: a slot says nothing to a state that restarts', () => {
    const restarted = { ...READ_BEFORE, lastReadAt: null, lastFlashReadAt: null };
    const read = { at: AT + 5, jobId: 'job_2', reason: 'rotation' };
    expect(withNoOpRead(restarted, { odl: read, flash: { at: AT + 5 } })).toEqual(restarted);
  });

  test('shows for Flash CTFs read alone which job read them', () => {
    const merged = withNoOpRead(READ_BEFORE, { flash: { at: AT + 5, jobId: 'job_2' } });
    expect(merged).toMatchObject({
      ...READ_BEFORE,
      lastFlashReadAt: iso(AT + 5),
      lastFlashRun: { jobId: 'job_2', outcome: 'skipped_no_new_data' },
      why: { reason: 'flash_ctf', at: iso(AT + 5) },
    });
  });
});

describe('packed', () => {
  test.each([
    ['usual_time 0.31 0.24', 'usual_time 0.31 0.24'],
    ['in_session 12.4 0.0004', 'in_session 12 0.00'],
    ['rotation', 'rotation'],
    ['tier_high', 'tier_high'],
    ['of a later release', 'everyone'],
  ])('%j is told as %j', (reason, told) => {
    const packed = packOdl({ at: AT, jobId: 'job_score-sync_2026-11-03T180000Z', reason });
    expect(packed.length).toBeLessThanOrEqual(23);
    expect(unpackOdl(packed)).toMatchObject({ at: AT, reason: told });
  });

  test('a job is known again by what is left of its id, and no other one is', () => {
    const { jobId } = unpackOdl(packOdl({ at: AT, jobId: 'job_one', reason: 'first' }));
    expect(isOfJob({ jobId }, 'job_one')).toBe(true);
    expect(isOfJob({ jobId }, 'job_two')).toBe(false);
    expect(isOfJob({ jobId: 'job_one' }, 'job_one')).toBe(true);
    expect(packJob(packJob('job_one'))).toBe(packJob('job_one'));
  });
});

describe('on the table', () => {
  test('everyone gets a slot of their own, however many take one at once', async () => {
    const noOpReads = createNoOpReadRepository(await newTable());
    const ids = Array.from({ length: 60 }, (_, index) => `cmp_${index}`);
    const given = await Promise.all(
      [ids.slice(0, 20), ids.slice(20, 25), ids.slice(25)].map((some) => noOpReads.slotsFor(some)),
    );
    const slots = given.flatMap((some) => [...some].map(([id, slot]) => `${syncBucketOf(id)} ${slot}`));
    expect(slots).toHaveLength(60);
    expect(new Set(slots).size).toBe(60);
  });

  test('the people of a row fit into one write unit, with the longest of all that it can say', async () => {
    const table = await newTable();
    const { pk } = keys.noOpReads(5, 0);
    const ids = Array.from({ length: 1_000 }, (_, index) => `cmp_01m6h96xyqksh475jxe3vkp${index}`);
    const reads = ids
      .filter((id) => syncBucketOf(id) === 5)
      .slice(0, SLOTS_IN_ROW)
      .map((competitorId, slot) => ({
        competitorId,
        slot,
        read: {
          odl: { at: AT, jobId: packJob('job_01m6h96xyqksh475jxe3vkpjm7'), reason: 'usual_time 0.31 0.24' },
          flash: { at: AT + slot, jobId: packJob(`job_${slot}`) },
        },
      }));
    await createNoOpReadRepository(table).save(reads);
    const [row] = await itemsOf(table, pk);
    // As DynamoDB counts them: names and values, eleven bytes for each number at most.
    const bytes = Object.entries(row ?? {}).map(
      ([name, value]) => name.length + (typeof value === 'number' ? 11 : String(value).length),
    );
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(1_024);
    expect(await createNoOpReadRepository(table).ofBucket(5)).toEqual(
      new Map(reads.map(({ slot, read }) => [slot, read])),
    );
  });

  test('a competitor who comes back begins with a slot of their own', async () => {
    const world = new SyncWorld(await newTable());
    const states = createSyncStateRepository(world.table);
    const stateNow = async () => (await states.byIds(['cmp_a'])).get('cmp_a');
    const sync = async () => {
      await world.fire();
      await world.deliverAll();
      world.advance(1_800);
    };
    await world.addCompetitor('cmp_a');
    await sync();
    await sync();
    expect(await stateNow()).toMatchObject({ quietSlot: 0, lastReadAt: iso(AT + 1_800_000) });
    // As a deactivation and an activation leave it.
    await world.addCompetitor('cmp_a');
    expect(await stateNow()).toMatchObject({ lastReadAt: null });
    await sync();
    expect(await stateNow()).toMatchObject({ quietSlot: 1, lastReadAt: iso(AT + 3_600_000) });
  });

  const act = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('sync', 'flash', 'totals', 'full') },
    { weight: 2, arbitrary: fc.constantFrom('solve', 'late solve', 'event solve') },
    { weight: 1, arbitrary: fc.constantFrom('refused', 'restored', 'withdrawn') },
  );
  interface Step {
    readonly act: string;
    readonly person: number;
    readonly minutes: number;
  }
  const history = fc.array(fc.record({ act, person: fc.nat(2), minutes: fc.integer({ min: 1, max: 300 }) }), {
    minLength: 4,
    maxLength: 14,
  });
  const PEOPLE = ['cmp_a', 'cmp_b', 'cmp_c'];

  async function afterAll(sharesNoOpReads: boolean, steps: readonly Step[]) {
    const world = new SyncWorld(await newTable());
    world.sharesNoOpReads = sharesNoOpReads;
    for (const id of PEOPLE) await world.addCompetitor(id);
    const { platform } = world;
    const start = platform.nowUnix();
    platform.events.push({ name: 'Flash CTF', start: start + 3_600, end: start + 10_800 });
    const run = async (task: Parameters<SyncWorld['fire']>[0]) => {
      await world.fire(task);
      await world.deliverAll();
    };
    for (const [solveId, { act: what, person, minutes }] of steps.entries()) {
      world.advance(minutes * 60);
      const user = `gp_${PEOPLE[person]}`;
      const at = platform.nowUnix() - 60;
      const late = what === 'late solve' ? 3_600 : 0;
      const event = what === 'event solve' ? 0 : null;
      if (what.endsWith('solve'))
        platform.solves.push({ user, event, solveId, at, visibleFrom: at + late, points: 50 });
      if (what === 'refused') platform.refusals.set(user, refusal('NOT_APPROVED', 403));
      if (what === 'restored') platform.refusals.delete(user);
      if (what === 'withdrawn') platform.solves.splice(0, 1);
      if (what === 'sync') await run('game_platform_sync');
      if (what === 'flash') await run('game_platform_flash_ctf_sync');
      if (what === 'totals') await run('game_platform_totals_sweep');
      if (what === 'full') {
        await world.readInFull();
        await world.deliverAll();
      }
    }
    world.advance(60);
    await run('game_platform_sync');
    const states = await createSyncStateRepository(world.table).byIds(PEOPLE);
    const jobs = await world.allJobs();
    return {
      counts: jobs.map(({ counts }) => counts),
      calls: platform.calls.map((call) => JSON.stringify(call)).toSorted(),
      states: PEOPLE.map((id) => ({
        ...states.get(id),
        // Each way keeps as much of a job's id as it needs.
        lastRun: runOf(states.get(id)?.lastRun),
        lastFlashRun: runOf(states.get(id)?.lastFlashRun),
        quietSlot: 0,
        rowHabit: [],
        unwritten: {},
        habit: [],
      })),
      habits: PEOPLE.flatMap((id) => states.get(id)?.habit ?? []),
    };
  }

  test('any history leaves what it would leave if every read wrote the state', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const [shared, alone] = [await afterAll(true, steps), await afterAll(false, steps)];
        expect(shared.counts).toEqual(alone.counts);
        expect(shared.calls).toEqual(alone.calls);
        expect(shared.states).toEqual(alone.states);
        for (const [index, value] of shared.habits.entries())
          expect(value).toBeCloseTo(alone.habits[index] ?? NaN, 5);
      }),
      { numRuns: runs(15, 3) },
    );
  });
});
