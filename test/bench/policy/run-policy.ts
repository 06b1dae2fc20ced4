import { FIRST_ROTATION } from '#shared/score-sync/policy/batch-rotation.ts';
import { FIRST_LEDGER, type CallLedger } from '#shared/score-sync/policy/call-price.ts';
import type { PolicyMemory, ReadCandidate, ReadPolicy } from '#shared/score-sync/policy/read-policy.ts';
import {
  FIRST_HABIT,
  firstProgramHabit,
  observeRead,
  type Habit,
  type ProgramHabit,
} from '#shared/score-sync/policy/reading-habit.ts';
import { FIRST_TEAM_SHARE, type TeamShare } from '#shared/score-sync/policy/team-share.ts';
import { weekHourIn } from '#shared/score-sync/policy/weekly-rhythm.ts';
import { type FlashWindow, TIME_ZONE, type TrueSolve, type World } from './world.ts';

const DAY = 86_400;

/** What reads have shown by now. */
export interface Observed {
  readonly habits: readonly Habit[];
  readonly program: ProgramHabit;
  readonly ledger: CallLedger;
  readonly teamShare: TeamShare;
}

/** A policy at work: it is asked whom to read in a round, and is shown what a read showed that no read had before. */
export interface PolicyRun {
  /** Indexes of the competitors to read now, each once. */
  readonly choose: (now: number) => readonly number[];
  readonly observe: (index: number, now: number, newSolves: readonly TrueSolve[], accessAt: number) => void;
  readonly observed: () => Observed;
}

export interface RunOptions {
  readonly slaSeconds: number;
  /** When a competitor was read before the first round. @default never */
  readonly readBefore?: (id: string) => number;
}

const latestEvent = (solves: readonly TrueSolve[]): FlashWindow | undefined =>
  solves.findLast(({ event }) => event !== undefined)?.event;

/**
 * Runs a policy over a world's rounds, as the product does with the states that it keeps. Reads take no time, so that
 * none counts as due early. An event is known from the first read that shows one, as the platform announces none.
 */
export function runPolicy(
  world: World,
  policy: ReadPolicy,
  { slaSeconds, readBefore }: RunOptions,
): PolicyRun {
  const weekHour = weekHourIn(TIME_ZONE);
  const people = world.competitors.map(({ id, teamId }) => {
    const lastReadAt = readBefore?.(id) ?? null;
    return {
      id,
      teamId,
      lastReadAt,
      habit: { ...FIRST_HABIT, readAt: lastReadAt ?? 0 },
      lastActivityAt: null as number | null,
      solves: [] as number[],
      flashAt: 0,
    };
  });
  const indexOf = new Map(people.map(({ id }, index) => [id, index]));
  let memory: PolicyMemory = {
    rotation: FIRST_ROTATION,
    through: null,
    ledger: FIRST_LEDGER,
    teamShare: FIRST_TEAM_SHARE,
  };
  let program = firstProgramHabit(world.from);
  let event: FlashWindow | null = null;

  const candidatesAt = (now: number): ReadCandidate[] =>
    people.map(({ id, teamId, lastReadAt, habit, lastActivityAt, solves, flashAt }) => ({
      id,
      teamId,
      lastReadAt,
      habit,
      failedAt: null,
      refused: false,
      calls: 1,
      activity: {
        lastActivityAt,
        solvesIn30Days: solves.length,
        joinedFlashCtf: now - flashAt < 30 * DAY,
      },
    }));

  return {
    choose(now) {
      const choice = policy.choose(candidatesAt(now), {
        now,
        slaSeconds,
        slackSeconds: 0,
        program,
        event,
        weekHour,
        taken: new Set(),
        calls: Infinity,
        ownCalls: Infinity,
        othersDailyReads: 0,
        memory,
      });
      memory = { ...memory, ...choice.memory };
      return choice.reads.flatMap(({ id }) => indexOf.get(id) ?? []);
    },

    observe(index, now, newSolves, accessAt) {
      const person = people[index]!;
      const seen = newSolves.map(({ at, event: of }) => ({
        at,
        source: of === undefined ? ('odl' as const) : ('flash_ctf' as const),
      }));
      const after = observeRead(person.habit, program, now, seen, weekHour, accessAt);
      person.habit = after.habit;
      program = after.program;
      event = latestEvent(newSolves) ?? event;
      person.lastReadAt = now;
      person.lastActivityAt =
        Math.max(newSolves.at(-1)?.at ?? 0, accessAt, person.lastActivityAt ?? 0) || null;
      person.flashAt = newSolves.findLast((solve) => solve.event !== undefined)?.at ?? person.flashAt;
      person.solves = [...person.solves, ...newSolves.map(({ at }) => at)].filter(
        (at) => now - at < 30 * DAY,
      );
    },

    observed: () => ({
      habits: people.map(({ habit }) => habit),
      program,
      ledger: memory.ledger,
      teamShare: memory.teamShare,
    }),
  };
}
