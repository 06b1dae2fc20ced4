import { countDays } from '#shared/kernel/days.ts';
import type { CardFigures, Insight } from './contract.ts';

/** Three or more days in a row with a solve. */
export const SHORTEST_STREAK = 3;
/** A coach asks after this long without a solve; the dashboard calls the same inactive. */
const QUIET_DAYS = 14;
/** A strength or a gap needs something to stand out from. */
const FEWEST_CATEGORIES = 3;
const MOST_INSIGHTS = 5;

export interface Streak {
  readonly days: number;
  readonly from: string;
  readonly to: string;
}

/** The longest run of days in a row, the later of two; null without a day. `days` are distinct and in order. */
export function longestStreak(days: readonly string[]): Streak | null {
  let best: Streak | null = null;
  let from: string | undefined;
  let before: string | undefined;
  for (const day of days) {
    if (from === undefined || before === undefined || countDays(before, day) !== 2) from = day;
    const length = countDays(from, day);
    if (best === null || length >= best.days) best = { days: length, from, to: day };
    before = day;
  }
  return best;
}

type Facts = Pick<CardFigures, 'totals' | 'allTime' | 'categories' | 'flash' | 'comparison'> & {
  readonly streak: Streak | null;
  /** Days since the last solve; null without one. */
  readonly quietDays: number | null;
};

/** What stands out, most pressing first, each with the figures it rests on. */
export function insightsOf(facts: Facts): Insight[] {
  const { totals, allTime, categories, flash, comparison, streak, quietDays } = facts;
  const found: Insight[] = [];
  if (quietDays !== null && quietDays >= QUIET_DAYS && allTime.lastSolveAt !== null)
    found.push({ code: 'quiet', days: quietDays, lastSolveAt: allTime.lastSolveAt });
  if (totals.previous !== null && totals.challenges !== totals.previous.challenges)
    found.push({
      code: 'progress',
      challenges: totals.challenges,
      previous: totals.previous.challenges,
      days: totals.days,
    });
  const [strongest] = categories;
  if (strongest !== undefined && strongest.points > 0 && categories.length >= FEWEST_CATEGORIES) {
    const of = categories.reduce((sum, { points }) => sum + points, 0);
    found.push({ code: 'strongest', category: strongest.category, points: strongest.points, of });
    const untouched = categories.filter(({ challenges }) => challenges === 0);
    if (untouched.length > 0)
      found.push({
        code: 'untouched',
        categories: untouched.map(({ category }) => category),
        known: categories.length,
      });
  }
  const ranks = flash.flatMap(({ rank }) => rank ?? []);
  const [first] = ranks;
  const last = ranks.at(-1);
  if (first !== undefined && last !== undefined && ranks.length > 1 && first !== last)
    found.push({ code: 'rank', from: first, to: last, events: ranks.length });
  const team = comparison.find(({ kind }) => kind === 'team');
  if (team?.averages)
    found.push({
      code: 'team',
      points: totals.points,
      average: team.averages.points,
      people: team.people,
    });
  if (streak !== null && streak.days >= SHORTEST_STREAK) found.push({ code: 'streak', ...streak });
  return found.slice(0, MOST_INSIGHTS);
}
