import { describe, expect, test } from 'vitest';
import { createLog } from '#shared/kernel/log.ts';
import { sumOf } from '#shared/score-sync/variant-figures.ts';
import { createPartObservations, type PartObservationsDeps } from '#shared/score-sync/part-observations.ts';
import { FIRST_HABIT, firstProgramHabit } from '#shared/score-sync/policy/reading-habit.ts';
import { WEEK_HOURS } from '#shared/score-sync/policy/weekly-rhythm.ts';
import { createPolicyRepository } from '#shared/score-sync/policy-repository.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { SyncWorld, TIME_ZONE } from '#test/support/sync-world.ts';

const newTable = useTestTables();
const DAY = '2026-11-03';
const now = () => new Date('2026-11-03T18:00:00.000Z');
const broken = () => Promise.reject(new Error('no table'));
const variants = () => Promise.resolve({ variantOf: () => 'all', slaSeconds: 28_800 });
const silent = createLog(() => undefined);

async function people(...ids: readonly string[]): Promise<SyncWorld> {
  const world = new SyncWorld(await newTable());
  for (const id of ids) await world.addCompetitor(id);
  return world;
}

function solved(world: SyncWorld, id: string, solveId: number, ago: number): void {
  const at = world.platform.nowUnix() - ago;
  world.platform.solves.push({ user: `gp_${id}`, event: null, solveId, at, visibleFrom: at, points: 50 });
}

async function sync(world: SyncWorld, task?: Parameters<SyncWorld['fire']>[0]): Promise<void> {
  await world.fire(task);
  await world.deliverAll();
}

describe('the program’s record', () => {
  test('is written once a part, and has what its people solved at which hour of the week', async () => {
    const world = await people('cmp_a', 'cmp_b');
    await sync(world);
    world.advance(1800);
    solved(world, 'cmp_a', 1, 600);
    solved(world, 'cmp_b', 1, 300);
    const puts = () =>
      world.tableCalls.filter(({ input }) => JSON.stringify(input).includes('sync_learned')).length;
    const before = puts();
    await sync(world);
    expect(puts() - before).toBe(1);
    const observed = await createPolicyRepository(world.table).observed();
    // A Tuesday, half past ten in Los Angeles.
    expect(observed?.program.rhythm.hours[24 + 10]).toBeCloseTo(2, 3);
    expect(observed?.program.sessions).toBeCloseTo(2, 3);
    expect(observed?.program.solves).toBeCloseTo(2, 3);
  });

  test('observes a totals sweep, and nothing from Flash CTFs', async () => {
    const world = await people('cmp_a');
    await sync(world);
    const record = async () => (await createPolicyRepository(world.table).observed())?.program.solves;
    expect(await record()).toBe(0);
    world.advance(7 * 86_400);
    solved(world, 'cmp_a', 1, 6 * 86_400);
    await sync(world, 'game_platform_flash_ctf_sync');
    expect(await record()).toBe(0);
    await sync(world, 'game_platform_totals_sweep');
    expect(await record()).toBeGreaterThan(0.9);
  });

  test('loses nothing when two parts end at once', async () => {
    const table = await newTable();
    const policy = createPolicyRepository(table);
    const newObservations = createPartObservations({ policy, variants, timeZone: TIME_ZONE, now });
    const at = now().getTime() / 1000;
    const parts = Array.from({ length: 3 }, () => newObservations());
    for (const part of parts) {
      part.record({
        habit: { ...FIRST_HABIT, readAt: at - 86_400 },
        readAt: at,
        ofWeek: true,
        news: [],
        accessAt: 0,
        change: {},
      });
    }
    await Promise.all(parts.map((part) => part.keep(silent)));
    expect((await policy.observed())?.program.weeks).toBeCloseTo(3 / 7, 2);
  });

  test('fails no part when the table does', async () => {
    const lines: string[] = [];
    const policy: PartObservationsDeps['policy'] = {
      observed: broken,
      replaceObserved: broken,
      addToVariants: broken,
    };
    const part = createPartObservations({ policy, variants, timeZone: TIME_ZONE, now })();
    part.record({ habit: FIRST_HABIT, readAt: 1, ofWeek: true, news: [], accessAt: 0, change: {} });
    await part.keep(createLog((_level, message) => void lines.push(message)));
    expect(lines).toEqual(['observations not kept']);
  });

  test('fits two write units after any history', async () => {
    const policy = createPolicyRepository(await newTable());
    const program = {
      ...firstProgramHabit(1_793_700_000),
      rhythm: {
        asOf: 1_793_700_000.123,
        hours: Array.from({ length: WEEK_HOURS }, (_, n) => 12_345.6789 - n),
      },
    };
    expect(await policy.replaceObserved(program, undefined)).toBe(true);
    expect(await policy.observed()).toEqual({ version: 1, program });
    // A number of nine digits takes six bytes, and one as an element of a list.
    expect(WEEK_HOURS * 7 + 200).toBeLessThan(2 * 1024);
  });
});

describe('the variants', () => {
  test('count reads, calls and how long new solves waited, apart', async () => {
    const world = await people('cmp_a', 'cmp_b', 'cmp_c');
    world.variantOf = (id) => (id === 'cmp_a' ? 'adaptive' : 'tiers');
    for (const id of ['cmp_a', 'cmp_b', 'cmp_c']) solved(world, id, 1, 3600);
    await sync(world);
    world.advance(1800);
    solved(world, 'cmp_a', 2, 600);
    solved(world, 'cmp_b', 2, 900);
    solved(world, 'cmp_b', 3, 300);
    // A backfill: older than twice the service level.
    solved(world, 'cmp_c', 9, 17 * 3600);
    await sync(world);
    const [day, ...others] = await createPolicyRepository(world.table).variantDays(DAY, DAY);
    expect(others).toEqual([]);
    expect(day?.day).toBe(DAY);
    expect(Object.fromEntries(day?.variants ?? [])).toEqual({
      // The first reads ask for Flash CTFs, too. Who had solved something an hour before is in the high tier.
      adaptive: {
        reads: 2,
        calls: 3,
        empty: 0,
        failed: 0,
        late: 0,
        newSolves: 1,
        waitSeconds: 600,
        gaps: { high_30: 1 },
      },
      tiers: {
        reads: 4,
        calls: 6,
        empty: 0,
        failed: 0,
        late: 0,
        newSolves: 2,
        waitSeconds: 1200,
        gaps: { high_30: 2 },
      },
    });
  });

  test('do not count what a person asked for', async () => {
    const world = await people('cmp_a');
    await world.readInFull(['cmp_a']);
    await world.deliverAll();
    expect(await createPolicyRepository(world.table).variantDays(DAY, DAY)).toEqual([]);
  });

  test('show who was read too late, and how long people had waited', async () => {
    const world = await people('cmp_a', 'cmp_b');
    await sync(world);
    world.advance(9 * 3600);
    await sync(world);
    world.advance(3600);
    await sync(world);
    const [day, next] = await createPolicyRepository(world.table).variantDays(DAY, '2026-11-30');
    const figures = [...(day?.variants.values() ?? []), ...(next?.variants.values() ?? [])];
    expect(sumOf(figures)).toMatchObject({ reads: 6, late: 2, gaps: { low_more: 2, low_60: 2 } });
  });

  test('count no part twice that is delivered twice', async () => {
    const world = await people('cmp_a');
    await world.fire();
    await world.deliver(0, { keepCopy: true });
    await world.deliverAll();
    const [day] = await createPolicyRepository(world.table).variantDays('2026-11-01', '2026-11-30');
    expect(day?.variants.get('all')).toMatchObject({ reads: 1, empty: 1 });
  });
});
