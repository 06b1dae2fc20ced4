import * as z from 'zod';
import { isCounted } from '#shared/competitors/consent.ts';
import { countDays, monthOf } from '#shared/kernel/days.ts';
import type { CoachFacts } from './facts.ts';
import { isReadable, isRegistered, type DayOf } from './metrics.ts';
import { runsOf, STREAK_DAYS } from './streaks.ts';

/**
 * What some people came to, as sums that add up over coaches: figures of the whole program are the sums of its
 * coaches', and nobody has to be read again for them. Days are those of the program's zone.
 */

const byDay = z.record(z.string(), z.int());
type ByDay = Readonly<Record<string, number>>;

export const dayFiguresSchema = z.object({
  odl: z.int(),
  ctf: z.int(),
  points: z.int(),
  teamEdits: z.int(),
  streakStarts: z.int(),
  streakEnds: z.int(),
  /**
   * People with a solve or their last sign-in on that day, by the days since they had one before; `0`: none before. So
   * that people active in any range can be counted, each once: on their first day in it.
   */
  active: byDay,
});
export type DayFigures = z.infer<typeof dayFiguresSchema>;

export const figuresSchema = z.object({
  counted: z.int(),
  registered: z.int(),
  onTeam: z.int(),
  neverSignedIn: z.int(),
  unapproved: z.int(),
  teams: z.int(),
  /** Whose scores are to be read, how many of all were read ever, and the oldest and newest reads of the former. */
  reads: z.object({
    expected: z.int(),
    ever: z.int(),
    oldest: z.iso.datetime().nullable(),
    newest: z.iso.datetime().nullable(),
  }),
  /** People counted, by the day they were entered; by the day from which they were here and on a team. */
  enteredOn: byDay,
  enrolledOn: byDay,
  /** People registered, by the day they came to the platform. */
  onboardedOn: byDay,
  /** By month: people with a solve in a Flash CTF that began in it, by the day of the first such one. */
  players: z.record(z.string(), byDay),
  events: z.record(
    z.string(),
    z.object({ name: z.string(), day: z.iso.date(), players: z.int(), solved: z.int(), points: z.int() }),
  ),
  days: z.record(z.string(), dayFiguresSchema),
});
export type Figures = z.infer<typeof figuresSchema>;

const NO_DAY: DayFigures = {
  odl: 0,
  ctf: 0,
  points: 0,
  teamEdits: 0,
  streakStarts: 0,
  streakEnds: 0,
  active: {},
};

const plusOne = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};

/** Sums of all entries, named alike. */
function addCounts(into: Record<string, number>, from: ByDay): void {
  for (const [key, count] of Object.entries(from)) into[key] = (into[key] ?? 0) + count;
}

const earlier = (a: string | null, b: string | null): string | null =>
  a === null || (b !== null && b < a) ? b : a;
const later = (a: string | null, b: string | null): string | null =>
  a === null || (b !== null && b > a) ? b : a;

export const noFigures = (): Figures => ({
  counted: 0,
  registered: 0,
  onTeam: 0,
  neverSignedIn: 0,
  unapproved: 0,
  teams: 0,
  reads: { expected: 0, ever: 0, oldest: null, newest: null },
  enteredOn: {},
  enrolledOn: {},
  onboardedOn: {},
  players: {},
  events: {},
  days: {},
});

/** Adds the figures of other people to the first. */
export function addFigures(sum: Figures, more: Figures): void {
  sum.counted += more.counted;
  sum.registered += more.registered;
  sum.onTeam += more.onTeam;
  sum.neverSignedIn += more.neverSignedIn;
  sum.unapproved += more.unapproved;
  sum.teams += more.teams;
  sum.reads = {
    expected: sum.reads.expected + more.reads.expected,
    ever: sum.reads.ever + more.reads.ever,
    oldest: earlier(sum.reads.oldest, more.reads.oldest),
    newest: later(sum.reads.newest, more.reads.newest),
  };
  addCounts(sum.enteredOn, more.enteredOn);
  addCounts(sum.enrolledOn, more.enrolledOn);
  addCounts(sum.onboardedOn, more.onboardedOn);
  for (const [month, days] of Object.entries(more.players)) addCounts((sum.players[month] ??= {}), days);
  for (const [id, event] of Object.entries(more.events)) {
    const known = sum.events[id];
    sum.events[id] = {
      ...event,
      players: event.players + (known?.players ?? 0),
      solved: event.solved + (known?.solved ?? 0),
      points: event.points + (known?.points ?? 0),
    };
  }
  for (const [day, figures] of Object.entries(more.days))
    addDayFigures((sum.days[day] ??= newDay()), figures);
}

const newDay = (): DayFigures => ({ ...NO_DAY, active: {} });

function addDayFigures(sum: DayFigures, more: DayFigures): void {
  sum.odl += more.odl;
  sum.ctf += more.ctf;
  sum.points += more.points;
  sum.teamEdits += more.teamEdits;
  sum.streakStarts += more.streakStarts;
  sum.streakEnds += more.streakEnds;
  addCounts(sum.active, more.active);
}

/** What each registered competitor did by day, and what follows from their days in order. */
function daysOf(facts: CoachFacts, dayOf: DayOf): Figures['days'] {
  const days: Figures['days'] = {};
  const at = (day: string): DayFigures => (days[day] ??= newDay());
  const solvedOn = new Map<string, string[]>();
  const registered = new Map(facts.competitors.filter(isRegistered).map((one) => [one.id, one]));
  for (const { competitorId, day, odl, ctf, odlPoints, ctfPoints } of facts.days) {
    if (!registered.has(competitorId) || odl + ctf <= 0) continue;
    const figures = at(day);
    figures.odl += odl;
    figures.ctf += ctf;
    figures.points += odlPoints + ctfPoints;
    const own = solvedOn.get(competitorId) ?? [];
    own.push(day);
    solvedOn.set(competitorId, own);
  }
  for (const { id, platform } of registered.values()) {
    const solved = solvedOn.get(id) ?? [];
    for (const { from, to, days: length } of runsOf(solved)) {
      if (length < STREAK_DAYS) continue;
      at(from).streakStarts += 1;
      at(to).streakEnds += 1;
    }
    const seen = platform.lastLoginAt === null ? [] : [dayOf(platform.lastLoginAt)];
    let before: string | null = null;
    for (const day of [...new Set([...solved, ...seen])].toSorted()) {
      plusOne(at(day).active, String(before === null ? 0 : countDays(before, day) - 1));
      before = day;
    }
  }
  for (const edit of facts.teamEdits) at(dayOf(edit.at)).teamEdits += 1;
  return days;
}

/** Results in Flash CTFs, by event, and who played in which month. */
function flashOf(facts: CoachFacts, dayOf: DayOf): Pick<Figures, 'events' | 'players'> {
  const registered = new Set(facts.competitors.filter(isRegistered).map(({ id }) => id));
  const events: Figures['events'] = {};
  const firstDays = new Map<string, Map<string, string>>();
  for (const { competitorId, eventId, eventName: name, startsAt, solved, points } of facts.flashResults) {
    if (!registered.has(competitorId)) continue;
    const day = dayOf(startsAt);
    const event = (events[eventId] ??= { name, day, players: 0, solved: 0, points: 0 });
    event.solved += solved;
    event.points += points;
    if (solved <= 0) continue;
    event.players += 1;
    const own = firstDays.get(monthOf(day)) ?? new Map<string, string>();
    const known = own.get(competitorId);
    if (known === undefined || day < known) own.set(competitorId, day);
    firstDays.set(monthOf(day), own);
  }
  const players: Figures['players'] = {};
  for (const [month, own] of firstDays) {
    for (const day of own.values()) plusOne((players[month] ??= {}), day);
  }
  return { events, players };
}

/** The figures of everybody in these facts. */
export function figuresOf(facts: CoachFacts, dayOf: DayOf): Figures {
  const figures = { ...noFigures(), ...flashOf(facts, dayOf), days: daysOf(facts, dayOf) };
  figures.teams = facts.teams.length;
  const reads = new Map(facts.syncStates.map((state) => [state.competitorId, state.lastReadAt]));
  figures.reads.ever = facts.syncStates.filter(({ lastReadAt }) => lastReadAt !== null).length;
  for (const competitor of facts.competitors) {
    if (!isCounted(competitor)) continue;
    const { platform, teamId, teamJoinedAt } = competitor;
    const entered = dayOf(competitor.createdAt);
    figures.counted += 1;
    plusOne(figures.enteredOn, entered);
    if (teamId !== null) {
      figures.onTeam += 1;
      // Not known since when: all the time, so that the last day's figure is today's.
      const joined = teamJoinedAt === null ? entered : dayOf(teamJoinedAt);
      plusOne(figures.enrolledOn, joined > entered ? joined : entered);
    }
    if (!isRegistered(competitor)) continue;
    figures.registered += 1;
    plusOne(figures.onboardedOn, platform.onboardedAt === null ? entered : dayOf(platform.onboardedAt));
    if (!isReadable(competitor)) {
      figures.unapproved += 1;
      continue;
    }
    if (platform.lastLoginAt === null) figures.neverSignedIn += 1;
    const readAt = reads.get(competitor.id) ?? null;
    figures.reads.expected += 1;
    figures.reads.oldest = earlier(figures.reads.oldest, readAt);
    figures.reads.newest = later(figures.reads.newest, readAt);
  }
  return figures;
}

interface Range {
  readonly from: string;
  readonly to: string;
}

const daysIn = ({ days }: Pick<Figures, 'days'>, { from, to }: Range) =>
  Object.entries(days).filter(([day]) => day >= from && day <= to);

/** What was solved in the range. */
export function solvedIn(figures: Pick<Figures, 'days'>, range: Range) {
  const sum = { odl: 0, ctf: 0, done: 0, points: 0 };
  for (const [, { odl, ctf, points }] of daysIn(figures, range)) {
    sum.odl += odl;
    sum.ctf += ctf;
    sum.done += odl + ctf;
    sum.points += points;
  }
  return sum;
}

/** How many were active in the range: counted on their first day in it. */
export const activeIn = (figures: Pick<Figures, 'days'>, range: Range): number =>
  daysIn(figures, range).reduce(
    (sum, [day, { active }]) =>
      sum +
      Object.entries(active).reduce((people, [gap, count]) => {
        const reached = countDays(range.from, day) - 1;
        return gap === '0' || Number(gap) > reached ? people + count : people;
      }, 0),
    0,
  );

/** How many there were by the end of a day. */
export const countBy = (counts: ByDay | undefined, day: string): number =>
  Object.entries(counts ?? {}).reduce((sum, [on, count]) => (on <= day ? sum + count : sum), 0);

/** Streaks that overlap the range: those that end in it or later, less those that begin after it. */
export const streaksIn = (figures: Pick<Figures, 'days'>, { from, to }: Range): number =>
  Object.entries(figures.days).reduce(
    (sum, [day, { streakStarts, streakEnds }]) =>
      sum + (day >= from ? streakEnds : 0) - (day > to ? streakStarts : 0),
    0,
  );
