import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { LANES, type Lane } from '#shared/settings/processing.ts';
import {
  initialBudget,
  totalCalls,
  type BudgetDay,
  type BudgetHour,
  type BudgetState,
} from './budget-state.ts';
import {
  blockOf,
  leaseSlots,
  onDay,
  type BudgetLimits,
  type Leased,
  type Moment,
  type Refused,
} from './lease-slots.ts';
import { callsIn, isEmptyReport, withReport, type UsageReport } from './usage-report.ts';
import { OwnError } from '#shared/kernel/errors.ts';

export interface SharedBudgetDeps {
  readonly row: {
    readonly state: () => Promise<BudgetState | undefined>;
    readonly replace: (
      next: BudgetState,
      ended: BudgetDay | null,
      hour: BudgetHour | null,
    ) => Promise<BudgetState | null>;
  };
  readonly limits: () => Promise<BudgetLimits>;
  readonly moment: (now: Date) => Moment;
  readonly now: Clock;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly newId: NewId;
}

export interface SlotRequest {
  readonly lane: Lane;
  readonly wanted: number;
  /** Milliseconds; a slot further off is no use. */
  readonly waitMs: number;
}

export interface Exchanged {
  readonly answer: Leased | Refused | null;
  /** Lanes whose leased slots must not be used any more. */
  readonly blocked: readonly Lane[];
}

/** The row that all processes share. */
export interface SharedBudget {
  /**
   * Adds the report and leases what is requested, in one conditional write; as often as another process was faster,
   * it decides anew.
   * @throws the table's errors; after twenty lost races in a row an Error.
   */
  readonly exchange: (report: UsageReport, request: SlotRequest | null) => Promise<Exchanged>;
  /** What blocks every call of the lane now; null: nothing. One read. @throws the table's errors. */
  readonly blockOn: (lane: Lane) => Promise<Refused | null>;
}

/** Processes that write at the same moment; the one who is last tries this often. */
const WRITE_ATTEMPTS = 20;
const WRITE_WAIT_MS = 10;
/** Long enough that twenty processes on a slow table get apart: each holds the row for some tens of milliseconds. */
const LONGEST_WRITE_WAIT_MS = 640;

/** What there was before the hour's first call; null: it is not the hour's first, or the day's. */
const hourBegun = (today: BudgetDay, report: UsageReport, hour: string): BudgetHour | null =>
  callsIn(report) === 0 || today.hours[hour] !== undefined || totalCalls(today) === 0
    ? null
    : { day: today.day, hour, calls: today.calls };

export function createSharedBudget(deps: SharedBudgetDeps): SharedBudget {
  return {
    async exchange(report, request) {
      const limits = await deps.limits();
      const by = deps.newId('bud');
      let state = await deps.row.state();
      for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt += 1) {
        const at = deps.moment(deps.now());
        const { state: current, ended } = onDay(state ?? initialBudget(at.day), at.day);
        const reported = withReport(current, report, at);
        const leased = request === null ? undefined : leaseSlots(reported, limits, request.lane, request, at);
        const answer = leased?.answer ?? null;
        const unchanged = leased === undefined || leased.state === reported;
        if (isEmptyReport(report) && unchanged) return { answer, blocked: [] };
        const next = { ...(leased?.state ?? reported), version: current.version + 1, by };
        const others = await deps.row.replace(next, ended, hourBegun(current.today, report, at.hour));
        // A write whose answer was lost is tried again by the SDK and then meets itself.
        if (others === null || others.by === by)
          return { answer, blocked: LANES.filter((lane) => blockOf(next, limits, lane, at) !== null) };
        const wait = Math.min(WRITE_WAIT_MS * 2 ** attempt, LONGEST_WRITE_WAIT_MS);
        await deps.sleep(Math.ceil(wait * deps.random()));
        // Read anew: what the lost race showed is old by now, and a write built on it would be lost, too.
        state = await deps.row.state();
      }
      throw new OwnError(
        `The row of the call budget was changed by others ${WRITE_ATTEMPTS} times in a row.`,
      );
    },

    async blockOn(lane) {
      const [limits, state] = await Promise.all([deps.limits(), deps.row.state()]);
      return state === undefined ? null : blockOf(state, limits, lane, deps.moment(deps.now()));
    },
  };
}
