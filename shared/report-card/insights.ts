import { runsOf, STREAK_DAYS, type DayRun } from '#shared/dashboard/streaks.ts';
import type { CardFigures, Insight } from './contract.ts';

/** A strength or a gap needs something to stand out from. */
const FEWEST_CATEGORIES = 3;
const MOST_INSIGHTS = 5;

/** The longest run of days in a row, the later of two; null without a day. `days` are distinct. */
export const longestStreak = (days: readonly string[]): DayRun | null =>
  runsOf(days).reduce<DayRun | null>(
    (best, run) => (best === null || run.days >= best.days ? run : best),
    null,
  );

type Facts = Pick<CardFigures, 'totals' | 'allTime' | 'categories' | 'flash' | 'comparison'> & {
  readonly streak: DayRun | null;
  /** Days since the last solve; null without one. */
  readonly quietDays: number | null;
  /** Days without a solve that are worth a word. */
  readonly inactiveDays: number;
};

/** What stands out, most pressing first, each with the figures it rests on. */
export function insightsOf(facts: Facts): Insight[] {
  const { totals, allTime, categories, flash, comparison, streak, quietDays, inactiveDays } = facts;
  const found: Insight[] = [];
  if (quietDays !== null && quietDays >= inactiveDays && allTime.lastSolveAt !== null)
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
  if (streak !== null && streak.days >= STREAK_DAYS) found.push({ code: 'streak', ...streak });
  return found.slice(0, MOST_INSIGHTS);
}
