import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createDashboardRepository } from '#shared/dashboard/dashboard-repository.ts';
import { createRollupRepository } from '#shared/dashboard/rollups/rollup-repository.ts';
import { createRollupWorker, PROGRAM } from '#shared/dashboard/rollups/rollup-worker.ts';
import type { RouteKeyOf } from '#shared/http/routes.ts';
import type { JobPart } from '#shared/jobs/job.ts';
import type { JobOf } from '#shared/jobs/work-part.ts';
import { dayOf } from '#shared/kernel/days.ts';
import { createLog } from '#shared/kernel/log.ts';
import type { Table } from '#shared/table/table.ts';
import { createEmptyTable, openDynoxide } from '#test/support/dynoxide.ts';
import { CONTEXT, createHttpEvent } from '#test/shared/http/http-events.ts';
import { handlers, setEnvironment, TIME_ZONE, type Handle } from './api/handlers.ts';
import { seedProgram, type SeededProgram } from './api/seed-program.ts';
import { benchArguments } from './arguments.ts';
import { watchMachine } from './load-on-machine.ts';
import { spreadOf } from './percentiles.ts';
import { machine, writeResults } from './results.ts';
import { Meter } from './sync/meter.ts';
import { textTable } from './table.ts';

/**
 * `npm run bench:api`: how long the routes that are read take, how much of the table they read, and how much they answer,
 * for a coach and for an admin, by the size of the program. The functions' own handlers, in this process, on the table's
 * stand-in; a coach has a hundred people in every size.
 */

const options = benchArguments({ seed: 1, competitors: [300, 10_000], samples: 40 });
const DASHBOARD_AIM_MS = 100;
const RATIO_AIM = 1.2;
const WARM_UP = 3;
const ALL_TIME_MS = 20 * 60_000;

type Served = 'dashboard-api' | 'competitors-api' | 'teams-api' | 'jobs-api' | 'settings-api';
interface Case {
  readonly route: RouteKeyOf<Served>;
  readonly params?: (program: SeededProgram, coachId: string) => Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Admins see everything: no coach is asked for. */
  readonly adminOnly?: true;
  readonly coachOnly?: true;
  /** So many samples at most, where one takes long. */
  readonly samples?: number;
}

const person: NonNullable<Case['params']> = (program, coachId) => ({ id: program.personOf(coachId) });
const CASES: readonly Case[] = [
  { route: 'GET /api/game-platform/freshness' },
  { route: 'GET /api/game-platform/dashboard' },
  { route: 'GET /api/game-platform/dashboard', query: { division: 'high_school' } },
  { route: 'GET /api/game-platform/alerts', samples: 10 },
  { route: 'GET /api/game-platform/activity', samples: 10 },
  { route: 'GET /api/game-platform/competitors/{id}/report-card', params: person, coachOnly: true },
  { route: 'GET /api/game-platform/exports/leaderboard.csv', samples: 5, coachOnly: true },
  { route: 'GET /api/game-platform/edit-times' },
  { route: 'GET /api/competitors' },
  { route: 'GET /api/competitors/{id}', params: person },
  { route: 'GET /api/teams' },
  {
    route: 'GET /api/teams/{id}',
    params: (program, coachId) => ({ id: program.teamOf(coachId) }),
  },
  { route: 'GET /api/admin/jobs', adminOnly: true },
  { route: 'GET /api/admin/sync-health', adminOnly: true },
  { route: 'GET /api/admin/settings', adminOnly: true },
];

interface Line {
  readonly who: 'coach' | 'admin';
  readonly route: string;
  readonly p50: number;
  readonly p95: number;
  readonly items: number;
  readonly calls: number;
  readonly bytes: number;
}

/** Adds up all coaches and the program, as the job does. */
async function rollUp(table: Table, coachIds: readonly string[]): Promise<number> {
  const work = createRollupWorker({
    rollups: createRollupRepository(table),
    ...createDashboardRepository(table),
    allCoachIds: () => Promise.resolve(coachIds),
    activityOf: createActivityRepository(table).ofCoach,
    slaHours: () => Promise.resolve(8),
    inactiveDays: () => Promise.resolve(14),
    dayOf: (iso) => dayOf(iso, TIME_ZONE),
    now: () => new Date(),
  });
  const begun = performance.now();
  const job = { id: 'job-rollup', payload: { full: false } } as JobOf<{ full: boolean }>;
  const context = { remainingMs: () => ALL_TIME_MS, log: createLog(() => undefined), lastAttempt: true };
  for (const subjects of [coachIds, [PROGRAM]])
    await work(job, { jobId: job.id, part: 0, subjects } as JobPart, context);
  return performance.now() - begun;
}

async function measure(
  one: Case,
  who: Line['who'],
  program: SeededProgram,
  handle: Handle,
  meter: Meter,
): Promise<Line> {
  const times: number[] = [];
  let bytes = 0;
  const samples = Math.min(one.samples ?? Infinity, options.samples);
  for (let index = -WARM_UP; index < samples; index += 1) {
    const coachId = program.coachIds[(index + WARM_UP) % program.coachIds.length] ?? '';
    const params = one.params?.(program, coachId);
    const event = createHttpEvent(one.route, {
      claims: {
        sub: who === 'admin' ? 'admin' : coachId,
        token_use: 'access',
        'cognito:groups': `[${who}]`,
      },
      ...(one.query === undefined ? {} : { query: one.query }),
      ...(params === undefined ? {} : { params }),
    });
    if (index === 0) meter.take();
    const begun = performance.now();
    const answer = await handle(event, CONTEXT);
    if (index >= 0) times.push(performance.now() - begun);
    if (answer.statusCode !== 200)
      throw new Error(`${one.route} as ${who} answered ${answer.statusCode}: ${answer.body ?? ''}`);
    bytes = Buffer.byteLength(answer.body ?? '');
  }
  const { items, tableCalls } = meter.take();
  const { p50, p95 } = spreadOf(times);
  const query = new URLSearchParams(one.query).toString();
  const route = `${one.route.slice('GET '.length)}${query === '' ? '' : `?${query}`}`;
  return { who, route, p50, p95, items: items / samples, calls: tableCalls / samples, bytes };
}

async function measureAll(competitors: number) {
  const dynoxide = await openDynoxide();
  try {
    const table = await createEmptyTable(dynoxide.client);
    const seeding = performance.now();
    const program = await seedProgram(table, { competitors, seed: options.seed, timeZone: TIME_ZONE });
    const seedMs = performance.now() - seeding;
    const meter = new Meter();
    meter.start();
    try {
      process.stderr.write(`${competitors} people put there in ${(seedMs / 1_000).toFixed(0)} s\n`);
      const rollUpMs = await rollUp(table, program.coachIds);
      const { units } = meter.take();
      const rollUpReads = Object.values(units).reduce((sum, { reads }) => sum + reads, 0);
      setEnvironment(table, dynoxide.endpoint);
      const byRoute = handlers();
      const lines: Line[] = [];
      const load = watchMachine();
      for (const who of ['coach', 'admin'] as const) {
        for (const one of CASES) {
          if (who === 'coach' ? one.adminOnly === true : one.coachOnly === true) continue;
          const handle = byRoute.get(one.route);
          if (handle === undefined) throw new Error(`Nobody serves ${one.route}.`);
          lines.push(await measure(one, who, program, handle, meter));
          process.stderr.write(
            `${competitors} ${who} ${one.route}: p50 ${lines.at(-1)?.p50.toFixed(1)} ms\n`,
          );
        }
      }
      return {
        competitors,
        coaches: program.coachIds.length,
        seedMs,
        rollUpMs,
        rollUpReads,
        load: load(),
        lines,
      };
    } finally {
      meter.stop();
    }
  } finally {
    await dynoxide.stop();
  }
}

const runs = [];
for (const competitors of options.competitors) runs.push(await measureAll(competitors));
const [small] = runs;
const rows = runs.flatMap(({ competitors, lines }) =>
  lines.map(({ who, route, p50, p95, items, calls, bytes }) => {
    const before = small?.lines.find((line) => line.who === who && line.route === route);
    return [
      route.replace('/api/', ''),
      who,
      String(competitors),
      p50.toFixed(1),
      p95.toFixed(1),
      items.toFixed(0),
      calls.toFixed(1),
      (bytes / 1_000).toFixed(1),
      before === undefined ? '-' : (p50 / before.p50).toFixed(2),
    ];
  }),
);
console.log(`${machine()}\n`);
console.log(
  textTable(['route', 'who', 'people', 'p50 ms', 'p95 ms', 'items', 'calls', 'KB', 'to the smallest'], rows),
);
for (const { competitors, coaches, seedMs, rollUpMs, rollUpReads } of runs) {
  console.log(
    `${competitors} people of ${coaches} coaches: put there in ${(seedMs / 1_000).toFixed(0)} s; sums of all made in ${(rollUpMs / 1_000).toFixed(1)} s with ${Math.round(rollUpReads)} read units.`,
  );
}
console.log(
  `Aims: the dashboard's p95 below ${DASHBOARD_AIM_MS} ms on a quiet machine; big ÷ small at most ${RATIO_AIM}.`,
);
console.log(writeResults('api', { seed: options.seed, samples: options.samples, runs }));
