import * as z from 'zod';
import { defineTask, idSchema, idsSchema, listed } from '#shared/jobs/task-definition.ts';

/**
 * A hundred people take a quarter of a minute at the usual calls per second, well inside the time-out, and share the few
 * writes that a part takes.
 */
export const READS_IN_PART = 100;

export const SCORE_SYNC_TASKS = {
  game_platform_sync: defineTask({
    queue: 'sync',
    labels: {
      name: 'Score sync',
      about: 'Reads new solves for everyone, or for one coach’s competitors.',
    },
    harmless: true,
    tellsRows: 'dryRun',
    schedule: { name: 'score-sync', expression: 'rate(5 minutes)', payload: { due: true } },
    calls: { each: 1 },
    partSize: READS_IN_PART,
    /**
     * Everyone, one coach's people, or these people; `full` reads all solves whatever the cursor says. `due`: a round,
     * which reads who is due now by the settings. `dryRun`: the job lists whom it would read, and reads no one.
     */
    payload: z
      .strictObject({
        coachId: idSchema.optional(),
        competitorIds: idsSchema.optional(),
        full: z.boolean().default(false),
        dryRun: z.boolean().optional(),
        due: z.literal(true).optional(),
      })
      .refine(
        ({ due, coachId, competitorIds, full }) =>
          due === undefined || (coachId === undefined && competitorIds === undefined && !full),
        { path: ['due'], message: 'A round chooses who to read, and how.' },
      )
      .refine((payload) => payload.coachId === undefined || payload.competitorIds === undefined, {
        path: ['competitorIds'],
        message: 'Give either a coach or competitors, not both.',
      }),
    subjects: ({ competitorIds }) => competitorIds,
  }),

  game_platform_totals_sweep: defineTask({
    queue: 'sync',
    labels: {
      name: 'Totals sweep',
      about: 'Reads the platform’s totals of those who are due and compares them with ours.',
    },
    harmless: true,
    schedule: { name: 'totals-sweep', expression: 'cron(0 * * * ? *)' },
    calls: { each: 1 },
    partSize: READS_IN_PART,
    /** `limit`: people in one sweep; left out: as many as the settings say. */
    payload: z.strictObject({ limit: z.int().min(1).max(5_000).optional() }),
    subjects: listed,
  }),

  game_platform_flash_ctf_sync: defineTask({
    queue: 'sync',
    labels: {
      name: 'Flash CTF sync',
      about: 'Asks a few people whether there is a new Flash CTF, and everyone while one is open.',
    },
    harmless: true,
    schedule: { name: 'flash-ctf-sync', expression: 'rate(30 minutes)' },
    calls: { each: 1 },
    partSize: READS_IN_PART,
    /** A few sentinels, and everyone who is due while an event is open; `everyone`: all, whether due or not. */
    payload: z.strictObject({ everyone: z.boolean().default(false) }),
    subjects: listed,
  }),

  competitor_refresh: defineTask({
    queue: 'sync',
    labels: {
      name: 'Refresh one competitor',
      about: 'Reads scores, totals and account of one competitor.',
    },
    harmless: true,
    calls: { each: 4 },
    partSize: 1,
    /** Scores in both lists, totals and account of one person, now. */
    payload: z.strictObject({ competitorId: idSchema }),
    subjects: ({ competitorId }) => [competitorId],
  }),
};
