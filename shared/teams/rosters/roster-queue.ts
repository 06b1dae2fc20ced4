import * as z from 'zod';
import { KeyedQueue } from '#shared/game-platform/keyed-queue.ts';
import { jobPartMessageSchema } from '#shared/jobs/job.ts';
import type { HandleMessage } from '#shared/jobs/queue-entry.ts';
import type { HideFor } from '#shared/jobs/queue-sender.ts';
import type { Delivery, MessageFate } from '#shared/jobs/work-part.ts';
import type { Log } from '#shared/kernel/log.ts';
import { NO_TRACING, type Tracing } from '#shared/kernel/tracing.ts';
import type { Suspension } from '#shared/settings/processing.ts';
import type { DriveOutcome } from './drive-outcome.ts';
import { rosterWakeUpSchema, type RosterWakeUp } from './roster-entry.ts';

export interface RosterQueueDeps {
  /** Parts of jobs. */
  readonly part: HandleMessage;
  readonly driveCompetitor: (
    competitorId: string,
    remainingMs: () => number,
    log: Log,
  ) => Promise<DriveOutcome>;
  readonly driveTeam: (teamId: string, remainingMs: () => number, log: Log) => Promise<DriveOutcome>;
  readonly suspension: () => Promise<Suspension | null>;
  readonly block: (code: string) => Promise<void>;
  readonly hideFor: HideFor;
  readonly tracing?: Pick<Tracing, 'span'>;
}

const messageSchema = z.union([jobPartMessageSchema, rosterWakeUpSchema]);

/** Seconds until the second, third and fourth try of one wake-up message: all within the minute that an edit has. */
const RETRY_SECONDS = [2, 5, 10] as const;
const AGAIN_SECONDS = 2;

/**
 * Messages of the `roster` queue. A wake-up message that did not come to an end is tried again within seconds, at most as often
 * as the queue allows; after that it is acknowledged, since the table still knows and the dispatcher asks again. So
 * only a worker that dies every time makes dead letters of wake-up messages.
 */
export function handleRosterMessages(deps: RosterQueueDeps): HandleMessage {
  const tracing = deps.tracing ?? NO_TRACING;
  const retryIn = async (delivery: Delivery, seconds: number, log: Log): Promise<MessageFate> => {
    if (delivery.receiveCount > RETRY_SECONDS.length) return 'acknowledge';
    if (delivery.receiptHandle !== undefined) {
      await deps.hideFor(delivery.receiptHandle, seconds).catch((error: unknown) => {
        log.warn('message could not be made visible sooner', { seconds }, error);
      });
    }
    return 'retry';
  };

  async function drive(message: RosterWakeUp, delivery: Delivery, log: Log): Promise<MessageFate> {
    if ((await deps.suspension()) !== null) return 'acknowledge';
    const outcome = await tracing.span('roster', (span) => {
      if (message.kind === 'roster') {
        span.annotate({ competitorId: message.competitorId });
        return deps.driveCompetitor(message.competitorId, delivery.remainingMs, log);
      }
      span.annotate({ teamId: message.teamId });
      return deps.driveTeam(message.teamId, delivery.remainingMs, log.with({ teamId: message.teamId }));
    });
    switch (outcome.kind) {
      case 'settled':
        return 'acknowledge';
      case 'again':
        return retryIn(delivery, AGAIN_SECONDS, log);
      case 'failed': {
        const seconds = RETRY_SECONDS[delivery.receiveCount - 1];
        return outcome.soon && seconds !== undefined ? retryIn(delivery, seconds, log) : 'acknowledge';
      }
      case 'blocked':
        break;
    }
    log.error('all platform calls are held', { code: outcome.code });
    await deps.block(outcome.code);
    return 'acknowledge';
  }

  // Several messages about one person or team, processed together, would only meet each other's lease.
  const inTurn = new KeyedQueue();
  return async (body, delivery, log) => {
    const message = messageSchema.parse(body);
    if (message.kind === 'job_part') return deps.part(body, delivery, log);
    const about = message.kind === 'roster' ? message.competitorId : message.teamId;
    return inTurn.run(
      about,
      () => drive(message, delivery, log),
      () => undefined,
    );
  };
}
