/**
 * Every key of the single table. Constants and pure functions only: the CDK app takes the attribute names from here,
 * the repositories take the rest. `docs/data-model.md` lists the access patterns with their cost.
 */

export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';
export const TTL_ATTRIBUTE = 'expiresAt';

/** Both indexes project everything and are read with eventual consistency. */
export const INDEXES = {
  /** What belongs to a coach (competitors, teams, stats, days, activity), and platform ids. */
  gsi1: { name: 'gsi1', partitionKey: 'gsi1pk', sortKey: 'gsi1sk' },
  /** Solves of a coach by time; jobs by type and time. */
  gsi2: { name: 'gsi2', partitionKey: 'gsi2pk', sortKey: 'gsi2sk' },
} as const;

/** How many partitions the sync states are spread over; changing it needs a migration. */
export const SYNC_BUCKETS = 16;

/** FNV-1a over UTF-16 code units: stable over releases, which `SYNC_BUCKETS` relies on. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

export const syncBucketOf = (competitorId: string): number => stableHash(competitorId) % SYNC_BUCKETS;

interface Key {
  readonly pk: string;
  readonly sk: string;
}

export const keys = {
  identity: (sub: string): Key => ({ pk: `IDENTITY#${sub}`, sk: 'IDENTITY' }),
  /** Of the person whose email address has this digest: the address itself is in no key. */
  renewal: (digest: string): Key => ({ pk: `RENEWAL#${digest}`, sk: 'RENEWAL' }),
  /** An admin acting as a coach. */
  acting: (sub: string, id: string): Key => ({ pk: `IDENTITY#${sub}`, sk: `ACTING#${id}` }),

  coach: (coachId: string): Key => ({ pk: 'COACHES', sk: `COACH#${coachId}` }),
  coaches: { pk: 'COACHES', skPrefix: 'COACH#' },

  competitor: (competitorId: string): Key => ({ pk: `COMP#${competitorId}`, sk: 'PROFILE' }),
  /** All rows of one person: profile, stats, days, solves, Flash CTF results. */
  competitorPartition: (competitorId: string): string => `COMP#${competitorId}`,
  /** The names by which one person is searched, one row per order of first and last name. */
  competitorName: (competitorId: string, order: 'last' | 'first'): Key => ({
    pk: `COMP#${competitorId}`,
    sk: `NAME#${order}`,
  }),
  /** What stays of an erased person, so that nothing late makes them anew: ids and the time. */
  tombstone: (competitorId: string): Key => ({ pk: `COMP#${competitorId}`, sk: 'ERASED' }),
  competitorStats: (competitorId: string): Key => ({ pk: `COMP#${competitorId}`, sk: 'STATS' }),
  competitorDay: (competitorId: string, day: string): Key => ({
    pk: `COMP#${competitorId}`,
    sk: `DAY#${day}`,
  }),
  solve: (competitorId: string, source: string, eventId: string, solveId: number): Key => ({
    pk: `COMP#${competitorId}`,
    sk: `SOLVE#${source}#${eventId}#${solveId}`,
  }),
  /** What a solve was before the platform changed it; `at`: the answer that told, ISO 8601. */
  solveHistory: (competitorId: string, at: string, solve: string, kind: string): Key => ({
    pk: `COMP#${competitorId}`,
    sk: `SOLVEHIST#${at}#${solve}#${kind}`,
  }),
  /** A month whose numbers changed after it had ended. `month`: `YYYY-MM`. */
  restatedMonth: (competitorId: string, month: string): Key => ({
    pk: `COMP#${competitorId}`,
    sk: `RESTATED#${month}`,
  }),
  flashResult: (competitorId: string, eventId: string): Key => ({
    pk: `COMP#${competitorId}`,
    sk: `FLASH#${eventId}`,
  }),

  /** Which team a competitor is wanted on, and which one the platform confirmed. */
  rosterEntry: (competitorId: string): Key => ({ pk: `COMP#${competitorId}`, sk: 'ROSTER' }),
  /** How long roster edits of a month took, in buckets. `month`: `YYYY-MM`, UTC. */
  editTimes: (month: string): Key => ({ pk: 'EDIT_TIMES', sk: month }),

  /** A comparison with the platform's assignments: its head, and the pieces that its rows lie in. */
  rosterPlan: (planId: string): Key => ({ pk: `ROSTER_PLAN#${planId}`, sk: 'META' }),
  rosterPlanPiece: (planId: string, piece: number): Key => ({
    pk: `ROSTER_PLAN#${planId}`,
    sk: `ROWS#${String(piece).padStart(4, '0')}`,
  }),
  latestRosterPlan: { pk: 'ROSTER_PLANS', sk: 'LATEST' },

  team: (teamId: string): Key => ({ pk: `TEAM#${teamId}`, sk: 'META' }),

  /** Apart from the profile, so that a read that found nothing new costs one write and touches no index. */
  syncState: (competitorId: string): Key => ({
    pk: `SYNC#${syncBucketOf(competitorId)}`,
    sk: `COMP#${competitorId}`,
  }),
  syncBucket: (bucket: number): string => `SYNC#${bucket}`,
  /** No-op reads of several competitors of a bucket; and the next free slot. */
  noOpReads: (bucket: number, row: number): Key => ({
    pk: `QUIET#${bucket}`,
    sk: `READS#${String(row).padStart(6, '0')}`,
  }),
  noOpBucket: (bucket: number) => ({ pk: `QUIET#${bucket}`, skPrefix: 'READS#' }),
  noOpSlots: (bucket: number): Key => ({ pk: `QUIET#${bucket}`, sk: 'SLOTS' }),
  totalsDue: (competitorId: string): Key => ({ pk: 'TOTALS_DUE', sk: `COMP#${competitorId}` }),
  totalsDuePartition: 'TOTALS_DUE',

  /** Who is being asked about at this moment, a row per part of a job. */
  reading: (name: string): Key => ({ pk: 'READING', sk: name }),
  readingPartition: 'READING',

  flashEvent: (eventId: string): Key => ({ pk: 'FLASH_EVENTS', sk: `EVENT#${eventId}` }),
  flashEvents: 'FLASH_EVENTS',

  job: (jobId: string): Key => ({ pk: `JOB#${jobId}`, sk: 'META' }),
  jobPart: (jobId: string, part: number): Key => ({
    pk: `JOB#${jobId}`,
    sk: `PART#${String(part).padStart(6, '0')}`,
  }),
  /** Whom a part is about, apart from how it stands. */
  jobPartSubjects: (jobId: string, part: number): Key => ({
    pk: `JOB#${jobId}`,
    sk: `SUBJECTS#${String(part).padStart(6, '0')}`,
  }),
  /** What became of one subject of a job, where that is told per row. */
  jobRow: (jobId: string, subject: string): Key => ({ pk: `JOB#${jobId}`, sk: `ROW#${subject}` }),
  /** How far a job is that writes a file. */
  exportFile: (jobId: string): Key => ({ pk: `JOB#${jobId}`, sk: 'EXPORT' }),
  jobPartition: (jobId: string): string => `JOB#${jobId}`,

  /** When a schedule ran last. */
  scheduleRun: (name: string): Key => ({ pk: 'SCHEDULE_RUNS', sk: name }),
  scheduleRuns: 'SCHEDULE_RUNS',

  quarantine: (day: string, id: string): Key => ({ pk: `QUARANTINE#${day}`, sk: id }),
  idempotency: (actor: string, key: string): Key => ({
    pk: `IDEMPOTENCY#${actor}#${key}`,
    sk: 'IDEMPOTENCY',
  }),
  rateLimit: (name: string): Key => ({ pk: `LIMIT#${name}`, sk: 'LIMIT' }),
  /** An uploaded file, and the pieces it is kept in. */
  importUpload: (importId: string): Key => ({ pk: `IMPORT#${importId}`, sk: 'META' }),
  importChunk: (importId: string, piece: number): Key => ({
    pk: `IMPORT#${importId}`,
    sk: `CHUNK#${String(piece).padStart(4, '0')}`,
  }),
  lease: (name: string): Key => ({ pk: `LEASE#${name}`, sk: 'LEASE' }),
  setting: (name: string): Key => ({ pk: 'SETTINGS', sk: name }),
  /** What all workers share of the vendor's budget. */
  budget: (): Key => ({ pk: 'BUDGET', sk: 'STATE' }),
  /** The calls of a day that ended, `YYYY-MM-DD`. */
  budgetDay: (day: string): Key => ({ pk: 'BUDGET#DAYS', sk: day }),
  /** The calls of a day before an hour's first one, `YYYY-MM-DD` and `00` to `23`. */
  budgetHour: (day: string, hour: string): Key => ({ pk: 'BUDGET#HOURS', sk: `${day}#${hour}` }),
  /** What choosing whom to read needs to remember of the program: `ROUND` and `LEARNED`. */
  syncPolicy: (name: 'ROUND' | 'LEARNED'): Key => ({ pk: 'SYNC_POLICY', sk: name }),
  /** How the arms did on a day, `YYYY-MM-DD`. */
  syncArms: (day: string): Key => ({ pk: 'SYNC_ARMS', sk: day }),
  /** Advice on the score sync that an admin has dismissed, by its code. */
  syncAdvice: (code: string): Key => ({ pk: 'SYNC_ADVICE', sk: code }),
  /** An alert of a coach, one row per cause. */
  alert: (coachId: string, cause: string): Key => ({ pk: `ALERTS#${coachId}`, sk: cause }),
  alertsOfCoach: (coachId: string): string => `ALERTS#${coachId}`,
  /** When a coach wants the weekly email, and what lets its reader stop it. */
  noticeChoice: (coachId: string): Key => ({ pk: `NOTICES#${coachId}`, sk: 'CHOICE' }),
  /** An email that is being sent, or was; `to`: a coach, or everybody's admins. */
  notice: (to: string, name: string): Key => ({ pk: `NOTICES#${to}`, sk: `SENT#${name}` }),
  /** Since when something that admins are told of has been so. */
  noticeWatch: (what: string): Key => ({ pk: 'NOTICE_WATCH', sk: what }),
  activity: (coachId: string, at: string, id: string): Key => ({
    pk: `ACTIVITY#${coachId}`,
    sk: `${at}#${id}`,
  }),
  /** A change of a team or of who is on it, beside its line of activity, to be counted without the other lines. */
  teamEdit: (coachId: string, at: string, id: string): Key => ({
    pk: `TEAM_EDITS#${coachId}`,
    sk: `${at}#${id}`,
  }),
  /** Sums of a coach's people, or of everybody's; see `shared/dashboard/rollups/`. */
  rollup: (scope: string, name: string): Key => ({ pk: `ROLLUP#${scope}`, sk: name }),
  /** Days that the program was looked at for, beside the usual ones. */
  rollupPeriod: (period: string): Key => ({ pk: 'ROLLUP_PERIODS', sk: period }),
  rollupPeriods: 'ROLLUP_PERIODS',
  audit: (day: string, at: string, id: string): Key => ({ pk: `AUDIT#${day}`, sk: `${at}#${id}` }),
} as const;

/** Index keys: the attributes to put on an item so that it shows up in the index. */
export const indexKeys = {
  competitorOfCoach: (coachId: string, competitorId: string) => ({
    gsi1pk: `COACH#${coachId}`,
    gsi1sk: `COMP#${competitorId}`,
  }),
  /** The competitor's record in `gsi2` by the id the platform knows it by. */
  competitorByPlatformId: (gamePlatformId: string) => ({
    gsi2pk: `PLATFORM#${gamePlatformId}`,
    gsi2sk: 'PROFILE',
  }),
  statsOfCoach: (coachId: string, competitorId: string) => ({
    gsi1pk: `COACH#${coachId}`,
    gsi1sk: `STATS#${competitorId}`,
  }),
  dayOfCoach: (coachId: string, day: string, competitorId: string) => ({
    gsi1pk: `COACH#${coachId}`,
    gsi1sk: `DAY#${day}#${competitorId}`,
  }),
  restatedOfCoach: (coachId: string, month: string, competitorId: string) => ({
    gsi1pk: `COACH#${coachId}`,
    gsi1sk: `RESTATED#${month}#${competitorId}`,
  }),
  flashResultOfCoach: (coachId: string, eventStart: string, eventId: string, competitorId: string) => ({
    gsi1pk: `COACH#${coachId}`,
    gsi1sk: `FLASH#${eventStart}#${eventId}#${competitorId}`,
  }),
  teamOfCoach: (coachId: string, teamId: string) => ({
    gsi1pk: `COACH#${coachId}`,
    gsi1sk: `TEAM#${teamId}`,
  }),
  rosterOfCoach: (coachId: string, competitorId: string) => ({
    gsi1pk: `COACH#${coachId}`,
    gsi1sk: `ROSTER#${competitorId}`,
  }),
  /** Only while wanted and confirmed differ; `due`: when to look at it next, ISO 8601. */
  rosterPending: (due: string, competitorId: string) => ({
    gsi2pk: 'ROSTER_PENDING',
    gsi2sk: `${due}#${competitorId}`,
  }),
  /** Only while the platform lacks the team, or has one that is to be deleted. */
  teamPending: (due: string, teamId: string) => ({ gsi2pk: 'TEAM_PENDING', gsi2sk: `${due}#${teamId}` }),
  solveOfCoach: (coachId: string, solvedAt: string, competitorId: string) => ({
    gsi2pk: `SOLVES#${coachId}`,
    gsi2sk: `${solvedAt}#${competitorId}`,
  }),
  /** Names by their first letter, for a prefix search over everybody; `order` keeps both rows of one person apart. */
  nameByPrefix: (name: string, order: 'last' | 'first', competitorId: string) => ({
    gsi2pk: `NAME#${String.fromCodePoint(name.codePointAt(0) ?? 0x20)}`,
    gsi2sk: `${name}#${order}#${competitorId}`,
  }),
  /** What happened to one person, for their export and their erasure. */
  activityAbout: (competitorId: string, at: string, id: string) => ({
    gsi1pk: `ACTIVITY_ABOUT#${competitorId}`,
    gsi1sk: `${at}#${id}`,
  }),
  /** What happened to anybody on a day, `YYYY-MM-DD`, UTC. */
  activityOfDay: (day: string, at: string, id: string) => ({
    gsi2pk: `ACTIVITY_OF#${day}`,
    gsi2sk: `${at}#${id}`,
  }),
  auditAbout: (subject: string, at: string, id: string) => ({
    gsi1pk: `AUDIT_ABOUT#${subject}`,
    gsi1sk: `${at}#${id}`,
  }),
  /** What a person did, newest last. */
  auditBy: (actor: string, at: string, id: string) => ({
    gsi2pk: `AUDIT_BY#${actor}`,
    gsi2sk: `${at}#${id}`,
  }),
  quarantineAbout: (competitorId: string, id: string) => ({
    gsi1pk: `QUARANTINE_ABOUT#${competitorId}`,
    gsi1sk: id,
  }),
  /** Records that could not be read, by the day and time of the first read of that day. */
  quarantineOfDay: (day: string, at: string, id: string) => ({
    gsi2pk: `QUARANTINE#${day}`,
    gsi2sk: `${at}#${id}`,
  }),
  erased: (erasedAt: string, competitorId: string) => ({
    gsi1pk: 'ERASED',
    gsi1sk: `${erasedAt}#${competitorId}`,
  }),
  importOfCoach: (coachId: string, importId: string) => ({
    gsi1pk: `COACH#${coachId}`,
    gsi1sk: `IMPORT#${importId}`,
  }),
  jobByState: (state: string, createdAt: string, jobId: string) => ({
    gsi1pk: `JOBS#${state}`,
    gsi1sk: `${createdAt}#${jobId}`,
  }),
  jobByType: (taskType: string, createdAt: string, jobId: string) => ({
    gsi2pk: `JOBTYPE#${taskType}`,
    gsi2sk: `${createdAt}#${jobId}`,
  }),
} as const;
