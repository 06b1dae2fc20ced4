import * as z from 'zod';
import { defineTask, QUEUES } from '#shared/jobs/task-definition.ts';

export const DEAD_LETTER_TASKS = {
  dead_letter_redrive: defineTask({
    queue: 'work',
    labels: { name: 'Redrive dead letters' },
    startedByRequest: true,
    partSize: 1,
    /** Exactly one of the three says which messages; `trial`: only one of those. */
    payload: z.strictObject({
      queue: z.enum(QUEUES),
      jobIds: z.array(z.string()).optional(),
      cause: z.string().optional(),
      all: z.boolean().optional(),
      trial: z.boolean(),
      maxPerSecond: z.number().positive(),
    }),
    subjects: () => ['letters'],
  }),
};
