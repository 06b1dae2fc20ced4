import { addDays, countDays, monthBefore, monthOf } from '#shared/kernel/days.ts';
import { rangeLabel } from '#shared/kernel/format.ts';

export interface Period {
  readonly from: string;
  readonly to: string;
  /** The equally long range right before. */
  readonly previousFrom: string;
  readonly previousTo: string;
  readonly label: string;
  readonly previousLabel: string;
}

/** Longer ranges would make one request read years of days. */
export const LONGEST_PERIOD_DAYS = 366;
const DEFAULT_DAYS = 30;

export type PeriodProblem = { readonly path: 'from' | 'to'; readonly message: string };

/** The filter's range, both days included; by default the 30 days that end today. */
export function periodOf(
  filter: { readonly from?: string | undefined; readonly to?: string | undefined },
  today: string,
): Period | PeriodProblem {
  const to = filter.to ?? today;
  const from = filter.from ?? addDays(to, 1 - DEFAULT_DAYS);
  const days = countDays(from, to);
  if (days === 0) return { path: 'from', message: 'The first day must not be after the last. Swap the two.' };
  if (days > LONGEST_PERIOD_DAYS) {
    return { path: 'from', message: `Choose at most ${LONGEST_PERIOD_DAYS} days.` };
  }
  const previousTo = addDays(from, -1);
  const previousFrom = addDays(previousTo, 1 - days);
  return {
    from,
    to,
    previousFrom,
    previousTo,
    label: rangeLabel(from, to, today),
    previousLabel: rangeLabel(previousFrom, previousTo, today),
  };
}

/** The months that the CTF chart compares: that of the period's last day, as far as it is here, and the one before. */
export function monthsOf(period: Pick<Period, 'to'>, today: string) {
  const last = period.to < today ? period.to : today;
  const month = monthOf(last);
  return { last, month, previous: monthBefore(month) };
}
