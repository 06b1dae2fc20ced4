import { BATCH_SIZES } from '#shared/jobs/task-definition.ts';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';

/**
 * Everything in which the stages differ, in one place. `docs/deploy.md` tells which values to replace with your own
 * before the first deployment. Changing an account, a region or a name of a retained resource is a migration.
 */

export const STAGE_NAMES = ['dev', 'staging', 'prod'] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** How many copies of a queue's worker may run at once. */
interface QueueConcurrency {
  readonly roster: number;
  readonly sync: number;
  readonly work: number;
}

/** Lambda takes no fewer. */
const FEWEST_WORKERS = 2;
/** What a call to the platform takes on a busy day, with a worker's own part of it. */
const CALL_SECONDS = 0.2;

/**
 * As many workers as it takes to make so many calls a second, and no more: the others would run, and be paid for,
 * while they wait for their turn. A worker makes as many calls at once as it has messages, or reads people.
 *
 * @param callsPerSecond the most that an admin of the stage will allow (the setting `callsPerSecond`)
 * @param work workers that call no platform
 */
export function queueConcurrencyFor(callsPerSecond: number, work: number): QueueConcurrency {
  const inFlight = callsPerSecond * CALL_SECONDS;
  const workers = (callsAtOnce: number) => Math.max(FEWEST_WORKERS, Math.ceil(inFlight / callsAtOnce));
  return { roster: workers(BATCH_SIZES.roster), sync: workers(DEFAULT_SYNC_SETTINGS.concurrency), work };
}

export interface StageSettings {
  readonly name: StageName;
  readonly account: string;
  /** us-east-1 in every stage: WAF for CloudFront lives there, so that no reference crosses a region. */
  readonly region: 'us-east-1';
  /** A restored backup is a new table; a runbook article tells how this name moves to it. */
  readonly tableName: string;
  /** Minutes without use after which the site signs people out. */
  readonly idleSignOutMinutes: number;
  /** `<prefix>.auth.<region>.amazoncognito.com`; unique in the region over all of AWS's customers. */
  readonly loginDomainPrefix: string;
  /** Multi-factor authentication: TOTP for everybody, or for those who choose it. */
  readonly mfa: 'required' | 'optional';
  /** The verified SES domain that invitations come from; undefined: Cognito's own sender, 50 emails a day. */
  readonly signInMail: { readonly from: string; readonly verifiedDomain: string } | undefined;
  /** Where people sign in, for emails: the output `SiteUrl` of the Web stack, undefined until there is one. */
  readonly siteUrl: string | undefined;
  /**
   * Emails to coaches and admins, with links to `siteUrl`: an address of a domain that SES has verified, and which admins
   * are told what no alarm says. Undefined: none are sent.
   */
  readonly noticeMail:
    | { readonly from: string; readonly verifiedDomain: string; readonly admins: readonly string[] }
    | undefined;
  /** Of the platform's API; only `prod` may have the live one, where real teams are. */
  readonly gamePlatformApiBaseUrl: string;
  /** Days and months are those of this IANA time zone. */
  readonly programTimeZone: string;
  /** Metrics are lines of the log at INFO: Lambda drops them where it keeps only what is graver. */
  readonly logLevel: 'DEBUG' | 'INFO';
  /** One of the values that CloudWatch Logs takes. */
  readonly logRetentionDays: 14 | 30 | 90 | 180 | 365;
  /** How far back the table can be restored, 1 to 35 days. */
  readonly backupRetentionDays: number;
  /** WAF in front of the distribution: $10 a month even when idle. */
  readonly firewall: boolean;
  /** Whether it refuses what its rules match, or only counts and logs it. */
  readonly firewallMode: 'block' | 'count';
  /** The account's limit of concurrent executions (Service Quotas); new accounts may have as few as 10. */
  readonly accountConcurrency: number;
  readonly queueConcurrency: QueueConcurrency;
  /** HTTP requests over all callers; above it API Gateway answers 429. */
  readonly apiRequestsPerSecond: number;
  /** Who gets the alarms, by how soon something has to be done: an address that wakes somebody, and a mailbox. */
  readonly alarmMail: { readonly urgent: string; readonly soon: string };
  /** AWS Budgets tells `alarmMail.soon` at 80 % of it spent, and when it is forecast to be exceeded. */
  readonly monthlyBudgetUsd: number;
  /**
   * False until the stage was deployed once, in whole: until then everything can be deleted, so that a first deployment
   * that failed can be tried again. True keeps what holds data, and protects it and the stacks from deletion.
   */
  readonly established: boolean;
  /** Counted up by whoever rotates the origin secret: the change makes CloudFormation read the new value. */
  readonly originSecretGeneration: number;
}

export const LIVE_GAME_PLATFORM_HOST = 'api.metactf.com';
const LIVE_GAME_PLATFORM = `https://${LIVE_GAME_PLATFORM_HOST}/integrations/syned/v1`;
/** To be replaced by the address of a sandbox that the vendor gives you. */
const SANDBOX_GAME_PLATFORM = 'https://game-platform.example.org/integrations/syned/v1';
const PROGRAMME_TIME_ZONE = 'America/Los_Angeles';

export const STAGES: Readonly<Record<StageName, StageSettings>> = {
  dev: {
    name: 'dev',
    account: '111111111111',
    region: 'us-east-1',
    tableName: 'coach-dashboard-dev',
    loginDomainPrefix: 'coach-dashboard-dev',
    idleSignOutMinutes: 30,
    mfa: 'optional',
    signInMail: undefined,
    siteUrl: 'https://dev.coaches.example.org',
    noticeMail: {
      from: 'no-reply@dev.coaches.example.org',
      verifiedDomain: 'dev.coaches.example.org',
      admins: ['coach-dashboard-dev@example.org'],
    },
    gamePlatformApiBaseUrl: SANDBOX_GAME_PLATFORM,
    programTimeZone: PROGRAMME_TIME_ZONE,
    logLevel: 'DEBUG',
    logRetentionDays: 14,
    backupRetentionDays: 7,
    firewall: false,
    firewallMode: 'block',
    accountConcurrency: 10,
    queueConcurrency: queueConcurrencyFor(10, 2),
    apiRequestsPerSecond: 50,
    alarmMail: {
      urgent: 'coach-dashboard-dev-on-call@example.org',
      soon: 'coach-dashboard-dev@example.org',
    },
    monthlyBudgetUsd: 15,
    established: false,
    originSecretGeneration: 1,
  },
  staging: {
    name: 'staging',
    account: '222222222222',
    region: 'us-east-1',
    tableName: 'coach-dashboard-staging',
    loginDomainPrefix: 'coach-dashboard-staging',
    idleSignOutMinutes: 30,
    mfa: 'required',
    signInMail: {
      from: 'no-reply@staging.coaches.example.org',
      verifiedDomain: 'staging.coaches.example.org',
    },
    siteUrl: 'https://staging.coaches.example.org',
    noticeMail: {
      from: 'no-reply@staging.coaches.example.org',
      verifiedDomain: 'staging.coaches.example.org',
      admins: ['coach-dashboard-staging@example.org'],
    },
    gamePlatformApiBaseUrl: SANDBOX_GAME_PLATFORM,
    programTimeZone: PROGRAMME_TIME_ZONE,
    logLevel: 'INFO',
    logRetentionDays: 30,
    backupRetentionDays: 14,
    firewall: true,
    firewallMode: 'count',
    accountConcurrency: 100,
    queueConcurrency: queueConcurrencyFor(25, 2),
    apiRequestsPerSecond: 100,
    alarmMail: {
      urgent: 'coach-dashboard-staging-on-call@example.org',
      soon: 'coach-dashboard-staging@example.org',
    },
    monthlyBudgetUsd: 40,
    established: false,
    originSecretGeneration: 1,
  },
  prod: {
    name: 'prod',
    account: '333333333333',
    region: 'us-east-1',
    tableName: 'coach-dashboard-prod',
    loginDomainPrefix: 'coach-dashboard-prod',
    idleSignOutMinutes: 30,
    mfa: 'required',
    signInMail: { from: 'no-reply@coaches.example.org', verifiedDomain: 'coaches.example.org' },
    siteUrl: 'https://coaches.example.org',
    noticeMail: {
      from: 'no-reply@coaches.example.org',
      verifiedDomain: 'coaches.example.org',
      admins: ['coach-dashboard-prod@example.org'],
    },
    gamePlatformApiBaseUrl: LIVE_GAME_PLATFORM,
    programTimeZone: PROGRAMME_TIME_ZONE,
    logLevel: 'INFO',
    logRetentionDays: 90,
    backupRetentionDays: 35,
    firewall: true,
    firewallMode: 'block',
    accountConcurrency: 100,
    // 100,000 competitors take some 50 calls a second.
    queueConcurrency: queueConcurrencyFor(50, 5),
    apiRequestsPerSecond: 200,
    alarmMail: {
      urgent: 'coach-dashboard-prod-on-call@example.org',
      soon: 'coach-dashboard-prod@example.org',
    },
    monthlyBudgetUsd: 100,
    established: false,
    originSecretGeneration: 1,
  },
};

/** Concurrent executions that the queues leave to the API and to deployments, so that neither starves. */
export const CONCURRENCY_KEPT_FREE = 4;

/** Where `docs/runbook.md` can be read by whoever is on call; alarms link into it. */
export const RUNBOOK_URL = 'https://github.com/example-org/coach-dashboard/blob/main/docs/runbook.md';
