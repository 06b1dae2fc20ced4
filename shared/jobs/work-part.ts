import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '#shared/kernel/log.ts';
import { NO_TRACING, type Tracing } from '#shared/kernel/tracing.ts';
import type { Suspension } from '#shared/settings/processing.ts';
import { failureSentence } from './failure-sentence.ts';
import { finishByPart, finishJobIfDone, type FinishJobDeps } from './finish-job.ts';
import { isOnePart, type Job, type JobPart, type JobPartMessage } from './job.ts';
import type { HideFor } from './queue-sender.ts';
import type { TaskPayload } from './task-definition.ts';
import { OwnError } from '#shared/kernel/errors.ts';

export type PartOutcome =
  | { readonly kind: 'finished'; readonly counts: Readonly<Record<string, number>> }
  /** Not all of it was done; what was done is in the table, and the next worker goes on there. */
  | {
      readonly kind: 'released';
      readonly because: 'time' | 'suspension' | 'busy';
      readonly progressed: boolean;
    }
  /** The job was canceled: what was done until then, and with how many subjects. */
  | {
      readonly kind: 'cancelled';
      readonly counts: Readonly<Record<string, number>>;
      readonly done: number;
    };

/** A job whose payload its task's schema has parsed. */
export interface JobOf<Payload extends TaskPayload> extends Omit<Job, 'payload'> {
  readonly payload: Payload;
}

/** Does a part's work. Rejecting means that this attempt failed as a whole; it has to bear being called again. */
export type PartWorker<Payload extends TaskPayload = TaskPayload> = (
  job: JobOf<Payload>,
  part: JobPart,
  work: WorkContext,
) => Promise<PartOutcome>;

export interface WorkContext {
  readonly remainingMs: () => number;
  readonly log: Log;
  readonly tracing?: Pick<Tracing, 'span'>;
  /** True at the last attempt: what fails now is counted as failed, not tried again. */
  readonly lastAttempt: boolean;
  /** Whether the job was canceled, as of some seconds ago. Asked before each subject. */
  readonly cancelled?: () => Promise<boolean>;
  /** Called before a subject is begun; rejects with `StopPartError` when somebody else is at it. */
  readonly beforeSubject?: (subject: string) => Promise<void>;
  /** Called when the last call for a subject that was begun has ended, well or not. */
  readonly afterSubject?: (subject: string) => void;
}

/** The part is closed as failed at once: to try again is somebody's decision, and the sentence tells them why. */
export class PartFailedError extends OwnError {
  override readonly name = 'PartFailedError';
  constructor(
    /** For a person; without anybody's data. */
    readonly sentence: string,
    options?: ErrorOptions,
  ) {
    super(sentence, options);
  }
}

type ClosePart = (
  part: JobPart,
  result: {
    readonly status: 'succeeded' | 'failed' | 'cancelled';
    readonly done: number;
    readonly counts: Readonly<Record<string, number>>;
    readonly error: string | null;
  },
  at: string,
) => Promise<boolean>;

export interface WorkPartDeps extends FinishJobDeps {
  readonly jobs: FinishJobDeps['jobs'] & {
    readonly part: (jobId: string, part: number) => Promise<JobPart | undefined>;
    readonly claimPart: (part: JobPart, at: string, until: string) => Promise<JobPart | undefined>;
    readonly releasePart: (
      part: JobPart,
      change: Pick<JobPart, 'sentAt' | 'attempts' | 'failures' | 'error'>,
    ) => Promise<void>;
    readonly markSent: (part: JobPart, sentAt: string | null) => Promise<boolean>;
    readonly closePart: ClosePart;
    readonly closeOnlyPart: ClosePart;
  };
  readonly worker: PartWorker;
  /** With it, a part whose time was over goes on within a second, not with the next minute's dispatch. */
  readonly hideFor?: HideFor;
  readonly suspension: () => Promise<Suspension | null>;
  readonly now: Clock;
  readonly log: Log;
  readonly tracing?: Pick<Tracing, 'span'>;
}

export interface Delivery {
  /** SQS's count of this message's deliveries, from 1. */
  readonly receiveCount: number;
  readonly remainingMs: () => number;
  /** Names this delivery to SQS. */
  readonly receiptHandle?: string;
}

/** What becomes of the message: `retry` leaves it to SQS, which ends in the dead-letter queue. */
export type MessageFate = 'acknowledge' | 'retry';

/** Attempts of a part that may fail; with the last of them it is closed as failed. */
const MAX_PART_FAILURES = 3;
/**
 * Attempts in all, those of workers that stopped without an answer included. Workers mostly die for reasons that are not
 * the part's: a few deaths leave what its errors are allowed, while a part that kills each of its workers comes to an end.
 */
const MAX_PART_ATTEMPTS = 6;
/**
 * From this delivery on, a message whose part may be tried again is put down, and the dispatcher sends a new one: SQS also
 * counts deliveries to workers that died, and would make a dead letter of a part that has attempts left.
 */
const LAST_TRIED_AGAIN = 3;

/** Whether nobody tries it again of their own accord, so that its messages go on to the dead letters. */
const isUsedUp = ({ attempts, failures = 0 }: Pick<JobPart, 'attempts' | 'failures'>): boolean =>
  failures >= MAX_PART_FAILURES || attempts >= MAX_PART_ATTEMPTS;

/** How long a look at the job tells whether it was canceled: one small read for many subjects. */
const LOOK_MS = 3_000;
/**
 * What gets on is given back to the queue at its message's first deliveries only; after that the dispatcher sends a new
 * one, so that getting on never makes a dead letter.
 */
const SOON_DELIVERIES = 2;
const SOON_SECONDS = 1;

/** How this delivery is given back to come again within a second; undefined when it may not. */
export function backSoon(
  hideFor: HideFor | undefined,
  { receiptHandle, receiveCount }: Delivery,
  log: Log,
): (() => Promise<'retry'>) | undefined {
  if (hideFor === undefined || receiptHandle === undefined || receiveCount > SOON_DELIVERIES)
    return undefined;
  return async () => {
    await hideFor(receiptHandle, SOON_SECONDS).catch((error: unknown) => {
      log.warn('message could not be given back sooner', {}, error);
    });
    return 'retry';
  };
}
/** A claim outlives its invocation by this much, so that clocks may differ a little. */
const CLAIM_MARGIN_MS = 2_000;

/** The part, then the job if it was the last one: of a job of one part two small writes, of others a transaction each. */
async function close(
  deps: WorkPartDeps,
  job: Job,
  part: JobPart,
  counts: Record<string, number>,
  error: string | null,
) {
  const status = error === null ? 'succeeded' : 'failed';
  const result = { status, done: part.subjects.length, counts, error } as const;
  const at = deps.now().toISOString();
  const closed = await (isOnePart(job) ? deps.jobs.closeOnlyPart : deps.jobs.closePart)(part, result, at);
  // A crash in between is mended by whoever looks at the job next: the same message, or the dispatcher.
  if (closed && isOnePart(job) && (await finishByPart(deps, job, { ...part, ...result }))) return;
  await finishJobIfDone(deps, part.jobId);
}

/** Looks at the job's row when the last look, first that of `workPart`, is old. */
function cancelledSince(deps: Pick<WorkPartDeps, 'jobs' | 'now'>, jobId: string): () => Promise<boolean> {
  let looked = deps.now().getTime();
  let look = Promise.resolve(false);
  return () => {
    if (deps.now().getTime() - looked >= LOOK_MS) {
      looked = deps.now().getTime();
      look = deps.jobs.byId(jobId).then((job) => job?.status === 'cancelled');
    }
    return look;
  };
}

async function attempt(
  deps: WorkPartDeps,
  job: Job,
  part: JobPart,
  delivery: Delivery,
  log: Log,
): Promise<MessageFate> {
  const failed = { ...part, failures: (part.failures ?? 0) + 1 };
  const lastAttempt = isUsedUp(failed);
  let outcome: PartOutcome;
  try {
    const cancelled = cancelledSince(deps, job.id);
    outcome = await deps.worker(job, part, {
      remainingMs: delivery.remainingMs,
      log,
      lastAttempt,
      cancelled,
      ...(deps.tracing === undefined ? {} : { tracing: deps.tracing }),
    });
  } catch (error) {
    if (error instanceof PartFailedError) {
      log.error('part failed for good', { attempt: part.attempts }, error);
      await close(deps, job, part, {}, error.sentence);
      return 'acknowledge';
    }
    log.error('part failed', { attempt: part.attempts, lastAttempt }, error);
    const cause = failureSentence(error);
    if (lastAttempt) {
      await close(deps, job, failed, {}, cause);
      return 'retry';
    }
    const isSentAnew = delivery.receiveCount >= LAST_TRIED_AGAIN;
    const sentAt = isSentAnew ? null : deps.now().toISOString();
    const { attempts, failures } = failed;
    await deps.jobs.releasePart(part, { sentAt, attempts, failures, error: cause });
    return isSentAnew ? 'acknowledge' : 'retry';
  }
  if (outcome.kind === 'finished') {
    await close(deps, job, part, { ...outcome.counts }, null);
    return 'acknowledge';
  }
  if (outcome.kind === 'cancelled') {
    log.info('part stopped: the job was canceled', { done: outcome.done });
    const { counts, done } = outcome;
    const result = { status: 'cancelled', done, counts, error: null } as const;
    if (await deps.jobs.closePart(part, result, deps.now().toISOString())) return 'acknowledge';
    // Somebody had it tried again meanwhile: the part goes on where it stands.
    const { attempts, failures } = part;
    await deps.jobs.releasePart(part, { sentAt: null, attempts: attempts - 1, failures, error: null });
    return 'acknowledge';
  }
  log.info('part released', { because: outcome.because, progressed: outcome.progressed });
  const counted = outcome.because === 'time' && !outcome.progressed;
  if (counted && lastAttempt) {
    const cause = 'The time of one run was not enough for a single step, several times.';
    await close(deps, job, failed, {}, cause);
    return 'retry';
  }
  const { attempts, failures } = counted ? failed : { ...part, attempts: part.attempts - 1 };
  const giveBack =
    outcome.because === 'time' && outcome.progressed ? backSoon(deps.hideFor, delivery, log) : undefined;
  const sentAt = giveBack === undefined ? null : deps.now().toISOString();
  await deps.jobs.releasePart(part, { sentAt, attempts, failures, error: null });
  return (await giveBack?.()) ?? 'acknowledge';
}

/**
 * Processes the part that a wake-up message points at, from the table's truth: a closed part, a canceled job or a part in another
 * worker's hands needs nothing; a pause leaves the part to the dispatcher, without a call and without using up a
 * delivery. Rejects only when the table itself cannot be reached.
 */
export const workPart = (
  deps: WorkPartDeps,
  message: JobPartMessage,
  delivery: Delivery,
): Promise<MessageFate> =>
  (deps.tracing ?? NO_TRACING).span('part of a job', (span) => {
    span.annotate({ jobId: message.jobId });
    return workPending(deps, message, delivery);
  });

async function workPending(
  deps: WorkPartDeps,
  message: JobPartMessage,
  delivery: Delivery,
): Promise<MessageFate> {
  const log = deps.log.with({ jobId: message.jobId, part: message.part });
  const [job, part] = await Promise.all([
    deps.jobs.byId(message.jobId),
    deps.jobs.part(message.jobId, message.part),
  ]);
  if (job === undefined || part === undefined) {
    log.warn('no such part');
    return 'acknowledge';
  }
  if (part.status !== 'pending' && isOnePart(job) && job.partsDone === 0) await finishJobIfDone(deps, job.id);
  if (part.status === 'failed') return isUsedUp(part) && delivery.receiveCount > 1 ? 'retry' : 'acknowledge';
  if (part.status !== 'pending' || job.status !== 'running') return 'acknowledge';

  if ((await deps.suspension()) !== null) {
    await deps.jobs.markSent(part, null);
    return 'acknowledge';
  }
  const now = deps.now();
  const until = new Date(now.getTime() + delivery.remainingMs() + CLAIM_MARGIN_MS).toISOString();
  const claimed = await deps.jobs.claimPart(part, now.toISOString(), until);
  if (claimed === undefined) return 'acknowledge';
  if (claimed.attempts > MAX_PART_ATTEMPTS) {
    await close(deps, job, claimed, {}, 'The worker stopped without an answer, several times.');
    return 'retry';
  }
  return attempt(deps, job, claimed, delivery, log);
}
