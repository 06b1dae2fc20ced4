import type { Job, JobPart } from '#shared/jobs/job.ts';
import { aboutOf, causeId, jobIdOf, type About, type DeadLetter } from './dead-letter.ts';

/** What the table says, today, of the thing that a dead letter points at. */
export type Facts =
  | {
      readonly kind: 'job';
      readonly job: Job | undefined;
      /** Undefined when the message is about the job as a whole, or the part is not there. */
      readonly part: JobPart | undefined;
      /** A later job that did the same and ended well. */
      readonly coveredBy: string | null;
    }
  | { readonly kind: 'firing'; readonly coveredBy: string | null }
  | {
      readonly kind: 'member' | 'team';
      /** Whether the platform still lacks what is wanted. */
      readonly waits: boolean;
      readonly failure: { readonly code: string; readonly message: string } | null;
    }
  | { readonly kind: 'clock' }
  | { readonly kind: 'unknown' };

/**
 * What is to become of a dead letter. `superseded`: nothing is left to do. `reopen`: the job failed and is still wanted.
 * `wakeUp`: the table has it open, somebody only has to look. `start`: a schedule fired and no job was made. `wait`: the
 * rest of the job is still at work. `unknown`: no message of ours.
 */
export type Classification =
  | { readonly kind: 'superseded'; readonly why: string }
  | { readonly kind: 'reopen' | 'wake_up' | 'start' | 'wait' | 'unknown' };

const superseded = (why: string): Classification => ({ kind: 'superseded', why });

function classifyJob(
  { job, part, coveredBy }: Extract<Facts, { kind: 'job' }>,
  ofPart: boolean,
): Classification {
  if (job === undefined) return superseded('The job no longer exists.');
  if (job.archivedAt !== undefined) return superseded('The job was archived.');
  if (job.status === 'succeeded') return superseded('The job succeeded.');
  if (job.status === 'cancelled') return superseded('The job was canceled.');
  if (part?.status === 'succeeded') return superseded('This part was done since.');
  if (part?.status === 'cancelled') return superseded('This part was canceled.');
  if (job.status === 'failed') {
    // A retry after the discard asked for it again.
    const discardedSince = job.discarded !== undefined && job.discarded.at >= (job.finishedAt ?? '');
    if (discardedSince) return superseded('An admin discarded the job.');
    return coveredBy === null ? { kind: 'reopen' } : superseded('A later job did the same and succeeded.');
  }
  if (ofPart && part === undefined) return superseded('The job has no such part.');
  // A job that is being opened again opens this part as well.
  if (part?.status === 'failed' && job.reopening !== true) return { kind: 'wait' };
  return { kind: 'wake_up' };
}

/** Decides from the table alone: a message is only a wake-up message, and may be days old. */
export function classify(about: About, facts: Facts): Classification {
  switch (facts.kind) {
    case 'job':
      return classifyJob(facts, about.kind === 'job_part');
    case 'firing':
      return facts.coveredBy === null
        ? { kind: 'start' }
        : superseded('A later run of the schedule did the same and ended well.');
    case 'member':
      return facts.waits ? { kind: 'wake_up' } : superseded('The platform has the member’s team as wanted.');
    case 'team':
      return facts.waits ? { kind: 'wake_up' } : superseded('The platform has the team as wanted.');
    case 'clock':
      return superseded('The clock asks for the same every minute.');
    case 'unknown':
      break;
  }
  return { kind: 'unknown' };
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

type Run = Pick<Job, 'id' | 'taskType' | 'startedBy' | 'payload' | 'createdAt'>;

/** Whether `later` ended well and did what `run` was to do: the next run of its schedule, or the very same order. */
export function covers(later: Job, run: Run): boolean {
  if (later.id === run.id || later.taskType !== run.taskType || later.createdAt <= run.createdAt)
    return false;
  if (later.status !== 'succeeded' || later.counts['skippedOverlap'] !== undefined) return false;
  const sameSchedule = run.startedBy.startsWith('schedule:') && later.startedBy === run.startedBy;
  return sameSchedule || canonical(later.payload) === canonical(run.payload);
}

export interface Cause {
  readonly id: string;
  readonly kind: About['kind'];
  readonly taskType: string | null;
  /** A sentence for a person, of our own words. */
  readonly title: string;
}

const STOPPED = 'The worker stopped without an answer.';

function causeWords(
  about: About,
  facts: Facts,
): { readonly taskType: string | null; readonly title: string } {
  switch (facts.kind) {
    case 'job': {
      const { job, part } = facts;
      if (job === undefined) return { taskType: null, title: 'The job no longer exists.' };
      const recorded = part?.error ?? part?.earlier?.at(-1)?.error ?? (part === undefined ? job.error : null);
      const nothing = about.kind === 'plan_job' ? 'The job was not divided into parts.' : STOPPED;
      return { taskType: job.taskType, title: recorded ?? nothing };
    }
    case 'firing':
      return {
        taskType: about.kind === 'start_task' ? about.taskType : null,
        title: 'A schedule fired and its job was not made.',
      };
    case 'member':
    case 'team':
      return { taskType: null, title: facts.failure?.message ?? STOPPED };
    case 'clock':
      return { taskType: null, title: 'The dispatch of one minute did not run.' };
    case 'unknown':
      break;
  }
  return { taskType: null, title: 'Not a message we know.' };
}

/** Why the message is dead, as the table recorded it: messages with the same one are redriven together. */
export function causeOf(about: About, facts: Facts): Cause {
  const { taskType, title } = causeWords(about, facts);
  return { id: causeId(about.kind, `${taskType ?? ''} ${title}`), kind: about.kind, taskType, title };
}

/** Which messages somebody chose; nothing given chooses nothing. */
export interface Choice {
  readonly jobIds?: readonly string[] | undefined;
  readonly cause?: string | undefined;
  readonly all?: boolean | undefined;
}

export function isChosen(choice: Choice, message: Pick<DeadLetter, 'body'>, facts: Facts): boolean {
  if (choice.all === true) return true;
  const about = aboutOf(message);
  if (choice.cause !== undefined) return causeOf(about, facts).id === choice.cause;
  // The job that a schedule's firing made counts as that message's job, too.
  const jobId = jobIdOf(about) ?? (facts.kind === 'job' ? facts.job?.id : undefined);
  return jobId !== undefined && choice.jobIds?.includes(jobId) === true;
}
