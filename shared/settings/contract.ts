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
  program: z.strictObject({ seasonStart: programSettingsSchema.shape.seasonStart.unwrap() }).optional(),
  acceptInfeasible: z
    .boolean()
    .default(false)
    .describe('Save also what cannot be kept with today’s number of competitors.'),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

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
} as const;
