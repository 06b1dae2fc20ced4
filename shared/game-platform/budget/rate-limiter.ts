import type { Log } from '#shared/kernel/log.ts';
import { LANES, type Lane } from '#shared/settings/processing.ts';
import { KeyedQueue } from '../keyed-queue.ts';
import { BLOCK_SPAN_MS, type Refused, type WaitCode } from './lease-slots.ts';
import { createLeasedSlots, type Slot } from './leased-slots.ts';
import { laneOf, type CallPurpose } from './purposes.ts';
import { createSharedBudget, type SharedBudgetDeps, type SlotRequest } from './shared-budget.ts';
import { addReports, callsIn, EMPTY_REPORT, isEmptyReport, type UsageReport } from './usage-report.ts';
import { OwnError } from '#shared/kernel/errors.ts';

/** How one attempt ended, as far as the limiter is concerned. */
export interface AttemptEnd {
  /**
   * `answered`: whatever the answer was, the platform is alive; `failed`: a server error, no answer in time or a broken
   * connection; `throttled`: it asks us to slow down; `unknown`: our own caller gave up.
   */
  readonly kind: 'answered' | 'failed' | 'throttled' | 'unknown';
  readonly retryAfterMs?: number | undefined;
}

/** Leave to make one attempt, now. */
export interface Permit {
  /** To be called once, whatever became of the attempt. Never rejects. */
  readonly release: (end: AttemptEnd) => Promise<void>;
}

/** What the vendor client asks before every attempt. */
export interface RateLimiter {
  /**
   * Waits for a slot for a few seconds at most, and never beyond `latestMs` (since 1970).
   * @throws NoSlotError when there is none by then; the table's errors; the reason of an abort.
   */
  readonly acquire: (
    purpose: CallPurpose,
    limits: { readonly latestMs: number; readonly signal?: AbortSignal | undefined },
  ) => Promise<Permit>;
}

/** A process's part of the rate and the day's budget that all processes share. */
export interface SharedRateLimiter extends RateLimiter {
  /** Gives back unused slots and reports what was seen. To be called when a piece of work is done. Never rejects. */
  readonly flush: () => Promise<void>;
}

/** No call now: by `until`, in ms since 1970, it is worth asking again. */
export class NoSlotError extends OwnError {
  override readonly name = 'NoSlotError';
  constructor(
    readonly code: WaitCode,
    readonly until: number,
  ) {
    super(`No call to the platform now: ${code}`);
  }
}

export interface RateLimiterDeps extends SharedBudgetDeps {
  readonly log: Log;
  /** Called with the number of calls made, each time that they are reported. */
  readonly onCalls?: (calls: number) => void;
}

/** Who would wait longer keeps the work in the table instead. */
const LONGEST_WAIT_MS = 5_000;
/** A slot is checked this long before its time, so that the read does not make the call late. */
const CHECK_AHEAD_MS = 100;

/** With so few slots left the next block is leased while these are used, so that no call waits for the table. */
const LEASE_AHEAD_AT = 2;

const noRest = (): undefined => undefined;

/**
 * Leases blocks of slots with one conditional write, makes each call in its slot, and reports what it saw with the next
 * write: at once when that stops others, else with the next block. A process that dies leaves its slots unused and its
 * last block's calls uncounted. A slot further ahead than a second is checked once more, so that all processes keep a
 * suspension within little more than a second.
 */
export function createRateLimiter(deps: RateLimiterDeps): SharedRateLimiter {
  const nowMs = (): number => deps.now().getTime();
  const inTurn = new KeyedQueue();
  const budget = createSharedBudget(deps);
  let pending: UsageReport = EMPTY_REPORT;
  const record = (seen: Partial<UsageReport>): void => {
    pending = addReports(pending, { ...EMPTY_REPORT, ...seen });
  };
  const slots = createLeasedSlots(nowMs, (unused) => record({ unused }));
  /** Calls of this process that have no slot yet. */
  const waiting: Record<Lane, number> = { reads: 0, roster: 0 };
  /** When this process last knew the shared state. */
  let knownAt = 0;

  /** One write of this process at a time; a report that could not be written stays pending. */
  const exchange = (request: SlotRequest | null) =>
    inTurn.run(
      'row',
      async () => {
        const report = pending;
        if (request === null && isEmptyReport(report)) return null;
        pending = EMPTY_REPORT;
        const asked = nowMs();
        try {
          const { answer, blocked } = await budget.exchange(report, request);
          knownAt = asked;
          blocked.forEach(slots.drop);
          deps.onCalls?.(callsIn(report));
          return answer;
        } catch (error) {
          pending = addReports(report, pending);
          throw error;
        }
      },
      noRest,
    );

  const report = async (): Promise<void> => {
    try {
      await exchange(null);
    } catch (error) {
      deps.log.warn('the call budget got no report; it comes with the next call', {}, error);
    }
  };

  const sleepUntil = async (time: number, signal: AbortSignal | undefined): Promise<void> => {
    for (let left = time - nowMs(); left > 0; left = time - nowMs())
      await deps.sleep(Math.ceil(left), signal);
  };

  /** Waits for the slot's time; what blocks the lane by then, if anything. */
  async function comeTo(slot: Slot, lane: Lane, signal: AbortSignal | undefined): Promise<Refused | null> {
    if (!slot.trial && slot.at - knownAt > BLOCK_SPAN_MS + CHECK_AHEAD_MS) {
      await sleepUntil(slot.at - CHECK_AHEAD_MS, signal);
      const asked = nowMs();
      const block = await budget.blockOn(lane);
      knownAt = asked;
      if (block !== null) return block;
    }
    await sleepUntil(slot.at, signal);
    return null;
  }

  async function lease(lane: Lane, waitMs: number): Promise<Refused | null> {
    const answer = await exchange({ lane, wanted: slots.wanted(lane, waiting[lane]), waitMs });
    if (answer?.kind === 'refused') return answer;
    if (answer !== null) slots.add(lane, answer);
    return null;
  }

  /** The block that is being leased while there still are slots. */
  let ahead: Promise<Refused | null> | undefined;
  function leaseAhead(waitMs: number): void {
    ahead ??= lease('reads', waitMs)
      .catch(() => null)
      .finally(() => {
        ahead = undefined;
      });
  }

  function permit(trial: boolean): Permit {
    return {
      release: async ({ kind, retryAfterMs }) => {
        const suspends = retryAfterMs !== undefined && retryAfterMs > 0;
        record({
          answered: kind === 'answered' || kind === 'throttled' ? 1 : 0,
          failed: kind === 'failed' ? 1 : 0,
          throttled: kind === 'throttled' ? 1 : 0,
          quietUntil: suspends ? nowMs() + retryAfterMs : 0,
          trial: !trial || kind === 'unknown' ? null : kind === 'failed' ? 'failed' : 'answered',
        });
        if (kind === 'failed' || suspends || trial) await report();
      },
    };
  }

  /** The next slot in its time, or why and until when there is none. */
  async function nextInTime(
    lane: Lane,
    latest: number,
    signal: AbortSignal | undefined,
  ): Promise<Slot | Refused | null> {
    const slot = slots.take(lane);
    if (slot === undefined) {
      return lane === 'reads' && ahead !== undefined ? ahead : lease(lane, latest - nowMs());
    }
    // A slot that is yet to come says that the rate binds: there is time to lease the next block then.
    const inTime = !slot.trial && slot.at <= nowMs();
    if (lane === 'reads' && inTime && slots.left(lane) < LEASE_AHEAD_AT) leaseAhead(latest - nowMs());
    if (slot.at > latest) {
      slots.putBack(lane, slot);
      return { kind: 'refused', code: 'RATE_LIMITED', until: slot.at };
    }
    let used = false;
    try {
      const block = await comeTo(slot, lane, signal);
      if (block !== null) slots.drop(lane);
      else used = slots.isUsable(slot);
      return block ?? (used ? slot : null);
    } finally {
      if (!used) record({ unused: 1 });
    }
  }

  async function take(
    purpose: CallPurpose,
    latestMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Permit> {
    const lane = laneOf(purpose);
    const latest = Math.min(latestMs, nowMs() + LONGEST_WAIT_MS);
    for (;;) {
      const next = await nextInTime(lane, latest, signal);
      if (next === null) continue;
      if ('at' in next) {
        record({ calls: { [purpose]: 1 } });
        return permit(next.trial);
      }
      if (next.until > latest) {
        // Counted here, by whoever gives up: waiting for a slot is no refusal.
        record({ refused: 1 });
        throw new NoSlotError(next.code, next.until);
      }
      await sleepUntil(next.until, signal);
    }
  }

  return {
    acquire: async (purpose, { latestMs, signal }) => {
      const lane = laneOf(purpose);
      waiting[lane] += 1;
      try {
        return await inTurn.run(lane, () => take(purpose, latestMs, signal), noRest, signal);
      } finally {
        waiting[lane] -= 1;
      }
    },
    flush: async () => {
      await ahead;
      LANES.forEach(slots.drop);
      await report();
    },
  };
}
