import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createDynamoApi } from '#shared/composition/api.ts';
import { createDynamoJobs } from '#shared/composition/start-jobs.ts';
import { createDynamoDeadLetters } from '#shared/composition/dead-letters.ts';
import { queueOfTask } from '#shared/composition/tasks.ts';
import { createDeadLetterQueues } from '#shared/dead-letters/dead-letter-queues.ts';
import { createDiscardMessages } from '#shared/dead-letters/discard-messages.ts';
import { createListDeadLetters } from '#shared/dead-letters/list-dead-letters.ts';
import { createQueueDepths, readDepth } from '#shared/dead-letters/queue-depths.ts';
import { createQueueHistory, readDepthMetrics } from '#shared/dead-letters/queue-history.ts';
import { createStartRedrive } from '#shared/dead-letters/start-redrive.ts';
import { serve } from '#shared/http/api-call.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { markDiscarded } from '#shared/jobs/job-discard.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { createQueueSender } from '#shared/jobs/queue-sender.ts';
import { requestTimeouts } from '#shared/kernel/aws-requests.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/kernel/environment.ts';
import { newId } from '#shared/kernel/ids.ts';
import { createListQuarantine } from '#shared/score-sync/list-quarantine.ts';
import { createQuarantineRepository } from '#shared/score-sync/quarantine-repository.ts';
import { createTable } from '#shared/table/table.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createDeadLettersApi, ROUTES } from './dead-letters-api.ts';

const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  ORIGIN_VERIFY_SECRET_ARN: z.string().min(1),
  ROSTER_QUEUE_URL: z.url(),
  SYNC_QUEUE_URL: z.url(),
  WORK_QUEUE_URL: z.url(),
  ROSTER_DEAD_LETTERS_URL: z.url(),
  SYNC_DEAD_LETTERS_URL: z.url(),
  WORK_DEAD_LETTERS_URL: z.url(),
  SCHEDULER_DEAD_LETTERS_URL: z.url(),
});

/** A day of seven metrics is one page. */
const METRICS = { maxAttempts: 3, requestHandler: requestTimeouts(5_000) };
/** Longer than a long poll of the dead-letter queues. */
const SQS = { maxAttempts: 3, requestHandler: requestTimeouts(5_000) };
/** Further ahead than any try of a roster change is put off to. */
const AHEAD_MS = 24 * 3_600_000;

export function buildDependencies() {
  const environment = readEnvironment(environmentSchema);
  const table = createTable(environment.TABLE_NAME);
  const people = createIdentityRepository(table);
  const jobs = createJobRepository(table);
  const audit = createAuditRepository(table);
  const entries = createRosterRepository(table);
  const now = systemClock;
  const sqs = new SQSClient(SQS);
  const queueUrls = {
    roster: environment.ROSTER_QUEUE_URL,
    sync: environment.SYNC_QUEUE_URL,
    work: environment.WORK_QUEUE_URL,
  };
  const deadLetterUrls = {
    roster: environment.ROSTER_DEAD_LETTERS_URL,
    sync: environment.SYNC_DEAD_LETTERS_URL,
    work: environment.WORK_DEAD_LETTERS_URL,
    scheduler: environment.SCHEDULER_DEAD_LETTERS_URL,
  };
  const depthOf = readDepth(sqs);
  const sender = createQueueSender({ work: environment.WORK_QUEUE_URL }, sqs);
  const letters = {
    queues: createDeadLetterQueues(sqs, deadLetterUrls),
    readFacts: createDynamoDeadLetters(table),
    now,
  };

  return {
    ...createDynamoApi({ table, people, originVerifySecretArn: environment.ORIGIN_VERIFY_SECRET_ARN, now }),
    served: serve(
      ROUTES,
      createDeadLettersApi({
        depths: createQueueDepths({
          depth: (queue) => depthOf(queueUrls[queue]),
          letters: (source) => depthOf(deadLetterUrls[source]),
          queueOf: queueOfTask,
          openJobs: async function* openJobs() {
            yield* jobs.inState('running');
            yield* jobs.inState('pending');
          },
          openEntries: () => entries.pendingDue(new Date(now().getTime() + AHEAD_MS)),
          now,
        }),
        history: createQueueHistory({
          read: readDepthMetrics(new CloudWatchClient(METRICS)),
          queueUrls,
          deadLetterUrls,
          now,
        }),
        peek: createListDeadLetters(letters),
        startRedrive: createStartRedrive({
          create: createDynamoJobs(table).create,
          now,
          newId,
        }),
        planSoon: (jobId) => sender.sendWork({ kind: 'plan_job', jobId }),
        discard: createDiscardMessages({
          ...letters,
          markDiscarded: (jobId, mark) => markDiscarded(table, jobId, mark),
          audit: audit.append,
          newId,
        }),
        quarantine: createListQuarantine({ quarantine: createQuarantineRepository(table), now }),
      }),
    ),
  };
}
