import * as z from 'zod';

/** `GET /api/game-platform/edit-times`: how long roster edits took to reach the platform, over all coaches. */
export const editTimesViewSchema = z.object({
  /** Newest first, at most twelve; a month without edits is left out. */
  months: z.array(
    z.object({
      /** `YYYY-MM`, UTC. */
      month: z.string(),
      edits: z.int(),
      /** Seconds, the upper bound of the bucket the percentile lies in; null beyond the last bound (an hour). */
      p50: z.number().nullable(),
      p95: z.number().nullable(),
      p99: z.number().nullable(),
      /** Share confirmed within 60 s, 0 to 1. */
      withinPromise: z.number(),
    }),
  ),
});
export type EditTimesView = z.infer<typeof editTimesViewSchema>;
