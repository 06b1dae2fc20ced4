import * as z from 'zod';

/** Why the last try did not work, for a person: our own words, never the vendor's. */
export const syncFailureSchema = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  at: z.iso.datetime(),
});
export type SyncFailure = z.infer<typeof syncFailureSchema>;

/**
 * Which team a competitor is wanted on and which one the platform has confirmed. `competitor.teamId` is the desired state; both
 * change in one transaction. What a worker writes has defaults, so that an edit needs to know nothing of it.
 */
export const rosterEntrySchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  wantedTeamId: z.string().nullable(),
  /** When the coach asked for it, ISO 8601 UTC; changes with every edit. */
  wantedAt: z.iso.datetime(),
  /** `sub` of who asked. */
  editedBy: z.string(),
  confirmedTeamId: z.string().nullable().default(null),
  confirmedAt: z.iso.datetime().nullable().default(null),
  /**
   * The team on which the competitor may or may not be: written before each call that changes something, so that a
   * call whose end nobody saw is settled by asking.
   */
  doubtTeamId: z.string().nullable().default(null),
  failure: syncFailureSchema.nullable().default(null),
  attempts: z.int().default(0),
  /** No try before this time; null: at once. */
  notBefore: z.iso.datetime().nullable().default(null),
  /** Seconds that the last edit took to be confirmed. */
  lastEditSeconds: z.number().nullable().default(null),
  /** The `wantedAt` that was confirmed last: what is put right over there later is not that edit once more. */
  closedWish: z.iso.datetime().nullable().default(null),
  /** The plan whose comparison last put down here what the platform really has. */
  repairedBy: z.string().nullable().default(null),
  /**
   * Their scores are read once more before they are taken off a team, though nobody reads them otherwise any more: they
   * left it with the end of a season.
   */
  finalRead: z.boolean().optional(),
  /**
   * Of a person who was erased here: the id the platform knows them by, until they are off their team there. The row
   * then goes, too.
   */
  erasedPlatformId: z.string().nullable().default(null),
});
export type RosterEntry = z.infer<typeof rosterEntrySchema>;

/** Whether what is wanted now was confirmed before, so that confirming it again is no edit's time. */
export const desiredStateReached = (entry: RosterEntry): boolean =>
  entry.closedWish === entry.wantedAt ||
  (entry.wantedTeamId === entry.confirmedTeamId &&
    entry.doubtTeamId === null &&
    entry.confirmedAt !== null &&
    entry.confirmedAt >= entry.wantedAt);

/** Bodies on the `roster` queue beside those of jobs: "look at this one". */
export const rosterWakeUpSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('roster'), competitorId: z.string() }),
  z.object({ kind: z.literal('team'), teamId: z.string() }),
]);
export type RosterWakeUp = z.infer<typeof rosterWakeUpSchema>;
