import { isRead } from '#shared/competitors/consent.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { NOT_APPROVED } from '#shared/competitors/needs-attention.ts';
import type { CompetitorDay } from '#shared/score-sync/score-records.ts';

/**
 * What the numbers mean, in one place for pages, exports and report cards. Whoever is on hold counts nowhere, as if
 * deactivated:
 * *registered*: not deactivated, with a platform id; every figure counts them alone unless it says otherwise · *active*: registered, and signed in there or solved something in
 * the range · *enrolment*: not deactivated and on a team, of all not deactivated · *CTF participation*: registered with
 * a solve in a Flash CTF that began in the range's last month, of all registered. A change compares with the equally
 * long range before (CTF participation: with the month before).
 */

/** Turns an ISO instant into a day of the program's time zone. */
export type DayOf = (iso: string) => string;

interface Range {
  readonly from: string;
  readonly to: string;
}

export const isRegistered = (competitor: Competitor): boolean => isRead(competitor);

/** Registered, and as far as we know approved: someone whose scores we promise to read. */
export const isReadable = (competitor: Competitor): boolean =>
  isRegistered(competitor) && !NOT_APPROVED.has(competitor.platform.accountStatus ?? '');

const within = (day: string, range: Range): boolean => day >= range.from && day <= range.to;

export interface Tally {
  readonly odl: number;
  readonly ctf: number;
  readonly done: number;
  readonly points: number;
  readonly lastSolveAt: string | null;
}

export const NOTHING: Tally = { odl: 0, ctf: 0, done: 0, points: 0, lastSolveAt: null };

const later = (a: string | null, b: string): string => (a === null || b > a ? b : a);

const addDay = (tally: Tally, day: CompetitorDay): Tally => ({
  odl: tally.odl + day.odl,
  ctf: tally.ctf + day.ctf,
  done: tally.done + day.odl + day.ctf,
  points: tally.points + day.odlPoints + day.ctfPoints,
  lastSolveAt: later(tally.lastSolveAt, day.lastSolveAt),
});

/** What each competitor solved in the range; those without a solve are left out. */
export function tallies(days: readonly CompetitorDay[], range: Range): Map<string, Tally> {
  const result = new Map<string, Tally>();
  for (const day of days) {
    if (!within(day.day, range) || day.odl + day.ctf === 0) continue;
    result.set(day.competitorId, addDay(result.get(day.competitorId) ?? NOTHING, day));
  }
  return result;
}

export const sumTallies = (all: Iterable<Tally>): Omit<Tally, 'lastSolveAt'> => {
  const sum = { odl: 0, ctf: 0, done: 0, points: 0 };
  for (const tally of all) {
    sum.odl += tally.odl;
    sum.ctf += tally.ctf;
    sum.done += tally.done;
    sum.points += tally.points;
  }
  return sum;
};
