import * as z from 'zod';

/**
 * What a call costs, in solve-seconds of waiting, so that a day's calls come to the budget; and the hard limit behind
 * it. Reads go with 1/√price (see `adaptive-policy.ts`), so that one number, the demand at price 1, foretells the calls
 * at any price. Over a day the demand follows the square root of the weekly rhythm; taking the next 24 hours instead of
 * a calendar day, the price moves slowly and nothing happens at midnight.
 */

const HOUR = 3600;
const DAY_HOURS = 24;
const figure = z.number().nonnegative();

export const callLedgerSchema = z.object({
  /** Reads per round at price 1 in an average hour; 0: not known yet. */
  demand: figure,
  /** Reads a day, over the last days; begins with the plan. */
  average: figure,
  /** Hours since 1970 of the last entry, and the reads of that hour and the 23 before it, oldest first. */
  hour: z.int().nonnegative(),
  spent: z.array(figure).length(DAY_HOURS),
});
export type CallLedger = z.infer<typeof callLedgerSchema>;

export const FIRST_LEDGER: CallLedger = {
  demand: 0,
  average: 0,
  hour: 0,
  spent: Array.from({ length: DAY_HOURS }, () => 0),
};

/** The ledger as it stands at a moment: hours that have passed are empty, older ones gone. */
export function ledgerAt(ledger: CallLedger, now: number): CallLedger {
  const hour = Math.floor(now / HOUR);
  const passed = Math.min(DAY_HOURS, Math.max(0, hour - ledger.hour));
  if (passed === 0) return ledger;
  return {
    ...ledger,
    hour,
    spent: [...ledger.spent.slice(passed), ...Array.from({ length: passed }, () => 0)],
  };
}

/** Demand of an hour relative to an even week. */
const hourDemand = (share: number): number => Math.sqrt(share * 168);

export interface Demand {
  /** Of the present hour, and summed over the rounds of an average day of the week. */
  readonly present: number;
  readonly day: number;
}

export const demandOf = (shares: readonly number[], weekHour: number, roundsPerHour: number): Demand => ({
  present: hourDemand(shares[weekHour] ?? 0),
  day: (roundsPerHour / 7) * shares.reduce((sum, share) => sum + hourDemand(share), 0),
});

/** Calls of any 24 clock hours, and how many of them an ordinary day is meant to take; the rest is for Flash CTFs. */
export interface CallBudget {
  readonly dailyBudget: number;
  readonly usualCalls: number;
}

/** How strongly: what the demand is off by is left over by one part in so many and one. */
const CORRECTION = 3;

/**
 * What the last days had too many, the next ones have less, and the other way round.
 * @param extra reads at price 1 that an open event will ask for on top; they may take what an ordinary day leaves
 * @returns solve-seconds per call
 */
export function callPrice(ledger: CallLedger, demand: Demand, extra: number, budget: CallBudget): number {
  const usual = ledger.demand * demand.day;
  const behind = 1 + CORRECTION * (1 - ledger.average / Math.max(1, budget.usualCalls));
  const corrected = budget.usualCalls * Math.min(1.15, Math.max(0.85, behind));
  const planned = Math.max(1, Math.min(corrected, budget.dailyBudget));
  return Math.max(usual / planned, (usual + extra) / Math.max(1, budget.dailyBudget)) ** 2;
}

/**
 * How many reads beyond those that are due may be made now, so that no 24 clock hours in a row exceed the budget while
 * everyone is still read in time: for each of the next 24 hours, what must be read by then has to fit in, and every
 * read returns when its own time is up.
 * @param dueIn people who must be read within each of the coming hours of the service level, the first one now
 */
export function readsToSpare(ledger: CallLedger, dailyBudget: number, dueIn: readonly number[]): number {
  let spent = ledger.spent.reduce((sum, calls) => sum + calls, 0);
  let spare = Infinity;
  for (let ahead = 0; ahead < DAY_HOURS; ahead += 1) {
    spent += dueIn[ahead % dueIn.length] ?? 0;
    spare = Math.min(spare, dailyBudget - spent);
    spent -= ledger.spent[ahead] ?? 0;
  }
  return Math.max(0, Math.floor(spare));
}

/** Days. */
const AVERAGED_OVER = 5;

export interface Spending {
  readonly reads: number;
  readonly price: number;
  readonly demand: Demand;
  /** False when the reads were not what the price alone asks for. */
  readonly representative: boolean;
  readonly roundsPerDay: number;
}

/**
 * The ledger after a round. Busy hours count for more, so that the week's reads come right, whatever their shape.
 */
export function bookReads(
  ledger: CallLedger,
  { reads, price, demand, representative, roundsPerDay }: Spending,
): CallLedger {
  const booked = {
    ...ledger,
    spent: [...ledger.spent.slice(0, -1), (ledger.spent.at(-1) ?? 0) + reads],
    average: ledger.average + (reads - ledger.average / roundsPerDay) / AVERAGED_OVER,
  };
  if (!representative || !(demand.day > 0)) return booked;
  const surprise = reads * Math.sqrt(price) - ledger.demand * demand.present;
  return { ...booked, demand: Math.max(ledger.demand / 2, ledger.demand + surprise / demand.day) };
}
