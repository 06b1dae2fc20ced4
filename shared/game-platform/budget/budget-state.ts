import * as z from 'zod';
import { CALL_PURPOSES } from './purposes.ts';

/** The state that all workers share: one small row, replaced as a whole by whoever changes it. Times in ms since 1970. */

const time = z.number().nonnegative();
const count = z.int().nonnegative();

export const breakerSchema = z.discriminatedUnion('kind', [
  /** Answers and failures seen since `since`. */
  z.object({ kind: z.literal('closed'), since: time, answered: count, failed: count }),
  /** No call before `until`. `openings`: how often it opened in a row. */
  z.object({ kind: z.literal('open'), since: time, until: time, openings: count }),
  /** One worker makes the trial call; when nothing is heard of it by `until`, another does. */
  z.object({ kind: z.literal('half_open'), since: time, until: time, openings: count }),
]);
export type Breaker = z.infer<typeof breakerSchema>;

/** What a day's calls were. */
export const budgetDaySchema = z.object({
  /** `YYYY-MM-DD` in the program's time zone. */
  day: z.string(),
  /** Calls by purpose. */
  calls: z.partialRecord(z.enum(CALL_PURPOSES), count),
  /** Calls by hour of the day, `00` to `23`; the doubled hour of a clock change counts both. */
  hours: z.record(z.string(), count),
  /** Work that was told to wait by us. */
  refused: count,
  /** Answers that asked us to slow down. */
  throttled: count,
  /** Server errors, time-outs and broken connections. */
  errors: count,
});
export type BudgetDay = z.infer<typeof budgetDaySchema>;

/** What a day's calls were before an hour's first one: kept apart, so that the shared row stays small. */
export const budgetHourSchema = budgetDaySchema.pick({ day: true, calls: true }).extend({
  /** `01` to `23`. */
  hour: z.string(),
});
export type BudgetHour = z.infer<typeof budgetHourSchema>;

export const budgetStateSchema = z.object({
  version: count,
  /** Names the write that made this version, so that a worker whose answer was lost knows its own. */
  by: z.string(),
  /** Time of the next free slot of each lane. */
  nextReads: time,
  nextRoster: time,
  /** While rosters and accounts wait for slots, both lanes get about half of them; in rows written before: never. */
  sharing: z.object({ from: time, until: time }).default({ from: 0, until: 0 }),
  /** The platform asked for silence until then (`Retry-After`). */
  quietUntil: time,
  breaker: breakerSchema,
  /** Slots leased today, less those given back: what the day's budget is held against. */
  spent: count,
  today: budgetDaySchema,
});
export type BudgetState = z.infer<typeof budgetStateSchema>;

export const totalCalls = ({ calls }: Pick<BudgetDay, 'calls'>): number =>
  CALL_PURPOSES.reduce((sum, purpose) => sum + (calls[purpose] ?? 0), 0);

export const emptyDay = (day: string): BudgetDay => ({
  day,
  calls: {},
  hours: {},
  refused: 0,
  throttled: 0,
  errors: 0,
});

type CallsByPurpose = BudgetDay['calls'];

const callsSince = (before: CallsByPurpose, after: CallsByPurpose): CallsByPurpose =>
  Object.fromEntries(
    CALL_PURPOSES.map((purpose) => [purpose, (after[purpose] ?? 0) - (before[purpose] ?? 0)] as const).filter(
      ([, calls]) => calls > 0,
    ),
  );

/**
 * A day's calls by hour and purpose, for the hours that had any; an hour whose beginning or end was not kept is left
 * out. Clocks of workers differ a little, so that a call next to the full hour may count for the other one.
 */
export function callsByHour(
  { calls, hours }: Pick<BudgetDay, 'calls' | 'hours'>,
  kept: readonly Pick<BudgetHour, 'hour' | 'calls'>[],
): ReadonlyMap<string, CallsByPurpose> {
  const before = new Map(kept.map((one) => [one.hour, one.calls]));
  const called = Object.keys(hours).toSorted();
  return new Map(
    called.flatMap((hour, index) => {
      const next = called[index + 1];
      const from = index === 0 ? {} : before.get(hour);
      const to = next === undefined ? calls : before.get(next);
      return from === undefined || to === undefined ? [] : [[hour, callsSince(from, to)] as const];
    }),
  );
}

export const closedBreaker = (since: number): Breaker => ({ kind: 'closed', since, answered: 0, failed: 0 });

export const initialBudget = (day: string): BudgetState => ({
  version: 0,
  by: '',
  nextReads: 0,
  nextRoster: 0,
  sharing: { from: 0, until: 0 },
  quietUntil: 0,
  breaker: closedBreaker(0),
  spent: 0,
  today: emptyDay(day),
});
