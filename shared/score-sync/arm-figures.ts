import * as z from 'zod';
import type { Lesson } from './read-lesson.ts';
import type { ReadOutcome } from './score-records.ts';
import type { ReadWhat } from './sync-competitor.ts';

/** How the arms did, so that policies can be compared by freshness and by calls. */

const count = z.number().nonnegative().default(0);
/**
 * `calls`: lists asked for, without the client's repetitions. `empty`: reads that showed nothing new. `newSolves` are
 * those that count for the waits (stored at − solved at), summed in `waitSeconds`: found by a read that was neither the
 * first nor a full one, and no older than twice the service level; whatever else comes is a backfill.
 */
export const armFiguresSchema = z.object({
  reads: count,
  calls: count,
  empty: count,
  failed: count,
  newSolves: count,
  waitSeconds: count,
});
export type ArmFigures = Readonly<z.infer<typeof armFiguresSchema>>;
export const ARM_FIGURES = armFiguresSchema.keyof().options;

export interface ArmDay {
  /** `YYYY-MM-DD` of the programme's time zone. */
  readonly day: string;
  readonly arms: ReadonlyMap<string, ArmFigures>;
}

const NOTHING: ArmFigures = armFiguresSchema.parse({});

export interface CountedRead {
  readonly read: ReadWhat;
  readonly outcome: ReadOutcome;
  /** Neither somebody's first read nor a full one. */
  readonly incremental: boolean;
  readonly lesson: Lesson | undefined;
}

/** One read's figures. */
export function figuresOf(
  { read, outcome, incremental, lesson }: CountedRead,
  slaSeconds: number,
): ArmFigures {
  const waits = (incremental ? (lesson?.news ?? []) : [])
    .map(({ storedAt, solvedAt }) => (Date.parse(storedAt) - Date.parse(solvedAt)) / 1000)
    .filter((wait) => wait <= 2 * slaSeconds)
    // The platform's clock may be ahead of ours.
    .map((wait) => Math.max(0, wait));
  return {
    reads: 1,
    calls: read === 'both' ? 2 : 1,
    empty: outcome === 'skipped_no_new_data' ? 1 : 0,
    failed: outcome === 'failed' ? 1 : 0,
    newSolves: waits.length,
    waitSeconds: Math.round(waits.reduce((sum, wait) => sum + wait, 0)),
  };
}

export const sumOf = (figures: readonly ArmFigures[]): ArmFigures =>
  figures.reduce(
    (sum, each) => ({
      reads: sum.reads + each.reads,
      calls: sum.calls + each.calls,
      empty: sum.empty + each.empty,
      failed: sum.failed + each.failed,
      newSolves: sum.newSolves + each.newSolves,
      waitSeconds: sum.waitSeconds + each.waitSeconds,
    }),
    NOTHING,
  );
