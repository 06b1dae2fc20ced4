import type { JobView } from '#shared/jobs/contract.ts';
import type { QueueName } from '#shared/jobs/task-definition.ts';
import {
  type DeadLetterGroup,
  type DeadLetterState,
  MAX_PER_SECOND,
  type QueueHistory,
  type QueueList,
} from '#shared/dead-letters/contract.ts';
import type { Quarantined } from '#shared/score-sync/contract.ts';
import { count, counted } from '#shared/kernel/format.ts';
import type { Tone } from '#web/shared/ui/badge.tsx';

/** The words of the queues page; pure. */

export const QUEUE_PURPOSE: Readonly<Record<QueueName, string>> = {
  roster: 'Accounts, teams, members: the 60-second path',
  sync: 'Score reads, sweeps, comparisons',
  work: 'Schedules, imports, erasures, redrives',
};

/** `116 messages wait, 15 are dead.` */
export function queuesSentence(items: QueueList['items']): string {
  const waiting = items.reduce((sum, { depth }) => sum + depth, 0);
  const dead = items.reduce((sum, { deadLetters }) => sum + deadLetters, 0);
  const deadLabel = dead === 0 ? 'none is dead' : `${count(dead)} ${dead === 1 ? 'is' : 'are'} dead`;
  return `${counted(waiting, 'message waits', 'messages wait')}, ${deadLabel}`;
}

export const MESSAGE_LABELS: Readonly<
  Record<DeadLetterState, { readonly tone: Tone; readonly text: string }>
> = {
  needed: { tone: 'warning', text: 'Still needed' },
  superseded: { tone: 'neutral', text: 'Superseded' },
  later: { tone: 'pending', text: 'Job at work' },
  unknown: { tone: 'error', text: 'Unknown' },
};

const DIED_DOING: Readonly<Record<DeadLetterGroup['kind'], string>> = {
  job_part: 'parts of jobs',
  plan_job: 'jobs to be divided',
  start_task: 'a schedule’s starts',
  dispatch_due: 'the minute’s dispatch',
  roster: 'members of teams',
  team: 'teams',
  unknown: 'messages we did not send',
};
export const groupSubject = (kind: DeadLetterGroup['kind']): string => DIED_DOING[kind];

/** What a message points at, with its id apart for a typeface of its own. */
export function messageSubject(message: DeadLetterGroup['letters'][number]['message']): {
  readonly id: string | null;
  readonly words: string;
} {
  const text = (name: string) => (message[name] === undefined ? null : String(message[name]));
  const jobId = text('jobId');
  if (jobId !== null) {
    const part = message['part'];
    return { id: jobId, words: typeof part === 'number' ? `part ${part + 1}` : 'as a whole' };
  }
  const competitor = text('competitorId');
  if (competitor !== null) return { id: competitor, words: 'a member' };
  const team = text('teamId');
  if (team !== null) return { id: team, words: 'a team' };
  const schedule = text('scheduleName');
  if (schedule !== null) return { id: schedule, words: 'a schedule' };
  return {
    id: null,
    words: message['kind'] === 'dispatch_due' ? 'The dispatch of a minute' : 'Not readable',
  };
}

/** What a redrive of the group would come to, from what the table says now. */
export function outlook({ states, count: all }: Pick<DeadLetterGroup, 'states' | 'count'>): string {
  if (states.unknown === all) return 'We did not send these; they can only be discarded.';
  const parts = [
    states.needed > 0 &&
      `${count(states.needed)} of ${count(all)} still ${states.needed === 1 ? 'has' : 'have'} work to do`,
    states.superseded > 0 &&
      `${count(states.superseded)} ${states.superseded === 1 ? 'was' : 'were'} done or settled since and ${states.superseded === 1 ? 'closes itself' : 'close themselves'}`,
    states.later > 0 &&
      `${count(states.later)} ${states.later === 1 ? 'waits' : 'wait'} for the end of the rest of the job`,
  ].filter((part) => part !== false);
  return `Each one’s record is read again before anything is done. ${parts.join('; ')}.`;
}

/** The rate that was typed; null: not a rate. */
export function rateOf(text: string): number | null {
  const rate = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && rate >= 0.1 && rate <= MAX_PER_SECOND ? rate : null;
}
export const RATE_HINT = `From 0.1 to ${MAX_PER_SECOND} a second.`;

const RESULT_LABELS: readonly (readonly [name: string, one: string, many: string])[] = [
  ['redriven', 'was redriven', 'were redriven'],
  ['superseded', 'was superseded and closed', 'were superseded and closed'],
  ['waiting', 'waits for the rest of its job', 'wait for the rest of their jobs'],
  ['unknown', 'is no message that we know', 'are no messages that we know'],
  ['failed', 'could not be redriven', 'could not be redriven'],
  ['gone', 'was gone', 'were gone'],
];

/** `9 were redriven, 1 was superseded and closed.` */
export function redriveResult({ result }: Pick<JobView, 'result'>): string {
  const parts = RESULT_LABELS.flatMap(([name, one, many]) => {
    const value = result?.[name] ?? 0;
    return value === 0 ? [] : [`${count(value)} ${value === 1 ? one : many}`];
  });
  return parts.length === 0 ? 'No message of that kind was left.' : `${parts.join(', ')}.`;
}

const SOURCES: Readonly<Record<Quarantined['source'], string>> = {
  odl: 'ODL solve',
  ctf: 'CTF solve',
  ctf_event: 'Flash CTF event',
};
export const sourceLabel = (source: Quarantined['source']): string => SOURCES[source];

/** `challenge_points: Too small`. */
export const issueLabel = ({ path, message }: Quarantined['issues'][number]): string =>
  path === '' ? message : `${path}: ${message}`;

/** The redacted record laid out; as it is when it was cut short. */
export function laidOut(redacted: string): string {
  try {
    return JSON.stringify(JSON.parse(redacted), null, 2);
  } catch {
    return redacted;
  }
}

/** A redrive as the page’s address keeps it: its job, of which group, how many messages, and whether it is a trial. */
export interface RedriveInAddress {
  readonly jobId: string;
  readonly cause: string | null;
  readonly of: number | null;
  readonly trial: boolean;
}

export function redriveIn(params: URLSearchParams): RedriveInAddress | null {
  const jobId = params.get('redrive');
  if (jobId === null) return null;
  const of = Number(params.get('of') ?? NaN);
  return {
    jobId,
    cause: params.get('cause'),
    of: Number.isInteger(of) && of > 0 ? of : null,
    trial: params.get('trial') === 'yes',
  };
}

/** How the job of the message that was tried stands now; undefined: the message is about no job. */
export function trialEnd(tried: Pick<JobView, 'status' | 'error'> | undefined): {
  readonly tone: Tone;
  readonly text: string;
} {
  if (tried === undefined) return { tone: 'ok', text: 'Its work was asked for again.' };
  switch (tried.status) {
    case 'succeeded':
      return { tone: 'ok', text: 'Its job ended well. Redrive the group now.' };
    case 'failed':
      return { tone: 'error', text: `Its job failed again: ${tried.error ?? 'no cause was recorded.'}` };
    case 'cancelled':
      return { tone: 'neutral', text: 'Its job was canceled.' };
    case 'pending':
    case 'running':
      return { tone: 'accent', text: 'Its job is at work again.' };
    default:
      return tried.status satisfies never;
  }
}

/** The finding of a queue’s day in a sentence. */
export function historyLabel(
  { name, depth }: QueueHistory['items'][number],
  timeAt: (index: number) => string,
): string {
  const known = depth.filter((value) => value !== null);
  if (known.length === 0) return `${name}: not measured yet.`;
  const most = Math.max(...known);
  if (most === 0) return `${name}: nothing waited.`;
  return `${name}: at most ${counted(most, 'message')} waited at once, at ${timeAt(depth.indexOf(most))}.`;
}
