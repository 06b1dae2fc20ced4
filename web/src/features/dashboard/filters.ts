import { countDays } from '#shared/kernel/days.ts';
import { dayIn } from '#shared/kernel/format.ts';
import { useConfig } from '#web/shared/identity/config.ts';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { useUrlFilters } from '#web/shared/ui/filters.tsx';
import type { DashboardFilters } from '#web/shared/dashboard/dashboard-query.ts';
import { periodOf, rangeOf } from './period.ts';

/** The server takes no longer range. */
const LONGEST_DAYS = 366;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (text: string): boolean => DAY.test(text) && !Number.isNaN(Date.parse(text));

interface OwnRange {
  readonly from: string;
  readonly to: string;
  /** Why it cannot be shown, in words; null: it can. */
  readonly problem: string | null;
}

/** The days that somebody chose by hand. */
export function ownRangeOf(from: string, to: string): OwnRange {
  const days = isDay(from) && isDay(to) ? countDays(from, to) : null;
  const problem =
    days === null
      ? 'Choose a first and a last day.'
      : days === 0
        ? 'The first day is after the last. Swap the two.'
        : days > LONGEST_DAYS
          ? `Choose at most ${LONGEST_DAYS} days.`
          : null;
  return { from, to, problem };
}

/** The filters in the address, as every part of the page and its files ask for them. */
export function useDashboardFilters(now: Date): Required<DashboardFilters> {
  const { timeZone } = useConfig();
  const me = useMe();
  const [params] = useUrlFilters();
  const { id } = periodOf(params.get('period'));
  const own = ownRangeOf(params.get('from') ?? '', params.get('to') ?? '');
  const chosen = own.problem === null ? own : null;
  const { from, to } = (id === 'own' ? chosen : rangeOf(id, dayIn(timeZone, now))) ?? {
    from: null,
    to: null,
  };
  return {
    coachId: seesAllCoaches(me) ? params.get('coach') : null,
    division: params.get('division'),
    from,
    to,
  };
}
