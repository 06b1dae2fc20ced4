import * as z from 'zod';
import { CALL_PURPOSES } from '#shared/game-platform/budget/purposes.ts';
import { JOB_STATES } from '#shared/jobs/contract.ts';
import { taskTypeSchema } from '#shared/jobs/task-definition.ts';
import { route } from '#shared/kernel/contract.ts';
import { idInput } from '#shared/kernel/text.ts';
import { pageQuerySchema } from '#shared/kernel/paging.ts';
import { WAIT_CODES } from '#shared/game-platform/budget/lease-slots.ts';
import { processingSchema } from '#shared/settings/processing.ts';
import { GAP_BOUNDS } from './variant-figures.ts';
import { ADVICE_CODES } from './health/sync-advice.ts';
import { TIERS } from './policy/activity-tiers.ts';
import type { SCORE_SYNC_TASKS } from './tasks.ts';

/** Jobs that read scores. */
export const SYNC_TASKS = [
  'game_platform_sync',
  'game_platform_totals_sweep',
  'game_platform_flash_ctf_sync',
] as const satisfies readonly (keyof typeof SCORE_SYNC_TASKS)[];

const count = z.number().nonnegative();

export const syncHealthQuerySchema = z.object({
  from: z.iso
    .date()
    .optional()
    .describe('First day, of the program’s time zone; six days before the last by default.'),
  to: z.iso.date().optional().describe('Last day; today by default.'),
});

/** One variant: the competitors that one policy reads. */
const variantSchema = z.object({
  arm: z.string().describe('`adaptive`, `tiers`, `rotation`, or `all` when everybody is read.'),
  reads: count,
  calls: count.describe('Lists asked for; a read is one or two.'),
  empty: count.describe('Reads that showed nothing new.'),
  failed: count,
  late: count.describe('Reads that came after the hours promised.'),
  newSolves: count.describe('Solves whose wait is counted; backfills are not.'),
  meanWaitSeconds: count.nullable().describe('From a solve to the read that showed it; null without any.'),
});

const valueSchema = z.union([z.number(), z.boolean()]);

const adviceSchema = z.object({
  code: z.enum(ADVICE_CODES),
  sentence: z.string(),
  basis: z
    .object({
      reads: count,
      share: count.describe('Of the reads, or of the calls of a day.'),
      found: count.describe('Reads that failed, came late or were empty; or calls of the fullest day.'),
      before: count.nullable().describe('Of errors: the share on the days before.'),
    })
    .describe('What it is based on.'),
  change: z
    .object({ path: z.string(), from: valueSchema.nullable(), to: valueSchema })
    .nullable()
    .describe('The setting that it would change; null: none would help with the settings as they are.'),
  dismissedAt: z.iso
    .datetime()
    .nullable()
    .describe('Dismissed, and neither worse nor about another value since.'),
});
export type AdviceView = z.infer<typeof adviceSchema>;

/** `GET /api/admin/sync-health`. Days are those of the program's time zone. */
export const syncHealthSchema = z.object({
  period: z.object({ from: z.iso.date(), to: z.iso.date(), timeZone: z.string() }),
  arms: z.array(
    variantSchema.extend({
      competitors: count
        .nullable()
        .describe('Whom it has by the present settings; null before the first round.'),
      readsPerCompetitorDay: count
        .nullable()
        .describe('On an average day of the range; null without people.'),
    }),
  ),
  days: z.array(
    z.object({
      day: z.iso.date(),
      reads: count,
      empty: count,
      failed: count,
      late: count,
      newSolves: count,
      meanWaitSeconds: count.nullable(),
      arms: z.array(variantSchema),
    }),
  ),
  calls: z.object({
    budget: z.object({
      perDay: count,
      perSecond: count,
      keptPerDay: count.describe('Of the day, calls that reads leave to rosters and accounts.'),
    }),
    days: z.array(
      z.object({
        day: z.iso.date(),
        total: count,
        ofBudget: count.describe('Share of the present daily budget.'),
        byHour: z.array(count).length(24).describe('From midnight on.'),
        byPurpose: z.array(z.object({ purpose: z.enum(CALL_PURPOSES), calls: count })),
        refused: count.describe('Work that was told to wait.'),
        throttled: count.describe('Answers that asked us to slow down.'),
        errors: count,
      }),
    ),
    hours: z
      .object({
        day: z.iso.date(),
        byHour: z
          .array(
            z.object({
              total: count,
              byPurpose: z
                .array(z.object({ purpose: z.enum(CALL_PURPOSES), calls: count }))
                .nullable()
                .describe('Null where the hour’s purposes were not kept apart.'),
            }),
          )
          .length(24)
          .describe('From midnight on.'),
      })
      .nullable()
      .describe('Of the last day of the range that has calls.'),
    forecast: z
      .object({
        day: z.iso.date(),
        calls: count.describe('By midnight.'),
        byHour: z.array(count).length(24).describe('Still to come in each hour.'),
        earlierDays: count.describe('Days whose hours it is based on; 0: on today’s pace alone.'),
      })
      .nullable()
      .describe(
        'Of today; null in a range without it, while processing is off, and while too little is known.',
      ),
    waits: z
      .object({ code: z.enum(WAIT_CODES), until: z.iso.datetime() })
      .nullable()
      .describe('Why reads get no call now.'),
  }),
  lag: z.object({
    slaHours: count,
    /** Upper bounds in minutes; `more` is what is longer. */
    bounds: z.array(z.string()).length(GAP_BOUNDS.length),
    groups: z.array(
      z.object({
        arm: z.string(),
        tier: z.enum(TIERS),
        reads: z.array(count).length(GAP_BOUNDS.length).describe('Reads by the time since the read before.'),
      }),
    ),
  }),
  processing: processingSchema.pick({ enabled: true, reason: true, changedAt: true }),
  round: z
    .object({
      at: z.iso.datetime(),
      competitors: count.describe('Whose scores are read.'),
      late: count.nullable().describe('Of them, those whose last read was longer ago than promised.'),
      unread: count.nullable().describe('Of them, those never read.'),
      oldest: z
        .array(
          z.object({
            competitorId: z.string(),
            name: z.string(),
            lastReadAt: z.iso.datetime().nullable(),
            failure: z
              .object({ code: z.string(), at: z.iso.datetime() })
              .nullable()
              .describe('Why the last try failed, in the platform client’s codes.'),
          }),
        )
        .describe('Whose last read is longest ago, never first.'),
    })
    .nullable()
    .describe('As the last round counted; null before the first.'),
  advice: z.array(adviceSchema).describe('Always of the seven days that end today; the most urgent first.'),
});
export type SyncHealthView = z.infer<typeof syncHealthSchema>;
export type VariantView = z.infer<typeof variantSchema>;

/** A line of `GET /api/admin/sync-runs`. */
export const syncRunSchema = z.object({
  id: z.string(),
  taskType: taskTypeSchema,
  status: z.enum(JOB_STATES),
  startedBy: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  /** Null unless it ended. */
  durationMs: count.nullable(),
  parts: z.object({ total: z.int(), done: z.int(), failed: z.int() }),
  progress: z.object({ done: z.int(), total: z.int() }),
  /** By outcome, for example `{ total: 22, synced: 1, skipped: 21, failed: 0 }`. */
  counts: z.record(z.string(), z.number()),
  /** Of the people read: how many failed, and how many had nothing new; null when no one was. */
  errorShare: count.nullable(),
  emptyShare: count.nullable(),
  error: z.string().nullable(),
});
export type SyncRunView = z.infer<typeof syncRunSchema>;
export const syncRunListSchema = z.object({
  items: z.array(syncRunSchema),
  nextCursor: z.string().nullable(),
});

/** `POST /api/game-platform/scores/sync`: of everyone, or of one coach's competitors. */
export const startScoreSyncSchema = z.strictObject({
  coachId: idInput.optional(),
  /** Lists whom it would read, why, and with how many calls, as the job's rows; it reads no one. */
  dryRun: z.boolean().default(false),
  /** All solves, not only new ones. */
  full: z.boolean().default(false),
});

const quarantinedSchema = z.object({
  id: z.string(),
  competitorId: z.string(),
  coachId: z.string(),
  /** Which list of the platform it came from. */
  source: z.enum(['odl', 'ctf', 'ctf_event']),
  /** The event that it is of; the platform's own id. */
  eventId: z.string(),
  /** When the platform says that it happened, if that much could be read. */
  happenedAt: z.iso.datetime().nullable(),
  /** When we read it first on that day. */
  readAt: z.iso.datetime(),
  /** What was wrong with it: field and rule, never a value. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })),
  /** The record as JSON with each text replaced by its length; cut short when it is very long. */
  redacted: z.string(),
});
export type Quarantined = z.infer<typeof quarantinedSchema>;

/** Newest first. */
export const quarantineListSchema = z.object({
  items: z.array(quarantinedSchema),
  nextCursor: z.string().nullable(),
});

/** `GET /api/admin/quarantine?competitorId&from&to`: days are UTC, both included. */
export const quarantineQuerySchema = pageQuerySchema.extend({
  competitorId: idInput.optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
});

export const scoreSyncRoutes = {
  startScoreSync: route('POST', '/api/game-platform/scores/sync', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'bulk',
    summary:
      'Read scores now, of everyone or of one coach’s competitors; a dry run reads no one and lists whom it would',
    body: startScoreSyncSchema,
    success: {
      status: 202,
      description: 'Accepted; follow it under its id.',
      schema: z.object({ jobId: z.string() }),
    },
  }),
} as const;

export const syncHealthRoutes = {
  getSyncHealth: route('GET', '/api/admin/sync-health', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'read',
    summary: 'How fresh scores are and what that takes: arms, calls, gaps between reads, advice',
    query: syncHealthQuerySchema,
    success: { status: 200, description: 'Figures by day and arm.', schema: syncHealthSchema },
  }),
  listSyncRuns: route('GET', '/api/admin/sync-runs', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'read',
    summary: 'Jobs that read scores, newest first',
    query: pageQuerySchema.extend({
      type: z.enum(SYNC_TASKS).optional(),
      from: z.iso.date().optional().describe('First day, of the program’s time zone; any by default.'),
      to: z.iso.date().optional().describe('Last day; today by default.'),
    }),
    success: { status: 200, description: 'A page.', schema: syncRunListSchema },
  }),
  dismissAdvice: route('POST', '/api/admin/sync-health/advice/{code}/dismiss', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'write',
    summary: 'Dismiss an advice as it is now',
    success: { status: 200, description: 'Dismissed.', schema: adviceSchema },
    problems: { 409: ['ADVICE_GONE'] },
  }),
  restoreAdvice: route('POST', '/api/admin/sync-health/advice/{code}/restore', {
    served: 'jobs-api',
    access: 'admin',
    rate: 'write',
    summary: 'Bring a dismissed advice back',
    success: { status: 200, description: 'Shown again.', schema: adviceSchema },
    problems: { 409: ['ADVICE_GONE'] },
  }),
} as const;

export const quarantineRoutes = {
  listQuarantine: route('GET', '/api/admin/quarantine', {
    served: 'dead-letters-api',
    access: 'admin',
    rate: 'read',
    summary: 'Records of the platform that could not be read, newest first, redacted',
    query: quarantineQuerySchema,
    success: { status: 200, description: 'A page.', schema: quarantineListSchema },
  }),
} as const;
