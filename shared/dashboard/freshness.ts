import type { FreshnessView } from './contract.ts';
import type { FreshnessFacts } from './facts.ts';
import { isReadable } from './metrics.ts';

/** Score reads are planned this often. */
const PLANNED_EVERY_MS = 30 * 60_000;
const TICKS = 48;
/** Four planned reads without any success: not a hiccup any more. */
const STALE_AFTER_MS = 4 * PLANNED_EVERY_MS;
/** More than this share of people late is an outage, not somebody's bad luck. */
const STALE_SHARE = 0.25;

/** One score-sync job, as far as the rail needs it. */
export interface SyncRun {
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly failed: boolean;
}

export type SuspensionKind = 'off' | 'blocked';

export interface FreshnessContext {
  /** Runs of the last 24 hours. */
  readonly runs: readonly SyncRun[];
  /** Why no score is read at present: switched off by an admin, or the platform refuses our access. */
  readonly suspension: SuspensionKind | null;
  readonly now: Date;
  /** Hours within which everyone is read. */
  readonly slaHours: number;
}

export interface FreshnessInput extends FreshnessContext {
  readonly facts: FreshnessFacts;
}

/** How far everybody is read whose scores are to be read. */
export interface Reads {
  readonly expected: number;
  readonly late: number;
  readonly oldest: string | null;
  readonly newest: string | null;
  /** Solves by the slot of the rail that they were stored in. */
  readonly stored: ReadonlyMap<number, number>;
}

export type Freshness = FreshnessView & {
  /** Readable competitors whose last read is older than the promise or missing. */
  readonly lateIds: ReadonlySet<string>;
};

const slotOf = (iso: string): number => Math.floor(Date.parse(iso) / PLANNED_EVERY_MS);

/** Solves by the slot of the rail that they were stored in. */
export function storedBySlot(storedAt: readonly string[]): Map<number, number> {
  const slots = new Map<number, number>();
  for (const at of storedAt) slots.set(slotOf(at), (slots.get(slotOf(at)) ?? 0) + 1);
  return slots;
}

/** The rail: one tick per planned read of the last 24 h, from the first run on; the slot that runs now only once read. */
function ticksOf(input: FreshnessContext, stored: Reads['stored']): Freshness['ticks'] {
  const currentSlot = Math.floor(input.now.getTime() / PLANNED_EVERY_MS);
  const runs = Map.groupBy(input.runs, (run) => slotOf(run.createdAt));
  const firstRun = Math.min(...runs.keys());
  const ticks: Freshness['ticks'] = [];
  for (let slot = Math.max(firstRun, currentSlot - TICKS + 1); slot <= currentSlot; slot += 1) {
    const inSlot = runs.get(slot) ?? [];
    if (slot === currentSlot && inSlot.length === 0) continue;
    const inTime = inSlot.some(({ finishedAt, failed, createdAt }) =>
      finishedAt === null
        ? input.now.getTime() - Date.parse(createdAt) < PLANNED_EVERY_MS
        : !failed && Date.parse(finishedAt) - Date.parse(createdAt) < PLANNED_EVERY_MS,
    );
    const state = inTime ? 'ok' : inSlot.length > 0 ? 'late' : 'missed';
    ticks.push({
      at: new Date(slot * PLANNED_EVERY_MS).toISOString(),
      state,
      newSolves: stored.get(slot) ?? 0,
    });
  }
  return ticks;
}

/** Whether a read is longer ago than promised, or there was none. */
export const isLate = (
  readAt: string | null,
  { slaHours, now }: Pick<FreshnessContext, 'slaHours' | 'now'>,
): boolean => readAt === null || now.getTime() - Date.parse(readAt) > slaHours * 3_600_000;

/** How old scores are that are read so far. */
export function freshnessFrom(reads: Reads, input: FreshnessContext): FreshnessView {
  const { expected, late, oldest, newest } = reads;
  const lastRun = input.runs.map((run) => run.createdAt).reduce((a, b) => (a > b ? a : b), '');
  const stale =
    newest === null
      ? late > 0
      : input.now.getTime() - Date.parse(newest) > STALE_AFTER_MS || late > expected * STALE_SHARE;
  const state =
    input.suspension !== null
      ? 'paused'
      : expected > 0 && newest === null
        ? 'never'
        : stale
          ? 'stale'
          : 'live';
  return {
    state,
    asOf: oldest,
    lastReadAt: newest,
    nextReadAt:
      input.suspension !== null || lastRun === ''
        ? null
        : new Date(Date.parse(lastRun) + PLANNED_EVERY_MS).toISOString(),
    late,
    expected,
    promiseSeconds: input.slaHours * 3_600,
    ticks: ticksOf(input, reads.stored),
  };
}

export function freshnessOf(input: FreshnessInput): Freshness {
  const { facts, slaHours, now } = input;
  const readAtOf = new Map(facts.syncStates.map((state) => [state.competitorId, state.lastReadAt]));
  const readable = facts.competitors.filter(isReadable);
  const lateIds = new Set<string>();
  let oldest: string | null = null;
  let newest: string | null = null;
  for (const { id } of readable) {
    const readAt = readAtOf.get(id) ?? null;
    if (isLate(readAt, { slaHours, now })) lateIds.add(id);
    if (readAt === null) continue;
    if (oldest === null || readAt < oldest) oldest = readAt;
    if (newest === null || readAt > newest) newest = readAt;
  }
  const stored = storedBySlot(facts.solvesStoredAt);
  const reads = { expected: readable.length, late: lateIds.size, oldest, newest, stored };
  return { ...freshnessFrom(reads, input), lateIds };
}
