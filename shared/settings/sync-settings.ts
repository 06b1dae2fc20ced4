import * as z from 'zod';

/**
 * What an admin can change about reading scores and calling the Game Platform, without a deploy. Every worker sees a
 * change within ten seconds. What a row does not say yet has its default, so that a release may add settings.
 */

export const syncSettingsSchema = z.object({
  dailyCallBudget: z
    .int()
    .min(100)
    .max(10_000_000)
    .default(1_000_000)
    .describe(
      'Calls to the Game Platform a day, over all workers; a day is one of the programme’s time zone.',
    ),
  callsPerSecond: z
    .int()
    .min(2)
    .max(1_000)
    .default(10)
    .describe('Calls to the Game Platform in any second, over all workers.'),
  rosterReserve: z
    .object({
      perSecond: z
        .number()
        .min(0.05)
        .max(0.9)
        .default(0.2)
        .describe('Share of the calls per second that reads leave to rosters and accounts, from 0 to 1.'),
      perDay: z
        .number()
        .min(0)
        .max(0.9)
        .default(0.1)
        .describe('Share of the daily budget that reads leave to rosters and accounts, from 0 to 1.'),
    })
    .prefault({})
    .describe('What is kept back for coaches’ changes.'),
  concurrency: z.int().min(1).max(20).default(4).describe('Competitors that one worker reads at once.'),
});
export type SyncSettings = z.infer<typeof syncSettingsSchema>;

export const DEFAULT_SYNC_SETTINGS: SyncSettings = syncSettingsSchema.parse({});

/** The settings as the table keeps them; version 0: nobody has changed any. */
export const syncSettingsRowSchema = z.object({
  version: z.int().nonnegative(),
  changedAt: z.iso.datetime().nullable(),
  changedBy: z.string().nullable(),
  settings: syncSettingsSchema,
});
export type SyncSettingsRow = z.infer<typeof syncSettingsRowSchema>;

export const UNCHANGED_SYNC_SETTINGS: SyncSettingsRow = {
  version: 0,
  changedAt: null,
  changedBy: null,
  settings: DEFAULT_SYNC_SETTINGS,
};
