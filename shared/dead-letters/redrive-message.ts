import type { Actor } from '#shared/audit/actor.ts';
import type { JobPart, WorkMessage } from '#shared/jobs/job.ts';
import type { ReopenOutcome } from '#shared/jobs/reopen-job.ts';
import { scheduledJobId } from '#shared/jobs/start-scheduled-job.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { RosterEntry, RosterWakeUp } from '#shared/teams/rosters/roster-entry.ts';
import { aboutOf, type DeadLetter } from './dead-letter.ts';
import { classify, type Facts } from './classify-message.ts';

type Firing = Extract<WorkMessage, { kind: 'start_task' }>;

export interface RedriveMessageDeps {
  /** Has a failed job tried again in its own record; asked twice, once. */
  readonly reopen: (jobId: string, actor: Actor) => Promise<ReopenOutcome>;
  /** Opens the parts of a job that is tried again, and divides one that is not divided; any number of times. */
  readonly plan: (jobId: string, remainingMs: () => number, log: Log) => Promise<void>;
  /** Sends a wake-up message for a pending part; while processing is paused, the dispatcher does so afterwards. */
  readonly wakePart: (part: JobPart, log: Log) => Promise<void>;
  /** Makes the job of a firing, once. */
  readonly startFiring: (firing: Firing) => Promise<void>;
  readonly entryById: (competitorId: string) => Promise<RosterEntry | undefined>;
  /** Forgets waiting times, so that it is tried now. */
  readonly hurry: (entry: RosterEntry, now: Date) => Promise<unknown>;
  /** None while processing is paused. */
  readonly wakeRosters: (wakeUps: readonly RosterWakeUp[]) => Promise<void>;
  readonly now: Clock;
}

export type RedriveOutcome = 'redriven' | 'superseded' | 'waiting' | 'unknown';

export interface RedriveContext {
  /** Who asked for it. */
  readonly actor: Actor;
  readonly remainingMs: () => number;
  readonly log: Log;
}

export interface Redriven {
  readonly outcome: RedriveOutcome;
  /** A sentence for a person, ids only. */
  readonly message: string;
}

/** Whether a worker holds the part at this moment. */
const inHand = (part: JobPart, now: Date): boolean =>
  part.claimedUntil !== null && Date.parse(part.claimedUntil) > now.getTime();

/**
 * Does what a dead letter asks for, from what the table says now. The message itself stays; whoever calls removes it
 * afterwards, so that a crash in between only means doing this again, which changes nothing more.
 */
export function createRedriveMessage(
  deps: RedriveMessageDeps,
): (message: DeadLetter, facts: Facts, context: RedriveContext) => Promise<Redriven> {
  async function openJob(
    { job, part }: Extract<Facts, { kind: 'job' }>,
    again: boolean,
    { actor, remainingMs, log }: RedriveContext,
  ): Promise<Redriven> {
    if (job === undefined) return { outcome: 'superseded', message: 'The job no longer exists.' };
    const which = part === undefined ? job.id : `${job.id}, part ${part.part}`;
    if (part?.status === 'pending') {
      if (!inHand(part, deps.now())) await deps.wakePart(part, log);
      return { outcome: 'redriven', message: `${which}: asked for again.` };
    }
    if (again) {
      const opened = await deps.reopen(job.id, actor);
      const underWay = opened.kind === 'refused' && opened.refusal.code === 'JOB_UNDER_WAY';
      if (opened.kind === 'not_found') {
        return { outcome: 'superseded', message: 'The job no longer exists.' };
      }
      if (opened.kind === 'refused' && !underWay) {
        return { outcome: 'superseded', message: opened.refusal.detail };
      }
    }
    // Goes on as well where somebody died between the job's next attempt and its parts.
    await deps.plan(job.id, remainingMs, log);
    return { outcome: 'redriven', message: `${which}: ${again ? 'opened again' : 'asked for again'}.` };
  }

  return async (message, facts, context) => {
    const about = aboutOf(message);
    const classification = classify(about, facts);
    switch (classification.kind) {
      case 'superseded':
        return { outcome: 'superseded', message: classification.why };
      case 'wait':
        return {
          outcome: 'waiting',
          message: 'The rest of the job is still at work. Redrive it after its end.',
        };
      case 'unknown':
        return { outcome: 'unknown', message: 'Not a message we know. It can only be discarded.' };
      case 'start':
        if (about.kind === 'start_task') {
          await deps.startFiring(about);
          await deps.plan(scheduledJobId(about), context.remainingMs, context.log);
        }
        return { outcome: 'redriven', message: 'The job of the schedule was made.' };
      case 'reopen':
      case 'wake_up':
        break;
    }
    if (facts.kind === 'job') return openJob(facts, classification.kind === 'reopen', context);
    if (about.kind === 'roster') {
      const entry = await deps.entryById(about.competitorId);
      if (entry !== undefined) await deps.hurry(entry, deps.now());
      await deps.wakeRosters([about]);
      return { outcome: 'redriven', message: `${about.competitorId}: asked for again.` };
    }
    if (about.kind === 'team') {
      await deps.wakeRosters([about]);
      return { outcome: 'redriven', message: `${about.teamId}: asked for again.` };
    }
    return { outcome: 'superseded', message: 'Nothing is left to do.' };
  };
}
