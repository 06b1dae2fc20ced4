import { beforeEach, describe, expect, test } from 'vitest';
import type { Job } from '#shared/jobs/job.ts';
import { DEFAULT_PROGRAM_SETTINGS, syncSettingsSchema } from '#shared/settings/sync-settings.ts';
import { createRoundRepository } from '#shared/score-sync/round-repository.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { SyncWorld } from '#test/support/sync-world.ts';
import { everyNth } from '#test/support/effort.ts';

const newTable = useTestTables();
let world: SyncWorld;
beforeEach(async () => {
  world = new SyncWorld(await newTable());
});

const off = { on: false };
const ROUND = 300;
const idOf = (number: number): string => `cmp_${String(number).padStart(3, '0')}`;

async function set(settings: object, version = 1): Promise<void> {
  await createSettingsRepository(world.table).saveSyncSettings({
    version,
    changedAt: world.now.toISOString(),
    changedBy: 'ines',
    settings: syncSettingsSchema.parse(settings),
    program: DEFAULT_PROGRAM_SETTINGS,
  });
}

const addPeople = async (count: number, from = 0) => {
  for (let number = from; number < from + count; number += 1) await world.addCompetitor(idOf(number));
};

async function partsOf(job: Job | undefined): Promise<{ subjects: string[]; reasons: string[] }> {
  const subjects: string[] = [];
  const reasons: string[] = [];
  if (job === undefined) return { subjects, reasons };
  for await (const part of world.jobs.partsOf(job.id)) {
    subjects.push(...part.subjects);
    reasons.push(...(part.reasons ?? []));
  }
  return { subjects, reasons };
}

const oldest = () =>
  world.metrics.filter(({ name }) => name === 'OldestReadAgeSeconds').map(({ value }) => value);

describe('a round', () => {
  test('reads new competitors at once, and no one again five minutes later', async () => {
    await addPeople(7);
    await world.round();
    await world.drain();
    world.advance(ROUND);
    await world.round();
    const [second, first] = await world.allJobs();
    expect(first).toMatchObject({ status: 'succeeded', total: 7, counts: { total: 7, skipped: 7 } });
    expect(second).toMatchObject({ status: 'succeeded', parts: 0, total: 0, counts: { total: 0 } });
    expect(oldest()).toEqual([0, ROUND]);
    const states = await createSyncStateRepository(world.table).byIds([idOf(3)]);
    expect(states.get(idOf(3))?.why?.reason).toBe('first');
    expect(world.metrics.filter(({ name }) => name === 'SyncRunSucceeded').map(({ value }) => value)).toEqual(
      [1, 1],
    );
  });

  test('is cut into parts of a hundred, each with its reasons', async () => {
    await addPeople(230);
    await set({ adaptive: off });
    await world.round();
    const [job] = await world.allJobs();
    expect(job).toMatchObject({ parts: 3, total: 230, planned: true });
    const { subjects, reasons } = await partsOf(job);
    expect(new Set(subjects).size).toBe(230);
    expect(reasons).toEqual(Array.from({ length: 230 }, () => 'tier_low'));
  });

  test('counts its people for the settings page', async () => {
    await addPeople(3);
    await world.round();
    expect(await createRoundRepository(world.table).last()).toMatchObject({ version: 1, competitors: 3 });
  });

  test('keeps who waits longest, and how many are late or were never read', async () => {
    const read = (hours: number) => new Date(world.now.getTime() - hours * 3_600_000).toISOString();
    await addPeople(12);
    await world.addCompetitor(idOf(20), { lastReadAt: read(9) });
    await world.addCompetitor(idOf(21), { lastReadAt: read(1) });
    await world.round();
    const round = await createRoundRepository(world.table).last();
    expect(round?.oldest).toMatchObject({ late: 1, unread: 12 });
    expect(round?.oldest?.reads.map(({ lastReadAt }) => lastReadAt)).toEqual(
      Array.from({ length: 10 }, () => null),
    );
    await world.drain();
    world.advance(ROUND);
    await world.round();
    expect((await createRoundRepository(world.table).last())?.oldest).toMatchObject({ late: 0, unread: 0 });
  });

  test('does not report a success to the alarm while no one is read because all reads fail', async () => {
    await world.addCompetitor(idOf(1), {
      lastFailure: { code: 'PLATFORM_ERROR', at: world.now.toISOString() },
    });
    world.advance(ROUND);
    await world.round();
    expect(await world.allJobs()).toMatchObject([{ status: 'succeeded', counts: { total: 0, heldBack: 1 } }]);
    expect(world.metrics.filter(({ name }) => name === 'SyncRunSucceeded')).toEqual([]);
  });

  test('follows the settings from one round to the next', async () => {
    await addPeople(12);
    await set({ adaptive: off, prioritisation: off, batchSize: 5 });
    await world.round();
    expect((await partsOf((await world.allJobs())[0])).subjects).toEqual([0, 1, 2, 3, 4].map(idOf));
    await world.drain();
    await set({ batching: false }, 2);
    world.advance(ROUND);
    await world.round();
    const { subjects, reasons } = await partsOf((await world.allJobs())[0]);
    expect(subjects.toSorted()).toEqual([5, 6, 7, 8, 9, 10, 11].map(idOf));
    expect(new Set(reasons)).toEqual(new Set(['everyone']));
  });

  test('leaves a run of everyone that an admin starts as it was', async () => {
    await addPeople(3);
    await world.round();
    await world.drain();
    world.advance(ROUND);
    await world.readInFull();
    expect((await world.allJobs())[0]).toMatchObject({ total: 3, startedBy: 'user:sub-1' });
  });
});

const rounds = async (count: number) => {
  const batches: string[][] = [];
  for (let round = 0; round < count; round += 1) {
    await world.round();
    await world.drain();
    batches.push((await partsOf((await world.allJobs())[0])).subjects);
    world.advance(ROUND);
  }
  return batches;
};

describe('the rotation on the table', () => {
  test('22 competitors in batches of five are five batches, and the sixth restarts', async () => {
    await addPeople(22);
    await set({ adaptive: off, prioritisation: off, batchSize: 5 });
    const batches = await rounds(6);
    expect(batches.slice(0, 5).flat()).toEqual(Array.from({ length: 22 }, (_, number) => idOf(number)));
    expect(batches[5]).toEqual([0, 1, 2, 3, 4].map(idOf));
  });

  test.each([
    ['before the call', false],
    ['after it', true],
  ])('a round killed at any await, %s, takes the same batch and moves on once', async (_, lost) => {
    for (let killAt = 0, killed = true; killed; killAt += everyNth(11)) {
      world = new SyncWorld(await newTable());
      await addPeople(3);
      await set({ adaptive: off, prioritisation: off, batchSize: 2 });
      world.losesAnswers(lost);
      await world.round(killAt);
      ({ killed } = world);
      world.losesAnswers(false);
      // A competitor joins between, and Scheduler's message comes again.
      await world.addCompetitor('cmp_000a');
      await world.round();
      await world.drain();
      expect(await world.allJobs()).toHaveLength(1);
      world.advance(ROUND);
      await world.round();
      const [second, first] = await world.allJobs();
      const all = [...(await partsOf(first)).subjects, ...(await partsOf(second)).subjects];
      expect(new Set(all).size).toBe(all.length);
      expect([0, 1, 2].map(idOf).filter((id) => !all.includes(id))).toEqual([]);
      expect(await createRoundRepository(world.table).last()).toMatchObject({
        version: 2,
        rotation: { after: { after: null } },
      });
    }
  });

  test('a round whose planning was given up leaves no one out', async () => {
    await addPeople(250);
    await set({ adaptive: off, prioritisation: off, batchSize: 250 });
    // The time of the invocation is up after the first part of three.
    let asked = 0;
    world.remainingMs = () => {
      asked += 1;
      return asked > 1 ? 0 : 60_000;
    };
    await world.round();
    world.remainingMs = () => 60_000;
    const [job] = await world.allJobs();
    if (job === undefined) throw new Error('No job was made.');
    expect(job).toMatchObject({ planned: false, parts: 1 });
    await world.jobs.fail(job, 'given up', world.now.toISOString());
    world.advance(ROUND);
    await world.round();
    const both = [...(await partsOf(job)).subjects, ...(await partsOf((await world.allJobs())[0])).subjects];
    expect(both.toSorted()).toEqual(Array.from({ length: 250 }, (_, number) => idOf(number)));
  });
});

const spent = async () =>
  (await createRoundRepository(world.table).last())?.ledger.after.spent.reduce(
    (sum, reads) => sum + reads,
    0,
  );

test('calls of a round are booked once, however often it is planned', async () => {
  for (let killAt = 0, killed = true; killed; killAt += everyNth(11)) {
    world = new SyncWorld(await newTable());
    await addPeople(4);
    await world.round(killAt);
    ({ killed } = world);
    await world.round();
    await world.drain();
    expect(await spent()).toBe(4);
    const [job] = await world.allJobs();
    expect((await partsOf(job)).subjects).toHaveLength(4);
  }
});

test('the totals sweep reads as many as the settings say, unless its own payload does', async () => {
  await addPeople(7);
  await set({ sweepLimit: 3 });
  await world.fire('game_platform_totals_sweep');
  expect(await world.allJobs('game_platform_totals_sweep')).toMatchObject([{ total: 3 }]);
});
