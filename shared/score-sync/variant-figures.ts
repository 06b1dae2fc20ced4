import * as z from 'zod';
import type { Observation } from './observation.ts';
import type { Tier } from './policy/activity-tiers.ts';
import type { ReadOutcome, ReadWhat } from './score-records.ts';

/** How the variants did, so that policies can be compared by freshness and by calls. */

/** Bounds of the histogram of gaps, in minutes; longer ones are `more`. */
export const GAP_MINUTES = [10, 30, 60, 120, 240, 480] as const;
export const GAP_BOUNDS = [...GAP_MINUTES.map(String), 'more'];

const count = z.number().nonnegative().default(0);
/**
 * `calls`: lists asked for, without the client's repetitions. `empty`: reads that showed nothing new. `late`: reads that
 * came when the service level was over. `newSolves` are those that count for the waits (stored at − solved at), summed
 * in `waitSeconds`: found by a read that was neither the first nor a full one, and no older than twice the service
 * level; whatever else comes is a backfill.
 */
const countsSchema = z.object({
  reads: count,
  calls: count,
  empty: count,
  failed: count,
  late: count,
  newSolves: count,
  waitSeconds: count,
});
export const COUNTS = countsSchema.keyof().options;

export const variantFiguresSchema = countsSchema.extend({
  /** How long people had not been read when they were, by `<tier>_<bound>`. */
  gaps: z.record(z.string(), z.number().nonnegative()).default({}),
});
export type VariantFigures = Readonly<z.infer<typeof variantFiguresSchema>>;

export const gapName = (tier: Tier, bound: string): string => `${tier}_${bound}`;

export interface VariantDay {
  /** `YYYY-MM-DD` of the program's time zone. */
  readonly day: string;
  readonly variants: ReadonlyMap<string, VariantFigures>;
}

export interface CountedRead {
  readonly read: ReadWhat;
  readonly outcome: ReadOutcome;
  /** Neither a competitor's first read nor a full one. */
  readonly incremental: boolean;
  readonly tier: Tier;
  /** Seconds since the last read; null: there was none. */
  readonly gap: number | null;
  readonly observation: Observation | undefined;
}

function boundOf(gap: number): string {
  return String(GAP_MINUTES.find((minutes) => gap <= minutes * 60) ?? 'more');
}

/** One read's figures. */
export function figuresOf(read: CountedRead, slaSeconds: number): VariantFigures {
  const { gap, tier, outcome } = read;
  const waits = (read.incremental ? (read.observation?.news ?? []) : [])
    .map(({ storedAt, solvedAt }) => (Date.parse(storedAt) - Date.parse(solvedAt)) / 1000)
    .filter((wait) => wait <= 2 * slaSeconds)
    // The platform's clock may be ahead of ours.
    .map((wait) => Math.max(0, wait));
  return {
    reads: 1,
    calls: read.read === 'both' ? 2 : 1,
    empty: outcome === 'skipped_no_new_data' ? 1 : 0,
    failed: outcome === 'failed' ? 1 : 0,
    late: gap !== null && gap > slaSeconds ? 1 : 0,
    newSolves: waits.length,
    waitSeconds: Math.round(waits.reduce((sum, wait) => sum + wait, 0)),
    gaps: gap === null ? {} : { [gapName(tier, boundOf(gap))]: 1 },
  };
}

export function sumOf(figures: readonly VariantFigures[]): VariantFigures {
  const total = (of: (each: VariantFigures) => number) => figures.reduce((sum, each) => sum + of(each), 0);
  const names = [...new Set(figures.flatMap(({ gaps }) => Object.keys(gaps)))];
  return {
    ...countsSchema.parse(Object.fromEntries(COUNTS.map((name) => [name, total((each) => each[name])]))),
    gaps: Object.fromEntries(names.map((name) => [name, total(({ gaps }) => gaps[name] ?? 0)])),
  };
}
