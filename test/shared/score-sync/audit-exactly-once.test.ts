import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isStanding, solveHistorySchema, solveSchema } from '#shared/score-sync/score-records.ts';
import type { PlatformSolve } from '#test/support/score-platform.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { expectedOf, storedOf } from '#test/support/stored-scores.ts';
import { SyncWorld } from '#test/support/sync-world.ts';
import { everyNth, runs } from '#test/support/effort.ts';

const newTable = useTestTables();

const PEOPLE = ['cmp_a', 'cmp_b'];
const HOUR = 3600;
const MANY = 1_000_000;

/** What the platform does to a solve, and what we do meanwhile. */
type Step =
  | { do: 'revoke' | 'giveBack'; pick: number }
  | { do: 'correct'; pick: number; points: number; hoursEarlier: number }
  | { do: 'reset'; who: number }
  | { do: 'add'; who: number; event: number | null; solveId: number; hoursAgo: number; points: number }
  | { do: 'shorten'; who: number; by: number }
  | { do: 'advance'; seconds: number }
  | { do: 'full' | 'sync' | 'sweep' | 'flash'; killAt: number }
  | { do: 'deliver'; index: number; keepCopy: boolean; killAt: number; together: boolean }
  | { do: 'answers'; lost: boolean };

const who = fc.nat(PEOPLE.length - 1);
const killAt = fc.oneof({ weight: 2, arbitrary: fc.constant(MANY) }, { weight: 3, arbitrary: fc.nat(40) });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('revoke' as const, 'revoke' as const, 'giveBack' as const),
      pick: fc.nat(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('correct' as const),
      pick: fc.nat(),
      points: fc.nat(500),
      hoursEarlier: fc.nat(60),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const), who }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      who,
      event: fc.constantFrom(null, 0, 1),
      solveId: fc.nat(20),
      hoursAgo: fc.nat(900),
      points: fc.nat(500),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('shorten' as const), who, by: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), seconds: fc.nat(4 * HOUR) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('full' as const, 'sync' as const, 'sweep' as const, 'flash' as const),
      killAt,
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      index: fc.nat(3),
      keepCopy: fc.boolean(),
      killAt,
      together: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('answers' as const), lost: fc.boolean() }) },
);

const keyOf = (solve: Pick<PlatformSolve, 'user' | 'event' | 'solveId'>) =>
  `${solve.user}/${solve.event}/${solve.solveId}`;

const ACTS = {
  sync: 'game_platform_sync',
  sweep: 'game_platform_totals_sweep',
  flash: 'game_platform_flash_ctf_sync',
} as const;

class Story {
  readonly taken: PlatformSolve[] = [];
  readonly world: SyncWorld;
  constructor(world: SyncWorld) {
    this.world = world;
  }

  #one(pick: number): PlatformSolve | undefined {
    const { solves } = this.world.platform;
    return solves[pick % Math.max(1, solves.length)];
  }

  take(solve: PlatformSolve): void {
    this.world.platform.revoke(solve.user, solve.event, solve.solveId);
    this.taken.push(solve);
  }

  async play(one: Step): Promise<void> {
    const { world } = this;
    const { platform } = world;
    switch (one.do) {
      case 'revoke': {
        const solve = this.#one(one.pick);
        if (solve !== undefined) this.take(solve);
        break;
      }
      case 'giveBack': {
        const [solve] = this.taken.splice(one.pick % Math.max(1, this.taken.length), 1);
        if (solve !== undefined) platform.solves.push(solve);
        break;
      }
      case 'correct': {
        const solve = this.#one(one.pick);
        if (solve === undefined) break;
        const change = { points: one.points, at: solve.at - one.hoursEarlier * HOUR, title: `${one.points}` };
        platform.correct(solve.user, solve.event, solve.solveId, change);
        break;
      }
      case 'reset':
        for (const solve of platform.solves.filter(({ user }) => user === `gp_${PEOPLE[one.who]}`))
          this.take(solve);
        break;
      case 'add': {
        const solve = {
          user: `gp_${PEOPLE[one.who]}`,
          event: one.event,
          solveId: one.solveId,
          at: platform.nowUnix() - one.hoursAgo * HOUR,
          visibleFrom: 0,
          points: one.points,
        };
        if (![...platform.solves, ...this.taken].some((known) => keyOf(known) === keyOf(solve)))
          platform.solves.push(solve);
        break;
      }
      case 'shorten':
        platform.unlisted.set(`gp_${PEOPLE[one.who]}`, one.by);
        break;
      case 'advance':
        world.advance(one.seconds);
        break;
      case 'full':
        await world.readInFull(PEOPLE, one.killAt);
        break;
      case 'sync':
      case 'sweep':
      case 'flash':
        await world.fire(ACTS[one.do], one.killAt);
        break;
      case 'deliver': {
        const index = Math.min(one.index, Math.max(0, world.sync.length - 1));
        const both = [world.deliver(index, one)];
        // Two workers at once, on parts of two jobs or on two copies of one message.
        if (one.together) both.push(world.deliver(0, { killAt: MANY }));
        await Promise.all(both);
        break;
      }
      case 'answers':
        world.losesAnswers(one.lost);
        break;
    }
  }
}

async function startOf(world: SyncWorld): Promise<void> {
  const now = world.platform.nowUnix();
  world.platform.events.push(
    { name: 'Flash CTF October', start: now - 30 * 24 * HOUR, end: now - 30 * 24 * HOUR + 2 * HOUR },
    { name: 'Flash CTF November', start: now - HOUR, end: now + HOUR },
  );
  for (const id of PEOPLE) {
    await world.addCompetitor(id);
    for (let solveId = 0; solveId < 7; solveId += 1) {
      const event = [null, null, null, 0, 1][solveId % 5] ?? null;
      const at = now - solveId * 100 * HOUR;
      world.platform.solves.push({
        user: `gp_${id}`,
        event,
        solveId,
        at,
        visibleFrom: 0,
        points: 10 + solveId,
      });
    }
  }
  await world.fire();
  await world.deliverAll();
}

/** Every change of a standing solve left a row of history, and the lines of activity add up to what stands. */
async function expectHistory(world: SyncWorld, id: string): Promise<void> {
  const items = await itemsOf(world.table, `COMP#${id}`);
  const solves = items.filter((item) => item['type'] === 'solve').map((item) => solveSchema.parse(item));
  const history = items
    .filter((item) => item['type'] === 'solve_history')
    .map((item) => solveHistorySchema.parse(item));
  for (const solve of solves) {
    const own = history.filter(
      (row) => row.source === solve.source && row.eventId === solve.eventId && row.solveId === solve.solveId,
    );
    expect(own.some((row) => row.at === solve.change?.at)).toBe(
      solve.change !== undefined && solve.change.kind !== 'found',
    );
    expect(isStanding(solve) || solve.change?.kind === 'revoked').toBe(true);
  }
  const lines = (await itemsOf(world.table, 'ACTIVITY#coach_1')).filter(
    (line) => line['competitorId'] === id,
  );
  const linesOf = (kind: string) =>
    lines
      .filter((line) => line['kind'] === kind)
      .map((line) => line['details'] as { odl: number; ctf: number })
      .reduce((sum, { odl, ctf }) => sum + odl + ctf, 0);
  expect(linesOf('solves_stored') - linesOf('solves_withdrawn') + linesOf('solves_restored')).toBe(
    solves.filter(isStanding).length,
  );
}

test('whatever the platform takes back, gives back and corrects, killed workers and doubled messages leave what it has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const world = new SyncWorld(await newTable());
      await startOf(world);
      const story = new Story(world);
      for (const one of steps) await story.play(one);
      world.losesAnswers(false);
      world.platform.unlisted.clear();
      await world.drain();
      // What is pending is confirmed by the second of two reads.
      for (let round = 0; round < 2; round += 1) {
        world.advance(HOUR);
        await world.readInFull(PEOPLE);
        await world.drain();
      }
      for (const id of PEOPLE) {
        expect(await storedOf(world, id)).toEqual(expectedOf(world, id));
        await expectHistory(world, id);
      }
      await expectCleanEnd(world);
    }),
    { numRuns: runs(25, 4) },
  );
});

/** Nothing is left to be found, and no one stays marked as being read. */
async function expectCleanEnd(world: SyncWorld): Promise<void> {
  world.advance(HOUR);
  const jobId = await world.readInFull(PEOPLE);
  await world.drain();
  expect((await world.jobs.byId(jobId))?.counts).toEqual({ total: 2, synced: 0, skipped: 2, failed: 0 });
  expect(await itemsOf(world.table, 'READING')).toSatisfy((rows: { until: string }[]) =>
    rows.every(({ until }) => Date.parse(until) < world.now.getTime()),
  );
}

test('an audit killed at any call leaves, after the same message again, the same rows and an honest count', async () => {
  for (const answerLost of [false, true]) {
    for (let kill = 0; ; kill += everyNth(13)) {
      const world = new SyncWorld(await newTable());
      await startOf(world);
      world.advance(HOUR);
      world.platform.revoke('gp_cmp_a', null, 2);
      world.platform.correct('gp_cmp_a', null, 0, { points: 77 });
      const jobId = await world.readInFull(['cmp_a']);
      world.losesAnswers(answerLost);
      await world.deliver(0, { killAt: kill });
      const { killed } = world;
      world.losesAnswers(false);
      await world.drain();
      expect(await storedOf(world, 'cmp_a')).toEqual(expectedOf(world, 'cmp_a'));
      await expectHistory(world, 'cmp_a');
      expect((await world.jobs.byId(jobId))?.counts).toEqual({
        total: 1,
        synced: 0,
        corrected: 1,
        skipped: 0,
        failed: 0,
      });
      if (!killed) break;
    }
  }
});
