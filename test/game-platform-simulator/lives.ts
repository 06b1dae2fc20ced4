import type { ChallengeSolve } from '#shared/game-platform/vendor-contract.ts';
import type { Account } from './accounts.ts';
import { type Challenge, CHALLENGE_COUNT, challengeOrder } from './challenges.ts';
import type { FlashCtfs, FlashEvent } from './flash-ctfs.ts';
import type { SolveRef, SolveSource } from './operations.ts';
import { type Sessions, weekOf } from './population.ts';
import { hashOf } from './random.ts';
import { type SpeedStep, standsStill, WEEK } from './school-week.ts';
import type { Settings } from './settings.ts';

export interface Entry {
  readonly ref: SolveRef;
  readonly solve: ChallengeSolve;
  readonly visibleFrom: number;
}

export interface FlashPart {
  readonly event: FlashEvent;
  readonly joinedAt: number;
  readonly entries: readonly Entry[];
}

/** What one user does, from approval to the end of some week. */
export interface Life {
  /** ODL solves, ordered by time. */
  readonly odl: readonly Entry[];
  readonly flash: readonly FlashPart[];
  /** Session starts in order, whole seconds. */
  readonly starts: readonly number[];
}

/** Makes the lives of users from the seed: which challenge each solve is, and the Flash CTFs they join. */
export class Lives {
  constructor(
    private readonly seed: number,
    private readonly sessions: Sessions,
    private readonly flashCtfs: FlashCtfs,
    private readonly settings: () => Settings,
  ) {}

  /** Everything that a user will do up to the end of a week, as things stand now. */
  of(
    account: Account,
    lastWeek: number,
    speeds: readonly SpeedStep[],
    eventsBetween: (from: number, to: number) => readonly FlashEvent[],
  ): Life {
    const { user } = account;
    const from = account.approvedFrom;
    if (from === undefined || user.role !== 'user') {
      return { odl: [], flash: [], starts: [] };
    }
    // What happened in a second counts from the next one on, so that nothing already shown changes.
    const approvedAt = (unix: number): boolean => account.statusAt(Math.floor(unix) - 1) === 'approved';
    const solves = (unix: number): boolean => approvedAt(unix) && !standsStill(speeds, unix);
    const student = {
      userId: user.synedUserId,
      profile: user.profile,
      teams: [...new Set(account.memberships.flatMap(({ teamId }) => (teamId === null ? [] : [teamId])))],
      teamAt: (unix: number) =>
        account.memberships.findLast(({ at }) => at < Math.floor(unix))?.teamId ?? undefined,
    };
    const times: number[] = [];
    const starts: number[] = [];
    for (let week = weekOf(from); week <= lastWeek; week += 1) {
      for (const session of this.sessions.ofWeek(student, week, speeds)) {
        if (session.start >= from && approvedAt(session.start)) {
          starts.push(Math.floor(session.start));
          times.push(...session.solves.filter(solves));
        }
      }
    }
    times.sort((a, b) => a - b);
    starts.sort((a, b) => a - b);
    const userSeed = hashOf(this.seed, 'user', user.synedUserId);
    const firstId = 1001 + (userSeed % 9000);
    let order: readonly Challenge[] = [];
    const odl = times.map((at, index) => {
      if (index % CHALLENGE_COUNT === 0) {
        order = challengeOrder(userSeed, index / CHALLENGE_COUNT);
      }
      return entryOf('odl', '', firstId + index, order[index % CHALLENGE_COUNT], at);
    });
    const flash = eventsBetween(from, (lastWeek + 1) * WEEK)
      .filter((event) => approvedAt(event.start) && this.flashCtfs.joins(event, user.synedUserId))
      .map((event) => ({
        event,
        joinedAt: this.flashCtfs.joinedAt(event, user.synedUserId),
        entries: this.flashCtfs
          .solvesOf(event, user.synedUserId)
          .filter(({ at }) => !standsStill(speeds, at))
          .map(({ challenge, at }, index) =>
            entryOf('flash_ctf', event.key, this.firstFlashId(event, firstId) + index, challenge, at),
          ),
      }));
    return { odl, flash, starts };
  }

  /** Ids count anew in each event; where they may collide, from the very number at which ODL begins. */
  private firstFlashId(event: FlashEvent, firstId: number): number {
    return this.settings().collidingSolveIds ? firstId : 10_000_000 + (hashOf(event.key) % 1_000_000) * 100;
  }
}

function entryOf(
  source: SolveSource,
  event: string,
  solveId: number,
  challenge: Challenge | undefined,
  at: number,
): Entry {
  if (challenge === undefined) {
    throw new Error('A solve without a challenge');
  }
  const solve = {
    challenge_solve_id: solveId,
    challenge_id: challenge.id,
    challenge_title: challenge.title,
    challenge_points: challenge.points,
    challenge_category: challenge.category,
    timestamp_unix: at,
    challenge_retired: challenge.retired,
    nist_nice_work_roles: [...challenge.workRoles],
  };
  return { ref: { source, event, solveId }, solve, visibleFrom: at };
}
