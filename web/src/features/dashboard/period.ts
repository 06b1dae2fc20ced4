import { addDays } from '../../shared/format/time.ts';

export const PERIODS = [
  { id: 'last-30', text: 'Last 30 days' },
  { id: 'last-7', text: 'Last 7 days' },
  { id: 'this-month', text: 'This month' },
  { id: 'last-month', text: 'Last month' },
  { id: 'last-90', text: 'Last 90 days' },
] as const;

type Period = (typeof PERIODS)[number];
export type PeriodId = Period['id'];

/** What the server takes when no range is asked for. */
export const DEFAULT_PERIOD: Period = PERIODS[0];

export const periodOf = (id: string | null): Period =>
  PERIODS.find((period) => period.id === id) ?? DEFAULT_PERIOD;

/** First and last day of a period, both included, counted from `today` (`YYYY-MM-DD` in the programme's zone). */
export function rangeOf(id: PeriodId, today: string): { from: string; to: string } | null {
  const firstOfMonth = `${today.slice(0, 8)}01`;
  switch (id) {
    case 'last-30':
      return null;
    case 'last-7':
      return { from: addDays(today, -6), to: today };
    case 'last-90':
      return { from: addDays(today, -89), to: today };
    case 'this-month':
      return { from: firstOfMonth, to: today };
    case 'last-month': {
      const to = addDays(firstOfMonth, -1);
      return { from: `${to.slice(0, 8)}01`, to };
    }
  }
}
