import { isCounted, isRead } from '#shared/competitors/consent.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { NOT_APPROVED } from '#shared/competitors/needs-attention.ts';
import { listDays, monthBefore, monthOf } from '#shared/kernel/days.ts';
import type { CompetitorDay } from '#shared/score-sync/score-records.ts';
import type { Kpi } from './contract.ts';
import type { CoachFacts } from './facts.ts';
import type { Period } from './period.ts';

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

/** A share in percent with one decimal; null when there is nobody to share among. */
const percent = (count: number, of: number): number | null =>
  of === 0 ? null : Math.round((count / of) * 1000) / 10;

const difference = (now: number | null, before: number | null): number | null =>
  now === null || before === null ? null : Math.round((now - before) * 10) / 10;

interface KpiContext {
  readonly facts: CoachFacts;
  readonly period: Period;
  readonly dayOf: DayOf;
  readonly asOf: string | null;
  /** People whose scores are late or were never read. */
  readonly late: number;
}

const previousRange = (period: Period): Range => ({ from: period.previousFrom, to: period.previousTo });

/** Existed, counted and was so on that day's end, as far as today's record tells. */
const since = (iso: string | null, day: string, dayOf: DayOf): boolean => iso !== null && dayOf(iso) <= day;

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** Figures made of scores are as good as the reads behind them. */
function scoreState(context: KpiContext): Kpi['state'] {
  if (context.asOf === null && context.facts.syncStates.every((state) => state.lastReadAt === null)) {
    return context.facts.competitors.some(isReadable) ? 'never' : 'ok';
  }
  return context.late > 0 ? 'partial' : 'ok';
}

function activeKpi(context: KpiContext): Kpi {
  const { facts, period, dayOf } = context;
  const registered = facts.competitors.filter(isRegistered);
  const activeIn = (range: Range): number => {
    const solved = tallies(facts.days, range);
    return registered.filter(
      ({ id, platform: { lastLoginAt } }) =>
        solved.has(id) || (lastLoginAt !== null && within(dayOf(lastLoginAt), range)),
    ).length;
  };
  const value = activeIn(period);
  const neverSignedIn = registered.filter(
    (one) => isReadable(one) && one.platform.lastLoginAt === null,
  ).length;
  const unapproved = registered.filter((one) => !isReadable(one)).length;
  const solversByDay = new Map<string, Set<string>>();
  const ids = new Set(registered.map((one) => one.id));
  for (const day of facts.days) {
    if (!ids.has(day.competitorId)) continue;
    const solvers = solversByDay.get(day.day) ?? new Set();
    solvers.add(day.competitorId);
    solversByDay.set(day.day, solvers);
  }
  return {
    state: scoreState(context),
    value,
    unit: 'count',
    count: value,
    of: registered.length,
    change: value - activeIn(previousRange(period)),
    comparedWith: `vs ${period.previousLabel}`,
    spark: listDays(period.from, period.to).map((day) => solversByDay.get(day)?.size ?? 0),
    footnote: `${plural(neverSignedIn, 'has', 'have')} not signed in, ${unapproved} unapproved`,
    asOf: context.asOf,
  };
}

function registeredKpi({ facts, period, dayOf, asOf }: KpiContext): Kpi {
  const active = facts.competitors.filter(isCounted);
  const registered = active.filter(isRegistered);
  const registeredBy = (day: string) =>
    registered.filter(({ platform }) => since(platform.onboardedAt, day, dayOf)).length;
  const waiting = active.length - registered.length;
  return {
    state: 'ok',
    value: registered.length,
    unit: 'count',
    count: registered.length,
    of: active.length,
    change: registered.length - registeredBy(period.previousTo),
    comparedWith: `vs ${period.previousLabel}`,
    spark: listDays(period.from, period.to).map(registeredBy),
    footnote: waiting === 0 ? 'Everyone is on the platform' : `${waiting} not on the platform yet`,
    asOf,
  };
}

function enrollmentKpi({ facts, period, dayOf, asOf }: KpiContext): Kpi {
  const active = facts.competitors.filter(isCounted);
  const onTeam = active.filter((competitor) => competitor.teamId !== null);
  const shareOn = (day: string): { readonly count: number; readonly share: number | null } => {
    const there = active.filter((competitor) => since(competitor.createdAt, day, dayOf));
    const count = there.filter(
      (competitor) => competitor.teamId !== null && since(competitor.teamJoinedAt, day, dayOf),
    );
    return { count: count.length, share: percent(count.length, there.length) };
  };
  const value = percent(onTeam.length, active.length);
  const without = active.length - onTeam.length;
  return {
    state: 'ok',
    value,
    unit: 'percent',
    count: onTeam.length,
    of: active.length,
    change: difference(value, shareOn(period.previousTo).share),
    comparedWith: `vs ${period.previousLabel}`,
    spark: listDays(period.from, period.to).map((day) => shareOn(day).count),
    footnote: without === 0 ? 'Everyone is on a team' : `${plural(without, 'has', 'have')} no team yet`,
    asOf,
  };
}

function solvedKpi(context: KpiContext): Kpi & { readonly odl: number; readonly ctf: number } {
  const { facts, period } = context;
  const registered = new Set(facts.competitors.filter(isRegistered).map((competitor) => competitor.id));
  const days = facts.days.filter((day) => registered.has(day.competitorId));
  const now = sumTallies(tallies(days, period).values());
  const before = sumTallies(tallies(days, previousRange(period)).values());
  const perDay = new Map<string, number>();
  for (const day of days) perDay.set(day.day, (perDay.get(day.day) ?? 0) + day.odl + day.ctf);
  return {
    state: scoreState(context),
    value: now.done,
    unit: 'count',
    count: null,
    of: null,
    change: now.done - before.done,
    comparedWith: `vs ${period.previousLabel}`,
    spark: listDays(period.from, period.to).map((day) => perDay.get(day) ?? 0),
    footnote: `ODL ${now.odl}, CTF ${now.ctf}`,
    asOf: context.asOf,
    odl: now.odl,
    ctf: now.ctf,
  };
}

function ctfParticipationKpi(context: KpiContext): Kpi {
  const { facts, period, dayOf } = context;
  const registered = new Set(facts.competitors.filter(isRegistered).map((competitor) => competitor.id));
  const month = monthOf(period.to);
  const played = (in_: string): number => {
    const players = new Set<string>();
    for (const { competitorId, solved, startsAt } of facts.flashResults) {
      if (solved > 0 && registered.has(competitorId) && monthOf(dayOf(startsAt)) === in_)
        players.add(competitorId);
    }
    return players.size;
  };
  const count = played(month);
  const value = percent(count, registered.size);
  const firstDays = new Map<string, string>();
  for (const { competitorId, solved, startsAt } of facts.flashResults) {
    const day = dayOf(startsAt);
    if (solved === 0 || !registered.has(competitorId) || monthOf(day) !== month) continue;
    const known = firstDays.get(competitorId);
    if (known === undefined || day < known) firstDays.set(competitorId, day);
  }
  const joinedBy = (day: string): number => [...firstDays.values()].filter((first) => first <= day).length;
  const without = registered.size - count;
  return {
    state: scoreState(context),
    value,
    unit: 'percent',
    count,
    of: registered.size,
    change: difference(value, percent(played(monthBefore(month)), registered.size)),
    comparedWith: 'vs the month before',
    spark: listDays(`${month}-01`, period.to).map(joinedBy),
    footnote: `${plural(without, 'has', 'have')} no CTF solve this month`,
    asOf: context.asOf,
  };
}

/** The five figures on top of the dashboard. */
export const kpisOf = (context: KpiContext) => ({
  active: activeKpi(context),
  registered: registeredKpi(context),
  enrollment: enrollmentKpi(context),
  solved: solvedKpi(context),
  ctfParticipation: ctfParticipationKpi(context),
});
