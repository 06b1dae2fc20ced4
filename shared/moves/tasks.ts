import * as z from 'zod';
import { defineTask, idSchema, idsSchema } from '#shared/jobs/task-definition.ts';

export const MOVE_TASKS = {
  competitor_move: defineTask({
    queue: 'work',
    labels: { name: 'Move to another coach' },
    startedByRequest: true,
    tellsRows: true,
    notCancellable: 'A move that began goes on to its end, so that no one is left between two coaches.',
    /** Some twenty writes for each person, and one for each of their solves. */
    partSize: 50,
    payload: z.strictObject({
      competitorIds: idsSchema.optional(),
      /** The whole list of this coach. */
      fromCoachId: idSchema.optional(),
      toCoachId: idSchema,
      /** The plan that an apply follows; null for a plan. */
      planId: idSchema.nullable(),
    }),
    subjects: ({ competitorIds }) => competitorIds,
  }),
};
