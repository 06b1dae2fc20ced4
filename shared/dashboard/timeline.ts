import { listDays } from '#shared/kernel/days.ts';
import type { DashboardView } from './contract.ts';
import type { CoachFacts } from './facts.ts';
import { streaksIn, type Figures } from './figures.ts';
import { isRegistered } from './metrics.ts';
import type { Period } from './period.ts';
import { runsOf, STREAK_DAYS, type DayRun } from './streaks.ts';

/** Lines that a chart can show; the count is of all. */
export const MOST_STREAKS = 20;

export interface Streak extends DayRun {
  readonly competitorId: string;
}

type Range = Pick<Period, 'from' | 'to'>;

/** The last day of the range that is here already. */
export const lastDayOf = (period: Range, today: string): string => (period.to < today ? period.to : today);

export const longestFirst = (a: DayRun, b: DayRun): number =>
  b.days - a.days || Number(a.to < b.to) - Number(a.to > b.to);

/** Streaks of registered competitors that overlap the range, the longest first. */
export function streaksOf(
  facts: Pick<CoachFacts, 'competitors' | 'days'>,
  { from: first, to: last }: Range,
): Streak[] {
  const registered = new Set(facts.competitors.filter(isRegistered).map(({ id }) => id));
  const solvedOn = new Map<string, Set<string>>();
  for (const { competitorId, day, odl, ctf } of facts.days) {
    if (!registered.has(competitorId) || odl + ctf <= 0) continue;
    const own = solvedOn.get(competitorId) ?? new Set();
    own.add(day);
    solvedOn.set(competitorId, own);
  }
  // A streak that began before the range is as long as it is, and is shown from the range's first day.
  return [...solvedOn]
    .flatMap(([competitorId, own]) =>
      runsOf(own)
        .filter(({ from, to, days }) => days >= STREAK_DAYS && to >= first && from <= last)
        .map(({ from, to, days }) => ({ competitorId, from, to, days })),
    )
    .toSorted(longestFirst);
}

interface TimelineContext {
  readonly figures: Pick<Figures, 'days' | 'events' | 'onboardedOn'>;
  /** The longest ones. */
  readonly streaks: readonly Streak[];
  readonly nameOf: (competitorId: string) => string | undefined;
  readonly period: Period;
  readonly today: string;
  readonly teamEditsSince: string | null;
}

/** What happened by day: who came to the platform, edits of teams, solves, streaks, Flash CTFs. */
export function timelineOf({
  figures,
  streaks,
  nameOf,
  period,
  today,
  teamEditsSince,
}: TimelineContext): DashboardView['timeline'] {
  const last = lastDayOf(period, today);
  return {
    days: listDays(period.from, last).map((day) => {
      const { odl, ctf, teamEdits } = figures.days[day] ?? { odl: 0, ctf: 0, teamEdits: 0 };
      return { day, registrations: figures.onboardedOn[day] ?? 0, teamEdits, solves: odl + ctf };
    }),
    streaks: streaks.slice(0, MOST_STREAKS).flatMap(({ competitorId, from, to, days }) => {
      const name = nameOf(competitorId);
      return name === undefined ? [] : [{ competitorId, name, from, to, days }];
    }),
    streakCount: streaksIn(figures, { from: period.from, to: last }),
    flashCtfs: Object.entries(figures.events)
      .filter(([, { day }]) => day >= period.from && day <= last)
      .map(([eventId, { name, day, players }]) => ({ eventId, name, day, players }))
      .toSorted((a, b) => Number(a.day > b.day) - Number(a.day < b.day)),
    teamEditsSince,
  };
}
