import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { benchArguments } from './arguments.ts';
import { percentile } from './percentiles.ts';
import { clairvoyantBound } from './policy/clairvoyant-bound.ts';
import { curvePicture } from './policy/curve-picture.ts';
import { adaptive, clairvoyant, rotatingBatches, squareRoot, syncAll, tiers } from './policy/policies.ts';
import { roundCosts } from './policy/round-cost.ts';
import type { PolicyRun } from './policy/run-policy.ts';
import { type Outcome, simulate } from './policy/simulate.ts';
import {
  makeWorld,
  MEASURED_DAYS,
  POPULATION_NAMES,
  WARM_UP_DAYS,
  type PopulationName,
  type World,
} from './policy/world.ts';
import { writeResults } from './results.ts';
import { textTable } from './table.ts';

/**
 * `npm run bench:policy`: how long new solves wait to be seen, and what that costs in reads, under several policies on
 * the same students. Seeds 101 to 108 served to choose the policy's constants; reports use seeds from 401 on, which were not
 * looked at before.
 */

const options = benchArguments({
  seed: 401,
  competitors: 300,
  seeds: 10,
  /** How many of the seeds the curves are drawn from; 0: no curves. */
  curves: 2,
  /** How many of the seeds each other population is tried with; 0: none. */
  populations: 3,
  /** 1: writes the pictures into docs/images too. */
  pictures: 0,
});

const MINUTE = 60;

interface Figures {
  readonly calls: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** Hours. */
  readonly longestGap: number;
  readonly missed: number;
  readonly mostCallsInADay: number;
  readonly mostCallsInARound: number;
  readonly flashReads: number;
}

function figuresOf(outcome: Outcome): Figures {
  const { waits } = outcome;
  return {
    calls: outcome.callsPerDay,
    mean: waits.reduce((sum, wait) => sum + wait, 0) / waits.length / MINUTE,
    p50: percentile(waits, 0.5) / MINUTE,
    p95: percentile(waits, 0.95) / MINUTE,
    max: percentile(waits, 1) / MINUTE,
    longestGap: outcome.longestGap / 3600,
    missed: outcome.missed,
    mostCallsInADay: outcome.mostCallsInADay,
    mostCallsInARound: outcome.mostCallsInARound,
    flashReads: outcome.flashReads,
  };
}

const run = (world: World, policy: PolicyRun): Figures => figuresOf(simulate(world, policy));

const NAMES = {
  all: 'sync-all, every 30 min',
  batches: 'rotating batches, 30 min',
  tiers: 'tiers',
  root: 'square root, true rates',
  ours: "ours, tiers' calls as budget",
  third: 'ours, a third of them',
  clairvoyant: 'clairvoyant, no 8 h bound',
} as const;
type Name = keyof typeof NAMES;

function compare(seed: number): Record<Name, Figures> {
  const world = makeWorld(seed, options.competitors);
  const ofTiers = run(world, tiers(world));
  return {
    all: run(world, syncAll(world, 1_800)),
    batches: run(world, rotatingBatches(world, 1_800)),
    tiers: ofTiers,
    root: run(world, squareRoot(world, seed, ofTiers.calls)),
    ours: run(world, adaptive(world, ofTiers.calls)),
    third: run(world, adaptive(world, ofTiers.calls / 3)),
    clairvoyant: run(world, clairvoyant(world)),
  };
}

/** Ours against the tiers' mean and median, at their calls and at a third. */
function inPopulation(name: PopulationName, seed: number) {
  const world = makeWorld(seed, options.competitors, name);
  const ofTiers = run(world, tiers(world));
  const ours = run(world, adaptive(world, ofTiers.calls));
  const third = run(world, adaptive(world, ofTiers.calls / 3));
  return {
    full: ours.mean / ofTiers.mean,
    p50: ours.p50 / ofTiers.p50,
    third: third.mean / ofTiers.mean,
    longestGap: Math.max(ours.longestGap, third.longestGap),
    missed: ours.missed + third.missed,
  };
}

interface Range {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

function rangeOf(values: readonly number[]): Range {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: percentile(sorted, 0), median: percentile(sorted, 0.5), max: percentile(sorted, 1) };
}

function shown({ min, median, max }: Range, digits: number): string {
  const [low, middle, high] = [min, median, max].map((value) => value.toFixed(digits));
  return low === high ? `${middle}` : `${middle} (${low}–${high})`;
}

const perDay = (calls: number) => (calls * options.competitors) / 300;
const average = (points: readonly { calls: number; minutes: number; p50: number }[]) => ({
  calls: points.reduce((sum, { calls }) => sum + calls, 0) / points.length,
  minutes: points.reduce((sum, { minutes }) => sum + minutes, 0) / points.length,
  p50: points.reduce((sum, { p50 }) => sum + p50, 0) / points.length,
});

function curvesOf(seeds: readonly number[]) {
  const worlds = seeds.map((seed) => ({ seed, world: makeWorld(seed, options.competitors) }));
  const sweep = (
    values: readonly number[],
    policy: (world: World, value: number, seed: number) => PolicyRun,
  ) =>
    values.map((value) =>
      average(
        worlds.map(({ seed, world }) => {
          const { calls, mean, p50 } = run(world, policy(world, value, seed));
          return { calls, minutes: mean, p50 };
        }),
      ),
    );
  return [
    { name: 'sync-all', color: '#8a97b1', points: sweep([1_800, 3_600, 7_200, 14_400, 28_800], syncAll) },
    {
      name: 'batches',
      color: '#d9a441',
      points: sweep([1_800, 3_600, 7_200, 14_400, 28_800], rotatingBatches),
    },
    { name: 'tiers', color: '#ff7a6b', points: sweep([0.35, 0.6, 1, 1.6, 2.5, 4], tiers) },
    {
      name: 'square root',
      color: '#b98cff',
      points: sweep([1_100, 2_000, 3_500, 5_600, 9_000, 14_400].map(perDay), (world, calls, seed) =>
        squareRoot(world, seed, calls),
      ),
    },
    {
      name: 'ours',
      color: '#3fd0c9',
      points: sweep([1_100, 1_400, 1_867, 2_800, 4_000, 5_600, 9_000, 14_400].map(perDay), adaptive),
    },
    {
      name: 'clairvoyant',
      color: '#7fd46b',
      points: [600, 1_200, 2_400, 4_800, 9_600].map((price) =>
        average(
          worlds.map(({ world }) => {
            const { callsPerDay, meanWait } = clairvoyantBound(world, price);
            return { calls: callsPerDay, minutes: meanWait / MINUTE, p50: Number.NaN };
          }),
        ),
      ),
    },
  ];
}

const seeds = Array.from({ length: options.seeds }, (_, index) => options.seed + index);
const results = seeds.map(compare);
const names = Object.keys(NAMES) as Name[];
const ranges = (name: Name, figure: keyof Figures): Range =>
  rangeOf(results.map((each) => each[name][figure]));

console.log(
  `${options.competitors} competitors, ${WARM_UP_DAYS} days of warm-up, ${MEASURED_DAYS} measured, seeds ${seeds.join(', ')}: median (least–most)\n`,
);
console.log(
  textTable(
    [
      'policy',
      'calls a day',
      'mean min',
      'p50',
      'p95',
      'max',
      'longest gap h',
      'missed',
      'busiest day',
      'busiest round',
    ],
    names.map((name) => [
      NAMES[name],
      shown(ranges(name, 'calls'), 0),
      shown(ranges(name, 'mean'), 1),
      shown(ranges(name, 'p50'), 1),
      shown(ranges(name, 'p95'), 0),
      shown(ranges(name, 'max'), 0),
      name === 'clairvoyant' ? '-' : shown(ranges(name, 'longestGap'), 2),
      shown(ranges(name, 'missed'), 0),
      shown(ranges(name, 'mostCallsInADay'), 0),
      shown(ranges(name, 'mostCallsInARound'), 0),
    ]),
  ),
);

const ratio = (name: 'ours' | 'third', figure: 'mean' | 'p50' | 'calls'): Range =>
  rangeOf(results.map((each) => each[name][figure] / each.tiers[figure]));
const gaps = Math.max(...results.flatMap(({ ours, third }) => [ours.longestGap, third.longestGap]));
const missed = results.reduce((sum, { ours, third }) => sum + ours.missed + third.missed, 0);
const aims = [
  { aim: "mean wait at the tiers' calls ÷ the tiers'", value: ratio('ours', 'mean'), most: 0.2 },
  { aim: "p50 at the tiers' calls ÷ the tiers'", value: ratio('ours', 'p50'), most: 0.17 },
  { aim: "mean wait at a third of the calls ÷ the tiers'", value: ratio('third', 'mean'), most: 0.9 },
  { aim: 'longest gap between two reads, hours', value: rangeOf([gaps]), most: 8 },
  { aim: 'missed solves', value: rangeOf([missed]), most: 0 },
].map(({ aim, value, most }) => ({ aim, value, most, met: value.median <= most }));
console.log(
  `\n${textTable(
    ['aim', 'measured', 'at most', 'met'],
    aims.map(({ aim, value, most, met }) => [aim, shown(value, 3), String(most), met ? 'yes' : 'NO']),
  )}`,
);
console.log(
  `\nA call is a read of one competitor. While a Flash CTF is open its progress is a second call: ${shown(ranges('ours', 'flashReads'), 0)} more in the measured days for ours, ${shown(ranges('tiers', 'flashReads'), 0)} for tiers.`,
);

const others = POPULATION_NAMES.filter((name) => name !== 'usual');
const populations =
  options.populations === 0
    ? []
    : others.map((name) => ({
        name,
        bySeed: seeds.slice(0, options.populations).map((seed) => inPopulation(name, seed)),
      }));
if (populations.length > 0) {
  console.log(
    `\n${textTable(
      ['population', 'mean ÷ tiers', 'p50', 'mean at a third', 'longest gap h', 'missed'],
      populations.map(({ name, bySeed }) => {
        const of = (figure: keyof (typeof bySeed)[number], digits: number) =>
          shown(rangeOf(bySeed.map((each) => each[figure])), digits);
        return [name, of('full', 3), of('p50', 3), of('third', 3), of('longestGap', 2), of('missed', 0)];
      }),
    )}`,
  );
}

const costs = roundCosts([1_000, 10_000, 100_000]);
console.log(
  `\n${textTable(
    ['competitors in a round', 'ns each', '÷ a plain pass over the same records'],
    costs.map(({ competitors, nanoseconds, timesPlain }) => [
      competitors.toLocaleString('en-US'),
      nanoseconds.toFixed(0),
      timesPlain.toFixed(1),
    ]),
  )}`,
);

const curves = options.curves > 0 ? curvesOf(seeds.slice(0, options.curves)) : [];
if (curves.length > 0) {
  console.log(
    `\n${textTable(
      ['curve', 'calls a day', 'mean min', 'p50'],
      curves.flatMap(({ name, points }) =>
        points.map(({ calls, minutes, p50 }) => [
          name,
          calls.toFixed(0),
          minutes.toFixed(1),
          Number.isNaN(p50) ? '-' : p50.toFixed(1),
        ]),
      ),
    )}`,
  );
}
if (options.pictures === 1 && curves.length > 0) {
  const directory = fileURLToPath(new URL('../../docs/images', import.meta.url));
  mkdirSync(directory, { recursive: true });
  const middle = curves
    .filter(({ name }) => name !== 'clairvoyant')
    .map(({ name, color, points }) => ({
      name,
      color,
      points: points.map(({ calls, p50 }) => ({ calls, minutes: p50 })),
    }));
  writeFileSync(
    `${directory}/score-sync-policy-mean.svg`,
    curvePicture('How long a new solve waits on average', 'minutes, mean', curves),
  );
  writeFileSync(
    `${directory}/score-sync-policy-median.svg`,
    curvePicture('How long half of the new solves wait at most', 'minutes, median', middle),
  );
}
console.log(
  `\n${writeResults('policy', {
    options,
    seeds,
    policies: Object.fromEntries(
      names.map((name) => [name, { name: NAMES[name], bySeed: results.map((each) => each[name]) }]),
    ),
    aims,
    populations,
    costs,
    curves,
  })}`,
);
