import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import type { Rotation } from '../policy/batch-rotation.ts';
import type { CallLedger } from '../policy/call-price.ts';
import type { FlashEvent } from '../policy/expected-solves.ts';
import {
  byId,
  isDeferred,
  ROUND_SECONDS,
  type ChosenRead,
  type PolicyContext,
  type PolicyMemory,
  type ReadCandidate,
} from '../policy/read-policy.ts';
import type { ProgramHabit } from '../policy/reading-habit.ts';
import type { TeamShare } from '../policy/team-share.ts';
import { policiesOf, variantOf } from '../policy/variants.ts';

/** Whom a round of the score sync reads. Pure; times in Unix seconds. */

export interface RoundInput {
  readonly now: number;
  /** Everyone whose scores are read, in any order, each once. */
  readonly candidates: readonly ReadCandidate[];
  readonly settings: SyncSettings;
  readonly program: ProgramHabit;
  /** A Flash CTF that is on or has just ended. */
  readonly event: FlashEvent | null;
  readonly weekHour: (unix: number) => number;
  readonly ledger: CallLedger;
  readonly teamShare: TeamShare;
  /** Where the rotation stood before this round. */
  readonly rotation: Rotation;
  /** The same round planned again: its batch ends with this id, whatever competitors came or left since. */
  readonly batch?: { readonly through: string | null };
  /** Who is in parts of this round, or of one whose planning never ended, already. */
  readonly taken: ReadonlySet<string>;
}

type RoundRead = Pick<ChosenRead, 'id' | 'reason'>;

export interface SyncRound extends PolicyMemory {
  /** Most urgent first, and no more than can be made until the next round. */
  readonly reads: readonly RoundRead[];
  /** How many would be read, had their last read not just failed. */
  readonly deferred: number;
}

/** Of the time between two rounds; the rest is for starting, so that a full round ends before the next one begins. */
const ROUND_USE = 0.9;
/** Reads end some seconds after their round: half a round less, or each interval would be one round too long. */
const SLACK_SECONDS = ROUND_SECONDS / 2;

/** Calls that reads may take until the next round. */
export const callsOfRound = ({ callsPerSecond, rosterReserve }: SyncSettings): number =>
  Math.max(2, Math.floor(callsPerSecond * (1 - rosterReserve.perSecond) * ROUND_SECONDS * ROUND_USE));

/** As many of the most urgent as there are calls for. */
function withinCalls(choices: readonly ChosenRead[], calls: number): RoundRead[] {
  let left = calls;
  const reads: RoundRead[] = [];
  for (const { id, reason, calls: taken } of choices.toSorted(
    (a, b) => b.urgency - a.urgency || byId(a, b),
  )) {
    left -= taken;
    if (left < 0) break;
    reads.push({ id, reason });
  }
  return reads;
}

/** Asks each policy for its competitors. Takes time in proportion to them, and to sort those in the rotation. */
export function planSyncRound(input: RoundInput): SyncRound {
  const { now, candidates, settings, program, event, weekHour, taken, batch } = input;
  const byVariant = Map.groupBy(candidates, ({ id }): string => variantOf(id, settings));
  const calls = callsOfRound(settings);
  const slaSeconds = settings.slaHours * 3600;
  const round = {
    now,
    slaSeconds,
    slackSeconds: SLACK_SECONDS,
    program,
    event,
    weekHour,
    taken,
    calls,
    batch,
  };
  const { rotation, ledger, teamShare } = input;
  const memory: PolicyMemory = { rotation, through: null, ledger, teamShare };
  const chosen: (readonly ChosenRead[])[] = [];
  let spoken = 0;
  let othersDailyReads = 0;
  for (const policy of policiesOf(settings)) {
    const own = byVariant.get(policy.name) ?? [];
    // When there is not enough for all, the policies share what a round can read by their size.
    const share = (calls * own.length) / Math.max(1, candidates.length);
    const ownCalls = Math.max(calls - spoken, share);
    const context: PolicyContext = { ...round, ownCalls, othersDailyReads, memory };
    const choice = policy.choose(own, context);
    chosen.push(choice.reads);
    spoken += choice.reads.reduce((sum, read) => sum + read.calls, 0);
    Object.assign(memory, choice.memory);
    othersDailyReads += policy.dailyReads?.(own, context) ?? 0;
  }
  return {
    ...memory,
    reads: withinCalls(chosen.flat(), calls),
    deferred: candidates.filter((candidate) => isDeferred(candidate, round)).length,
  };
}
