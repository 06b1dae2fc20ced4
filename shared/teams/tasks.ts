import * as z from 'zod';
import { defineTask, idSchema } from '#shared/jobs/task-definition.ts';

export const TEAM_TASKS = {
  team_sync: defineTask({
    queue: 'roster',
    labels: { name: 'Push a team to the platform' },
    calls: { each: 1, orMore: true },
    partSize: 1,
    payload: z.strictObject({ teamId: idSchema }),
    subjects: ({ teamId }) => [teamId],
  }),

  team_recreate: defineTask({
    queue: 'roster',
    labels: { name: 'Recreate a team on the platform' },
    calls: { each: 1, orMore: true },
    partSize: 1,
    payload: z.strictObject({ teamId: idSchema }),
    subjects: ({ teamId }) => [teamId],
  }),

  roster_reconcile: defineTask({
    // One call whose answer grows with the program: more than the eight seconds of the roster worker.
    queue: 'sync',
    labels: {
      name: 'Compare rosters with the platform',
      about: 'Compares who is on which team with the platform.',
    },
    schedule: { name: 'roster-reconcile', expression: 'rate(6 hours)' },
    calls: { each: 1, orMore: true },
    partSize: 1,
    /** `dryRun`: only draw up the plan. `planId`: carry out this one, as far as an admin confirmed it. */
    payload: z.strictObject({ dryRun: z.boolean().default(false), planId: idSchema.optional() }),
    subjects: () => ['everybody'],
  }),
};
