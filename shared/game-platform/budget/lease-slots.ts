import type { Lane } from '#shared/settings/processing.ts';
import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import { blockedUntil, withTrial } from './breaker.ts';
import { emptyDay, type BudgetDay, type BudgetState } from './budget-state.ts';

/** A call may start this much after its slot; later, the slot is lost. */
export const GRACE_MS = 80;
/** How far a worker’s clock may be off. */
export const SKEW_MS = 10;
/** How much later a call reaches the platform on a new connection than on one that is open. */
const CONNECT_MS = 100;
/** A second as the platform may see it: what starts in it by our slots may have been due this much apart. */
const SECOND_MS = 1_000 + GRACE_MS + 2 * SKEW_MS + CONNECT_MS;
/** A block reaches no further ahead: others queue behind it, and learn of a pause as much later. */
export const BLOCK_SPAN_MS = 1_000;
export const LARGEST_BLOCK = 25;
/** While another worker makes the trial call, its end is worth asking for this soon. */
const TRIAL_LOOK_MS = 500;
/** No lane is ever leased so far ahead: a time beyond this came from a clock that was wrong. */
const ABSURD_MS = 60_000;

export type BudgetLimits = Pick<SyncSettings, 'callsPerSecond' | 'dailyCallBudget' | 'rosterReserve'>;

/** Why there is no slot now; `RATE_LIMITED`: our own rate has none in time, `THROTTLED`: the platform asked for silence. */
export const WAIT_CODES = ['RATE_LIMITED', 'THROTTLED', 'BREAKER_OPEN', 'DAY_SPENT'] as const;
export type WaitCode = (typeof WAIT_CODES)[number];

export interface Refused {
  readonly kind: 'refused';
  readonly code: WaitCode;
  /** When to ask again, in ms since 1970. */
  readonly until: number;
}

export interface Leased {
  readonly kind: 'leased';
  /** A call each, not before these times; ascending. */
  readonly slots: readonly number[];
  /** The one call that shows whether the platform is back. */
  readonly trial: boolean;
}

/** The moment as the budget needs it. */
export interface Moment {
  readonly now: number;
  /** `YYYY-MM-DD` in the program's time zone. */
  readonly day: string;
  /** `00` to `23`. */
  readonly hour: string;
  /** First instant of the next day. */
  readonly dayEnds: number;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/** Of the calls per second, what rosters and accounts get while they wait: somebody looks on, at a read nobody does. */
const SHARE_OF_WAITING = 0.6;
/** Lanes share for this long after the last call that had to wait. */
const SHARING_MS = 5_000;

/**
 * Calls per second of each lane: whole numbers of at least one, together never more than allowed.
 *
 * @param share what the lane of rosters and accounts gets, from 0 to 1
 */
export function laneRates(
  { callsPerSecond, rosterReserve }: BudgetLimits,
  share: number = rosterReserve.perSecond,
): Readonly<Record<Lane, number>> {
  const roster = Math.min(callsPerSecond - 1, Math.max(1, Math.round(callsPerSecond * share)));
  return { roster, reads: callsPerSecond - roster };
}

/**
 * Milliseconds between two slots of a lane with so many calls per second: wider than the rate alone would have it, so
 * that late starts, skewed clocks and new connections stay within it.
 */
export const spacingOf = (rate: number): number => SECOND_MS / rate;

/**
 * Milliseconds from a lane's slot at `time` to its next. While lanes share, reads are slower and rosters faster; the
 * faster pace begins a second after the slower one and ends a second before it, so that no second sees both fast.
 */
function spacingAt({ sharing }: BudgetState, limits: BudgetLimits, lane: Lane, time: number): number {
  const margin = lane === 'roster' ? SECOND_MS : 0;
  const shares = time >= sharing.from + margin && time < sharing.until - margin;
  const share = Math.max(SHARE_OF_WAITING, limits.rosterReserve.perSecond);
  return spacingOf(laneRates(limits, shares ? share : undefined)[lane]);
}

/** Lanes share from the first slot that no read has yet; reads that were leased beyond its end begin it anew. */
function sharingAfter({ sharing, nextReads }: BudgetState, now: number): BudgetState['sharing'] {
  const goesOn = now < sharing.until && nextReads <= sharing.until;
  return { from: goesOn ? sharing.from : Math.max(now, nextReads), until: now + SHARING_MS };
}

/** Calls that a lane may lease today. */
export function dayLimit({ dailyCallBudget, rosterReserve }: BudgetLimits, lane: Lane): number {
  return lane === 'roster'
    ? dailyCallBudget
    : dailyCallBudget - Math.ceil(dailyCallBudget * rosterReserve.perDay);
}

/** The state on this day; the day before, when it ended, to be kept. A clock that is behind changes nothing. */
export function onDay(
  state: BudgetState,
  day: string,
): { readonly state: BudgetState; readonly ended: BudgetDay | null } {
  if (day <= state.today.day) return { state, ended: null };
  const ended = state.version === 0 ? null : state.today;
  return { state: { ...state, spent: 0, today: emptyDay(day) }, ended };
}

/** What blocks every call of the lane, whatever its slots; null: nothing. */
export function blockOf(
  state: BudgetState,
  limits: BudgetLimits,
  lane: Lane,
  at: Pick<Moment, 'now' | 'day' | 'dayEnds'>,
): Refused | null {
  const { now } = at;
  const spent = state.today.day < at.day ? 0 : state.spent;
  if (spent >= dayLimit(limits, lane)) return { kind: 'refused', code: 'DAY_SPENT', until: at.dayEnds };
  const { breaker } = state;
  const until = blockedUntil(breaker, now);
  if (until !== null) {
    const soon = breaker.kind === 'half_open' ? Math.min(until, now + TRIAL_LOOK_MS) : until;
    return { kind: 'refused', code: 'BREAKER_OPEN', until: soon };
  }
  if (state.quietUntil > now) return { kind: 'refused', code: 'THROTTLED', until: state.quietUntil };
  return null;
}

/**
 * Up to `wanted` slots of a lane, or why and until when there is none. A call of the roster lane takes the reads'
 * slot when that is free sooner. `waitMs`: a slot further off than this is no use to the caller. Rates hold over all
 * workers because every slot of a lane is given once, at a fixed distance from the one before.
 */
export function leaseSlots(
  state: BudgetState,
  limits: BudgetLimits,
  lane: Lane,
  request: { readonly wanted: number; readonly waitMs: number },
  at: Moment,
): { readonly state: BudgetState; readonly answer: Leased | Refused } {
  const { now } = at;
  const block = blockOf(state, limits, lane, at);
  if (block !== null) return { state, answer: block };

  const freeFrom = (next: number): number => (next - now > ABSURD_MS ? now : Math.max(next, now));
  const free = { reads: freeFrom(state.nextReads), roster: freeFrom(state.nextRoster) };
  const from: Lane = lane === 'roster' && free.roster <= free.reads ? 'roster' : 'reads';
  const first = free[from];
  const waits = lane === 'roster' && first > now;
  const shared = waits
    ? { ...state, sharing: sharingAfter({ ...state, nextReads: free.reads }, now) }
    : state;
  if (first - now > request.waitMs)
    return { state: shared, answer: { kind: 'refused', code: 'RATE_LIMITED', until: first } };

  const trial = state.breaker.kind !== 'closed';
  const left = dayLimit(limits, lane) - state.spent;
  const most = trial ? 1 : Math.max(1, Math.min(request.wanted, left, LARGEST_BLOCK));
  const slots = [first];
  let next = first + spacingAt(shared, limits, from, first);
  while (slots.length < most && next <= now + BLOCK_SPAN_MS) {
    slots.push(next);
    next += spacingAt(shared, limits, from, next);
  }
  return {
    state: {
      ...shared,
      ...(from === 'reads' ? { nextReads: next } : { nextRoster: next }),
      breaker: state.breaker.kind === 'closed' ? state.breaker : withTrial(state.breaker, now),
      spent: state.spent + slots.length,
    },
    answer: { kind: 'leased', slots, trial },
  };
}
