import * as z from 'zod';

/** What score reads leave in the table. Times are ISO 8601 UTC, days those of the programme's time zone. */

export const SOLVE_SOURCES = ['odl', 'ctf'] as const;
export type SolveSource = (typeof SOLVE_SOURCES)[number];
/** The event of ODL solves, which belong to none. */
export const ODL_EVENT = 'odl';

/** Keyed by (competitor, source, event, solve id): the vendor's solve ids repeat across events. */
export const solveSchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  source: z.enum(SOLVE_SOURCES),
  eventId: z.string(),
  solveId: z.int(),
  challengeId: z.int(),
  title: z.string(),
  points: z.int().nonnegative(),
  /** As the platform spells it; `categoryLabel` gives the one name to show. */
  category: z.string(),
  solvedAt: z.iso.datetime(),
  /** Day of `solvedAt` in the programme's time zone, `YYYY-MM-DD`. */
  day: z.iso.date(),
  retired: z.boolean(),
  workRoles: z.array(z.string()),
  storedAt: z.iso.datetime(),
});
export type Solve = z.infer<typeof solveSchema>;

/**
 * Running totals of a competitor: what we stored (`stored*`, moved in the solve's own transaction) beside what the
 * platform last said (`platform`, from the totals sweep).
 */
export const competitorStatsSchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  storedOdl: z.int(),
  storedCtf: z.int(),
  storedOdlPoints: z.int(),
  storedCtfPoints: z.int(),
  lastSolveAt: z.iso.datetime().nullable(),
  platform: z
    .object({
      challengesCompleted: z.int(),
      totalScore: z.int(),
      categoryPoints: z.record(z.string(), z.int()),
      lastAccessedAt: z.iso.datetime().nullable(),
      /** Flash CTF challenges solved in the month of `readAt`. */
      monthlyCtfChallenges: z.int(),
      readAt: z.iso.datetime(),
    })
    .nullable(),
});
export type CompetitorStats = z.infer<typeof competitorStatsSchema>;

/** What one competitor solved on one day; written in the solves' own transaction. */
export const competitorDaySchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  day: z.iso.date(),
  odl: z.int(),
  ctf: z.int(),
  odlPoints: z.int(),
  ctfPoints: z.int(),
  /** The last solve of that day. */
  lastSolveAt: z.iso.datetime(),
});
export type CompetitorDay = z.infer<typeof competitorDaySchema>;

/** One competitor's result in one Flash CTF, as last read. */
export const flashResultSchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  eventId: z.string(),
  eventName: z.string(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime().nullable(),
  solved: z.int(),
  points: z.int(),
  maxPoints: z.int(),
  rank: z.int(),
  readAt: z.iso.datetime(),
});
export type FlashResult = z.infer<typeof flashResultSchema>;

/** A Flash CTF anybody was seen in. */
export const flashEventSchema = z.object({
  eventId: z.string(),
  name: z.string(),
  startsAt: z.iso.datetime(),
  /** As told, else three hours after the start. */
  endsAt: z.iso.datetime(),
  firstSeenAt: z.iso.datetime(),
});
export type FlashEvent = z.infer<typeof flashEventSchema>;

/** What reading one competitor came to; `synced` only if something new was stored. */
export const READ_OUTCOMES = [
  'synced',
  'skipped_no_new_data',
  'not_approved',
  'user_unknown',
  'failed',
] as const;
export type ReadOutcome = (typeof READ_OUTCOMES)[number];

/** How far a competitor has been read. Small (well under 1 KB) and in no index: a no-change read costs one write. */
export const syncStateSchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  gamePlatformId: z.string(),
  /** Unix seconds of the newest ODL solve stored; 0 when never read. Moves only after the solves are stored. */
  cursorUnix: z.int(),
  /** End of the last successful ODL read; null when never. */
  lastReadAt: z.iso.datetime().nullable(),
  /** End of the last successful Flash CTF read; null when never. */
  lastFlashReadAt: z.iso.datetime().nullable(),
  /** Why the last read failed, in the client's codes; null after a success. */
  lastFailure: z.object({ code: z.string(), at: z.iso.datetime() }).nullable(),
  /** What the last job did here, so that a part worked off twice neither reads nor counts anybody twice. */
  lastRun: z.object({ jobId: z.string(), outcome: z.enum(READ_OUTCOMES) }).optional(),
  /** Fingerprints of the last answers, all of whose solves are stored: the same answer again needs no look-up. */
  odlDigest: z.string().optional(),
  flashDigest: z.string().optional(),
});
export type SyncState = z.infer<typeof syncStateSchema>;

/** Somebody whose totals have to be read again. Cleared only if `mark` is still the one that was read. */
export const totalsDueSchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  /** When and by what it was flagged; changes with every flagging. */
  mark: z.string().default(''),
});
export type TotalsDue = z.infer<typeof totalsDueSchema>;
