import { dayOf } from '#shared/score-sync/programme-day.ts';
import { flashEventId } from '#shared/score-sync/solve-mapping.ts';
import { itemsOf } from './dynamodb.ts';
import type { PlatformSolve } from './score-platform.ts';
import { TIME_ZONE, type SyncWorld } from './sync-world.ts';

/** What has to be stored, counted from the platform's own list and nothing of ours. */
export function expectedOf(world: SyncWorld, id: string) {
  const solves = world.platform.solves.filter((solve) => solve.user === `gp_${id}`);
  const events = world.platform.events;
  const eventOf = ({ event }: PlatformSolve) => {
    const told = event === null ? undefined : events[event];
    return told === undefined ? 'odl' : flashEventId(told.name, told.start);
  };
  const sum = (list: readonly PlatformSolve[], ctf: boolean) => {
    const own = list.filter((solve) => (solve.event !== null) === ctf);
    return [own.length, own.reduce((points, solve) => points + solve.points, 0)];
  };
  const days = [...Map.groupBy(solves, (solve) => dayOf(solve.at, TIME_ZONE))];
  return {
    solves: solves
      .map((solve) => `SOLVE#${solve.event === null ? 'odl' : 'ctf'}#${eventOf(solve)}#${solve.solveId}`)
      .toSorted(),
    stats: solves.length === 0 ? null : [...sum(solves, false), ...sum(solves, true)],
    days: days.map(([day, list]) => [day, ...sum(list, false), ...sum(list, true)]).toSorted(),
    lastSolveAt: solves.length === 0 ? null : Math.max(...solves.map((solve) => solve.at)),
    flash: [
      ...Map.groupBy(
        solves.filter((solve) => solve.event !== null),
        eventOf,
      ),
    ]
      .map(([eventId, list]) => [eventId, list.length])
      .toSorted(),
  };
}

/** The same, as the table has it. */
export async function storedOf(world: SyncWorld, id: string) {
  const items = await itemsOf(world.table, `COMP#${id}`);
  const of = (type: string) => items.filter((item) => item['type'] === type);
  const [stats] = of('stats');
  const lastSolveAt = stats?.['lastSolveAt'];
  const any = of('solve').length > 0;
  return {
    solves: of('solve')
      .map((item) => String(item['sk']))
      .toSorted(),
    stats: any
      ? ['storedOdl', 'storedOdlPoints', 'storedCtf', 'storedCtfPoints'].map((name) => stats?.[name])
      : null,
    days: of('day')
      .map((item) => [item['day'], item['odl'], item['odlPoints'], item['ctf'], item['ctfPoints']])
      .toSorted(),
    lastSolveAt: typeof lastSolveAt === 'string' ? Date.parse(lastSolveAt) / 1000 : null,
    flash: of('flash_result')
      .map((item) => [item['eventId'], item['solved']])
      .toSorted(),
  };
}
