import { percent } from '../load-on-machine.ts';
import { linePicture } from '../picture.ts';
import { textTable } from '../table.ts';
import type { CaseRun, ThroughputPoint } from './cases.ts';
import { PLACES, totalOf, type Units } from './meter.ts';

/** The benchmark's tables; pure. */

const each = (value: number, { competitors }: { readonly competitors: number }, digits = 2): string =>
  (value / Math.max(1, competitors)).toFixed(digits);

const MEGABYTE = 2 ** 20;

export function casesTable(runs: readonly CaseRun[]): string {
  return textTable(
    [
      'case, platform',
      'competitors',
      'per second',
      'reads',
      'writes',
      'vendor calls',
      'queue requests',
      'CPU ms',
      'memory MB',
      'cores',
    ],
    runs.map((run) => {
      const { reads, writes } = totalOf(run.metered);
      return [
        `${run.what}, ${run.latency} ms`,
        run.competitors.toLocaleString('en-US'),
        (run.competitors / run.seconds).toFixed(0),
        each(reads, run, 3),
        each(writes, run, 3),
        each(run.vendorCalls, run),
        each(run.metered.queueRequests, run, 3),
        each(run.load.cpuSeconds * 1_000, run, 1),
        (run.memory / MEGABYTE).toFixed(0),
        percent(run.load.cores),
      ];
    }),
  );
}

/** Where the units of one case go, per competitor; places that took none are left out. */
export function sharesTable(run: CaseRun): string {
  const total = totalOf(run.metered);
  const places = PLACES.filter((place) => {
    const { reads, writes } = run.metered.units[place];
    return reads + writes > 0;
  });
  return textTable(
    ['units per competitor', 'reads', 'writes'],
    [...places, null].map((place) => {
      const { reads, writes } = place === null ? total : run.metered.units[place];
      return [place ?? 'all', each(reads, run, 3), each(writes, run, 3)];
    }),
  );
}

export function throughputTable(points: readonly ThroughputPoint[]): string {
  return textTable(
    [
      'workers × at once',
      'calls/s allowed',
      'per second',
      'concurrency ÷ latency',
      'share',
      'bare calls/s',
      'share',
      'reads',
      'writes',
      'cores',
    ],
    points.map((point) => {
      const { workers, concurrency, callsPerSecond, perSecond, nominal, bare, run } = point;
      const { reads, writes } = totalOf(run.metered);
      return [
        `${workers} × ${concurrency}`,
        String(callsPerSecond),
        perSecond.toFixed(1),
        nominal.toFixed(1),
        percent(perSecond / nominal),
        bare.toFixed(1),
        percent(perSecond / bare),
        each(reads, run),
        each(writes, run),
        percent(run.load.cores),
      ];
    }),
  );
}

export interface Aim {
  readonly aim: string;
  readonly measured: number;
  readonly bound: string;
  readonly met: boolean;
}

const atMost = (aim: string, measured: number, most: number): Aim => ({
  aim,
  measured,
  bound: `≤ ${most}`,
  met: measured <= most,
});

function perHead(run: CaseRun): Units {
  const { reads, writes } = totalOf(run.metered);
  return { reads: reads / run.competitors, writes: writes / run.competitors };
}

const unitsOf = (run: CaseRun): number => perHead(run).reads + perHead(run).writes;
const cpuOf = (run: CaseRun): number => run.load.cpuSeconds / run.competitors;

/** Of the reads without news: the smallest program against the largest. */
export function aimsOf(runs: readonly CaseRun[], points: readonly ThroughputPoint[]): Aim[] {
  const noOps = runs.filter(({ what }) => what === 'no change');
  const bySize = noOps.toSorted((a, b) => a.competitors - b.competitors);
  const [small] = bySize;
  const large = bySize.findLast(({ latency }) => latency === 0) ?? bySize.at(-1);
  if (small === undefined || large === undefined) return [];
  const { reads, writes } = perHead(large);
  const free = points.filter(({ callsPerSecond, nominal }) => callsPerSecond > nominal);
  return [
    atMost('read units of a competitor without news', reads, 1),
    atMost('write units of a competitor without news', writes, 1),
    atMost(
      `units each at ${large.competitors} ÷ at ${small.competitors}`,
      unitsOf(large) / unitsOf(small),
      1.1,
    ),
    atMost(
      `processor time each at ${large.competitors} ÷ at ${small.competitors}`,
      cpuOf(large) / cpuOf(small),
      1.1,
    ),
    ...free.map(({ workers, concurrency, perSecond, nominal }) => ({
      aim: `throughput ÷ (concurrency ÷ latency), ${workers} × ${concurrency}`,
      measured: perSecond / nominal,
      bound: '≥ 0.9',
      met: perSecond / nominal >= 0.9,
    })),
  ];
}

export const aimsTable = (aims: readonly Aim[]): string =>
  textTable(
    ['aim', 'measured', 'bound', 'met'],
    aims.map(({ aim, measured, bound, met }) => [aim, measured.toFixed(2), bound, met ? 'yes' : 'NO']),
  );

/** Reads a second over how many are in flight, as far as the rate does not bind. */
export function throughputPicture(points: readonly ThroughputPoint[]): string {
  const free = points.filter(({ callsPerSecond, nominal }) => callsPerSecond > nominal);
  const byFlight = new Map(free.map((point) => [point.workers * point.concurrency, point]));
  const line = (of: (point: ThroughputPoint) => number) =>
    [...byFlight].map(([x, point]) => ({ x, y: of(point) }));
  return linePicture(
    {
      title: 'Competitors read a second, the platform answering after 50 ms',
      xAxis: 'competitors read at once',
      yAxis: 'a second',
    },
    [
      { name: 'concurrency ÷ latency', color: '#8a97b1', points: line(({ nominal }) => nominal) },
      { name: 'bare calls', color: '#d9a441', points: line(({ bare }) => bare) },
      { name: 'score sync', color: '#3fd0c9', points: line(({ perSecond }) => perSecond) },
    ],
  );
}

/** What a competitor without news costs, over the size of the program. */
export function unitsPicture(runs: readonly CaseRun[]): string {
  const noOps = runs.filter(({ what, latency }) => what === 'no change' && latency === 0);
  const line = (of: (units: Units) => number) =>
    noOps.map((run) => ({ x: run.competitors, y: of(perHead(run)) }));
  return linePicture(
    {
      title: 'Units of DynamoDB for a competitor without news',
      xAxis: 'competitors in the program',
      yAxis: 'units',
    },
    [
      { name: 'writes', color: '#ff7a6b', points: line(({ writes }) => writes) },
      { name: 'reads', color: '#3fd0c9', points: line(({ reads }) => reads) },
    ],
  );
}
