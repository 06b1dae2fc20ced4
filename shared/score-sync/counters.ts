import type { CompetitorDay, CompetitorStats, Solve } from './score-records.ts';
import type { Subject } from './solve-mapping.ts';

/** What a set of solves adds to a counter. */
export interface CounterDelta {
  readonly odl: number;
  readonly ctf: number;
  readonly odlPoints: number;
  readonly ctfPoints: number;
  /** The newest of them, ISO 8601. */
  readonly lastSolveAt: string;
}

export interface CounterDeltas {
  readonly stats: CounterDelta;
  /** By day, `YYYY-MM-DD`. */
  readonly days: ReadonlyMap<string, CounterDelta>;
}

const later = (a: string | null | undefined, b: string): string => ((a ?? '') > b ? (a ?? b) : b);

function plus(delta: CounterDelta | undefined, solve: Solve): CounterDelta {
  const odl = solve.source === 'odl' ? 1 : 0;
  const before = delta ?? { odl: 0, ctf: 0, odlPoints: 0, ctfPoints: 0, lastSolveAt: solve.solvedAt };
  return {
    odl: before.odl + odl,
    ctf: before.ctf + 1 - odl,
    odlPoints: before.odlPoints + odl * solve.points,
    ctfPoints: before.ctfPoints + (1 - odl) * solve.points,
    lastSolveAt: later(before.lastSolveAt, solve.solvedAt),
  };
}

/** What these solves add to the competitor's totals and days; null when there are none. Each solve counts once. */
export function counterDeltas(solves: readonly Solve[]): CounterDeltas | null {
  let stats: CounterDelta | undefined;
  const days = new Map<string, CounterDelta>();
  for (const solve of solves) {
    stats = plus(stats, solve);
    days.set(solve.day, plus(days.get(solve.day), solve));
  }
  return stats === undefined ? null : { stats, days };
}

export const emptyStats = (subject: Subject): CompetitorStats => ({
  competitorId: subject.competitorId,
  coachId: subject.coachId,
  storedOdl: 0,
  storedCtf: 0,
  storedOdlPoints: 0,
  storedCtfPoints: 0,
  lastSolveAt: null,
  platform: null,
});

export const addToStats = (stats: CompetitorStats, delta: CounterDelta): CompetitorStats => ({
  ...stats,
  storedOdl: stats.storedOdl + delta.odl,
  storedCtf: stats.storedCtf + delta.ctf,
  storedOdlPoints: stats.storedOdlPoints + delta.odlPoints,
  storedCtfPoints: stats.storedCtfPoints + delta.ctfPoints,
  lastSolveAt: later(stats.lastSolveAt, delta.lastSolveAt),
});

/** @param day the day's row as stored, undefined when there is none yet */
export const addToDay = (
  subject: Subject,
  date: string,
  day: CompetitorDay | undefined,
  delta: CounterDelta,
): CompetitorDay => ({
  competitorId: subject.competitorId,
  coachId: subject.coachId,
  day: date,
  odl: (day?.odl ?? 0) + delta.odl,
  ctf: (day?.ctf ?? 0) + delta.ctf,
  odlPoints: (day?.odlPoints ?? 0) + delta.odlPoints,
  ctfPoints: (day?.ctfPoints ?? 0) + delta.ctfPoints,
  lastSolveAt: later(day?.lastSolveAt, delta.lastSolveAt),
});
