import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Log } from '#shared/kernel/log.ts';
import { LANES, type Lane } from '#shared/settings/processing.ts';
import { KeyedQueue } from '../keyed-queue.ts';
import { initialBudget, type BudgetDay, type BudgetState } from './budget-state.ts';
import {
  barOf,
  GRACE_MS,
  LARGEST_BLOCK,
  leaseSlots,
  NOTHING,
  onDay,
  withReport,
  type BudgetLimits,
  type Leased,
  type Moment,
  type Refused,
  type Report,
  type WaitCode,
} from './lease-slots.ts';
import { laneOf, type CallPurpose } from './purposes.ts';

/** How one attempt ended, as far as the budget is concerned. */
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
  readonly end: (end: AttemptEnd) => Promise<void>;
}

/** What the vendor client asks before every attempt. */
export interface CallBudget {
  /**
   * Waits for a slot for a few seconds at most, and never beyond `latestMs` (since 1970).
   * @throws NoSlotError when there is none by then; the table's errors; the reason of an abort.
   */
  readonly acquire: (
    purpose: CallPurpose,
    limits: { readonly latestMs: number; readonly signal?: AbortSignal | undefined },
  ) => Promise<Permit>;
}

/** No call now: by `until`, in ms since 1970, it is worth asking again. */
export class NoSlotError extends Error {
  override readonly name = 'NoSlotError';
  constructor(
    readonly code: WaitCode,
    readonly until: number,
  ) {
    super(`No call to the platform now: ${code}`);
  }
}

export interface CallBudgetDeps {
  readonly row: {
    readonly state: () => Promise<BudgetState | undefined>;
    readonly replace: (next: BudgetState, ended: BudgetDay | null) => Promise<BudgetState | null>;
  };
  readonly limits: () => Promise<BudgetLimits>;
  readonly moment: (now: Date) => Moment;
  readonly now: Clock;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly newId: NewId;
  readonly log: Log;
  /** Told how many calls were made, each time that the table is. */
  readonly onCalls?: (calls: number) => void;
}

/** A worker's part of the shared budget. */
export interface WorkersBudget extends CallBudget {
  /** Gives back what is left and tells what was seen. Call it when a piece of work is done. Never rejects. */
  readonly flush: () => Promise<void>;
}

/** A longer wait is for the table: whoever has one keeps the work there. */
export const LONGEST_WAIT_MS = 5_000;
const SMALLEST_BLOCK = 4;
/** Workers who write at the same moment; the one who is last tries this often. */
const WRITE_ATTEMPTS = 20;
const WRITE_WAIT_MS = 10;
/** Long enough that twenty workers on a slow table get apart: each holds the row for some tens of milliseconds. */
const LONGEST_WRITE_WAIT_MS = 640;

const noRest = (): undefined => undefined;

interface Slot {
  readonly at: number;
  readonly trial: boolean;
}

const isEmpty = (report: Report): boolean =>
  report.trial === null &&
  Object.keys(report.calls).length === 0 &&
  [report.answered, report.failed, report.refused, report.throttled, report.unused, report.quietUntil].every(
    (number) => number === 0,
  );

const sum = (a: Report, b: Report): Report => ({
  calls: Object.fromEntries(
    [...new Set([...Object.keys(a.calls), ...Object.keys(b.calls)])].map((purpose) => [
      purpose,
      countOf(a, purpose) + countOf(b, purpose),
    ]),
  ),
  answered: a.answered + b.answered,
  failed: a.failed + b.failed,
  trial: b.trial ?? a.trial,
  refused: a.refused + b.refused,
  throttled: a.throttled + b.throttled,
  unused: a.unused + b.unused,
  quietUntil: Math.max(a.quietUntil, b.quietUntil),
});

const countOf = (report: Report, purpose: string): number =>
  new Map(Object.entries(report.calls)).get(purpose) ?? 0;

const callsOf = (report: Report): number =>
  Object.values(report.calls).reduce((total, number) => total + number, 0);

/**
 * One process's part of the budget that all workers share. It leases blocks of slots with one conditional write, makes
 * each call in its slot, and tells what it saw with the next write: at once when that stops others, else with the next
 * block. A process that dies leaves its slots unused, and its last block's calls out of the ledger.
 */
export function createCallBudget(deps: CallBudgetDeps): WorkersBudget {
  const inTurn = new KeyedQueue();
  const slots: Record<Lane, Slot[]> = { reads: [], roster: [] };
  let readsWanted = SMALLEST_BLOCK;
  let untold: Report = NOTHING;
  const note = (seen: Partial<Report>): void => {
    untold = sum(untold, { ...NOTHING, ...seen });
  };
  const drop = (lane: Lane): void => {
    if (slots[lane].length > 0) note({ unused: slots[lane].length });
    slots[lane] = [];
  };

  /** Decides on the row as it is, as often as somebody else was faster. */
  async function change(
    report: Report,
    wish: { readonly lane: Lane; readonly wanted: number; readonly waitMs: number } | null,
  ): Promise<Leased | Refused | null> {
    const limits = await deps.limits();
    const by = deps.newId('bud');
    let state = await deps.row.state();
    for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt += 1) {
      const at = deps.moment(deps.now());
      const { state: current, ended } = onDay(state ?? initialBudget(at.day), at.day);
      const told = withReport(current, report, at);
      const leased = wish === null ? undefined : leaseSlots(told, limits, wish.lane, wish, at);
      const answer = leased?.answer ?? null;
      if (isEmpty(report) && answer?.kind !== 'leased') return answer;
      const next = { ...(leased?.state ?? told), version: current.version + 1, by };
      const others = await deps.row.replace(next, ended);
      // A write whose answer was lost is tried again by the client and then meets itself.
      if (others === null || others.by === by) {
        for (const lane of LANES) if (barOf(next, limits, lane, at) !== null) drop(lane);
        return answer;
      }
      state = others;
      const wait = Math.min(WRITE_WAIT_MS * 2 ** attempt, LONGEST_WRITE_WAIT_MS);
      await deps.sleep(Math.ceil(wait * deps.random()));
    }
    throw new Error(`The row of the call budget was changed by others ${WRITE_ATTEMPTS} times in a row.`);
  }

  /** One write of this process at a time; what was to be told stays to be told when it fails. */
  const write = (wish: Parameters<typeof change>[1]): Promise<Leased | Refused | null> =>
    inTurn.run(
      'row',
      async () => {
        const report = untold;
        if (wish === null && isEmpty(report)) return null;
        untold = NOTHING;
        try {
          const answer = await change(report, wish);
          // A refusal is counted by whoever gives up, so that nothing is written for it here.
          deps.onCalls?.(callsOf(report));
          return answer;
        } catch (error) {
          untold = sum(report, untold);
          throw error;
        }
      },
      noRest,
    );

  const tell = async (): Promise<void> => {
    try {
      await write(null);
    } catch (error) {
      deps.log.warn('the call budget was not told; it is with the next call', {}, error);
    }
  };

  const nowMs = (): number => deps.now().getTime();
  const sleepUntil = async (time: number, signal: AbortSignal | undefined): Promise<void> => {
    for (let left = time - nowMs(); left > 0; left = time - nowMs())
      await deps.sleep(Math.ceil(left), signal);
  };
  const usable = ({ at, trial }: Slot): boolean => trial || at + GRACE_MS >= nowMs();

  /** The next slot that can still be used; those whose time went by are given back. */
  function nextSlot(lane: Lane): Slot | undefined {
    const kept = slots[lane].filter(usable);
    const lost = slots[lane].length - kept.length;
    if (lost > 0) {
      note({ unused: lost });
      if (lane === 'reads') readsWanted = Math.max(SMALLEST_BLOCK, Math.floor(readsWanted / 2));
    }
    slots[lane] = kept.slice(1);
    return kept[0];
  }

  async function lease(lane: Lane, waitMs: number): Promise<Refused | undefined> {
    const wanted = lane === 'reads' ? readsWanted : 1;
    const answer = await write({ lane, wanted, waitMs });
    if (answer?.kind === 'refused') return answer;
    slots[lane] = (answer?.slots ?? []).map((at) => ({ at, trial: answer?.trial ?? false }));
    if (lane === 'reads') readsWanted = Math.min(LARGEST_BLOCK, readsWanted * 2);
    return undefined;
  }

  function permit(trial: boolean): Permit {
    return {
      end: async ({ kind, retryAfterMs }) => {
        const quiet = retryAfterMs !== undefined && retryAfterMs > 0;
        note({
          answered: kind === 'answered' || kind === 'throttled' ? 1 : 0,
          failed: kind === 'failed' ? 1 : 0,
          throttled: kind === 'throttled' ? 1 : 0,
          quietUntil: quiet ? nowMs() + retryAfterMs : 0,
          trial: !trial || kind === 'unknown' ? null : kind === 'failed' ? 'failed' : 'answered',
        });
        if (kind === 'failed' || quiet || trial) await tell();
      },
    };
  }

  async function take(
    purpose: CallPurpose,
    latestMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Permit> {
    const lane = laneOf(purpose);
    const latest = Math.min(latestMs, nowMs() + LONGEST_WAIT_MS);
    for (;;) {
      const slot = nextSlot(lane);
      if (slot !== undefined) {
        if (slot.at > latest) {
          slots[lane].unshift(slot);
          throw new NoSlotError('THROTTLED', slot.at);
        }
        try {
          await sleepUntil(slot.at, signal);
        } catch (error) {
          note({ unused: 1 });
          throw error;
        }
        if (usable(slot)) {
          note({ calls: { [purpose]: 1 } });
          return permit(slot.trial);
        }
        note({ unused: 1 });
        continue;
      }
      const refused = await lease(lane, latest - nowMs());
      if (refused === undefined) continue;
      if (refused.until > latest) {
        note({ refused: 1 });
        throw new NoSlotError(refused.code, refused.until);
      }
      await sleepUntil(refused.until, signal);
    }
  }

  return {
    acquire: (purpose, { latestMs, signal }) =>
      inTurn.run(laneOf(purpose), () => take(purpose, latestMs, signal), noRest, signal),
    flush: async () => {
      for (const lane of LANES) drop(lane);
      await tell();
    },
  };
}
