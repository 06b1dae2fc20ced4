import * as z from 'zod';
import { rowSubject } from '#shared/jobs/job.ts';
import { defineTask, idSchema } from '#shared/jobs/task-definition.ts';

export const COMPETITOR_TASKS = {
  competitor_import: defineTask({
    queue: 'work',
    labels: { name: 'Import competitors' },
    startedByRequest: true,
    tellsRows: true,
    /** A few writes for each row, and every part reads the file and the coach's people once. */
    partSize: 2_500,
    payload: z.strictObject({
      importId: idSchema,
      coachId: idSchema,
      rows: z.int().nonnegative(),
      /** The dry run that an apply follows; null for a dry run. */
      dryRunJobId: idSchema.nullable(),
      actingAs: idSchema.nullable(),
    }),
    subjects: ({ rows }) => Array.from({ length: rows }, (_, index) => rowSubject(index + 1)),
  }),

  privacy_erasure: defineTask({
    queue: 'work',
    labels: { name: 'Erase a competitor' },
    startedByRequest: true,
    harmless: true,
    notCancellable: 'An erasure was promised to the person and goes on to its end.',
    partSize: 1,
    payload: z.strictObject({ competitorId: idSchema, coachId: idSchema }),
    subjects: ({ competitorId }) => [competitorId],
  }),
};
