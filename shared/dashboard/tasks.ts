import * as z from 'zod';
import { defineTask, listed } from '#shared/jobs/task-definition.ts';

export const DASHBOARD_TASKS = {
  dashboard_rollup: defineTask({
    queue: 'work',
    labels: {
      name: 'Program figures',
      about: 'Adds up each coach’s figures for the view of all coaches. Runs every ten minutes by itself.',
    },
    harmless: true,
    schedule: { name: 'dashboard-rollup', expression: 'rate(10 minutes)' },
    partSize: 50,
    /** `full`: everything anew, whether or not something changed. */
    payload: z.strictObject({ full: z.boolean().default(false) }),
    subjects: listed,
  }),
};
