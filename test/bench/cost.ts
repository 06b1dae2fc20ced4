import { STAGES, STAGE_NAMES } from '#infra/stages.ts';
import { idleCost } from '#test/infra/support/idle-cost.ts';
import { synthesizeStages, type SynthesizedStage } from '#test/infra/support/synthesized-stage.ts';
import {
  ALWAYS_FREE,
  billed,
  listPrice,
  PRICES,
  PRICES_OF,
  type CostLine,
} from '#test/support/aws-prices.ts';
import { benchArguments } from './arguments.ts';
import { ASSUMED, usageOf, type Measured } from './cost/bill.ts';
import { measureDay, measureLooking, measureWaiting } from './cost/measure.ts';
import { writeResults } from './results.ts';
import { runRounds } from './sync/run-rounds.ts';
import { textTable } from './table.ts';

/**
 * `npm run bench:cost`: dollars a month, idle by what each stage's templates have, in use by what the real functions took
 * in small runs here, times AWS's list prices.
 */

const options = benchArguments({
  seed: 7,
  competitors: [300, 10_000, 100_000],
  /** Two sizes whose simulated days give the line for all others. */
  days: [60, 300],
  /** People among whom a round is planned. */
  round: 3_000,
});

const AIMS = {
  use: new Map([
    [300, 1],
    [100_000, 60],
  ]),
  idle: new Map([
    ['dev', 4],
    ['prod', 14],
  ]),
};

/** Calls a second that the default leaves to reads, and how many parts of a hundred a round has at once. */
const DEFAULT_CALLS = 10;
const SHARE_FOR_READS = 0.72;
const ROUNDS_A_DAY = 288;
const PEOPLE_OF_A_PART = 100;
/** Enough for the day's reads to be made in two thirds of the time. */
const HEADROOM = 1.5;

const dollars = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1));
const amount = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
const whole = (value: number): string => value.toLocaleString('en-US');

const memoryOf = (stage: SynthesizedStage, name: string): number => {
  const found = stage
    .ofType('AWS::Lambda::Function')
    .find(({ properties }) => properties['FunctionName'] === `coach-dashboard-${stage.name}-${name}`);
  return Number(found?.properties['MemorySize']) / 1_024;
};

const { stages } = synthesizeStages(STAGE_NAMES);
const prod = stages.find(({ name }) => name === 'prod');
if (prod === undefined) throw new Error('There is no stage prod.');
const memoryGb = {
  reading: memoryOf(prod, 'sync-worker'),
  planning: memoryOf(prod, 'work-worker'),
  api: memoryOf(prod, 'dashboard-api'),
};

const tell = (what: string) => process.stderr.write(`${what}\n`);
tell('A dashboard is opened');
const looking = await measureLooking(options.seed);
const [small = 60, large = 300] = options.days;
tell(`Days of ${small} and ${large} people are lived`);
const { day, firings, days } = await measureDay(options.seed, [small, large]);
tell(`A round among ${options.round} people is planned`);
const rounds = await runRounds(options.seed, options.round);
const measured: Measured = { ...looking, day, firings, planSeconds: rounds.cpuSeconds / options.round };

interface SizeCost {
  readonly competitors: number;
  readonly callsPerSecond: number;
  readonly workers: number;
  readonly secondsPerRead: number;
  readonly lines: readonly CostLine[];
}

const sizes: SizeCost[] = [];
for (const competitors of options.competitors) {
  const readsADay = day.scoreReads.fixed + day.scoreReads.each * competitors;
  const needed = (HEADROOM * readsADay) / 86_400 / SHARE_FOR_READS;
  const callsPerSecond = Math.max(DEFAULT_CALLS, Math.ceil(needed));
  const parts = Math.ceil(readsADay / ROUNDS_A_DAY / PEOPLE_OF_A_PART);
  const workers = Math.min(parts, STAGES.prod.queueConcurrency.sync);
  const people = workers * PEOPLE_OF_A_PART;
  tell(`${people} people are read by ${workers} workers at ${callsPerSecond} calls a second`);
  const secondsPerRead = await measureWaiting(options.seed, { people, workers, callsPerSecond });
  const lines = usageOf(measured, { competitors, secondsPerRead, memoryGb });
  sizes.push({ competitors, callsPerSecond, workers, secondsPerRead, lines });
}

const idle = stages.map((stage) => ({ name: stage.name, lines: idleCost(stage) }));
const sum = (lines: readonly CostLine[]): number => lines.reduce((total, line) => total + listPrice(line), 0);
const itemsOf = (all: readonly (readonly CostLine[])[]): readonly string[] =>
  (all[0] ?? []).map(({ item }) => item);
const tableOf = (
  heading: string,
  columns: readonly { readonly name: string; readonly lines: readonly CostLine[] }[],
): string =>
  textTable(
    [heading, ...columns.map(({ name }) => name)],
    [
      ...itemsOf(columns.map(({ lines }) => lines)).map((item, index) =>
        [item].concat(
          columns.map(({ lines }) => {
            const line = lines[index];
            return line === undefined ? '-' : dollars(listPrice(line));
          }),
        ),
      ),
      ['all, list prices', ...columns.map(({ lines }) => dollars(sum(lines)))],
      ['all, less what is always free', ...columns.map(({ lines }) => dollars(billed(lines)))],
    ],
  );

console.log(
  `Prices of us-east-1 as of ${PRICES_OF}; dollars a month = quantity × price, quantities per month.\n`,
);
console.log(
  tableOf(
    'in use',
    sizes.map(({ competitors, lines }) => ({ name: whole(competitors), lines })),
  ),
);
console.log(`\n${tableOf('idle', idle)}`);
const line = ({ fixed, each }: { fixed: number; each: number }) =>
  `${amount(fixed)} + ${amount(each)} × people`;
console.log(
  `\n${textTable(
    ['measured, a day', ''],
    Object.entries(day).map(([name, value]) => [name, line(value)]),
  )}`,
);
console.log(
  `\n${textTable(
    ['a coach’s dashboard', 'requests', 'read units', 'table calls', 'bytes'],
    (['opening', 'minute'] as const).map((when) => {
      const { requests, readUnits, tableCalls, bytes } = looking[when];
      const row: string[] = [when];
      return row.concat([requests, readUnits, tableCalls, bytes].map(amount));
    }),
  )}`,
);
console.log(
  `\n${textTable(
    ['competitors', 'calls a second', 'workers', 'seconds a read'],
    sizes.map(({ competitors, callsPerSecond, workers, secondsPerRead }) => [
      whole(competitors),
      String(callsPerSecond),
      String(workers),
      secondsPerRead.toFixed(3),
    ]),
  )}`,
);
console.log(`\nAssumed: ${JSON.stringify(ASSUMED)}`);
console.log(`Free each month, for good: ${JSON.stringify(ALWAYS_FREE)}`);

const judged = [
  ...sizes.flatMap(({ competitors, lines }) => {
    const aim = AIMS.use.get(competitors);
    return aim === undefined ? [] : [{ what: `in use at ${whole(competitors)}`, lines, aim }];
  }),
  ...idle.flatMap(({ name, lines }) => {
    const aim = AIMS.idle.get(name);
    return aim === undefined ? [] : [{ what: `idle ${name}`, lines, aim }];
  }),
];
console.log(
  `\n${textTable(
    ['aim', 'below $', 'list', 'billed', 'met', 'most of it'],
    judged.map(({ what, lines, aim }) => {
      const [most] = lines.toSorted((one, other) => listPrice(other) - listPrice(one));
      return [
        what,
        String(aim),
        dollars(sum(lines)),
        dollars(billed(lines)),
        billed(lines) < aim ? (sum(lines) < aim ? 'yes' : 'as billed') : 'NO',
        most === undefined ? '-' : `${most.item} $${dollars(listPrice(most))}`,
      ];
    }),
  )}`,
);
const complaints = [...new Set(days.flatMap((one) => one.complaints))];
for (const complaint of complaints.slice(0, 3)) console.log(complaint);
console.log(
  `\n${writeResults('cost', { options, pricesOf: PRICES_OF, prices: PRICES, assumed: ASSUMED, measured, sizes, idle })}`,
);
process.exit();
