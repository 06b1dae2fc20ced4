import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import type { FaultInput } from '#test/game-platform-simulator/faults.ts';
import { randomFrom } from '#test/game-platform-simulator/random.ts';
import {
  ADMIN,
  apiOf,
  newStateDirectory,
  removeStateDirectory,
  startTestStack,
  type TestStack,
} from '#test/support/stack.ts';
import { benchArguments } from './arguments.ts';
import { arrivals } from './arrivals.ts';
import { percent, watchMachine, type MachineLoad } from './load-on-machine.ts';
import { machine, writeResults } from './results.ts';
import { calibrate } from './roster/calibrate.ts';
import { judge, type Verdict } from './roster/judge.ts';
import { planEdits } from './roster/plan-edits.ts';
import { population, seedPopulation, type BenchPopulation } from './roster/population.ts';
import { runLoad } from './roster/run-load.ts';
import { readableMs, textTable } from './table.ts';

/**
 * `npm run bench:roster`: how long an edit takes from the API to the platform, on the local stack with the real
 * handlers, queues and SDK. Edits arrive at times fixed beforehand. An edit's time ends where the table says that the
 * platform confirmed it; the simulator's own state is then compared with ours.
 */

const options = benchArguments({
  seed: 7,
  competitors: 3_000,
  seconds: 20,
  rates: [1, 10, 100],
  /** At most so many in a run, so that a fast one may be a short one. */
  edits: 2_000,
  /** The platform's answers take so many milliseconds, and up to as many more. */
  latency: 25,
});

/** One call in ten goes wrong, in the ways that a platform has. */
const ERRORS: readonly FaultInput[] = [
  { kind: 'serverError', probability: 0.04 },
  { kind: 'rateLimited', retryAfter: 'seconds', seconds: 1, probability: 0.02 },
  { kind: 'dropConnection', probability: 0.015 },
  { kind: 'lostAnswer', probability: 0.015 },
  { kind: 'timeoutAfterSuccess', ms: 6_000, probability: 0.01 },
];
const AIM_MS = { healthy: 5_000, errors: 60_000 } as const;
const PATIENCE_MS = 600_000;

interface Run extends Verdict {
  readonly rate: number;
  readonly platform: keyof typeof AIM_MS;
  /** While edits arrived. */
  readonly load: MachineLoad;
  /** Processor time of an edit, until nothing waited any more, in milliseconds. */
  readonly cpuMsPerEdit: number;
  /** From the last answer of the API until nothing waited any more. */
  readonly drainedInMs: number;
}

async function isEmpty(rows: AsyncIterator<unknown>): Promise<boolean> {
  const { done } = await rows.next();
  await rows.return?.();
  return done === true;
}

async function nothingWaits(table: Table): Promise<boolean> {
  const ever = new Date('2100-01-01T00:00:00.000Z');
  return (
    (await isEmpty(createRosterRepository(table).pendingDue(ever))) &&
    (await isEmpty(createTeamRepository(table).pendingDue(ever)))
  );
}

async function drained(table: Table): Promise<number> {
  const start = performance.now();
  while (!(await nothingWaits(table)) && performance.now() - start < PATIENCE_MS) {
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    });
  }
  return performance.now() - start;
}

async function run(
  stack: TestStack,
  people: BenchPopulation,
  rate: number,
  platform: Run['platform'],
): Promise<Run> {
  const { simulator } = stack.gamePlatform;
  if (simulator === undefined) throw new Error('The benchmark needs the simulator.');
  const random = randomFrom(options.seed * 1_000 + rate * 2 + (platform === 'errors' ? 1 : 0));
  const times = arrivals(rate, options.seconds, random).slice(0, options.edits);
  const edits = planEdits(people, times.length, random);
  const api = await apiOf(stack, ADMIN);

  simulator.faults.clear();
  simulator.faults.add({ kind: 'latency', ms: options.latency, jitterMs: options.latency });
  if (platform === 'errors') for (const fault of ERRORS) simulator.faults.add(fault);
  const before = simulator.requests.since().at(-1)?.sequence ?? 0;
  const load = watchMachine();
  const whole = watchMachine();
  const asked = await runLoad(api, edits, times);
  const loaded = load();
  const drainedInMs = await drained(stack.table);
  const cpuMsPerEdit = (whole().cpuSeconds * 1_000) / Math.max(1, asked.length);
  const requests = simulator.requests.since(before);
  simulator.faults.clear();
  const verdict = await judge(asked, stack.table, simulator, requests);
  return { ...verdict, rate, platform, load: loaded, cpuMsPerEdit, drainedInMs };
}

function told(runs: readonly Run[]): string {
  const ms = readableMs;
  return textTable(
    [
      'edits/s, platform',
      'edits',
      'lost',
      'p50',
      'p95',
      'p99',
      'max',
      'API p95',
      'waiting p50 · p99',
      'platform p50',
      'around p50',
      'calls/edit',
      'CPU/edit',
      'cores',
      'main thread',
    ],
    runs.map((one) => [
      `${one.rate}, ${one.platform === 'errors' ? '10 % errors' : 'healthy'}`,
      String(one.edits),
      String(one.lost.length),
      ms(one.total.p50),
      ms(one.total.p95),
      ms(one.total.p99),
      ms(one.total.max),
      ms(one.api.p95),
      `${ms(one.waiting.p50)} · ${ms(one.waiting.p99)}`,
      ms(one.vendor.p50),
      ms(one.around.p50),
      (one.vendorCalls / Math.max(1, one.edits)).toFixed(1),
      ms(one.cpuMsPerEdit),
      percent(one.load.cores),
      percent(one.load.mainThread),
    ]),
  );
}

async function main(): Promise<void> {
  const stateDirectory = newStateDirectory();
  const people = population(options.competitors);
  console.log(
    `${machine()}; seed ${options.seed}, ${options.competitors} competitors, ${options.seconds} s each`,
  );
  const stack = await startTestStack({
    stateDirectory,
    seedDemo: seedPopulation(people),
    simulator: { seed: options.seed },
  });
  try {
    const settled = people.people.flatMap(({ id, teamId, hasAccount }) =>
      teamId !== null && hasAccount ? [{ id, teamId }] : [],
    );
    const calibration = await calibrate(stack, await apiOf(stack, ADMIN), settled);
    console.log(`\nWhat the machine takes at most:`);
    console.log(
      textTable(
        ['alone, as fast as it goes', 'per second', 'CPU each', 'cores', 'main thread'],
        calibration.map(({ what, perSecond, cpuMs, load }) => [
          what,
          perSecond.toFixed(0),
          `${cpuMs.toFixed(1)} ms`,
          percent(load.cores),
          percent(load.mainThread),
        ]),
      ),
    );
    const runs: Run[] = [];
    for (const platform of ['healthy', 'errors'] as const) {
      for (const rate of options.rates) {
        const one = await run(stack, people, rate, platform);
        runs.push(one);
        console.log(`\n${told([one])}`);
        for (const what of one.lost.slice(0, 20)) console.log(`lost: ${what}`);
      }
    }
    console.log(`\n${told(runs)}\n`);
    for (const { rate, platform, total, lost, notTaken, tooEarly, drainedInMs, edits } of runs) {
      const aim = AIM_MS[platform];
      const met = total.p99 < aim && lost.length + notTaken + tooEarly === 0;
      console.log(
        `${rate}/s ${platform}: ${met ? 'aim met' : 'AIM MISSED'} (p99 ${readableMs(total.p99)}, aim ${readableMs(aim)}); ` +
          `${edits - notTaken - lost.length} of ${edits} here, confirmed and so on the simulator, ${notTaken} not taken by the API, ` +
          `${tooEarly} confirmed too early; nothing waited ${readableMs(drainedInMs)} after the last answer`,
      );
    }
    const refusals = stack.aws.refusals().length;
    console.log(`Calls that AWS would have refused: ${refusals}`);
    console.log(`Written to ${writeResults('roster', { options, calibration, runs, refusals })}`);
    process.exitCode = runs.every(({ lost, tooEarly }) => lost.length + tooEarly === 0) ? 0 : 1;
  } finally {
    await stack.stop();
    removeStateDirectory(stateDirectory);
  }
}

await main();
process.exit();
