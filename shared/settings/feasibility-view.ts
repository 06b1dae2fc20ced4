import * as z from 'zod';
import type { SyncSettings } from './sync-settings.ts';

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
