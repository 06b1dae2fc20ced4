import * as z from 'zod';
import { actorOf } from '#shared/audit/actor.ts';
import { deadLetterRoutes } from '#shared/dead-letters/contract.ts';
import type { createDiscardMessages } from '#shared/dead-letters/discard-messages.ts';
import type { createListDeadLetters } from '#shared/dead-letters/list-dead-letters.ts';
import type { createQueueDepths } from '#shared/dead-letters/queue-depths.ts';
import type { createQueueHistory } from '#shared/dead-letters/queue-history.ts';
import type { createStartRedrive } from '#shared/dead-letters/start-redrive.ts';
import type { AuthenticatedRequest, RouteHandlers } from '#shared/http/api-types.ts';
import { jobStarted } from '#shared/http/job-started.ts';
import { decodeCursor, encodeCursor } from '#shared/http/request-parsing.ts';
import { QUEUES, type QueueName } from '#shared/jobs/task-definition.ts';
import { notFound } from '#shared/kernel/errors.ts';
import { quarantineRoutes } from '#shared/score-sync/contract.ts';
import type { createListQuarantine } from '#shared/score-sync/list-quarantine.ts';

export interface DeadLettersApiDeps {
  readonly depths: ReturnType<typeof createQueueDepths>;
  readonly history: ReturnType<typeof createQueueHistory>;
  readonly peek: ReturnType<typeof createListDeadLetters>;
  readonly startRedrive: ReturnType<typeof createStartRedrive>;
  /** Asks for the job to be planned now; the dispatcher does it within a minute anyway. */
  readonly planSoon: (jobId: string) => Promise<void>;
  readonly discard: ReturnType<typeof createDiscardMessages>;
  readonly quarantine: ReturnType<typeof createListQuarantine>;
}

function queueOf({ params }: AuthenticatedRequest<typeof ROUTES.listDeadLetters>): QueueName {
  const name = QUEUES.find((queue) => queue === params.name);
  if (name === undefined) throw notFound();
  return name;
}

export const ROUTES = { ...deadLetterRoutes, ...quarantineRoutes };

export function createDeadLettersApi(deps: DeadLettersApiDeps): RouteHandlers<typeof ROUTES> {
  return {
    listQueues: async () => ({ status: 200, body: await deps.depths() }),

    getQueueHistory: async () => ({ status: 200, body: await deps.history() }),

    listDeadLetters: async (request) => ({
      status: 200,
      body: await deps.peek(queueOf(request), request.log),
    }),

    redrive: async (request) => {
      const queue = queueOf(request);
      const redrive = request.body;
      const { idempotencyId } = request;
      const jobId = await deps.startRedrive(queue, redrive, { ...actorOf(request), idempotencyId });
      request.log.info('redrive started', { jobId, queue, trial: redrive.trial });
      await deps.planSoon(jobId).catch((error: unknown) => {
        request.log.warn('planning not asked for; the dispatcher will', { jobId }, error);
      });
      return jobStarted(jobId);
    },

    discard: async (request) => {
      const queue = queueOf(request);
      const discard = request.body;
      const body = await deps.discard(queue, discard, actorOf(request), request.remainingMs, request.log);
      request.log.info('dead letters discarded', { queue, discarded: body.discarded });
      return { status: 200, body };
    },

    listQuarantine: async (request) => {
      const { cursor, ...asked } = request.query;
      const before = cursor === undefined ? null : decodeCursor(z.string(), cursor);
      const { items, next } = await deps.quarantine({ ...asked, before });
      return { status: 200, body: { items, nextCursor: next === null ? null : encodeCursor(next) } };
    },
  };
}
