import { setTimeout as sleep } from 'node:timers/promises';
import { failureSentence } from '#shared/jobs/failure-sentence.ts';
import type { Job, JobRow } from '#shared/jobs/job.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { PartWorker, WorkContext } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { classify, type Facts, isChosen } from './classify-message.ts';
import type { DeadLetterQueues } from './dead-letter-queues.ts';
import { aboutOf, jobIdOf, type DeadLetter } from './dead-letter.ts';
import type { ReadFacts } from './message-facts.ts';
import type { createRedriveMessage, Redriven } from './redrive-message.ts';
import type { DEAD_LETTER_TASKS } from './tasks.ts';
import { scanMessages, type ScanOutcome } from './scan-messages.ts';
import { OwnError } from '#shared/kernel/errors.ts';

export interface RedriveWorkerDeps {
  readonly queues: DeadLetterQueues;
  readonly readFacts: () => ReadFacts;
  readonly redrive: ReturnType<typeof createRedriveMessage>;
  readonly rows: {
    readonly save: (jobId: string, subject: string, row: JobRow) => Promise<void>;
    readonly all: (jobId: string) => Promise<readonly (JobRow & { readonly subject: string })[]>;
  };
  readonly now: Clock;
  /** @default a real wait */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

/** Time kept back for other messages of the same invocation, the minute's dispatch above all. */
const RESERVE_MS = 22_000;
const HIDE_MARGIN_SECONDS = 5;
/** With so many that did not work it is not the messages. */
const FAILURES_LIMIT = 3;
const STEP_MS = 1_000;
const BEGUN = 'begun';

type Outcome = Redriven | { readonly outcome: 'failed'; readonly message: string };

const REMOVED: ReadonlySet<string> = new Set(['redriven', 'superseded']);

const stillNeeded = (facts: Facts, message: DeadLetter): boolean =>
  ['reopen', 'wake_up', 'start'].includes(classify(aboutOf(message), facts).kind);

/** `{ total, redriven, … }` of what was done to messages, over all runs of the part. */
function countsOf(rows: readonly Pick<JobRow, 'outcome'>[]): Record<string, number> {
  const counts: Record<string, number> = { total: rows.length };
  for (const { outcome } of rows) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/**
 * Redrives the chosen dead letters of a queue at no more than the chosen rate. For each: what the table says now, what
 * follows from it, a row of the job, and then the message is removed; whoever dies in between leaves a message with which
 * the same is done again. A canceled one stops before its next message. A trial writes down its one message before touching it, so that another run takes no second.
 */
export function createRedriveWorker(
  deps: RedriveWorkerDeps,
): PartWorker<PayloadOf<typeof DEAD_LETTER_TASKS.dead_letter_redrive>> {
  const wait = deps.wait ?? ((milliseconds: number) => sleep(milliseconds));

  /** In short steps, so that the messages of a redrive that was canceled soon come back. */
  async function keepRate(milliseconds: number, { cancelled }: WorkContext): Promise<void> {
    for (let left = milliseconds; left > 0; left -= STEP_MS) {
      await wait(Math.min(left, STEP_MS));
      if ((await cancelled?.()) === true) return;
    }
  }

  async function doOne(
    job: Pick<Job, 'id' | 'startedBy'>,
    message: DeadLetter,
    facts: Facts,
    { log, remainingMs }: WorkContext,
  ): Promise<Outcome> {
    let outcome: Outcome;
    try {
      const actor = { sub: job.startedBy.replace(/^user:/, ''), actingAs: null, requestId: job.id };
      outcome = await deps.redrive(message, facts, { actor, remainingMs, log });
    } catch (error) {
      log.error('dead letter not redriven', { messageId: message.id }, error);
      outcome = { outcome: 'failed', message: failureSentence(error) };
    }
    const jobId = jobIdOf(aboutOf(message));
    const row = { ...outcome, at: deps.now().toISOString(), ...(jobId === null ? {} : { jobId }) };
    await deps.rows.save(job.id, message.id, row);
    return outcome;
  }

  return async (job, _part, context) => {
    const payload = job.payload;
    const { queue, trial, maxPerSecond } = payload;
    const readFacts = deps.readFacts();
    const over = () => context.remainingMs() < RESERVE_MS;
    const before = await deps.rows.all(job.id);
    let pinned = trial ? before.at(0)?.subject : undefined;
    let done = 0;
    let failures = 0;
    let stopped = false;

    const visit =
      (wanted: (facts: Facts, message: DeadLetter) => boolean) =>
      async (message: DeadLetter): Promise<ScanOutcome> => {
        stopped ||= (await context.cancelled?.()) === true;
        if (stopped) return 'stop';
        if (pinned !== undefined && message.id !== pinned) return 'keep';
        const facts = await readFacts(aboutOf(message));
        if (pinned === undefined && !(isChosen(payload, message, facts) && wanted(facts, message)))
          return 'keep';
        if (trial && pinned === undefined) {
          pinned = message.id;
          const row = { outcome: BEGUN, message: null, at: deps.now().toISOString() };
          await deps.rows.save(job.id, message.id, row);
        }
        const { outcome } = await doOne(job, message, facts, context);
        done += 1;
        if (outcome === 'failed' && (failures += 1) >= FAILURES_LIMIT) {
          throw new OwnError('Several dead letters could not be redriven.');
        }
        if (outcome === 'redriven' && !trial) await keepRate(1_000 / maxPerSecond, context);
        if (trial) return REMOVED.has(outcome) ? 'last' : 'stop';
        return REMOVED.has(outcome) ? 'remove' : 'keep';
      };
    const scan = (wanted: (facts: Facts, message: DeadLetter) => boolean) =>
      scanMessages(
        {
          queues: deps.queues,
          queue,
          hideSeconds: Math.ceil(context.remainingMs() / 1_000) + HIDE_MARGIN_SECONDS,
          over,
          log: context.log,
        },
        visit(wanted),
      );

    // A trial is to show whether it works now, so it prefers a message that still needs something.
    let complete = await scan(trial ? stillNeeded : () => true);
    if (trial && complete && pinned === undefined) complete = await scan(() => true);
    if (stopped) {
      // Counted as one part that did not end: its messages are counted by their outcomes.
      return { kind: 'cancelled', counts: countsOf(await deps.rows.all(job.id)), done: 0 };
    }
    if (!complete && !(trial && done > 0)) {
      return { kind: 'released', because: 'time', progressed: done > 0 };
    }
    const rows = await deps.rows.all(job.id);
    const gone = rows.filter(({ outcome }) => outcome === BEGUN);
    for (const { subject } of gone) {
      const message = 'The message was gone before anything was done.';
      await deps.rows.save(job.id, subject, { outcome: 'gone', message, at: deps.now().toISOString() });
    }
    return { kind: 'finished', counts: countsOf(gone.length === 0 ? rows : await deps.rows.all(job.id)) };
  };
}
