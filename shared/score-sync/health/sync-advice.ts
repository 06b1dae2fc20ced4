import { count, percent } from '#shared/kernel/format.ts';

/** What an admin might change, from what the reads of some days came to. */

export interface AdviceFacts {
  /** Days in their order, all variants together. */
  readonly days: readonly DayFacts[];
  readonly slaHours: number;
  readonly dailyCallBudget: number;
}

export interface DayFacts {
  readonly reads: number;
  readonly empty: number;
  readonly failed: number;
  /** Reads that came after the service level. */
  readonly late: number;
  /** Calls to the platform, for whatever purpose. */
  readonly calls: number;
}

export const ADVICE_CODES = ['errors', 'late', 'budget', 'empty'] as const;
export type AdviceCode = (typeof ADVICE_CODES)[number];

export interface Advice {
  readonly code: AdviceCode;
  readonly sentence: string;
  /** What it is based on. */
  readonly basis: {
    /** Reads of the days that were looked at; of errors, those of the last one. */
    readonly reads: number;
    /** Of the reads, or of the calls of a day, as the advice is about. */
    readonly share: number;
    /** Reads that failed, came late or showed nothing; or the calls of the fullest day. */
    readonly found: number;
    /** Of errors: the share on the days before. */
    readonly before: number | null;
  };
}

/** Fewer reads than this say nothing. */
const FEW_READS = 20;
const MOSTLY_EMPTY = 0.8;
const MANY_FAILED = 0.1;
/** Or fewer, but so many times the share of the days before. */
const SPIKE_FROM = 0.03;
const SPIKE = 3;
/** The rest is kept for rosters. */
const NEARLY_SPENT = 0.85;

const total = (days: readonly DayFacts[], of: (day: DayFacts) => number): number =>
  days.reduce((sum, day) => sum + of(day), 0);

/** Whether errors are many, or many more than on the days before. */
function errorSpike(
  days: readonly DayFacts[],
): { readonly last: DayFacts; readonly share: number; readonly before: number } | null {
  const last = days.at(-1);
  if (last === undefined || last.reads < FEW_READS) return null;
  const earlier = days.slice(0, -1);
  const share = last.failed / last.reads;
  const before =
    total(earlier, ({ failed }) => failed) /
    Math.max(
      1,
      total(earlier, ({ reads }) => reads),
    );
  return share >= MANY_FAILED || (share >= SPIKE_FROM && share >= SPIKE * before)
    ? { last, share, before }
    : null;
}

/** Sentences, the most urgent first; none when all is well. */
export function syncAdvice({ days, slaHours, dailyCallBudget }: AdviceFacts): Advice[] {
  const advice: Advice[] = [];
  const reads = total(days, (day) => day.reads);
  const late = total(days, (day) => day.late);
  const mostCalls = Math.max(0, ...days.map(({ calls }) => calls));
  const most = mostCalls / dailyCallBudget;
  const spike = errorSpike(days);
  if (spike !== null) {
    advice.push({
      code: 'errors',
      sentence: `${percent(spike.share)} of the last day’s reads failed, ${percent(spike.before)} of those before. Shrink the batch until the platform answers again.`,
      basis: { reads: spike.last.reads, share: spike.share, found: spike.last.failed, before: spike.before },
    });
  }
  if (late > 0) {
    advice.push({
      code: 'late',
      sentence: `${late === 1 ? 'One read' : `${late} reads`} came later than the ${slaHours} hours promised. Let more batches run: a larger batch, or more calls a day and a second. After an outage or a pause this passes by itself.`,
      basis: { reads, share: late / Math.max(1, reads), found: late, before: null },
    });
  }
  if (most >= NEARLY_SPENT) {
    advice.push({
      code: 'budget',
      sentence: `A day took ${percent(most)} of the ${count(dailyCallBudget)} calls allowed. Allow more, or have fewer reads a day, before reads have to wait.`,
      basis: { reads, share: most, found: mostCalls, before: null },
    });
  }
  const empty = total(days, (day) => day.empty);
  if (reads >= FEW_READS && empty / reads > MOSTLY_EMPTY) {
    advice.push({
      code: 'empty',
      sentence: `${percent(empty / reads)} of the reads showed nothing new. Grow the batch, so that a rotation needs fewer of them, or let the adaptive policy choose more of the reads.`,
      basis: { reads, share: empty / reads, found: empty, before: null },
    });
  }
  return advice;
}
