import * as z from 'zod';
import { defineTask, idSchema, listed } from '#shared/jobs/task-definition.ts';
import { TEAM_CHOICES } from './contract.ts';

export const SEASON_TASKS = {
  season_roll_over: defineTask({
    queue: 'work',
    labels: { name: 'Roll over to a new season' },
    startedByRequest: true,
    tellsRows: true,
    /** Some ten writes for each person. */
    partSize: 100,
    payload: z.strictObject({
      /** Left out: the whole program. */
      coachId: idSchema.optional(),
      seasonStart: z.iso.date(),
      teams: z.enum(TEAM_CHOICES),
      /** The plan that an apply follows; null for a plan. */
      planId: idSchema.nullable(),
    }),
    subjects: listed,
  }),
};
