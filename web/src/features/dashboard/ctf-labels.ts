import type { CtfChart } from '#shared/dashboard/contract.ts';
import { count, counted, monthName } from '#shared/kernel/format.ts';

/** The words of the monthly CTF chart; pure, so that chart, table and summary say the same. */

/** `12 more than by this day last month`, in two pieces: the first is the finding. */
export function paceFinding({
  previousMonth,
  solved,
  previousSameDay,
  totals,
  monthDays,
}: CtfChart['pace']): string {
  const by = solved - previousSameDay;
  const when = totals.length < monthDays ? 'by this day last month' : `in all of ${monthName(previousMonth)}`;
  if (by === 0) return `Same as ${when} (${count(previousSameDay)}).`;
  return `${count(Math.abs(by))} ${by > 0 ? 'more' : 'fewer'} than ${when} (${count(previousSameDay)}).`;
}

/** The chart in a sentence or two, for whoever does not see it. */
export function paceSummary(pace: CtfChart['pace']): string {
  const forecast =
    pace.forecast === null
      ? ''
      : ` At this pace ${count(pace.forecast)} by the end of ${monthName(pace.month)}.`;
  return `${counted(pace.solved, 'CTF challenge')} solved in ${monthName(pace.month)}. ${paceFinding(pace)}${forecast}`;
}

export function eventsSummary(events: CtfChart['events']): string {
  if (events.length === 0) return 'No Flash CTF in these months.';
  const points = events.reduce((sum, event) => sum + event.points, 0);
  return `${counted(points, 'point')} in ${counted(events.length, 'Flash CTF')}.`;
}
