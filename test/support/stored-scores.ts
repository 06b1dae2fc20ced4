import { dayOf } from '#shared/kernel/days.ts';
import { flashEventId } from '#shared/score-sync/solve-mapping.ts';
import { itemsOf } from './dynamodb.ts';
import type { PlatformSolve } from './score-platform.ts';
import { TIME_ZONE, type SyncWorld } from './sync-world.ts';

/** What is stored of one competitor, as lines that compare well. */
interface StoredScores {
  readonly solves: readonly string[];
  /** Solves and points, ODL before Flash CTF; null without any solve. */
  readonly stats: string | null;
  readonly days: readonly string[];
  readonly lastSolveAt: number | null;
  readonly flash: readonly string[];
}

function sums(solves: readonly PlatformSolve[]): string {
  const sum = (ctf: boolean) => {
    const own = solves.filter((solve) => (solve.event !== null) === ctf);
    return `${own.length} solves ${own.reduce((points, solve) => points + solve.points, 0)} points`;
  };
  return `odl ${sum(false)}, ctf ${sum(true)}`;
}

const line = (item: Readonly<Record<string, unknown>> | undefined, names: readonly string[]): string => {
  const [odl, odlPoints, ctf, ctfPoints] = names.map((name) => String(item?.[name]));
  return `odl ${odl} solves ${odlPoints} points, ctf ${ctf} solves ${ctfPoints} points`;
};

/** What has to be stored, counted from the platform's own list and nothing of ours. */
export function expectedOf(world: SyncWorld, id: string): StoredScores {
  const solves = world.platform.solves.filter((solve) => solve.user === `gp_${id}`);
  const { events } = world.platform;
  const eventOf = ({ event }: PlatformSolve) => {
    const told = event === null ? undefined : events[event];
    return told === undefined ? 'odl' : flashEventId(told.name, told.start);
  };
  const inEvents = solves.filter((solve) => solve.event !== null);
  return {
    solves: solves
      .map((solve) => `SOLVE#${solve.event === null ? 'odl' : 'ctf'}#${eventOf(solve)}#${solve.solveId}`)
      .toSorted(),
    stats: solves.length === 0 ? null : sums(solves),
    days: [...Map.groupBy(solves, (solve) => dayOf(solve.at, TIME_ZONE))]
      .map(([day, list]) => `${day}: ${sums(list)}`)
      .toSorted(),
    lastSolveAt: solves.length === 0 ? null : Math.max(...solves.map((solve) => solve.at)),
    flash: [...Map.groupBy(inEvents, eventOf)]
      .map(([eventId, list]) => `${eventId}: ${list.length}`)
      .toSorted(),
  };
}

/** The same, as the table has it. */
export async function storedOf(world: SyncWorld, id: string): Promise<StoredScores> {
  const items = await itemsOf(world.table, `COMP#${id}`);
  const of = (type: string) => items.filter((item) => item['type'] === type);
  const [stats] = of('stats');
  const lastSolveAt = stats?.['lastSolveAt'];
  const solves = of('solve')
    .filter((item) => item['revokedAt'] === undefined)
    .map((item) => String(item['sk']));
  return {
    solves: solves.toSorted(),
    stats:
      solves.length === 0
        ? null
        : line(stats, ['storedOdl', 'storedOdlPoints', 'storedCtf', 'storedCtfPoints']),
    days: of('day')
      .map((item) => `${String(item['day'])}: ${line(item, ['odl', 'odlPoints', 'ctf', 'ctfPoints'])}`)
      .toSorted(),
    lastSolveAt: typeof lastSolveAt === 'string' ? Date.parse(lastSolveAt) / 1000 : null,
    flash: of('flash_result')
      // What the platform took back whole stays as a result of nothing.
      .filter((item) => item['solved'] !== 0)
      .map((item) => `${String(item['eventId'])}: ${String(item['solved'])}`)
      .toSorted(),
  };
}
