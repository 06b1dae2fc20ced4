import * as z from 'zod';
import { defineTask, idSchema, idsSchema, listed, MAX_IDS } from '#shared/jobs/task-definition.ts';

/** Several calls each, one after another, inside the eight seconds of the roster function. */
const ONBOARDED_IN_PART = 5;

export const ONBOARDING_TASKS = {
  profile_refresh: defineTask({
    queue: 'sync',
    labels: { name: 'Refresh platform accounts', about: 'Asks about the accounts that are due.' },
    harmless: true,
    schedule: { name: 'profile-refresh', expression: 'rate(1 hour)' },
    calls: { each: 1 },
    partSize: 100,
    /** Everybody whose account is due, or these people whether due or not. */
    payload: z.strictObject({ competitorIds: idsSchema.optional() }),
    subjects: ({ competitorIds }) => competitorIds,
  }),

  onboard_competitors: defineTask({
    queue: 'roster',
    labels: { name: 'Add competitors to the platform' },
    tellsRows: true,
    calls: { each: 2, orMore: true },
    partSize: ONBOARDED_IN_PART,
    payload: z
      .strictObject({ coachId: idSchema.optional(), competitorIds: idsSchema.optional() })
      .refine((payload) => (payload.coachId === undefined) !== (payload.competitorIds === undefined), {
        path: ['competitorIds'],
        message: 'Give either a coach or competitors.',
      }),
    subjects: ({ competitorIds }) => competitorIds,
  }),

  onboard_coaches: defineTask({
    queue: 'roster',
    labels: {
      name: 'Add coaches to the platform',
      about: 'Makes the accounts of coaches who have none yet.',
    },
    tellsRows: true,
    calls: { each: 2, orMore: true },
    partSize: ONBOARDED_IN_PART,
    /** These coaches, or all who are switched on and have no account of their own. */
    payload: z.strictObject({ coachIds: idsSchema.optional() }),
    subjects: ({ coachIds }) => coachIds,
  }),

  external_id_backfill: defineTask({
    queue: 'sync',
    labels: {
      name: 'Look for accounts on the platform',
      about:
        'Asks the platform about each competitor without an account here, and takes over those it knows. Makes none.',
    },
    tellsRows: true,
    calls: { each: 1 },
    partSize: 50,
    /** Everybody, one coach's people, or these; `known`: people with the ids that an older system knew them by. */
    payload: z
      .strictObject({
        coachId: idSchema.optional(),
        competitorIds: idsSchema.optional(),
        known: z
          .array(z.strictObject({ competitorId: idSchema, platformUserId: idSchema }))
          .min(1)
          .max(MAX_IDS)
          .optional(),
        /** Look up and count, and keep nothing. */
        dryRun: z.boolean().default(false),
        /** Begin also when today's calls are not enough for all. */
        acceptDays: z.boolean().default(false),
      })
      .refine(
        ({ coachId, competitorIds, known }) =>
          [coachId, competitorIds, known].filter((one) => one !== undefined).length <= 1,
        { path: ['competitorIds'], message: 'Give one of a coach, competitors, and known ids.' },
      ),
    subjects: listed,
  }),
};
