import type * as z from 'zod';
import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { jobAudit, type JobAbout } from './job-audit.ts';
import type { Job } from './job.ts';
import type { TaskDefinition, Tasks } from './task-definition.ts';

export interface StartJobDeps {
  readonly jobs: {
    readonly create: (job: Job) => Promise<boolean>;
    readonly byId: (id: string) => Promise<Job | undefined>;
  };
  readonly now: Clock;
  readonly newId: NewId;
}

export interface StartJobInput {
  readonly taskType: string;
  /** As the task's schema takes it; ids and options only. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** `schedule:<name>` or `user:<sub>`. */
  readonly startedBy: string;
  /** The coach that who starts it acts as. */
  readonly actingAs?: string | null;
  /** The same id makes the same job, however often it is asked for: letters, digits, `-` and `_`. */
  readonly idempotencyId?: string;
  /** ISO 8601. */
  readonly notBefore?: string | null;
}

/** The start of a job of one of these types, with a payload that is right for it. */
export type StartOf<T extends Tasks> = {
  [K in keyof T]: Omit<StartJobInput, 'taskType' | 'payload'> & {
    readonly taskType: K;
    readonly payload: PayloadInput<T[K]>;
  };
}[keyof T];
type PayloadInput<T> = T extends TaskDefinition<infer Schema> ? z.input<Schema> : never;

export const newJob = (id: string, input: StartJobInput, now: Date): Job => ({
  id,
  taskType: input.taskType,
  status: 'pending',
  startedBy: input.startedBy,
  ...(input.actingAs === undefined ? {} : { actingAs: input.actingAs }),
  payload: { ...input.payload },
  createdAt: now.toISOString(),
  notBefore: input.notBefore ?? null,
  startedAt: null,
  finishedAt: null,
  attempts: 0,
  planned: false,
  planCursor: null,
  parts: 0,
  partsDone: 0,
  partsFailed: 0,
  done: 0,
  total: 0,
  counts: {},
  error: null,
});

/**
 * Puts a job into the table, pending. Whoever starts it sends `plan_job` after that; if the message is lost, the
 * dispatcher takes the job up within a minute.
 */
export const startJob =
  (deps: StartJobDeps) =>
  async (input: StartJobInput): Promise<Job> => {
    const id = input.idempotencyId === undefined ? deps.newId('job') : `job_${input.idempotencyId}`;
    const job = newJob(id, input, deps.now());
    if (await deps.jobs.create(job)) return job;
    return (await deps.jobs.byId(id)) ?? job;
  };

export interface StartAuditedJobDeps extends Omit<StartJobDeps, 'jobs'> {
  readonly jobs: {
    /** Both or neither; false when the job is there already. */
    readonly create: (job: Job, audit: AuditEntry) => Promise<boolean>;
    readonly byId: StartJobDeps['jobs']['byId'];
  };
}

/** The same, with the audit entry that says who asked for it, and in the name of whom the job does its work. */
export const startAuditedJob =
  ({ jobs, ...deps }: StartAuditedJobDeps) =>
  (input: StartJobInput, actor: Actor, about?: JobAbout): Promise<Job> => {
    const create = (job: Job) =>
      jobs.create(job, jobAudit(about?.action ?? 'job.start', job, actor, deps, about));
    const start = startJob({ ...deps, jobs: { create, byId: jobs.byId } });
    return start({ ...input, actingAs: actor.actingAs });
  };
