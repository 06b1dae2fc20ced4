import { breakerAfter, type Seen } from './breaker.ts';
import type { BudgetState } from './budget-state.ts';
import { CALL_PURPOSES, type CallPurpose } from './purposes.ts';

/** What a process reports with its next write to the shared budget. */
export interface UsageReport extends Seen {
  readonly calls: Readonly<Partial<Record<CallPurpose, number>>>;
  readonly refused: number;
  readonly throttled: number;
  /** Leased slots that will not be used any more. */
  readonly unused: number;
  /** From `Retry-After`, in ms since 1970; 0: none. */
  readonly quietUntil: number;
}

export const EMPTY_REPORT: UsageReport = {
  calls: {},
  answered: 0,
  failed: 0,
  trial: null,
  refused: 0,
  throttled: 0,
  unused: 0,
  quietUntil: 0,
};

export const callsIn = ({ calls }: UsageReport): number =>
  Object.values(calls).reduce((total, number) => total + number, 0);

export const isEmptyReport = (report: UsageReport): boolean =>
  report.trial === null &&
  callsIn(report) === 0 &&
  [report.answered, report.failed, report.refused, report.throttled, report.unused, report.quietUntil].every(
    (number) => number === 0,
  );

function addCalls(a: UsageReport['calls'], b: UsageReport['calls']): UsageReport['calls'] {
  const sum: Partial<Record<CallPurpose, number>> = { ...a };
  for (const purpose of CALL_PURPOSES) {
    const number = b[purpose] ?? 0;
    if (number > 0) sum[purpose] = (sum[purpose] ?? 0) + number;
  }
  return sum;
}

/** Both in one; `b` is the later one. */
export const addReports = (a: UsageReport, b: UsageReport): UsageReport => ({
  calls: addCalls(a.calls, b.calls),
  answered: a.answered + b.answered,
  failed: a.failed + b.failed,
  trial: b.trial ?? a.trial,
  refused: a.refused + b.refused,
  throttled: a.throttled + b.throttled,
  unused: a.unused + b.unused,
  quietUntil: Math.max(a.quietUntil, b.quietUntil),
});

/** The shared state with a process's report, counted on the day of the report. `random`: uniform in [0, 1). */
export function withReport(
  state: BudgetState,
  report: UsageReport,
  at: { readonly now: number; readonly hour: string; readonly random: number },
): BudgetState {
  const { today } = state;
  const made = callsIn(report);
  const hours = made === 0 ? today.hours : { ...today.hours, [at.hour]: (today.hours[at.hour] ?? 0) + made };
  return {
    ...state,
    quietUntil: Math.max(state.quietUntil, report.quietUntil),
    breaker: breakerAfter(state.breaker, report, at.now, at.random),
    spent: Math.max(0, state.spent - report.unused),
    today: {
      ...today,
      calls: addCalls(today.calls, report.calls),
      hours,
      refused: today.refused + report.refused,
      throttled: today.throttled + report.throttled,
      errors: today.errors + report.failed,
    },
  };
}
