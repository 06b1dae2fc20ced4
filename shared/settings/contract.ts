import * as z from 'zod';
import { route } from '#shared/kernel/contract.ts';
import { textInput } from '#shared/kernel/text.ts';
import { processingSchema } from './processing.ts';
import {
  programSettingsSchema,
  syncSettingsRowSchema,
  syncSettingsSchema,
  type SyncSettings,
} from './sync-settings.ts';

/** Whether the settings can be kept with so many competitors. */
export const syncFeasibilitySchema = z.object({
  competitors: z.int().nonnegative().describe('Whose scores are read, as counted by the last round.'),
  leastDailyCalls: z
    .int()
    .nonnegative()
    .describe('Reads a day that keep the service level, with none to spare.'),
  advisedDailyCalls: z.int().nonnegative().describe('With these, half of the reads follow activity.'),
  batchSize: z.int().positive().describe('The smallest batch with which a rotation keeps the service level.'),
  problems: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .describe('What cannot be kept, by setting; empty: nothing.'),
});
export type SyncFeasibility = z.infer<typeof syncFeasibilitySchema>;

/** Settings that decide whether the others can be kept. */
const DECIDING = [
  'batching',
  'batchSize',
  'prioritisation',
  'adaptive',
  'slaHours',
  'dailyCallBudget',
  'callsPerSecond',
  'rosterReserve',
] as const satisfies readonly (keyof SyncSettings)[];

/** Whether a change touches what decides. */
export const touchesFeasibility = (change: Readonly<Record<string, unknown>>): boolean =>
  DECIDING.some((name) => name in change);

/** All that an admin can change without a deploy, as the API shows it. */
export const settingsViewSchema = z.object({
  version: syncSettingsRowSchema.shape.version,
  changedAt: syncSettingsRowSchema.shape.changedAt,
  changedBy: syncSettingsRowSchema.shape.changedBy,
  processing: processingSchema,
  sync: syncSettingsSchema,
  program: programSettingsSchema,
  feasibility: syncFeasibilitySchema,
});
export type SettingsView = z.infer<typeof settingsViewSchema>;

const { seasonStart, inactiveDays, keepDays } = programSettingsSchema.shape;
const keptDays = keepDays.unwrap().shape;

const programPatchSchema = z.strictObject({
  seasonStart: seasonStart.unwrap().optional(),
  inactiveDays: inactiveDays.unwrap().optional(),
  keepDays: z
    .strictObject({
      activity: keptDays.activity.unwrap().optional(),
      audit: keptDays.audit.unwrap().optional(),
      readLog: keptDays.readLog.unwrap().optional(),
      jobsListed: keptDays.jobsListed.unwrap().optional(),
      jobs: keptDays.jobs.unwrap().optional(),
      quarantine: keptDays.quarantine.unwrap().optional(),
    })
    .optional(),
});

export const settingsPatchSchema = z.strictObject({
  processing: z
    .discriminatedUnion('enabled', [
      z.strictObject({ enabled: z.literal(true) }),
      z.strictObject({
        enabled: z.literal(false),
        reason: textInput('the reason', { min: 3, max: 200 }).describe(
          'Why; shown to admins. No personal data.',
        ),
      }),
    ])
    .optional(),
  sync: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Only what changes, with the fields and bounds of the answer’s `sync`.'),
  program: programPatchSchema.optional().describe('Only what changes.'),
  reason: textInput('the reason', { min: 3, max: 200 })
    .optional()
    .describe(
      'Why; kept in the audit log, no personal data. The site asks for it where a change makes anyone wait longer.',
    ),
  acceptInfeasible: z
    .boolean()
    .default(false)
    .describe('Save also what cannot be kept with today’s number of competitors.'),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

const count = z.int().nonnegative();

/** What the settings come to on an ordinary day, by how many competitors each tier has now. */
export const syncEffectSchema = z.object({
  callsAsked: count.describe('Reads a day that the settings ask for when no limit stops them.'),
  callsADay: count.describe('Reads a day that come about within the limits.'),
  callsLeftToReads: count.describe('Of the daily budget, without what is kept back for coaches’ changes.'),
  longestWaitSeconds: count.nullable().describe('Time between two reads, at most; null without competitors.'),
  stopsAfterSeconds: count
    .nullable()
    .describe('Seconds of the day after which the budget is used up and reads stop; null: it lasts.'),
  totalsADay: count.describe('Totals that the hourly sweep reads at most; they are not in the calls above.'),
});
export type SyncEffect = z.infer<typeof syncEffectSchema>;

export const settingsPreviewSchema = z.object({
  version: syncSettingsRowSchema.shape.version.describe('Of the settings that the change is laid over.'),
  competitors: count.describe('Whose scores are read, as counted by the last round.'),
  tiers: z
    .object({ high: count, medium: count, low: count })
    .nullable()
    .describe('How many of them are active, moderately active and inactive; null before the first round.'),
  callsToday: count.describe('Calls to the platform since midnight, of all kinds.'),
  now: syncEffectSchema.nullable().describe('As the settings are; null before the first round.'),
  after: syncEffectSchema.nullable().describe('As the change would have them.'),
  feasibility: syncFeasibilitySchema.describe('Of the changed settings.'),
  slower: z
    .array(z.string())
    .describe('Changes that make someone wait longer, such as `sync.dailyCallBudget`; they want a reason.'),
});
export type SettingsPreview = z.infer<typeof settingsPreviewSchema>;

export const settingsRoutes = {
  getSettings: route('GET', '/api/admin/settings', {
    served: 'settings-api',
    access: 'admin',
    rate: 'read',
    summary: 'What can be changed without a deploy: processing, switches, budgets',
    success: { status: 200, description: 'The settings.', schema: settingsViewSchema },
  }),
  updateSettings: route('PATCH', '/api/admin/settings', {
    served: 'settings-api',
    access: 'admin',
    rate: 'write',
    summary: 'Change settings; workers follow within ten seconds',
    ifMatch: true,
    body: settingsPatchSchema,
    success: { status: 200, description: 'The settings as they are now.', schema: settingsViewSchema },
  }),
  previewSettings: route('POST', '/api/admin/settings/preview', {
    served: 'settings-api',
    access: 'admin',
    rate: 'read',
    summary: 'What a change of settings comes to, without saving it',
    body: settingsPatchSchema,
    success: { status: 200, description: 'The effect, now and after.', schema: settingsPreviewSchema },
  }),
} as const;
