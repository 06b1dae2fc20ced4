import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Job } from '#shared/jobs/job.ts';
import { QUEUES, type QueueName } from '#shared/jobs/task-definition.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { pendingSeconds } from '#shared/teams/rosters/oldest-pending.ts';
import type { RosterEntry } from '#shared/teams/rosters/roster-entry.ts';
import type { QueueList } from './contract.ts';
import { SOURCES_OF, type DeadLetterSource } from './contract.ts';

export interface Depth {
  /** Messages that could be received, now or later. */
  readonly waiting: number;
  readonly inFlight: number;
}

/** How much lies in a queue, about: SQS counts with a minute's delay. */
export const readDepth =
  (client: SQSClient) =>
  async (url: string): Promise<Depth> => {
    const { Attributes: told = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesDelayed',
          'ApproximateNumberOfMessagesNotVisible',
        ],
      }),
    );
    return {
      waiting:
        Number(told.ApproximateNumberOfMessages ?? 0) + Number(told.ApproximateNumberOfMessagesDelayed ?? 0),
      inFlight: Number(told.ApproximateNumberOfMessagesNotVisible ?? 0),
    };
  };

export interface QueueDepthsDeps {
  readonly depth: (queue: QueueName) => Promise<Depth>;
  readonly letters: (source: DeadLetterSource) => Promise<Depth>;
  readonly queueOf: (taskType: string) => QueueName;
  /** Jobs that are not over, oldest first. */
  readonly openJobs: () => AsyncIterable<Job>;
  /** Roster entries that wait for the platform, whenever they are due. */
  readonly openEntries: () => AsyncIterable<RosterEntry>;
  readonly now: Clock;
}

/** Work is looked through this far for the oldest. */
const MOST = 500;

interface Oldest {
  readonly seconds: number;
  readonly words: string;
}

const older = (a: Oldest | undefined, b: Oldest): Oldest =>
  a === undefined || b.seconds > a.seconds ? b : a;

/**
 * What each queue holds. The age is that of the oldest work that the table has open, not of a message: a message
 * only wakes somebody up, and comes anew each time it is sent again.
 */
export function createQueueDepths(deps: QueueDepthsDeps): () => Promise<QueueList> {
  async function oldestJobs(now: Date): Promise<Map<QueueName, Oldest>> {
    const oldest = new Map<QueueName, Oldest>();
    let looked = 0;
    for await (const job of deps.openJobs()) {
      if ((looked += 1) > MOST) break;
      const since = Date.parse(job.notBefore ?? job.createdAt);
      if (since > now.getTime()) continue;
      const queue = job.planned ? deps.queueOf(job.taskType) : 'work';
      const seconds = Math.round((now.getTime() - since) / 1_000);
      oldest.set(queue, older(oldest.get(queue), { seconds, words: 'The oldest job that is not over.' }));
    }
    return oldest;
  }

  async function oldestEdit(now: Date): Promise<Oldest | undefined> {
    let oldest: Oldest | undefined;
    let looked = 0;
    for await (const entry of deps.openEntries()) {
      if ((looked += 1) > MOST) break;
      const seconds = pendingSeconds(entry, now);
      if (seconds !== null) oldest = older(oldest, { seconds, words: 'The oldest change of a team.' });
    }
    return oldest;
  }

  return async () => {
    const now = deps.now();
    const [jobs, edit, depths, letters] = await Promise.all([
      oldestJobs(now),
      oldestEdit(now),
      Promise.all(QUEUES.map(deps.depth)),
      Promise.all(QUEUES.map((queue) => Promise.all(SOURCES_OF[queue].map(deps.letters)))),
    ]);
    return {
      asOf: now.toISOString(),
      items: QUEUES.map((name, index) => {
        const job = jobs.get(name);
        const oldest = name === 'roster' && edit !== undefined ? older(job, edit) : job;
        const { waiting = 0, inFlight = 0 } = depths[index] ?? {};
        const dead = (letters[index] ?? []).reduce((sum, depth) => sum + depth.waiting + depth.inFlight, 0);
        return {
          name,
          depth: waiting,
          inFlight,
          oldestAgeSeconds: oldest?.seconds ?? null,
          oldestAge: oldest?.words ?? 'Nothing waits.',
          deadLetters: dead,
        };
      }),
      nextCursor: null,
    };
  };
}
