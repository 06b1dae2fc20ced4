import { planRound } from '#shared/score-sync/policy/adaptive-policy.ts';
import { ROUND_SECONDS } from '#shared/score-sync/policy/read-policy.ts';
import { FIRST_LEDGER } from '#shared/score-sync/policy/call-price.ts';
import { firstProgramHabit, sessionsPerWeek } from '#shared/score-sync/policy/reading-habit.ts';
import { FIRST_TEAM_SHARE } from '#shared/score-sync/policy/team-share.ts';
import { weekHourIn } from '#shared/score-sync/policy/weekly-rhythm.ts';
import { randomFrom } from '#test/game-platform-simulator/random.ts';
import { TIME_ZONE } from './world.ts';

export interface RoundCost {
  readonly competitors: number;
  /** Per competitor and round, the fastest of several. */
  readonly nanoseconds: number;
  /** Times what one exponential, one square root and the observed rate cost in a plain loop over the same records. */
  readonly timesPlain: number;
}

const NOW = Date.UTC(2026, 0, 14, 0) / 1000;

function fastest(times: number, work: () => unknown): number {
  let best = Infinity;
  for (let time = 0; time < times; time += 1) {
    const begin = performance.now();
    work();
    best = Math.min(best, performance.now() - begin);
  }
  return best;
}

/** One round of dispatch at several sizes, one person in ten solving. */
export function roundCosts(sizes: readonly number[]): RoundCost[] {
  const weekHour = weekHourIn(TIME_ZONE);
  return sizes.map((competitors) => {
    const random = randomFrom(competitors);
    const candidates = Array.from({ length: competitors }, (_, index) => {
      const readAt = NOW - ROUND_SECONDS * Math.ceil(90 * random());
      const solving = random() < 0.1;
      const lastSolveAt = solving ? readAt - 900 * random() : 0;
      return {
        teamId: `team-${Math.floor(index / 5)}`,
        habit: {
          readAt,
          lastSolveAt,
          sessionStartedAt: solving ? lastSolveAt - 600 : 0,
          eventSolveAt: 0,
          sessions: 20 * random(),
          weeks: 8,
          accessAt: 0,
        },
      };
    });
    const round = {
      now: NOW,
      candidates,
      program: firstProgramHabit(NOW),
      ledger: FIRST_LEDGER,
      teamShare: FIRST_TEAM_SHARE,
      event: null,
      settings: {
        slaSeconds: 28_800,
        roundSeconds: ROUND_SECONDS,
        usualCalls: 15 * competitors,
        dailyBudget: 19 * competitors,
      },
      weekHour,
    };
    const times = Math.max(5, Math.ceil(200_000 / competitors));
    planRound(round);
    const took = fastest(times, () => planRound(round));
    let sum = 0;
    const plain = fastest(times, () => {
      for (const { habit } of candidates) {
        sum += Math.sqrt(sessionsPerWeek(habit, 1)) * Math.exp((habit.readAt - NOW) / 3600);
      }
    });
    if (!Number.isFinite(sum)) throw new Error('The plain pass did not come to a number.');
    return { competitors, nanoseconds: (took * 1e6) / competitors, timesPlain: took / plain };
  });
}
