import { setTimeout as sleep } from 'node:timers/promises';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import * as z from 'zod';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createDynamoApi } from '#shared/composition/api.ts';
import { createDynamoJobs } from '#shared/composition/start-jobs.ts';
import { scheduledTaskSchema, SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import { serve } from '#shared/http/api-call.ts';
import { parseInput } from '#shared/http/middleware/request-input.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { createQueueSender } from '#shared/jobs/queue-sender.ts';
import { startAuditedJob } from '#shared/jobs/start-job.ts';
import { mapAtOnce } from '#shared/kernel/at-once.ts';
import { requestTimeouts } from '#shared/kernel/aws-requests.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { notFound } from '#shared/kernel/errors.ts';
import { newId } from '#shared/kernel/ids.ts';
import { createChangeSchedules } from '#shared/schedules/change-schedules.ts';
import { scheduleRoutes } from '#shared/schedules/contract.ts';
import { createListSchedules, createViews } from '#shared/schedules/read-schedules.ts';
import { createScheduleRunRepository } from '#shared/schedules/schedule-run-repository.ts';
import { createSchedulerStore } from '#shared/schedules/scheduler-store.ts';
import { createLeaseRepository } from '#shared/table/lease-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createSchedulesApi } from './schedules-api.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
  WORK_QUEUE_URL: z.string().min(1),
  SCHEDULE_GROUP_NAME: z.string().min(1),
  SCHEDULE_ROLE_ARN: z.string().min(1),
  SCHEDULE_TARGET_QUEUE_ARN: z.string().min(1),
  SCHEDULE_DEAD_LETTER_QUEUE_ARN: z.string().min(1),
});

const SCHEDULER = {
  maxAttempts: 4,
  requestHandler: requestTimeouts(4_000),
};
const JOBS_AT_ONCE = 8;
/** The answer has to be there before API Gateway gives up. */
const ROLE_PATIENCE_MS = 10_000;

const BUILT_IN: ReadonlySet<string> = new Set(SYSTEM_SCHEDULES.map(({ name }) => name));
const isBuiltIn = (name: string): boolean => BUILT_IN.has(name);

export function buildDependencies() {
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME);
  const people = createIdentityRepository(table);
  const audit = createAuditRepository(table);
  const jobs = createJobRepository(table);
  const runs = createScheduleRunRepository(table);
  const queues = createQueueSender({ work: environment.WORK_QUEUE_URL });
  const now = systemClock;
  const groupName = environment.SCHEDULE_GROUP_NAME;
  const store = createSchedulerStore({
    client: new SchedulerClient(SCHEDULER),
    groupName,
    patienceMs: ROLE_PATIENCE_MS,
  });
  const reading = {
    store,
    isBuiltIn,
    lastRuns: runs.all,
    jobsById: async (ids: readonly string[]) => {
      const found = await mapAtOnce(ids, JOBS_AT_ONCE, (id) => jobs.byId(id));
      return new Map(found.flatMap((job) => (job === undefined ? [] : [[job.id, job] as const])));
    },
    now,
  };
  const views = createViews(reading);

  return {
    ...createDynamoApi({ table, people, originVerifySecretArn: environment.ORIGIN_VERIFY_SECRET_ARN, now }),
    served: serve(
      scheduleRoutes,
      createSchedulesApi({
        list: createListSchedules(reading),
        schedules: createChangeSchedules({
          store,
          related: {
            groupName,
            roleArn: environment.SCHEDULE_ROLE_ARN,
            targetQueueArn: environment.SCHEDULE_TARGET_QUEUE_ARN,
            deadLetterQueueArn: environment.SCHEDULE_DEAD_LETTER_QUEUE_ARN,
          },
          isBuiltIn,
          checkTask: ({ taskType, payload }) => parseInput(scheduledTaskSchema, { taskType, payload }),
          view: async (schedule) => {
            const [view] = await views([schedule]);
            if (view === undefined) throw notFound();
            return view;
          },
          leases: createLeaseRepository(table),
          appendAudit: audit.append,
          removeRun: runs.remove,
          startJob: (input, actor, scheduleName) =>
            startAuditedJob({
              jobs: createDynamoJobs(table, (job) => [
                runs.noteTransaction({ scheduleName, time: job.createdAt, jobId: job.id, byHand: true }),
              ]),
              now,
              newId,
            })(input, actor, { action: 'schedule.run', subject: scheduleName, coachId: null }),
          wait: (milliseconds) => sleep(milliseconds),
          now,
          newId,
        }),
        planSoon: (jobId) => queues.sendWork({ kind: 'plan_job', jobId }),
        now,
      }),
    ),
  };
}
