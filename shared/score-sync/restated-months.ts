import { dayOf, monthOf } from '#shared/kernel/days.ts';
import { add, setAll, setIfAbsent, update } from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import type { Table, TransactItem } from '#shared/table/table.ts';
import { isStanding, type RestatedMonth, type Solve, type SyncState } from './score-records.ts';
import type { SolveChange } from './solve-audit.ts';
import type { Subject } from './solve-mapping.ts';

/** How much changes move the numbers of a month. */
export type MonthChange = Pick<RestatedMonth, 'odl' | 'ctf' | 'odlPoints' | 'ctfPoints'>;

/** A month's numbers are still expected to move this long after its end: reads lag by up to the promised eight hours. */
const SETTLING_MS = 24 * 60 * 60 * 1000;

/**
 * The oldest month, `YYYY-MM`, that has not ended for good at the time of an answer; null for a competitor's first read,
 * whose past months no one has seen before.
 */
export const openMonth = (
  state: Pick<SyncState, 'lastReadAt' | 'readBefore'>,
  readAt: Date,
  timeZone: string,
) =>
  state.lastReadAt === null && state.readBefore !== true
    ? null
    : monthOf(dayOf(new Date(readAt.getTime() - SETTLING_MS).toISOString(), timeZone));

/** By how much changes move the months before `open`, by month; months that stay as they were are left out. */
export function restatements(
  changes: readonly Pick<SolveChange, 'before' | 'after'>[],
  open: string,
): Map<string, MonthChange> {
  const months = new Map<string, MonthChange>();
  const count = (solve: Solve | null, sign: 1 | -1): void => {
    if (solve === null || !isStanding(solve) || monthOf(solve.day) >= open) return;
    const month = monthOf(solve.day);
    const sum = months.get(month) ?? { odl: 0, ctf: 0, odlPoints: 0, ctfPoints: 0 };
    const odl = solve.source === 'odl' ? sign : 0;
    const ctf = sign - odl;
    months.set(month, {
      odl: sum.odl + odl,
      ctf: sum.ctf + ctf,
      odlPoints: sum.odlPoints + odl * solve.points,
      ctfPoints: sum.ctfPoints + ctf * solve.points,
    });
  };
  for (const { before, after } of changes) {
    count(before, -1);
    count(after, 1);
  }
  for (const [month, { odl, ctf, odlPoints, ctfPoints }] of months)
    if ([odl, ctf, odlPoints, ctfPoints].every((value) => value === 0)) months.delete(month);
  return months;
}

/** A month of several people, for the mark beside its numbers. */
export interface RestatedNote extends MonthChange {
  readonly month: string;
  readonly lastAt: string;
  readonly people: number;
}

/** The marks of some people's months, oldest month first; what came back to where it was needs no mark. */
export function restatedNotes(rows: readonly RestatedMonth[]): RestatedNote[] {
  const moved = rows.filter((row) =>
    [row.odl, row.ctf, row.odlPoints, row.ctfPoints].some((value) => value !== 0),
  );
  return [...Map.groupBy(moved, ({ month }) => month)]
    .map(([month, list]) => ({
      month,
      lastAt: list.reduce((last, { lastAt }) => (lastAt > last ? lastAt : last), ''),
      people: list.length,
      odl: list.reduce((sum, { odl }) => sum + odl, 0),
      ctf: list.reduce((sum, { ctf }) => sum + ctf, 0),
      odlPoints: list.reduce((sum, { odlPoints }) => sum + odlPoints, 0),
      ctfPoints: list.reduce((sum, { ctfPoints }) => sum + ctfPoints, 0),
    }))
    .toSorted((a, b) => a.month.localeCompare(b.month));
}

/** Adds a change to the mark of a month, or makes the mark. */
export function monthUpdate(
  table: Table,
  { competitorId, coachId }: Subject,
  month: string,
  change: MonthChange,
  at: string,
): TransactItem {
  return {
    Update: {
      TableName: table.name,
      Key: keys.restatedMonth(competitorId, month),
      ...update([
        setAll({
          ...indexKeys.restatedOfCoach(coachId, month, competitorId),
          type: 'restated_month',
          competitorId,
          coachId,
          month,
          lastAt: at,
        }),
        setIfAbsent('firstAt', at),
        add('odl', change.odl),
        add('ctf', change.ctf),
        add('odlPoints', change.odlPoints),
        add('ctfPoints', change.ctfPoints),
      ]),
    },
  };
}
