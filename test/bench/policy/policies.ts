import { planRound, type PolicySettings, ROUND_SECONDS } from '#shared/score-sync/policy/adaptive-policy.ts';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import { activityScore, tierOf, tierReadDue } from '#shared/score-sync/policy/activity-tiers.ts';
import { FIRST_ROTATION, nextBatch, type Rotation } from '#shared/score-sync/policy/batch-rotation.ts';
import { FIRST_LEDGER, type CallLedger } from '#shared/score-sync/policy/call-price.ts';
import {
  FIRST_HABIT,
  firstProgramHabit,
  observeRead,
  type Habit,
  type ProgramHabit,
} from '#shared/score-sync/policy/reading-habit.ts';
import { weekHourIn } from '#shared/score-sync/policy/weekly-rhythm.ts';
import { sessionRate } from '#test/game-platform-simulator/population.ts';
import type { ReadPolicy } from './simulate.ts';
import { type FlashWindow, TIME_ZONE, type TrueSolve, turnOf, type World } from './world.ts';

const DAY = 86_400;
const SLA = DEFAULT_SYNC_SETTINGS.slaHours * 3_600;

/** Everybody at once, every `interval` seconds. */
export function syncAll(world: World, interval: number): ReadPolicy {
  const everyone = world.competitors.map((_, index) => index);
  return {
    choose: (now) => ((now - world.from) % interval < ROUND_SECONDS ? everyone : []),
    observe: () => undefined,
  };
}

/** Batches in rotation, one each round, such that a rotation takes `interval` seconds. */
export function rotatingBatches(world: World, interval: number): ReadPolicy {
  const indexOf = new Map(world.competitors.map(({ id }, index) => [id, index]));
  const ids = [...indexOf.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  const size = Math.ceil((ids.length * ROUND_SECONDS) / interval);
  let rotation: Rotation = FIRST_ROTATION;
  return {
    choose() {
      const batch = nextBatch(ids, size, rotation);
      rotation = batch.next;
      return batch.ids.flatMap((id) => indexOf.get(id) ?? []);
    },
    observe: () => undefined,
  };
}

/**
 * The seed's tiers on what reads have shown.
 * @param pace 1: 30 minutes, 2 hours, 8 hours; above 1 more seldom, below more often; nobody beyond 8 hours
 */
export function tiers(world: World, pace = 1): ReadPolicy {
  const people = world.competitors.map(({ id }) => ({
    // As if all had been read before, at different times.
    lastReadAt: world.from - Math.floor(turnOf(id) * 96) * ROUND_SECONDS,
    lastActivityAt: null as number | null,
    solves: [] as number[],
    flashAt: 0,
  }));
  const interval = (seconds: number) => Math.min(SLA, Math.max(ROUND_SECONDS, seconds * pace));
  const intervals = { high: interval(1_800), medium: interval(7_200), low: interval(28_800) };
  return {
    choose: (now) =>
      people.flatMap((person, index) => {
        const score = activityScore(
          {
            lastActivityAt: person.lastActivityAt,
            solvesIn30Days: person.solves.length,
            joinedFlashCtf: now - person.flashAt < 30 * DAY,
          },
          now,
        );
        return tierReadDue(tierOf(score), person.lastReadAt, now, intervals) ? [index] : [];
      }),
    observe(index, now, newSolves) {
      const person = people[index]!;
      person.lastReadAt = now;
      person.lastActivityAt = newSolves.at(-1)?.at ?? person.lastActivityAt;
      person.flashAt = newSolves.findLast(({ event }) => event !== undefined)?.at ?? person.flashAt;
      person.solves = [...person.solves, ...newSolves.map(({ at }) => at)].filter(
        (at) => now - at < 30 * DAY,
      );
    },
  };
}

/** Reads evenly in time, as often as the square root of the true rate says; it is told the rates. */
export function squareRoot(world: World, seed: number, callsPerDay: number): ReadPolicy {
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
  return {
    choose: (now) =>
      due.flatMap((at, index) => {
        // The last round before the eight hours are over, else the first one after the time.
        if (at > now && !(intervals[index] === SLA && at < now + ROUND_SECONDS)) return [];
        due[index] = Math.max(at + intervals[index]!, now);
        return [index];
      }),
    observe: () => undefined,
  };
}

/**
 * What the policy is given, so that on average, days with a Flash CTF included, it makes no more calls than `calls`; its
 * busiest day stays below the tiers' busiest.
 */
const ORDINARY_DAY = 1;
const BUSIEST_DAY = 1.25;

export interface PolicyMemory {
  readonly habits: readonly Habit[];
  readonly program: ProgramHabit;
  readonly ledger: CallLedger;
}

export interface AdaptivePolicy extends ReadPolicy {
  /** What it has learned by now. */
  readonly memory: () => PolicyMemory;
}

/** Ours. The event is learned from the first read that shows one, as the platform announces none. */
export function adaptive(world: World, calls: number): AdaptivePolicy {
  const settings: PolicySettings = {
    slaSeconds: SLA,
    roundSeconds: ROUND_SECONDS,
    usualCalls: ORDINARY_DAY * calls,
    dailyBudget: Math.floor(BUSIEST_DAY * calls),
  };
  const weekHour = weekHourIn(TIME_ZONE);
  const candidates = world.competitors.map(({ id, teamId }) => ({
    teamId,
    habit: { ...FIRST_HABIT, readAt: world.from - Math.floor(turnOf(id) * 90) * ROUND_SECONDS },
  }));
  let program = firstProgramHabit(world.from);
  let ledger = FIRST_LEDGER;
  let event: FlashWindow | null = null;
  return {
    memory: () => ({ habits: candidates.map(({ habit }) => habit), program, ledger }),
    choose(now) {
      const plan = planRound({ now, candidates, program, ledger, event, settings, weekHour });
      ledger = plan.ledger;
      return plan.reads.map(({ index }) => index);
    },
    observe(index, now, newSolves) {
      const candidate = candidates[index]!;
      const seen = newSolves.map(({ at, event: of }) => ({
        at,
        source: of === undefined ? ('odl' as const) : ('flash_ctf' as const),
      }));
      const learned = observeRead(candidate.habit, program, now, seen, weekHour);
      candidate.habit = learned.habit;
      program = learned.program;
      event = latestEvent(newSolves) ?? event;
    },
  };
}

const latestEvent = (solves: readonly TrueSolve[]): FlashWindow | undefined =>
  solves.findLast(({ event }) => event !== undefined)?.event;

/** Knows every solve beforehand and reads at the first round after each; bound by no eight hours. */
export function clairvoyant(world: World): ReadPolicy {
  const rounds = new Map<number, number[]>();
  world.competitors.forEach(({ solves }, index) => {
    const times = new Set(
      solves.map(({ at }) => world.from + Math.ceil((at - world.from) / ROUND_SECONDS) * ROUND_SECONDS),
    );
    for (const at of times) rounds.set(at, [...(rounds.get(at) ?? []), index]);
  });
  return { choose: (now) => rounds.get(now) ?? [], observe: () => undefined };
}
