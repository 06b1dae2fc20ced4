import {
  isStanding,
  type FlashResult,
  type Solve,
  type SolveHistory,
} from '#shared/score-sync/score-records.ts';
import { solveKey } from '#shared/score-sync/solve-mapping.ts';
import type { CardFigures, CardSolve, CardWorkRole } from './contract.ts';
import { categoryLabel, rolesOfCategory, workRoleOf } from './work-roles.ts';

/** What a card makes of stored solves. Withdrawn ones are listed and count nowhere. */

interface Range {
  readonly from: string;
  readonly to: string;
}

const newestFirst = (a: CardSolve, b: CardSolve): number =>
  b.solvedAt.localeCompare(a.solvedAt) || a.id.localeCompare(b.id);

/** The solves of the range, newest first, each with what the platform did to it since. */
export function listSolves(
  solves: readonly Solve[],
  changes: readonly SolveHistory[],
  results: readonly FlashResult[],
  range: Range,
): CardSolve[] {
  const events = new Map(results.map(({ eventId, eventName }) => [eventId, eventName]));
  const corrections = new Map(
    changes.filter(({ kind }) => kind === 'corrected').map((change) => [solveKey(change), change]),
  );
  return solves
    .filter(({ day }) => day >= range.from && day <= range.to)
    .map((solve): CardSolve => {
      const correction = corrections.get(solveKey(solve));
      const withdrawn = !isStanding(solve);
      return {
        id: solveKey(solve),
        source: solve.source,
        eventName: solve.source === 'odl' ? null : (events.get(solve.eventId) ?? 'Flash CTF'),
        title: solve.title,
        category: categoryLabel(solve.category),
        points: solve.points,
        solvedAt: solve.solvedAt,
        day: solve.day,
        mark: withdrawn ? 'withdrawn' : correction === undefined ? null : 'corrected',
        markedAt: solve.revokedAt ?? correction?.at ?? null,
        pointsBefore: withdrawn ? null : (correction?.before.points ?? null),
      };
    })
    .toSorted(newestFirst);
}

const byPoints = (a: { points: number; name: string }, b: { points: number; name: string }): number =>
  b.points - a.points || a.name.localeCompare(b.name);

/** Strengths by category. `known`: spellings that anybody has points in, so that a gap shows as nothing yet. */
export function categoriesOf(
  list: readonly CardSolve[],
  known: readonly string[],
): CardFigures['categories'] {
  const sums = new Map(known.map((spelled) => [categoryLabel(spelled), { challenges: 0, points: 0 }]));
  for (const { category, points, mark } of list) {
    if (mark === 'withdrawn') continue;
    const sum = sums.get(category) ?? { challenges: 0, points: 0 };
    sums.set(category, { challenges: sum.challenges + 1, points: sum.points + points });
  }
  return [...sums]
    .map(([name, { challenges, points }]) => ({ name, challenges, points }))
    .toSorted(byPoints)
    .map(({ name, challenges, points }) => ({ category: name, challenges, points }));
}

type RoleSum = Pick<CardWorkRole, 'id' | 'name' | 'area' | 'meaning'> & {
  readonly named: Set<string>;
  readonly byCategory: Set<string>;
  points: number;
};

/**
 * Challenges by NICE work role. A solve counts for the roles that the platform names with it, whatever set they are of;
 * one that names none counts for the roles of its category. A challenge solved twice counts once.
 */
export function workRolesOf(solves: readonly Solve[], range: Range): CardWorkRole[] {
  const sums = new Map<string, RoleSum>();
  for (const solve of solves) {
    if (!isStanding(solve) || solve.day < range.from || solve.day > range.to) continue;
    const words = solve.workRoles.map((word) => word.trim()).filter((word) => word !== '');
    const named = words.length > 0;
    const roles = named
      ? words.map((word) => workRoleOf(word) ?? { id: null, name: word, area: null, meaning: null })
      : rolesOfCategory(solve.category);
    const challenge = `${solve.source}#${solve.challengeId}`;
    for (const [key, role] of new Map(roles.map((one) => [one.id ?? one.name.toLowerCase(), one]))) {
      const sum = sums.get(key) ?? { ...role, named: new Set(), byCategory: new Set(), points: 0 };
      sums.set(key, sum);
      if (sum.named.has(challenge) || sum.byCategory.has(challenge)) continue;
      sum[named ? 'named' : 'byCategory'].add(challenge);
      sum.points += solve.points;
    }
  }
  return [...sums.values()]
    .map(({ id, name, area, meaning, named, byCategory, points }) => ({
      id,
      name,
      area,
      meaning,
      named: named.size,
      byCategory: byCategory.size,
      points,
    }))
    .toSorted((a, b) => b.named + b.byCategory - (a.named + a.byCategory) || byPoints(a, b));
}
