import * as z from 'zod';
import { auditKeepDaysSchema } from '#shared/audit/keep-days.ts';

/**
 * What an admin can change about reading scores and calling the Game Platform, without a deploy. Every worker sees a
 * change within ten seconds. What a row does not say yet has its default, so that a release may add settings.
 */

/** A switch that can be on for a share of the competitors only, chosen by a stable hash of their ids. */
const shared = (what: string) =>
  z.object({
    on: z.boolean().default(true).describe(what),
    share: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('Share of the competitors it is on for, from 0 to 1; the same ones for ever.'),
  });

const minutes = (fallback: number, what: string) =>
  z.int().min(5).max(1_440).default(fallback).describe(what);

const fieldsSchema = z.object({
  batching: z
    .boolean()
    .default(true)
    .describe(
      'Off: everyone is read every 30 minutes, regardless of the settings below. On: the settings below apply.',
    ),
  batchSize: z
    .int()
    .min(1)
    .max(5_000)
    .default(50)
    .describe('Competitors in one batch of the rotation, which reads a batch every five minutes.'),
  prioritisation: shared('Competitors are read by their tier: active ones more often.')
    .prefault({})
    .describe('People for whom both this and the adaptive policy are off are read in the rotation.'),
  adaptive: shared('Competitors are read when new solves are likely.')
    .extend({
      dailyReads: z
        .int()
        .min(1)
        .max(10_000_000)
        .nullable()
        .default(null)
        .describe('Reads of an ordinary day; null: 18 a competitor, as far as the daily budget goes.'),
    })
    .prefault({})
    .describe('Goes before prioritisation.'),
  tierMinutes: z
    .object({
      high: minutes(30, 'Minutes between two reads of an active competitor.'),
      medium: minutes(120, 'Minutes between two reads of a moderately active competitor.'),
      low: minutes(480, 'Minutes between two reads of an inactive competitor.'),
    })
    .prefault({})
    .describe('How often each tier is read.'),
  slaHours: z
    .int()
    .min(1)
    .max(48)
    .default(8)
    .describe('Hours within which everyone is read, regardless of their tier or the adaptive policy.'),
  sweepLimit: z
    .int()
    .min(1)
    .max(5_000)
    .default(100)
    .describe('Competitors whose totals the hourly sweep reads at most.'),
  dailyCallBudget: z
    .int()
    .min(100)
    .max(10_000_000)
    .default(1_000_000)
    .describe('Calls to the Game Platform a day, over all workers; a day is one of the program’s time zone.'),
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

/** What has to hold between fields. */
export const syncSettingsSchema = fieldsSchema.superRefine(({ tierMinutes, slaHours }, context) => {
  const { high, medium, low } = tierMinutes;
  const refuse = (tier: 'medium' | 'low', message: string) => {
    context.addIssue({ code: 'custom', path: ['tierMinutes', tier], message });
  };
  if (medium < high) refuse('medium', 'Has to be at least as long as the high tier’s.');
  if (low < medium) refuse('low', 'Has to be at least as long as the medium tier’s.');
  if (low > slaHours * 60) refuse('low', 'May not be longer than the hours in slaHours.');
});
export type SyncSettings = z.infer<typeof syncSettingsSchema>;

export const DEFAULT_SYNC_SETTINGS: SyncSettings = syncSettingsSchema.parse({});

const days = (least: number, most: number, fallback: number, what: string) =>
  z.int().min(least).max(most).default(fallback).describe(what);

const programFieldsSchema = z.object({
  seasonStart: z.iso
    .date({ error: 'Enter a date as YYYY-MM-DD.' })
    .nullable()
    .default(null)
    .describe(
      'The first day, YYYY-MM-DD, on which a release of this season may be signed; null: any. It is asked of dates that are entered; those on record stay.',
    ),
  inactiveDays: days(
    3,
    120,
    14,
    'Days without a sign-in and without a solve after which a competitor counts as inactive.',
  ),
  keepDays: z
    .object({
      ...auditKeepDaysSchema.shape,
      jobsListed: days(1, 365, 14, 'Days after its end that a job leaves the lists.'),
      jobs: days(14, 730, 90, 'Days after its end that a job is deleted with its rows.'),
      quarantine: days(7, 365, 90, 'Days that a record that did not parse is kept, redacted.'),
    })
    .prefault({})
    .describe('How long rows written from now on are kept; those that are there keep their time.'),
});

/** What holds for the program as a whole. */
export const programSettingsSchema = programFieldsSchema.superRefine(({ keepDays }, context) => {
  if (keepDays.jobs >= keepDays.jobsListed) return;
  context.addIssue({
    code: 'custom',
    path: ['keepDays', 'jobs'],
    message: 'Has to be at least as long as jobs are on the lists.',
  });
});
export type ProgramSettings = z.infer<typeof programSettingsSchema>;

export const DEFAULT_PROGRAM_SETTINGS: ProgramSettings = programSettingsSchema.parse({});

/** The settings as the table keeps them; version 0: nobody has changed any. */
export const syncSettingsRowSchema = z.object({
  version: z.int().nonnegative(),
  changedAt: z.iso.datetime().nullable(),
  changedBy: z.string().nullable(),
  settings: syncSettingsSchema,
  program: programSettingsSchema.prefault({}),
});
export type SyncSettingsRow = z.infer<typeof syncSettingsRowSchema>;

export const UNCHANGED_SYNC_SETTINGS: SyncSettingsRow = {
  version: 0,
  changedAt: null,
  changedBy: null,
  settings: DEFAULT_SYNC_SETTINGS,
  program: DEFAULT_PROGRAM_SETTINGS,
};
