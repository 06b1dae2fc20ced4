import * as z from 'zod';
import { defineTask, listed } from './task-definition.ts';

/** The engine's own housekeeping. */
export const JOB_TASKS = {
  job_cleanup: defineTask({
    queue: 'work',
    labels: {
      name: 'Archive old jobs',
      about: 'Takes old jobs out of the lists. Runs automatically every night.',
    },
    harmless: true,
    schedule: { name: 'job-cleanup', expression: 'cron(15 3 * * ? *)' },
    partSize: 100,
    payload: z.strictObject({}),
    subjects: listed,
  }),
};
