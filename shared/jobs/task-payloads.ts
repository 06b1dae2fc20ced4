import * as z from 'zod';
import { STARTED_BY_REQUEST, TASK_TYPES, type TaskType } from './task-types.ts';

/** Ids in one payload: it lies in the job's row, which every finished part updates. */
const MAX_IDS = 500;

const id = z.string().min(1).max(100);
const competitorIds = z.array(id).min(1).max(MAX_IDS);

/** Everyone, one coach's people, or these people; `full` reads all solves whatever the cursor says. */
const syncPayloadSchema = z
  .strictObject({
    coachId: id.optional(),
    competitorIds: competitorIds.optional(),
    full: z.boolean().default(false),
  })
  .refine((payload) => payload.coachId === undefined || payload.competitorIds === undefined, {
    path: ['competitorIds'],
    message: 'Give either a coach or competitors, not both.',
  });

/** `limit`: people in one sweep. */
const totalsPayloadSchema = z.strictObject({ limit: z.int().min(1).max(1000).default(100) });

const onboardPayloadSchema = z
  .strictObject({ coachId: id.optional(), competitorIds: competitorIds.optional() })
  .refine((payload) => (payload.coachId === undefined) !== (payload.competitorIds === undefined), {
    path: ['competitorIds'],
    message: 'Give either a coach or competitors.',
  });

export const PAYLOAD_SCHEMAS = {
  game_platform_sync: syncPayloadSchema,
  game_platform_totals_sweep: totalsPayloadSchema,
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
