import { benchArguments } from './arguments.ts';
import { machine, writeResults } from './results.ts';
import { runCases, throughput, UNBOUND, type CaseRun } from './sync/cases.ts';
import { aimsOf, aimsTable, casesTable, sharesTable, throughputTable } from './sync/report.ts';

/**
 * `npm run bench:sync`: what it takes to read everybody's scores, through the real functions, the vendor client with its
 * shared budget, SQS's and DynamoDB's stand-ins and the platform's simulator over HTTP. Units are DynamoDB's own count
 * of each call, indexes included.
 */

const options = benchArguments({
  seed: 7,
  competitors: [300, 3_000, 30_000],
  /** Sync workers at once, and competitors that each reads at once. */
  workers: 5,
  concurrency: 4,
  /** Milliseconds until the platform answers. */
  latencies: [0, 50],
  /** How long people have been solving before the first read, up to 3,000 of them. */
  days: 7,
  /** People of the throughput curve; 0: no curve. */
  curve: 300,
});

console.log(`${machine()}; seed ${options.seed}`);
const setting = { workers: options.workers, settings: { ...UNBOUND, concurrency: options.concurrency } };
const runs: CaseRun[] = [];
for (const competitors of options.competitors) {
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

const aims = aimsOf(runs, points);
console.log(`\n${casesTable(runs)}`);
if (points.length > 0) console.log(`\nThe platform answers after ${latency} ms.\n${throughputTable(points)}`);
console.log(`\n${aimsTable(aims)}`);
console.log(`\n${writeResults('sync', { options, runs, points, aims })}`);
process.exit();
