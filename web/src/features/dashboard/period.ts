import { addDays } from '#shared/kernel/days.ts';

export const PERIODS = [
  { id: 'last-30', text: 'Last 30 days' },
  { id: 'last-7', text: 'Last 7 days' },
  { id: 'this-month', text: 'This month' },
  { id: 'last-month', text: 'Last month' },
  { id: 'last-90', text: 'Last 90 days' },
] as const;

/** Any days, `from` and `to` in the address. */
export const OWN_PERIOD = { id: 'own', text: 'Other days' } as const;

type Period = (typeof PERIODS)[number] | typeof OWN_PERIOD;
export type PeriodId = Period['id'];

/** What the server takes when no range is asked for. */
export const DEFAULT_PERIOD: Period = PERIODS[0];

export const periodOf = (id: string | null): Period =>
  [...PERIODS, OWN_PERIOD].find((period) => period.id === id) ?? DEFAULT_PERIOD;

interface Range {
  readonly from: string;
  readonly to: string;
}

const RANGES: Readonly<Record<PeriodId, (today: string) => Range | null>> = {
  'last-30': () => null,
  own: () => null,
  'last-7': (today) => ({ from: addDays(today, -6), to: today }),
  'last-90': (today) => ({ from: addDays(today, -89), to: today }),
  'this-month': (today) => ({ from: firstOfMonth(today), to: today }),
  'last-month': (today) => {
    const to = addDays(firstOfMonth(today), -1);
    return { from: firstOfMonth(to), to };
  },
};

const firstOfMonth = (day: string): string => `${day.slice(0, 8)}01`;

/**
 * First and last day of a period, both included, counted from `today` (`YYYY-MM-DD` in the program's zone). Null for
 * the range that the server takes by itself.
 */
export const rangeOf = (id: PeriodId, today: string): Range | null => RANGES[id](today);
