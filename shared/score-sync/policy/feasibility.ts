/** Whether population, service level and budget go together, to be said before settings are saved. */

const DAY = 86_400;

export interface SyncPlan {
  readonly competitors: number;
  /** No one waits longer between two reads, in seconds. */
  readonly slaSeconds: number;
  /** Reads a day. */
  readonly dailyBudget: number;
  /** Seconds between two rounds of dispatch. */
  readonly roundSeconds: number;
  readonly callsPerSecond: number;
}

export type InfeasibleCode = 'budget_below_sla' | 'rate_below_sla' | 'rounds_beyond_sla';

export interface Feasibility {
  /** Reads a day that keep the service level without a single one to spare for being quick. */
  readonly leastDailyCalls: number;
  /** With these, half of the reads follow activity: what we advise at least. */
  readonly advisedDailyCalls: number;
  /** People in each round so that a plain rotation keeps the service level. */
  readonly batchSize: number;
  readonly problems: readonly { readonly code: InfeasibleCode; readonly sentence: string }[];
  /** Share of the budget that the service level takes; above 1 it cannot be kept. */
  readonly slaShare: number;
}

const hours = (seconds: number): string => `${Math.round(seconds / 360) / 10} hours`;

/** @throws RangeError for a number that is negative or none, or a service level or round of 0 s */
export function feasibility(plan: SyncPlan): Feasibility {
  for (const [name, value] of Object.entries(plan)) {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new RangeError(`${name} must be a number of zero or more, not ${value}.`);
    }
  }
  const { competitors, slaSeconds, dailyBudget, roundSeconds, callsPerSecond } = plan;
  if (slaSeconds === 0 || roundSeconds === 0) {
    throw new RangeError('Neither the service level nor the time between rounds may be 0 s.');
  }
  // A read has to happen in the last round before the limit, so that the limit shrinks by one round.
  const rounds = Math.floor(slaSeconds / roundSeconds);
  const usable = Math.max(1, rounds - 1);
  const leastDailyCalls = Math.ceil((competitors * DAY) / (usable * roundSeconds));
  const problems: Feasibility['problems'][number][] = [];
  if (rounds < 2) {
    problems.push({
      code: 'rounds_beyond_sla',
      sentence: `Reads are handed out every ${Math.round(roundSeconds / 60)} minutes, which is too seldom to read everyone every ${hours(slaSeconds)}.`,
    });
  }
  if (dailyBudget < leastDailyCalls) {
    problems.push({
      code: 'budget_below_sla',
      sentence: `Reading ${competitors} competitors every ${hours(slaSeconds)} takes ${leastDailyCalls} calls a day; the budget is ${dailyBudget}.`,
    });
  }
  if (callsPerSecond * DAY < leastDailyCalls) {
    problems.push({
      code: 'rate_below_sla',
      sentence: `At ${callsPerSecond} calls a second at most ${Math.floor(callsPerSecond * DAY)} calls a day can be made; ${leastDailyCalls} are needed.`,
    });
  }
  return {
    leastDailyCalls,
    advisedDailyCalls: 2 * leastDailyCalls,
    batchSize: Math.max(1, Math.ceil(competitors / usable)),
    problems,
    slaShare: leastDailyCalls === 0 ? 0 : leastDailyCalls / dailyBudget,
  };
}
