import { listDays } from '#shared/kernel/days.ts';
import type { DashboardView } from './contract.ts';
import type { CoachFacts } from './facts.ts';
import { isRegistered, type DayOf } from './metrics.ts';
import type { Period } from './period.ts';
import { runsOf, STREAK_DAYS } from './streaks.ts';

/** Lines that a chart can show; the count is of all. */
const MOST_STREAKS = 20;

interface TimelineContext {
  readonly facts: CoachFacts;
  readonly period: Period;
  readonly today: string;
  readonly dayOf: DayOf;
}

/** What happened by day: who came to the platform, edits of teams, solves, streaks, Flash CTFs. */
export function timelineOf({ facts, period, today, dayOf }: TimelineContext): DashboardView['timeline'] {
  const registered = new Map(facts.competitors.filter(isRegistered).map((one) => [one.id, one]));
  const last = period.to < today ? period.to : today;
  const days = new Map(
    listDays(period.from, last).map((day) => [day, { day, registrations: 0, teamEdits: 0, solves: 0 }]),
  );
  for (const { platform } of registered.values()) {
    const day = platform.onboardedAt === null ? undefined : days.get(dayOf(platform.onboardedAt));
    if (day !== undefined) day.registrations += 1;
  }
  for (const { at } of facts.teamEdits) {
    const day = days.get(dayOf(at));
    if (day !== undefined) day.teamEdits += 1;
  }
  const solvedOn = new Map<string, Set<string>>();
  for (const { competitorId, day, odl, ctf } of facts.days) {
    if (!registered.has(competitorId) || odl + ctf <= 0) continue;
    const counted = days.get(day);
    if (counted !== undefined) counted.solves += odl + ctf;
    const own = solvedOn.get(competitorId) ?? new Set();
    own.add(day);
    solvedOn.set(competitorId, own);
  }
  // A streak that began before the range is as long as it is, and is shown from the range's first day.
  const streaks = [...solvedOn].flatMap(([competitorId, own]) => {
    const competitor = registered.get(competitorId);
    if (competitor === undefined) return [];
    return runsOf(own)
      .filter(({ from, to, days: length }) => length >= STREAK_DAYS && to >= period.from && from <= last)
      .map(({ from, to, days: length }) => ({
        competitorId,
        name: `${competitor.firstName} ${competitor.lastName}`,
        from,
        to,
        days: length,
      }));
  });
  const flashCtfs = new Map<string, DashboardView['timeline']['flashCtfs'][number]>();
  for (const { competitorId, eventId, eventName, startsAt, solved } of facts.flashResults) {
    const day = dayOf(startsAt);
    if (!registered.has(competitorId) || !days.has(day)) continue;
    const players = (flashCtfs.get(eventId)?.players ?? 0) + Number(solved > 0);
    flashCtfs.set(eventId, { eventId, name: eventName, day, players });
  }
  return {
    days: [...days.values()],
    streaks: streaks
      .toSorted((a, b) => b.days - a.days || Number(a.to < b.to) - Number(a.to > b.to))
      .slice(0, MOST_STREAKS),
    streakCount: streaks.length,
    flashCtfs: [...flashCtfs.values()].toSorted((a, b) => Number(a.day > b.day) - Number(a.day < b.day)),
    teamEditsSince: facts.teamEditsSince === null ? null : dayOf(facts.teamEditsSince),
  };
}
