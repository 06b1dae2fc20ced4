import { createEmptyTable, openDynoxide } from '#test/support/dynoxide.ts';
import { CONTEXT, createHttpEvent } from '#test/shared/http/http-events.ts';
import { handlers, setEnvironment, TIME_ZONE } from '../api/handlers.ts';
import { seedProgram } from '../api/seed-program.ts';
import { openProgram, runCase, UNBOUND } from '../sync/cases.ts';
import { Meter, totalOf } from '../sync/meter.ts';
import { runDay, type DayRun } from '../sync/run-day.ts';
import { ASSUMED, lineThrough, type ADay, type Looking } from './bill.ts';

/** What the bill needs of the product, each in a small run of the real functions. */

/** What the dashboard asks for when it is opened, and every minute after. */
const OPENING = ['freshness', 'dashboard', 'alerts'].map((name) => `GET /api/game-platform/${name}` as const);
const EVERY_MINUTE = OPENING;
/** Beside these: configuration, who one is, and documents of the sign-in, which read a row or none. */
const SMALL_REQUESTS = 3;

/** A coach's dashboard, opened and left open. */
export async function measureLooking(seed: number): Promise<{ opening: Looking; minute: Looking }> {
  const dynoxide = await openDynoxide();
  const meter = new Meter();
  try {
    const table = await createEmptyTable(dynoxide.client);
    const { coachIds } = await seedProgram(table, {
      competitors: ASSUMED.competitorsPerCoach,
      seed,
      timeZone: TIME_ZONE,
    });
    const [coachId = ''] = coachIds;
    setEnvironment(table, dynoxide.endpoint);
    const byRoute = handlers();
    meter.start();
    const look = async (routes: typeof OPENING): Promise<Looking> => {
      meter.take();
      let bytes = 0;
      for (const route of routes) {
        const claims = { sub: coachId, token_use: 'access', 'cognito:groups': '[coach]' };
        const answer = await byRoute.get(route)?.(createHttpEvent(route, { claims }), CONTEXT);
        if (answer?.statusCode !== 200) throw new Error(`${route} answered ${answer?.statusCode}.`);
        bytes += Buffer.byteLength(answer.body ?? '');
      }
      const metered = meter.take();
      const readUnits = totalOf(metered).reads;
      return { requests: routes.length, readUnits, tableCalls: metered.tableCalls, bytes };
    };
    const first = await look(OPENING);
    return {
      opening: { ...first, requests: first.requests + SMALL_REQUESTS },
      minute: await look(EVERY_MINUTE),
    };
  } finally {
    meter.stop();
    await dynoxide.stop();
  }
}

const sum = (day: DayRun, of: (cost: DayRun['costs'][number]) => number): number =>
  day.costs.reduce((total, cost) => total + of(cost), 0);

/** Days of two programs that differ in size only, and the lines through them. */
export async function measureDay(
  seed: number,
  [small, large]: readonly [number, number],
): Promise<{ readonly day: ADay; readonly firings: number; readonly days: readonly DayRun[] }> {
  const days: DayRun[] = [];
  for (const competitors of [small, large])
    days.push(await runDay({ seed, competitors, day: 1, workers: 2 }));
  const [one, other] = days;
  if (one === undefined || other === undefined) throw new Error('There were no days.');
  const through = (of: (day: DayRun) => number) => lineThrough([small, of(one)], [large, of(other)]);
  return {
    days,
    firings: sum(other, ({ firings }) => firings),
    day: {
      readUnits: through((day) => sum(day, ({ units }) => units.reads)),
      writeUnits: through((day) => sum(day, ({ units }) => units.writes)),
      queueRequests: through((day) => sum(day, ({ queueRequests }) => queueRequests)),
      tableCalls: through(({ tableCalls }) => tableCalls),
      invocations: through(({ worked }) => worked.invocations),
      logBytes: through(({ worked }) => worked.logBytes),
      tableBytes: through(({ tableBytes }) => tableBytes),
      scoreReads: through(({ calls }) => calls.score_sync ?? 0),
    },
  };
}

const LATENCY_MS = 100;

/** Seconds that workers run for each read, when so many of them share so many calls a second. */
export async function measureWaiting(
  seed: number,
  run: { readonly people: number; readonly workers: number; readonly callsPerSecond: number },
): Promise<number> {
  const program = await openProgram(seed, run.people, 0);
  try {
    // The second read asks for what came after the cursor, as every later one does.
    await runCase(program, { workers: run.workers, settings: UNBOUND });
    await program.platform.latency(LATENCY_MS);
    program.stand.worked();
    await runCase(program, {
      workers: run.workers,
      settings: { ...UNBOUND, callsPerSecond: run.callsPerSecond },
    });
    return program.stand.worked().readingSeconds / run.people;
  } finally {
    await program.stop();
  }
}
