/**
 * The kinds of job, and the queue each is worked off from. Constants only: the CDK app and the functions
 * both import this file.
 */
export const QUEUES = ['roster', 'sync', 'work'] as const;
export type QueueName = (typeof QUEUES)[number];

export const TASK_TYPES = [
  'game_platform_sync',
  'game_platform_totals_sweep',
  'game_platform_flash_ctf_sync',
  'profile_refresh',
  'onboard_competitors',
  'onboard_coaches',
  'team_sync',
  'team_recreate',
  'roster_reconcile',
  'competitor_import',
  'privacy_erasure',
  'dead_letter_redrive',
  'competitor_refresh',
  'external_id_backfill',
  'job_cleanup',
] as const;
export type TaskType = (typeof TASK_TYPES)[number];

/** Where the parts of a job of this type are worked off. */
export const QUEUE_OF_TASK: Readonly<Record<TaskType, QueueName>> = {
  game_platform_sync: 'sync',
  game_platform_totals_sweep: 'sync',
  game_platform_flash_ctf_sync: 'sync',
  profile_refresh: 'sync',
  onboard_competitors: 'roster',
  onboard_coaches: 'roster',
  team_sync: 'roster',
  team_recreate: 'roster',
  // One call whose answer grows with the programme: more than the eight seconds of the roster worker.
  roster_reconcile: 'sync',
  competitor_import: 'work',
  privacy_erasure: 'work',
  dead_letter_redrive: 'work',
  competitor_refresh: 'sync',
  external_id_backfill: 'sync',
  job_cleanup: 'work',
};

/** Jobs whose parts the function of the `work` queue works off itself. */
export const OWN_TASKS = [
  'competitor_import',
  'privacy_erasure',
  'dead_letter_redrive',
  'job_cleanup',
] as const satisfies readonly TaskType[];

/** Jobs that follow from a request about certain people or files; nobody starts them by their name. */
export const STARTED_BY_REQUEST = [
  'competitor_import',
  'privacy_erasure',
  'dead_letter_redrive',
] as const satisfies readonly TaskType[];

export interface SystemSchedule {
  readonly name: string;
  /** EventBridge Scheduler expression; cron expressions are read in UTC. */
  readonly expression: string;
  /** The body that Scheduler puts on the `work` queue; `<aws.scheduler.…>` is filled in by Scheduler. */
  readonly message: Readonly<Record<string, unknown>>;
}

const startTask = (
  scheduleName: string,
  taskType: TaskType,
  payload: Readonly<Record<string, unknown>> = {},
) => ({
  kind: 'start_task',
  scheduleName,
  taskType,
  payload,
  scheduledTime: '<aws.scheduler.scheduled-time>',
});

/** Seeded once per stage by the schedule seeder; admins may switch them off later, a deploy never undoes that. */
export const SYSTEM_SCHEDULES: readonly SystemSchedule[] = [
  {
    name: 'score-sync',
    expression: 'rate(5 minutes)',
    message: startTask('score-sync', 'game_platform_sync', { due: true }),
  },
  {
    name: 'totals-sweep',
    expression: 'cron(0 * * * ? *)',
    message: startTask('totals-sweep', 'game_platform_totals_sweep'),
  },
  {
    name: 'flash-ctf-sync',
    expression: 'rate(30 minutes)',
    message: startTask('flash-ctf-sync', 'game_platform_flash_ctf_sync'),
  },
  {
    name: 'profile-refresh',
    expression: 'rate(1 hour)',
    message: startTask('profile-refresh', 'profile_refresh'),
  },
  {
    name: 'roster-reconcile',
    expression: 'rate(6 hours)',
    message: startTask('roster-reconcile', 'roster_reconcile'),
  },
  {
    name: 'job-cleanup',
    expression: 'cron(15 3 * * ? *)',
    message: startTask('job-cleanup', 'job_cleanup'),
  },
  {
    name: 'job-dispatcher',
    expression: 'rate(1 minute)',
    message: { kind: 'dispatch_due', scheduledTime: '<aws.scheduler.scheduled-time>' },
  },
];
