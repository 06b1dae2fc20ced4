import { adaptivePolicy } from '#shared/score-sync/policy/adaptive-policy.ts';
import { rotationPolicy } from '#shared/score-sync/policy/batch-rotation.ts';
import {
  ROUND_SECONDS,
  type PolicyContext,
  type ReadCandidate,
  type ReadPolicy,
} from '#shared/score-sync/policy/read-policy.ts';
import { syncAllPolicy } from '#shared/score-sync/policy/sync-all-policy.ts';
import { tiersPolicy } from '#shared/score-sync/policy/tiers-policy.ts';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import { sessionRate } from '#test/game-platform-simulator/population.ts';
import { runPolicy, type PolicyRun } from './run-policy.ts';
import { turnOf, type World } from './world.ts';

const DAY = 86_400;
const SLA = DEFAULT_SYNC_SETTINGS.slaHours * 3_600;

/** As if all had been read before, at different times within so many rounds. */
const readWithin = (world: World, rounds: number) => (id: string) =>
  world.from - Math.floor(turnOf(id) * rounds) * ROUND_SECONDS;

/** Everyone at once, every `interval` seconds. */
export const syncAll = (world: World, interval: number): PolicyRun =>
  runPolicy(world, syncAllPolicy(interval), { slaSeconds: SLA });

/** Batches in rotation, one each round, such that a rotation takes `interval` seconds. */
export const rotatingBatches = (world: World, interval: number): PolicyRun =>
  runPolicy(world, rotationPolicy(Math.ceil((world.competitors.length * ROUND_SECONDS) / interval)), {
    slaSeconds: SLA,
  });

/**
 * The tiers on what reads have shown.
 * @param pace 1: 30 minutes, 2 hours, 8 hours; above 1 more seldom, below more often; no one beyond 8 hours
 */
export function tiers(world: World, pace = 1): PolicyRun {
  const interval = (seconds: number) => Math.min(SLA, Math.max(ROUND_SECONDS, seconds * pace));
  const policy = tiersPolicy({ high: interval(1_800), medium: interval(7_200), low: interval(28_800) });
  // Reads take no time here, so that the last tier's own interval keeps the eight hours; no round is left for the queue.
  return runPolicy(world, policy, { slaSeconds: SLA + ROUND_SECONDS, readBefore: readWithin(world, 96) });
}

/** A policy of the benchmark alone, which goes by the index of a competitor. */
const indexed = (name: string, choose: (now: number) => readonly number[]): ReadPolicy => ({
  name,
  choose: (candidates: readonly ReadCandidate[], { now }: PolicyContext) => ({
    reads: choose(now).flatMap((index) => {
      const candidate = candidates[index];
      return candidate === undefined ? [] : [{ id: candidate.id, reason: name, urgency: 0, calls: 1 }];
    }),
  }),
});

/** Reads evenly in time, as often as the square root of the true rate says; it is given the rates. */
export function squareRoot(world: World, seed: number, callsPerDay: number): PolicyRun {
  const roots = world.competitors.map(({ id, profile }) => Math.sqrt(sessionRate(seed, id, profile)));
  const intervalAt = (scale: number) =>
    roots.map((root) => Math.min(SLA, Math.max(ROUND_SECONDS, scale / root)));
  let low = 1;
  let high = 1e9;
  for (let step = 0; step < 80; step += 1) {
    const middle = Math.sqrt(low * high);
    const calls = intervalAt(middle).reduce((sum, interval) => sum + DAY / interval, 0);
    if (calls > callsPerDay) low = middle;
    else high = middle;
  }
  const intervals = intervalAt(high);
  const due = world.competitors.map(({ id }, index) => world.from + turnOf(id) * intervals[index]!);
  const policy = indexed('square root', (now) =>
    due.flatMap((at, index) => {
      // The last round before the eight hours are over, else the first one after the time.
      if (at > now && !(intervals[index] === SLA && at < now + ROUND_SECONDS)) return [];
      due[index] = Math.max(at + intervals[index]!, now);
      return [index];
    }),
  );
  return runPolicy(world, policy, { slaSeconds: SLA });
}

/** Ours; its busiest day stays below the tiers' busiest. */
export function adaptive(world: World, calls: number): PolicyRun {
  const policy = adaptivePolicy({ dailyReads: calls, mostDailyReads: Infinity });
  return runPolicy(world, policy, { slaSeconds: SLA, readBefore: readWithin(world, 90) });
}

/** Knows every solve beforehand and reads at the first round after each; bound by no eight hours. */
export function clairvoyant(world: World): PolicyRun {
  const rounds = new Map<number, number[]>();
  world.competitors.forEach(({ solves }, index) => {
    const times = new Set(
      solves.map(({ at }) => world.from + Math.ceil((at - world.from) / ROUND_SECONDS) * ROUND_SECONDS),
    );
    for (const at of times) rounds.set(at, [...(rounds.get(at) ?? []), index]);
  });
  const policy = indexed('clairvoyant', (now) => rounds.get(now) ?? []);
  return runPolicy(world, policy, { slaSeconds: SLA });
}
