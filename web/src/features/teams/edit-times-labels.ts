import type { EditTimesView } from '#shared/teams/contract.ts';
import { count, counted, duration, monthAndYear, percent } from '#shared/kernel/format.ts';

/** How long edits took to reach the platform, in words; pure. */

type Month = EditTimesView['months'][number];

/** `14 s`; the times are upper bounds. */
export const boundLabel = (seconds: number | null): string =>
  seconds === null ? 'over an hour' : duration(seconds * 1000);

/** `99.2%`; never rounded up to all of them. */
export function shareLabel(share: number): string {
  const tenths = Math.floor(share * 1000 + 1e-9) / 10;
  return percent(tenths / 100, 1);
}

/** This month's line; of an earlier month when nothing was edited yet in this one. */
export function editTimesLine(month: Month, thisMonth: string): string {
  const when = month.month === thisMonth ? 'this month' : `in ${monthAndYear(month.month)}`;
  return `${shareLabel(month.withinPromise)} of ${counted(month.edits, 'edit')} ${when} reached the platform within a minute.`;
}

/** Half, most, nearly all: the bounds of the three percentiles. */
export const percentilesLine = ({ p50, p95, p99 }: Month): string =>
  `Half within ${boundLabel(p50)}, 95% within ${boundLabel(p95)}, 99% within ${boundLabel(p99)}.`.replaceAll(
    'within over',
    'in over',
  );

export const EDIT_TIME_COLUMNS = [
  'Month',
  'Edits',
  'Half (p50)',
  '95% (p95)',
  '99% (p99)',
  'Within 60 s',
] as const;

export const editTimeCells = (month: Month): readonly string[] => [
  monthAndYear(month.month),
  count(month.edits),
  boundLabel(month.p50),
  boundLabel(month.p95),
  boundLabel(month.p99),
  shareLabel(month.withinPromise),
];

/** The promise is kept when 99 of 100 edits are there within a minute. */
export const keptPromise = ({ withinPromise }: Month): boolean => withinPromise >= 0.99;
