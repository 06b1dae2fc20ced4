import * as z from 'zod';
import { packedActivitySchema, packedHabitSchema, type PackedHabit } from './sync-memory.ts';

/** What score reads leave in the table. Times are ISO 8601 UTC, days those of the program's time zone. */

export const SOLVE_SOURCES = ['odl', 'ctf'] as const;
export type SolveSource = (typeof SOLVE_SOURCES)[number];
/** The event of ODL solves, which belong to none. */
export const ODL_EVENT = 'odl';

/** How a stored solve came to differ from what was stored before. */
export const SOLVE_CHANGES = ['found', 'restored', 'corrected', 'revoked'] as const;

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
  /** Day of `solvedAt` in the program's time zone, `YYYY-MM-DD`. */
  day: z.iso.date(),
  retired: z.boolean(),
  workRoles: z.array(z.string()),
  storedAt: z.iso.datetime(),
  /** When the platform was seen to have taken it back: the row stays, and counts nowhere ({@link isStanding}). */
  revokedAt: z.iso.datetime().optional(),
  /** The last audit that changed the row; `at` is the time of the answer it followed. */
  change: z.object({ kind: z.enum(SOLVE_CHANGES), at: z.iso.datetime(), jobId: z.string() }).optional(),
});
export type Solve = z.infer<typeof solveSchema>;

/** Whether a solve counts. Whatever sums or lists solves asks this first. */
export const isStanding = (solve: Pick<Solve, 'revokedAt'>): boolean => solve.revokedAt === undefined;

/** What a solve was before the platform changed it or took it back. */
export const solveHistorySchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  source: z.enum(SOLVE_SOURCES),
  eventId: z.string(),
  solveId: z.int(),
  kind: z.enum(SOLVE_CHANGES).exclude(['found']),
  at: z.iso.datetime(),
  jobId: z.string(),
  before: z.object({
    title: z.string(),
    points: z.int(),
    category: z.string(),
    solvedAt: z.iso.datetime(),
    revoked: z.boolean(),
  }),
});
export type SolveHistory = z.infer<typeof solveHistorySchema>;

/** A month of a competitor whose numbers changed after it had ended, and by how much in all. */
export const restatedMonthSchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  /** `YYYY-MM` of the program's time zone. */
  month: z.string(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  odl: z.int(),
  ctf: z.int(),
  odlPoints: z.int(),
  ctfPoints: z.int(),
});
export type RestatedMonth = z.infer<typeof restatedMonthSchema>;

/** So many solves are missing from an answer at once that a later job has to see the same before it is believed. */
export const pendingWithdrawalSchema = z.object({
  jobId: z.string(),
  at: z.iso.datetime(),
  count: z.int(),
  /** Fingerprint of which ones. */
  digest: z.string(),
});
export type PendingWithdrawal = z.infer<typeof pendingWithdrawalSchema>;

const sumsSchema = z.object({ solves: z.int(), points: z.int() });
export type Sums = z.infer<typeof sumsSchema>;

/** What comparing a competitor's totals with the platform's came to. */
export const AUDIT_OUTCOMES = [
  'inStep',
  'healed',
  'corrected',
  'revoked',
  'held',
  'kept',
  'quarantined',
  'unexplained',
  /** The platform's totals could not be read. */
  'unread',
] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

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
  /** Rises with every change of solves: who read all solves changes them only if no one else did since. */
  changes: z.int().optional(),
  /** The last job that changed solves in an audit, and what the last comparison of totals came to. */
  auditedBy: z.string().optional(),
  audit: z.object({ jobId: z.string(), mark: z.string(), outcome: z.enum(AUDIT_OUTCOMES) }).optional(),
  /** A difference of ODL totals that nothing explains, since when; gone with the difference. */
  drift: z.object({ since: z.iso.datetime(), platform: sumsSchema, stored: sumsSchema }).optional(),
  heldOdl: pendingWithdrawalSchema.optional(),
  heldCtf: pendingWithdrawalSchema.optional(),
  /** The last read before a removal from a team. What the platform drops with the team is kept here. */
  leftTeamAt: z.iso.datetime().optional(),
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
  /** The platform’s own id, where it gives one. */
  platformEventId: z.string().optional(),
  eventName: z.string(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime().nullable(),
  solved: z.int(),
  points: z.int(),
  /** Null, both: the platform did not say. */
  maxPoints: z.int().nullable(),
  rank: z.int().nullable(),
  readAt: z.iso.datetime(),
});
export type FlashResult = z.infer<typeof flashResultSchema>;

/** A Flash CTF anyone was seen in. */
export const flashEventSchema = z.object({
  eventId: z.string(),
  name: z.string(),
  startsAt: z.iso.datetime(),
  /** As the platform says, else three hours after the start. */
  endsAt: z.iso.datetime(),
  firstSeenAt: z.iso.datetime(),
});
export type FlashEvent = z.infer<typeof flashEventSchema>;

/**
 * What reading one competitor came to; `synced` only if something new was stored, `corrected` if nothing was new but
 * the platform changed or took back what we had.
 */
export const READ_OUTCOMES = [
  'synced',
  'corrected',
  'skipped_no_new_data',
  'not_approved',
  'user_unknown',
  'failed',
] as const;
export type ReadOutcome = (typeof READ_OUTCOMES)[number];

/** Which of the two lists are read. */
export type ReadWhat = 'odl' | 'flash' | 'both';

/** A code and two figures. */
export const LONGEST_REASON = 80;

/** How far a competitor has been read. Small (well under 1 KB) and in no index: a read with news costs one write of it. */
export const syncStateSchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  gamePlatformId: z.string(),
  /** Unix seconds of the newest ODL solve stored; 0 when never read. Moves only after the solves are stored. */
  cursorUnix: z.int(),
  /** End of the last successful ODL read, of one without news its beginning; null when never. */
  lastReadAt: z.iso.datetime().nullable(),
  /** The same of Flash CTFs. */
  lastFlashReadAt: z.iso.datetime().nullable(),
  /** Why the last read failed, in the client's codes; null after a success. */
  lastFailure: z.object({ code: z.string(), at: z.iso.datetime() }).nullable(),
  /**
   * What the last job did here, so that a part processed twice neither reads nor counts anyone twice; of a no-op read
   * with the packed id, see `isOfJob`.
   */
  lastRun: z.object({ jobId: z.string(), outcome: z.enum(READ_OUTCOMES) }).optional(),
  /** The same of jobs that read Flash CTFs alone. */
  lastFlashRun: z.object({ jobId: z.string(), outcome: z.enum(READ_OUTCOMES) }).optional(),
  /** Fingerprints of the last answers, all of whose solves are stored: the same answer again needs no look-up. */
  odlDigest: z.string().optional(),
  flashDigest: z.string().optional(),
  /** From where on the fingerprint of the last ODL answer counts, Unix seconds: from where the next one will go. */
  odlFrom: z.int().optional(),
  /** Flash CTFs are to be read once more, whatever the events say: a withdrawal waits for its second read. */
  flashAgain: z.boolean().optional(),
  /** Reading restarted after a time away: what is stored was seen, and may have been taken back meanwhile. */
  readBefore: z.boolean().optional(),
  /** What reads have observed of this competitor, for the read policy. */
  habit: packedHabitSchema.optional(),
  activity: packedActivitySchema.optional(),
  /** A copy of the competitor's team, to know who solves together; may be late. */
  teamId: z.string().nullable().optional(),
  /** Why the last read was made, as the job's part gave it: a code, and figures with some; and when. */
  why: z.object({ reason: z.string().max(LONGEST_REASON), at: z.iso.datetime() }).optional(),
  /** Where reads that find nothing are kept, see `no-op-read.ts`; begins with the first read. */
  quietSlot: z.int().nonnegative().optional(),
});
type SyncStateRow = z.infer<typeof syncStateSchema>;

/** A row with its no-op reads. */
export type SyncState = SyncStateRow & {
  /** What no-op reads have moved: goes into the row with its next write. */
  readonly unwritten?: Partial<
    Pick<SyncStateRow, 'lastReadAt' | 'lastFlashReadAt' | 'lastRun' | 'lastFlashRun'>
  >;
  /** The habit that the row has, where they have moved it on. */
  readonly rowHabit?: PackedHabit;
};

/** What a read changed; fields left out keep their values. */
export type SyncStateChange = Partial<
  Omit<SyncState, 'competitorId' | 'coachId' | 'gamePlatformId' | 'rowHabit' | 'unwritten'>
>;

/** What choosing whom to read needs of everyone. */
export const readingStateSchema = syncStateSchema.pick({
  competitorId: true,
  cursorUnix: true,
  lastReadAt: true,
  lastFlashReadAt: true,
  lastFailure: true,
  flashAgain: true,
  habit: true,
  activity: true,
  teamId: true,
  quietSlot: true,
});
export type ReadingState = z.infer<typeof readingStateSchema>;

/** One of the competitors whose last read is longest ago. */
export const oldestReadSchema = syncStateSchema.pick({
  competitorId: true,
  lastReadAt: true,
  lastFailure: true,
});
export type OldestRead = z.infer<typeof oldestReadSchema>;

/** A competitor whose totals have to be read again. Cleared only if `mark` is still the one that was read. */
export const totalsDueSchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  /** When and by what it was flagged; changes with every flagging. */
  mark: z.string().default(''),
});
export type TotalsDue = z.infer<typeof totalsDueSchema>;

/** Where reading a competitor begins: nothing read yet, so that the next sync reads everything. */
export const firstSyncState = (
  subject: Pick<SyncState, 'competitorId' | 'coachId' | 'gamePlatformId'>,
): SyncState => ({
  ...subject,
  cursorUnix: 0,
  lastReadAt: null,
  lastFlashReadAt: null,
  lastFailure: null,
});
