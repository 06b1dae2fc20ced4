import * as z from 'zod';
import { QUEUES, STARTED_BY_REQUEST, TASK_TYPES, type TaskType } from './task-types.ts';

/** Ids in one payload: it lies in the job's row, which every finished part updates. */
const MAX_IDS = 500;

/** Ids have no spaces and no “@”: neither a name nor an address gets into a payload. */
const id = z.string().regex(/^[\w.:#-]{1,100}$/, { error: 'Enter an id.' });
const competitorIds = z.array(id).min(1).max(MAX_IDS);

/**
 * Everyone, one coach's people, or these people; `full` reads all solves whatever the cursor says. `due`: a round, which
 * reads whoever is due now by the settings.
 */
const syncPayloadSchema = z
  .strictObject({
    coachId: id.optional(),
    competitorIds: competitorIds.optional(),
    full: z.boolean().default(false),
    due: z.literal(true).optional(),
  })
  .refine(
    ({ due, coachId, competitorIds: ids, full }) =>
      due === undefined || (coachId === undefined && ids === undefined && !full),
    { path: ['due'], message: 'A round chooses for itself whom to read, and how.' },
  )
  .refine((payload) => payload.coachId === undefined || payload.competitorIds === undefined, {
    path: ['competitorIds'],
    message: 'Give either a coach or competitors, not both.',
  });

/** Everybody, one coach's people, or these; `known`: people with the ids that an older system knew them by. */
const backfillPayloadSchema = z
  .strictObject({
    coachId: id.optional(),
    competitorIds: competitorIds.optional(),
    known: z
      .array(z.strictObject({ competitorId: id, platformUserId: id }))
      .min(1)
      .max(MAX_IDS)
      .optional(),
    /** Look up and count, and keep nothing. */
    dryRun: z.boolean().default(false),
    /** Begin also when today's calls are not enough for all. */
    acceptDays: z.boolean().default(false),
  })
  .refine(
    ({ coachId, competitorIds: ids, known }) =>
      [coachId, ids, known].filter((one) => one !== undefined).length <= 1,
    { path: ['competitorIds'], message: 'Give one of a coach, competitors, and known ids.' },
  );

/** `limit`: people in one sweep; left out: as many as the settings say. */
const totalsPayloadSchema = z.strictObject({ limit: z.int().min(1).max(5_000).optional() });

const onboardPayloadSchema = z
  .strictObject({ coachId: id.optional(), competitorIds: competitorIds.optional() })
  .refine((payload) => (payload.coachId === undefined) !== (payload.competitorIds === undefined), {
    path: ['competitorIds'],
    message: 'Give either a coach or competitors.',
  });

export const PAYLOAD_SCHEMAS = {
  game_platform_sync: syncPayloadSchema,
  game_platform_totals_sweep: totalsPayloadSchema,
  /** A few sentinels, and everybody who is due while an event is open; `everyone`: those in any case. */
  game_platform_flash_ctf_sync: z.strictObject({ everyone: z.boolean().default(false) }),
  /** Everybody whose account is due, or these people whether due or not. */
  profile_refresh: z.strictObject({ competitorIds: competitorIds.optional() }),
  onboard_competitors: onboardPayloadSchema,
  /** These coaches, or all who are switched on and have no account of their own. */
  onboard_coaches: z.strictObject({ coachIds: z.array(id).min(1).max(MAX_IDS).optional() }),
  team_sync: z.strictObject({ teamId: id }),
  team_recreate: z.strictObject({ teamId: id }),
  /** `dryRun`: only draw up the plan. `planId`: carry out this one, as far as an admin confirmed it. */
  roster_reconcile: z.strictObject({ dryRun: z.boolean().default(false), planId: id.optional() }),
  competitor_import: z.strictObject({
    importId: id,
    coachId: id,
    rows: z.int().nonnegative(),
    /** The dry run that an apply follows; null for a dry run. */
    dryRunJobId: id.nullable(),
    actingAs: id.nullable(),
  }),
  privacy_erasure: z.strictObject({ competitorId: id, coachId: id }),
  /** Exactly one of the three says which letters; `trial`: only one of those. */
  dead_letter_redrive: z.strictObject({
    queue: z.enum(QUEUES),
    jobIds: z.array(z.string()).optional(),
    cause: z.string().optional(),
    all: z.boolean().optional(),
    trial: z.boolean(),
    maxPerSecond: z.number().positive(),
  }),
  /** Scores in both lists, totals and account of one person, now. */
  competitor_refresh: z.strictObject({ competitorId: id }),
  external_id_backfill: backfillPayloadSchema,
  job_cleanup: z.strictObject({}),
} as const satisfies Readonly<Record<TaskType, z.ZodType<Record<string, unknown>>>>;

/** `POST /api/admin/jobs`. The payload is checked against its task type; left out, it is empty. */
export const startJobSchema = z
  .strictObject({
    taskType: z.enum(TASK_TYPES).exclude(STARTED_BY_REQUEST),
    payload: z.record(z.string(), z.unknown()).default({}),
    /** Not before this time; at once when left out or past. */
    runAt: z.iso.datetime({ offset: true }).optional(),
  })
  .transform((request, context) => {
    const payload = PAYLOAD_SCHEMAS[request.taskType].safeParse(request.payload);
    if (payload.success) return { ...request, payload: payload.data };
    for (const issue of payload.error.issues) {
      context.addIssue({ code: 'custom', path: ['payload', ...issue.path], message: issue.message });
    }
    return z.NEVER;
  });
