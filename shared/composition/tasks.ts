import { COMPETITOR_TASKS } from '#shared/competitors/tasks.ts';
import { DASHBOARD_TASKS } from '#shared/dashboard/tasks.ts';
import { DEAD_LETTER_TASKS } from '#shared/dead-letters/tasks.ts';
import { EXPORT_TASKS } from '#shared/exports/tasks.ts';
import {
  queueOf,
  scheduledTaskSchemaOf,
  startJobSchemaOf,
  systemSchedulesOf,
  type PayloadsOfQueue,
  type PayloadsToPlan,
  type QueueName,
} from '#shared/jobs/task-definition.ts';
import { JOB_TASKS } from '#shared/jobs/tasks.ts';
import { NOTICE_TASKS } from '#shared/notices/tasks.ts';
import { MOVE_TASKS } from '#shared/moves/tasks.ts';
import { ONBOARDING_TASKS } from '#shared/onboarding/tasks.ts';
import { SCORE_SYNC_TASKS } from '#shared/score-sync/tasks.ts';
import { SEASON_TASKS } from '#shared/season/tasks.ts';
import { TEAM_TASKS } from '#shared/teams/tasks.ts';

/**
 * Every type of job. Declarations only, so that the CDK app and the site import this file as well; what plans and
 * processes them is wired in `planners.ts` and in the workers of the queues.
 */
export const TASKS = {
  ...SCORE_SYNC_TASKS,
  ...ONBOARDING_TASKS,
  ...TEAM_TASKS,
  ...COMPETITOR_TASKS,
  ...DASHBOARD_TASKS,
  ...DEAD_LETTER_TASKS,
  ...EXPORT_TASKS,
  ...NOTICE_TASKS,
  ...MOVE_TASKS,
  ...SEASON_TASKS,
  ...JOB_TASKS,
};
export type TaskType = keyof typeof TASKS;

const isTaskType = (name: string): name is TaskType => Object.hasOwn(TASKS, name);
export const TASK_TYPES: readonly TaskType[] = Object.keys(TASKS).filter(isTaskType);

export type PlannedPayloads = PayloadsToPlan<typeof TASKS>;
/** Payloads by type. */
export type TaskPayloads = QueuePayloads<QueueName>;
export type QueuePayloads<Queue extends QueueName> = PayloadsOfQueue<typeof TASKS, Queue>;

export const queueOfTask = (taskType: string): QueueName => queueOf(TASKS, taskType);

export const SYSTEM_SCHEDULES = systemSchedulesOf(TASKS);
export const startJobSchema = startJobSchemaOf(TASKS);
export const scheduledTaskSchema = scheduledTaskSchemaOf(TASKS);
