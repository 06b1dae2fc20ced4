import * as z from 'zod';
import { actorOf } from '#shared/audit/actor.ts';
import type { AuthenticatedRequest, RouteHandlers } from '#shared/http/api-handler.ts';
import { notFound } from '#shared/kernel/errors.ts';
import { decodeCursor, encodeCursor, parseBody, parseQuery } from '#shared/http/request-parsing.ts';
import { QUEUES, type QueueName } from '#shared/jobs/task-definition.ts';
import type { createDiscardLetters } from '#shared/dead-letters/discard-letters.ts';
import type { createPeekLetters } from '#shared/dead-letters/peek-letters.ts';
import type { createQueueDepths } from '#shared/dead-letters/queue-depths.ts';
import { discardSchema, redriveSchema } from '#shared/dead-letters/queues-view.ts';
import type { createStartRedrive } from '#shared/dead-letters/start-redrive.ts';
import type { createListQuarantine } from '#shared/score-sync/list-quarantine.ts';
import { quarantineQuerySchema } from '#shared/score-sync/quarantine-query.ts';

export interface QueuesApiDeps {
  readonly depths: ReturnType<typeof createQueueDepths>;
  readonly peek: ReturnType<typeof createPeekLetters>;
  readonly startRedrive: ReturnType<typeof createStartRedrive>;
  /** Asks for the job to be planned now; the dispatcher does it within a minute anyway. */
  readonly planSoon: (jobId: string) => Promise<void>;
  readonly discard: ReturnType<typeof createDiscardLetters>;
  readonly quarantine: ReturnType<typeof createListQuarantine>;
}

function queueOf(request: AuthenticatedRequest): QueueName {
  const name = QUEUES.find((queue) => queue === request.params['name']);
  if (name === undefined) throw notFound();
  return name;
}

export function createQueuesApi(deps: QueuesApiDeps): RouteHandlers<'queues-api'> {
  return {
    'GET /api/admin/queues': async () => ({ status: 200, body: await deps.depths() }),

    'GET /api/admin/queues/{name}/dead-letters': async (request) => ({
      status: 200,
      body: await deps.peek(queueOf(request), request.log),
    }),

    'POST /api/admin/queues/{name}/redrive': async (request) => {
      const queue = queueOf(request);
      const redrive = parseBody(redriveSchema, request);
      const { idempotencyId } = request;
      const jobId = await deps.startRedrive(queue, redrive, { ...actorOf(request), idempotencyId });
      request.log.info('redrive started', { jobId, queue, trial: redrive.trial });
      await deps.planSoon(jobId).catch((error: unknown) => {
        request.log.warn('planning not asked for; the dispatcher will', { jobId }, error);
      });
      return { status: 202, body: { jobId }, headers: { location: `/api/jobs/${jobId}` } };
    },

    'POST /api/admin/queues/{name}/discard': async (request) => {
      const queue = queueOf(request);
      const discard = parseBody(discardSchema, request);
      const body = await deps.discard(queue, discard, actorOf(request), request.remainingMs, request.log);
      request.log.info('dead letters discarded', { queue, discarded: body.discarded });
      return { status: 200, body };
    },

    'GET /api/admin/quarantine': async (request) => {
      const { cursor, ...asked } = parseQuery(quarantineQuerySchema, request);
      const before = cursor === undefined ? null : decodeCursor(z.string(), cursor);
      const { items, next } = await deps.quarantine({ ...asked, before });
      return { status: 200, body: { items, nextCursor: next === null ? null : encodeCursor(next) } };
    },
  };
}
