/**
 * Names of the product's own CloudWatch metrics. Constants only: the functions emit them, the CDK app builds alarms
 * and the dashboard of them. They carry the dimension `service` and nothing else: each further value would cost
 * $0.30 a month, and ids of people never belong here.
 */
export const METRICS_NAMESPACE = 'CoachDashboard';

export const METRICS = {
  /** 1 when a score sync run ended well, 0 when it ended badly. */
  syncRunSucceeded: 'SyncRunSucceeded',
  competitorsSynced: 'CompetitorsSynced',
  competitorReadFailed: 'CompetitorReadFailed',
  /** Answers of the vendor with a status from 500 up. */
  gamePlatformServerError: 'GamePlatformServerError',
  /** Calls made to the vendor, all purposes together; the ledger in the table tells them apart. */
  gamePlatformCalls: 'GamePlatformCalls',
  /** Per cent of the day's call budget that is leased, each minute. */
  gamePlatformBudgetUsed: 'GamePlatformBudgetUsed',
  /** What stops all calls to the vendor, each minute: a value of `STOPPED_BY`. One metric for both: each costs. */
  gamePlatformStopped: 'GamePlatformStopped',
  /** Age of the oldest last read of all who are read, each round; people who never were do not count. */
  oldestReadAgeSeconds: 'OldestReadAgeSeconds',
  /** Seconds from a coach's roster edit to the platform's confirmation. */
  editSeconds: 'EditSeconds',
  /** Age of the oldest roster edit that is not on the platform yet, every minute; 0 when none waits. */
  oldestPendingEditSeconds: 'OldestPendingEditSeconds',
  /** 1 when a comparison of all rosters left something for an admin to confirm, 0 when it did not. */
  rosterPlanStopped: 'RosterPlanStopped',
} as const;

/** Values of `gamePlatformStopped`: the switch counts for more than the breaker, which does not matter then. */
export const STOPPED_BY = { nothing: 0, breaker: 1, admin: 2 } as const;
