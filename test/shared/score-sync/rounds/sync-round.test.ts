import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIRST_ROTATION } from '#shared/score-sync/policy/batch-rotation.ts';
import { variantOf } from '#shared/score-sync/policy/variants.ts';
import { callsOfRound, planSyncRound } from '#shared/score-sync/rounds/sync-round.ts';
import { input, off, person, readAt, settingsWith, simulate, START } from './round-people.ts';

const idOf = (number: number): string => `cmp_${String(number).padStart(5, '0')}`;
const some = (count: number, from = 0) => Array.from({ length: count }, (_, n) => person(idOf(from + n)));
const idsOf = ({ reads }: { reads: readonly { id: string }[] }): string[] => reads.map(({ id }) => id);

const ROTATING = settingsWith({ adaptive: off, prioritisation: off, batchSize: 5 });
const TIERS = settingsWith({ adaptive: off });
const EVERYONE = settingsWith({ batching: false });
const HOUR = 3600;

const active = { lastActivityAt: START, solvesIn30Days: 30, joinedFlashCtf: true };
const moderate = { lastActivityAt: START - 5 * 86_400, solvesIn30Days: 4, joinedFlashCtf: false };

describe('the rotation', () => {
  const ROUNDS = 5;

  function rotate(people: (round: number) => ReturnType<typeof some>): string[][] {
    let rotation = FIRST_ROTATION;
    return Array.from({ length: ROUNDS }, (_, round) => {
      const planned = planSyncRound(input(people(round), { settings: ROTATING, rotation }));
      ({ rotation } = planned);
      return idsOf(planned);
    });
  }

  test('22 competitors in batches of five are five batches, each once', () => {
    const batches = rotate(() => some(22));
    expect(batches.map((batch) => batch.length)).toEqual([5, 5, 5, 5, 2]);
    expect(batches.flat()).toEqual(some(22).map(({ id }) => id));
  });

  test('who joins or leaves in the middle makes no one else skipped or read twice', () => {
    const stay = some(22);
    const batches = rotate((round) =>
      round < 2
        ? stay
        : [...stay.filter(({ id }) => id !== idOf(1)), person(`${idOf(0)}a`), person('cmp_99999')],
    );
    expect(batches.flat().toSorted()).toEqual([...stay.map(({ id }) => id), 'cmp_99999']);
  });

  test('a batch is no larger than what a round can read', () => {
    const settings = settingsWith({
      adaptive: off,
      prioritisation: off,
      batchSize: 5_000,
      callsPerSecond: 2,
    });
    const planned = planSyncRound(input(some(2_000), { settings }));
    expect(planned.reads.length).toBe(Math.floor(callsOfRound(settings) / 2));
    expect(planned.rotation.after).toBe(planned.reads.at(-1)?.id);
  });

  test('a rotation whose last people have left restarts, also when its planning breaks off', () => {
    const rotation = { batch: 1, after: idOf(4) };
    const first = planSyncRound(input(some(4), { settings: ROTATING, rotation }));
    expect(idsOf(first)).toEqual([0, 1, 2, 3].map(idOf));
    const again = planSyncRound(
      input(some(4), { settings: ROTATING, rotation, batch: { through: first.through } }),
    );
    expect(idsOf(again)).toEqual(idsOf(first));
  });

  test('no one is skipped or doubled, however competitors come and go, and wherever planning breaks off', () => {
    const step = fc.record({
      joins: fc.array(fc.nat(400), { maxLength: 4 }),
      leaves: fc.array(fc.nat(400), { maxLength: 4 }),
      // Parts written before each crash of the round's planning.
      crashes: fc.array(fc.nat(3), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(400), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(step, { minLength: 5, maxLength: 40 }),
        (start, batchSize, steps) => {
          const settings = settingsWith({ adaptive: off, prioritisation: off, batchSize });
          const present = new Set(start.map(idOf));
          let all = new Set(present);
          let rotation = FIRST_ROTATION;
          let seen: string[] = [];
          let [doubled, skipped] = [0, 0];
          const ended = () => {
            doubled += seen.length - new Set(seen).size;
            skipped += [...all].filter((id) => !seen.includes(id)).length;
            seen = [];
          };
          const change = ({ joins, leaves }: { joins: number[]; leaves: number[] }) => {
            for (const join of joins) present.add(idOf(join));
            for (const leave of leaves) {
              present.delete(idOf(leave));
              all.delete(idOf(leave));
            }
          };
          for (const one of steps) {
            const plan = (batch?: { through: string | null }, taken: string[] = []) =>
              planSyncRound(
                input(
                  [...present].map((id) => person(id)),
                  {
                    settings,
                    rotation,
                    taken: new Set(taken),
                    ...(batch && { batch }),
                  },
                ),
              );
            const first = plan();
            // All whose turn was still to come have left: another rotation has begun.
            if (rotation.after !== null && first.through !== null && first.through <= rotation.after) {
              ended();
              all = new Set(present);
            }
            const parts: string[] = [];
            let planned = first;
            for (const written of one.crashes) {
              parts.push(...idsOf(planned).slice(0, written));
              change(one);
              planned = plan({ through: first.through }, parts);
            }
            parts.push(...idsOf(planned));
            seen.push(...parts);
            ({ rotation } = first);
            if (rotation.after === null) {
              ended();
              change(one);
              all = new Set(present);
            } else change(one);
          }
          expect([doubled, skipped]).toEqual([0, 0]);
        },
      ),
    );
  });
});

describe('tiers', () => {
  const people = Array.from({ length: 100 }, (_, n) =>
    person(idOf(n), n < 10 ? { activity: active } : n < 40 ? { activity: moderate } : {}),
  );

  test('of 10 active, 30 moderate and 60 inactive the active are read 16 times as often as the inactive', () => {
    const days = 4;
    const reads = simulate(
      people,
      days * 288,
      (candidates, now) => ({
        settings: TIERS,
        candidates: candidates.map((one) =>
          one.activity.lastActivityAt === START - 5 * 86_400
            ? { ...one, activity: { ...moderate, lastActivityAt: now - 5 * 86_400 } }
            : one.activity.lastActivityAt === null
              ? one
              : { ...one, activity: { ...active, lastActivityAt: now } },
        ),
      }),
      planSyncRound,
    );
    const daily = (reason: string, count: number) =>
      reads.filter((read) => read.reason === reason).length / count / days;
    expect(daily('tier_high', 10)).toBe(48);
    expect(daily('tier_medium', 30)).toBeCloseTo(12, 0);
    expect(daily('tier_high', 10) / daily('tier_low', 60)).toBeGreaterThan(15);
    expect(daily('tier_high', 10) / daily('tier_low', 60)).toBeLessThan(17);
  });

  test('no one waits beyond the service level, even if an interval says so', () => {
    const settings = settingsWith({ adaptive: off, slaHours: 8 });
    const late = { ...settings, slaHours: 4 };
    const one = readAt(person('cmp_1'), START - 4 * HOUR + 299);
    expect(planSyncRound(input([one], { settings: late })).reads).toEqual([
      { id: 'cmp_1', reason: 'sla_due' },
    ]);
    expect(planSyncRound(input([one], { settings })).reads).toEqual([]);
  });
});

describe('variants', () => {
  test('with batching off everyone is read every half hour, whatever else is on', () => {
    const reads = simulate(some(40), 24, () => ({ settings: EVERYONE }), planSyncRound);
    expect(reads).toHaveLength(4 * 40);
    expect(new Set(reads.map(({ reason }) => reason))).toEqual(new Set(['everyone']));
  });

  test('shares divide people for ever, and raising the adaptive one takes no one out of it', () => {
    const ids = some(2_000).map(({ id }) => id);
    const variantsAt = (adaptive: number, tiers: number) =>
      ids.map((id) =>
        variantOf(id, settingsWith({ adaptive: { share: adaptive }, prioritisation: { share: tiers } })),
      );
    const share = (variants: string[], variant: string) =>
      variants.filter((one) => one === variant).length / ids.length;
    const before = variantsAt(0.3, 0.6);
    expect(share(before, 'adaptive')).toBeCloseTo(0.3, 1);
    expect(share(before, 'tiers')).toBeCloseTo(0.3, 1);
    expect(share(before, 'rotation')).toBeCloseTo(0.4, 1);
    const after = variantsAt(0.5, 0.6);
    expect(before.filter((variant, index) => variant === 'adaptive' && after[index] !== 'adaptive')).toEqual(
      [],
    );
  });

  test('each variant is read by its own policy, side by side', () => {
    const settings = settingsWith({
      adaptive: { share: 0.3 },
      prioritisation: { share: 0.6 },
      batchSize: 30,
    });
    const people = some(200);
    const { reads } = planSyncRound(input(people, { settings }));
    const kinds = new Map(reads.map(({ id, reason }) => [id, reason.split(' ')[0]]));
    const expected = { adaptive: 'sla_due', tiers: 'tier_low', rotation: 'rotation', all: 'everyone' };
    for (const [id, kind] of kinds) expect(kind).toBe(expected[variantOf(id, settings)]);
    expect(reads.filter(({ reason }) => reason === 'rotation')).toHaveLength(30);
    expect(reads.slice(0, 30).every(({ reason }) => reason === 'rotation')).toBe(true);
  });
});

describe('a round', () => {
  test('lists no more than can be read in it, the longest unread first', () => {
    const settings = settingsWith({ batching: false, callsPerSecond: 2 });
    const calls = callsOfRound(settings);
    const people = some(2 * calls).map((one, n) => readAt(one, START - HOUR - n));
    const planned = planSyncRound(input(people, { settings }));
    expect(planned.reads).toHaveLength(calls);
    expect(planned.reads[0]?.id).toBe(people.at(-1)?.id);
    const twice = people.map(({ id, ...one }) => person(id, { ...one, calls: 2 }));
    expect(planSyncRound(input(twice, { settings })).reads).toHaveLength(Math.floor(calls / 2));
  });

  test('has the adaptive variant share a round that is not enough for all', () => {
    const settings = settingsWith({ adaptive: { share: 0.5 }, callsPerSecond: 2 });
    const people = some(4_000);
    const { reads } = planSyncRound(input(people, { settings }));
    const adaptive = reads.filter(({ id }) => variantOf(id, settings) === 'adaptive').length;
    expect(reads).toHaveLength(callsOfRound(settings));
    expect(adaptive / reads.length).toBeGreaterThan(0.3);
    expect(adaptive / reads.length).toBeLessThan(0.7);
  });

  test.each([
    ['a failed read', false, 25, 30],
    ['a refusal of the platform', true, 115, 120],
  ])('waits after %s, and says how many it defers', (_, refused, early, late) => {
    const ago = (minutes: number) => person('cmp_1', { failedAt: START - minutes * 60, refused });
    for (const settings of [settingsWith({}), TIERS, EVERYONE]) {
      const deferring = planSyncRound(input([ago(early)], { settings }));
      expect([deferring.reads, deferring.deferred]).toEqual([[], 1]);
      expect(idsOf(planSyncRound(input([ago(late)], { settings })))).toEqual(['cmp_1']);
    }
  });

  test('reads competitors never read at once, and says nothing of what to expect of them', () => {
    expect(planSyncRound(input(some(3))).reads.map(({ reason }) => reason)).toEqual([
      'sla_due',
      'sla_due',
      'sla_due',
    ]);
  });
});

describe('the adaptive policy', () => {
  const people = Array.from({ length: 300 }, (_, n) =>
    person(idOf(n), {
      habit: {
        readAt: START - (n % 90) * 300,
        lastSolveAt: START - 86_400,
        sessionStartedAt: START - 90_000,
        eventSolveAt: 0,
        sessions: n % 10 === 0 ? 40 : 1,
        weeks: 10,
        accessAt: 0,
      },
      lastReadAt: START - (n % 90) * 300,
    }),
  );

  test('keeps to its reads a day and to the service level', () => {
    const dailyReads = 2_400;
    const reads = simulate(
      people,
      3 * 288,
      () => ({ settings: settingsWith({ adaptive: { dailyReads } }) }),
      planSyncRound,
    );
    for (let day = 0; day < 3; day += 1) {
      const from = START + day * 86_400;
      const count = reads.filter(({ at }) => at >= from && at < from + 86_400).length;
      expect(count).toBeLessThanOrEqual(1.25 * dailyReads);
      expect(count).toBeGreaterThan(0.5 * dailyReads);
    }
    for (const { id, lastReadAt } of people) {
      const times = [lastReadAt ?? 0, ...reads.filter((read) => read.id === id).map(({ at }) => at)];
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(8 * HOUR);
    }
  });
});
