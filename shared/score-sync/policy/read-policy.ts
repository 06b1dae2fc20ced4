import type { Activity } from './activity-tiers.ts';
import type { Rotation } from './batch-rotation.ts';
import type { CallLedger } from './call-price.ts';
import type { FlashEvent } from './expected-solves.ts';
import type { Habit, ProgramHabit } from './reading-habit.ts';
import type { TeamShare } from './team-share.ts';

/** What every policy is asked: whom to read in this round. Pure; times in Unix seconds. */

export const ROUND_SECONDS = 300;

/** A competitor that a round may read. */
export interface ReadCandidate {
  readonly id: string;
  /** Null: never. */
  readonly lastReadAt: number | null;
  /** When the last read failed; null: it did not. */
  readonly failedAt: number | null;
  /** Whether the platform itself refused to show this competitor. */
  readonly refused: boolean;
  /** Calls that a read takes: Flash CTFs are a list of their own. */
  readonly calls: number;
  readonly teamId: string | null;
  readonly activity: Activity;
  readonly habit: Habit;
}

/** What policies carry from one round to the next; each moves its own. */
export interface PolicyMemory {
  readonly rotation: Rotation;
  /** Last id of the rotation's batch, whether or not a part has it already; null: no one was in one. */
  readonly through: string | null;
  readonly ledger: CallLedger;
  readonly teamShare: TeamShare;
}

export interface PolicyContext {
  readonly now: number;
  /** No one waits longer between two reads. */
  readonly slaSeconds: number;
  /** A read counts as due this long before its time: it ends some seconds after its round. */
  readonly slackSeconds: number;
  readonly program: ProgramHabit;
  /** A Flash CTF that is on or has just ended. */
  readonly event: FlashEvent | null;
  readonly weekHour: (unix: number) => number;
  /** Who is in parts of this round, or of one whose planning never ended, already. */
  readonly taken: ReadonlySet<string>;
  /** Calls until the next round, and how many of them this policy may count on. */
  readonly calls: number;
  readonly ownCalls: number;
  /** Reads a day that the policies before this one take. */
  readonly othersDailyReads: number;
  /** As the round before left it. */
  readonly memory: Omit<PolicyMemory, 'through'>;
  /** The same round planned again: its batch ends with this id, whatever competitors came or left since. */
  readonly batch?: { readonly through: string | null } | undefined;
}

export interface ChosenRead {
  readonly id: string;
  /** As `read-reason.ts` reads it. */
  readonly reason: string;
  /** The highest first, when there is not enough for all. */
  readonly urgency: number;
  readonly calls: number;
}

export interface PolicyChoice {
  readonly reads: readonly ChosenRead[];
  /** To be kept for the next round; what is left out stays as it was. */
  readonly memory?: Partial<PolicyMemory>;
}

export interface ReadPolicy {
  readonly name: string;
  /** Reads a day that its rhythm takes of its competitors; left out: it takes what the others leave. */
  readonly dailyReads?: (candidates: readonly ReadCandidate[], context: PolicyContext) => number;
  readonly choose: (candidates: readonly ReadCandidate[], context: PolicyContext) => PolicyChoice;
}

export const URGENCY = { rotation: Infinity, never: 1e9, late: 1e6, due: 1e3 } as const;

/** How urgent a read is that is due after `interval` seconds. */
export function urgencyOf(
  { lastReadAt }: Pick<ReadCandidate, 'lastReadAt'>,
  interval: number,
  { now, slaSeconds }: Pick<PolicyContext, 'now' | 'slaSeconds'>,
): number {
  if (lastReadAt === null) return URGENCY.never;
  const age = now - lastReadAt;
  return age >= slaSeconds ? URGENCY.late + age : age / interval;
}

/** After a read that failed, this long; when the platform said that it does not show the competitor, longer. */
const RETRY_AFTER_SECONDS = { failed: 1_800, refused: 7_200 } as const;

/** Whether the read is put off, because the last one has just failed. */
export function isDeferred(
  { failedAt, refused }: Pick<ReadCandidate, 'failedAt' | 'refused'>,
  { now, slackSeconds }: Pick<PolicyContext, 'now' | 'slackSeconds'>,
): boolean {
  if (failedAt === null) return false;
  const since = now - failedAt;
  return since >= 0 && since < RETRY_AFTER_SECONDS[refused ? 'refused' : 'failed'] - slackSeconds;
}

/** Who can be read: neither in a part already nor deferred. */
export const readable = (
  candidates: readonly ReadCandidate[],
  context: Pick<PolicyContext, 'taken' | 'now' | 'slackSeconds'>,
): ReadCandidate[] =>
  candidates.filter((candidate) => !context.taken.has(candidate.id) && !isDeferred(candidate, context));

export const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : Number(a.id > b.id);

/** Whether the service level asks for a read; of a competitor never read, or with a record that makes no sense, it does. */
export function readDue(
  { readAt }: Pick<Habit, 'readAt'>,
  now: number,
  { slaSeconds, roundSeconds }: { readonly slaSeconds: number; readonly roundSeconds: number },
): boolean {
  const age = now - readAt;
  // The next round would come too late; one round more is left for the queue.
  return !(age >= 0 && age < slaSeconds - roundSeconds);
}
