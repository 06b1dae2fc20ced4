import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { benchArguments } from './arguments.ts';
import { machine, writeResults } from './results.ts';
import { runCases, throughput, UNBOUND, type CaseRun } from './sync/cases.ts';
import { callsTable, costsTable, hoursPicture, waitsTable } from './sync/day-report.ts';
import {
  aimsOf,
  aimsTable,
  casesTable,
  sharesTable,
  throughputTable,
  throughputPicture,
  unitsPicture,
} from './sync/report.ts';
import { runDay, type DayRun } from './sync/run-day.ts';
import { roundsTable, runRounds, type RoundsRun } from './sync/run-rounds.ts';

/**
 * `npm run bench:sync`: what it takes to read everyone's scores, through the real functions, the vendor client with its
 * shared budget, SQS's and DynamoDB's stand-ins and the platform's simulator over HTTP. Units are DynamoDB's own count
 * of each call, indexes included.
 */

const options = benchArguments({
  seed: 7,
  competitors: [300, 3_000, 30_000],
  /** Sync workers at once, and competitors that each reads at once. */
  workers: 5,
  concurrency: 4,
  /** Calls a second allowed to all workers together; the throughput curve has its own. */
  calls: 200,
  /** Milliseconds until the platform answers. */
  latencies: [0, 50],
  /** How long people have been solving before the first read, up to 3,000 of them. */
  days: 7,
  /** People of the throughput curve; 0: no curve. */
  curve: 300,
  /** People of the simulated day; 0: no day. */
  day: 300,
  /** Which day after the four weeks of warm-up; 0 is a Monday. */
  weekday: 1,
  /** Sizes at which the rounds of the policy are planned, but not read; 0: none. */
  round: [0],
  /** 1: writes the pictures into docs/images too. */
  pictures: 0,
});

console.log(`${machine()}; seed ${options.seed}`);
const setting = {
  workers: options.workers,
  settings: { ...UNBOUND, callsPerSecond: options.calls, concurrency: options.concurrency },
};
const runs: CaseRun[] = [];
for (const competitors of options.competitors.filter((count) => count > 0)) {
  const { days, latencies } = options;
  const some = await runCases(options.seed, competitors, { ...setting, days, latencies }, (run) => {
    console.log(`\n${casesTable([run])}\n\n${sharesTable(run)}`);
  });
  runs.push(...some);
}

const latency = options.latencies.find((ms) => ms > 0) ?? 50;
const points =
  options.curve === 0
    ? []
    : await throughput(
        options.seed,
        options.curve,
        [
          ...[1, 2, 4, 8].map((concurrency) => ({ workers: 1, concurrency, callsPerSecond: 1_000 })),
          ...[2, 4].map((workers) => ({ workers, concurrency: 4, callsPerSecond: 1_000 })),
          { workers: 2, concurrency: 4, callsPerSecond: 50 },
          { workers: 2, concurrency: 4, callsPerSecond: 10 },
        ],
        latency,
      );

let day: DayRun | null = null;
if (options.day > 0) {
  const { seed, weekday, day: competitors } = options;
  day = await runDay({ seed, competitors, day: weekday, workers: 2 });
  const hours = (day.longestGap / 3_600).toFixed(2);
  console.log(`\nA day of ${competitors} competitors from ${new Date(day.start * 1_000).toISOString()} on`);
  console.log(`${callsTable(day)}\n\n${waitsTable(day)}\n\n${costsTable(day)}`);
  console.log(
    `Longest time between two reads ${hours} h; ${day.unseen} solves unseen at the end; ${day.jobsFailed} jobs failed`,
  );
  for (const complaint of [...new Set(day.complaints)].slice(0, 5)) console.log(complaint);
}

const rounds: RoundsRun[] = [];
for (const competitors of options.round.filter((count) => count > 0)) {
  rounds.push(await runRounds(options.seed, competitors));
  console.log(`\n${roundsTable(rounds)}`);
}

const aims = aimsOf(runs, points);
console.log(`\n${casesTable(runs)}`);
if (points.length > 0) console.log(`\nThe platform answers after ${latency} ms.\n${throughputTable(points)}`);
console.log(`\n${aimsTable(aims)}`);
if (options.pictures === 1) {
  const directory = fileURLToPath(new URL('../../docs/images', import.meta.url));
  mkdirSync(directory, { recursive: true });
  if (points.length > 0) writeFileSync(`${directory}/score-sync-throughput.svg`, throughputPicture(points));
  if (runs.length > 0) writeFileSync(`${directory}/score-sync-units.svg`, unitsPicture(runs));
  if (day !== null) writeFileSync(`${directory}/score-sync-day.svg`, hoursPicture(day));
}
console.log(`\n${writeResults('sync', { options, runs, points, rounds, day, aims })}`);
process.exit();
