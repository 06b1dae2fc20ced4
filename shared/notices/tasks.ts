import * as z from 'zod';
import { defineTask, listed } from '#shared/jobs/task-definition.ts';

/** The one subject of `admin_notices`. */
export const PROGRAM_WATCH = 'program';

export const NOTICE_TASKS = {
  weekly_email: defineTask({
    queue: 'work',
    labels: {
      name: 'Weekly email',
      about:
        'Emails each coach what needs them and what went well last week. The same week is never sent twice.',
    },
    schedule: { name: 'weekly-email', expression: 'cron(30 6 ? * MON *)', zone: 'program' },
    partSize: 10,
    payload: z.strictObject({}),
    subjects: listed,
  }),
  admin_notices: defineTask({
    queue: 'work',
    labels: {
      name: 'Notices to admins',
      about:
        'Emails the admins what no alarm says: a stopped roster plan, dead letters older than a day, processing off for a day.',
    },
    schedule: { name: 'admin-notices', expression: 'rate(15 minutes)' },
    partSize: 1,
    payload: z.strictObject({}),
    subjects: () => [PROGRAM_WATCH],
  }),
};
