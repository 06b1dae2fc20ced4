import { FlashCtfs } from '#test/game-platform-simulator/flash-ctfs.ts';
import { type Profile, Sessions, weekOf } from '#test/game-platform-simulator/population.ts';
import { exponential, hashOf, randomFrom, shuffled, unitOf } from '#test/game-platform-simulator/random.ts';
import { SchoolWeek } from '#test/game-platform-simulator/school-week.ts';

/**
 * What the policies are tried on: the platform simulator's students, 10 % active, 30 % moderate, 60 % inactive to the
 * head, in teams of five, and the monthly Flash CTF (two hours, joined by 40 %, a solve every Exp(10 min)).
 */

export const TIME_ZONE = 'America/Los_Angeles';
export const ROUND = 300;
const DAY = 86_400;
export const WARM_UP_DAYS = 28;
export const MEASURED_DAYS = 14;
const TEAM_SIZE = 5;
const EVENT_SECONDS = 7200;

export interface FlashWindow {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

export interface TrueSolve {
  /** Whole Unix seconds. */
  readonly at: number;
  /** The Flash CTF it belongs to; undefined: ODL. */
  readonly event?: FlashWindow;
}

export interface TrueCompetitor {
  readonly id: string;
  readonly teamId: string;
  readonly profile: Profile;
  /** By time. */
  readonly solves: readonly TrueSolve[];
}

export interface World {
  readonly competitors: readonly TrueCompetitor[];
  /** First round, end of the warm-up, end; Unix seconds. */
  readonly from: number;
  readonly measuredFrom: number;
  readonly to: number;
}

const PROFILE_SHARES: readonly (readonly [Profile, number])[] = [
  ['active', 0.1],
  ['moderate', 0.4],
  ['inactive', 1],
];

/** Weeks differ by seed, so that changes of the clock and Flash CTFs fall as they do in a year. */
export function makeWorld(seed: number, count: number): World {
  const schoolWeek = new SchoolWeek(TIME_ZONE);
  const sessions = new Sessions(seed, schoolWeek);
  const flash = new FlashCtfs(seed, schoolWeek);
  const from = Date.UTC(2025, 0, 6, 8) / 1000 + 7 * DAY * (hashOf(seed, 'week') % 52);
  const measuredFrom = from + WARM_UP_DAYS * DAY;
  const to = measuredFrom + MEASURED_DAYS * DAY;
  const events = flash.monthlyBetween(from, to).map((event) => ({
    event,
    window: { key: event.key, start: event.start, end: event.start + EVENT_SECONDS },
  }));
  const order = shuffled(
    Array.from({ length: count }, (_, index) => index),
    seed,
    'profiles',
  );
  const competitors = Array.from({ length: count }, (_, index): TrueCompetitor => {
    const id = `competitor-${index}`;
    const teamId = `team-${Math.floor(index / TEAM_SIZE)}`;
    const share = ((order[index] ?? 0) + 0.5) / count;
    const profile = PROFILE_SHARES.find(([, upTo]) => share < upTo)?.[0] ?? 'inactive';
    const student = { userId: id, profile, teamAt: () => teamId, teams: [teamId] };
    const solves: TrueSolve[] = [];
    for (let week = weekOf(from) - 1; week <= weekOf(to); week += 1) {
      for (const session of sessions.ofWeek(student, week, [])) {
        solves.push(...session.solves.map((at) => ({ at })));
      }
    }
    for (const { event, window } of events) {
      if (flash.joins(event, id)) {
        solves.push(...flashSolves(seed, id, window, flash.joinedAt(event, id)));
      }
    }
    return {
      id,
      teamId,
      profile,
      solves: solves.filter(({ at }) => at >= from && at < to).toSorted((a, b) => a.at - b.at),
    };
  });
  return { competitors, from, measuredFrom, to };
}

function flashSolves(seed: number, id: string, event: FlashWindow, joinedAt: number): TrueSolve[] {
  const random = randomFrom(hashOf(seed, 'flash solves', event.key, id));
  const solves: TrueSolve[] = [];
  for (let at = joinedAt + 600 * exponential(random); at < event.end; at += 600 * exponential(random)) {
    solves.push({ at: Math.floor(at), event });
  }
  return solves;
}

/** Where a competitor stands in a rotation, from 0 to 1. */
export const turnOf = (id: string): number => unitOf('turn', id);
