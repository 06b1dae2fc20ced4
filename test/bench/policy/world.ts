import { FlashCtfs } from '#test/game-platform-simulator/flash-ctfs.ts';
import {
  type Profile,
  type SessionLaw,
  Sessions,
  USUAL_SESSIONS,
  weekOf,
} from '#test/game-platform-simulator/population.ts';
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
const EVENT_SECONDS = 7200;

/** What the platform's time of the last access means: nobody has said. */
export type AccessMeaning = 'login' | 'live' | 'daily' | 'withheld';

/** A program and its platform. */
export interface Population {
  /** Shares of active and moderate students; the others are inactive. */
  readonly active: number;
  readonly moderate: number;
  readonly teamSize: number;
  readonly law: SessionLaw;
  readonly access: AccessMeaning;
  /** How often students sit down in the measured days, against the days before. */
  readonly measuredSpeed: number;
  /** Whether a Flash CTF has to fall into the measured days. */
  readonly flashMeasured: boolean;
}

const USUAL: Population = {
  active: 0.1,
  moderate: 0.3,
  teamSize: 5,
  law: USUAL_SESSIONS,
  access: 'login',
  measuredSpeed: 1,
  flashMeasured: false,
};

export const POPULATION_NAMES = [
  'usual',
  'fewer active (5/25/70)',
  'no team practice',
  'holiday',
  'Flash CTF in the measured days',
  'teams of 30',
  'longer, slower sessions',
  'access withheld',
  'access by the day',
  'access live',
] as const;
export type PopulationName = (typeof POPULATION_NAMES)[number];

const POPULATIONS = {
  usual: USUAL,
  'fewer active (5/25/70)': { ...USUAL, active: 0.05, moderate: 0.25 },
  'no team practice': { ...USUAL, law: { ...USUAL_SESSIONS, together: 0 } },
  holiday: { ...USUAL, measuredSpeed: 0.25 },
  'Flash CTF in the measured days': { ...USUAL, flashMeasured: true },
  'teams of 30': { ...USUAL, teamSize: 30 },
  'longer, slower sessions': {
    ...USUAL,
    law: { ...USUAL_SESSIONS, atLeast: 40, more: 90, solveEvery: 20 },
  },
  'access withheld': { ...USUAL, access: 'withheld' },
  'access by the day': { ...USUAL, access: 'daily' },
  'access live': { ...USUAL, access: 'live' },
} as const satisfies Record<PopulationName, Population>;

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
  /** When the student was on the platform, by begin; Unix seconds. */
  readonly visits: readonly { readonly from: number; readonly to: number }[];
}

export interface World {
  readonly competitors: readonly TrueCompetitor[];
  /** First round, end of the warm-up, end; Unix seconds. */
  readonly from: number;
  readonly measuredFrom: number;
  readonly to: number;
  readonly access: AccessMeaning;
}

function profileAt(share: number, { active, moderate }: Population): Profile {
  if (share < active) return 'active';
  return share < active + moderate ? 'moderate' : 'inactive';
}

/** Weeks begin in turn from one that the seed says, until one has what the population asks for. */
function firstMonday(seed: number, flash: FlashCtfs, { flashMeasured }: Population): number {
  for (let tried = 0; ; tried += 1) {
    const from = Date.UTC(2025, 0, 6, 8) / 1000 + 7 * DAY * ((hashOf(seed, 'week') + tried) % 52);
    const measuredFrom = from + WARM_UP_DAYS * DAY;
    const measured = flash.monthlyBetween(measuredFrom, measuredFrom + (MEASURED_DAYS - 1) * DAY);
    if (!flashMeasured || measured.length > 0) return from;
  }
}

/** Weeks differ by seed, so that changes of the clock and Flash CTFs fall as they do in a year. */
export function makeWorld(seed: number, count: number, name: PopulationName = 'usual'): World {
  const population: Population = POPULATIONS[name];
  const schoolWeek = new SchoolWeek(TIME_ZONE);
  const sessions = new Sessions(seed, schoolWeek, population.law);
  const flash = new FlashCtfs(seed, schoolWeek);
  const from = firstMonday(seed, flash, population);
  const measuredFrom = from + WARM_UP_DAYS * DAY;
  const to = measuredFrom + MEASURED_DAYS * DAY;
  const speeds =
    population.measuredSpeed === 1 ? [] : [{ at: measuredFrom, speed: population.measuredSpeed }];
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
    const teamId = `team-${Math.floor(index / population.teamSize)}`;
    const share = ((order[index] ?? 0) + 0.5) / count;
    const profile = profileAt(share, population);
    const student = { userId: id, profile, teamAt: () => teamId, teams: [teamId] };
    const solves: TrueSolve[] = [];
    const visits: { from: number; to: number }[] = [];
    for (let week = weekOf(from) - 1; week <= weekOf(to); week += 1) {
      for (const session of sessions.ofWeek(student, week, speeds)) {
        solves.push(...session.solves.map((at) => ({ at })));
        visits.push({ from: Math.floor(session.start), to: Math.floor(session.end) });
      }
    }
    for (const { event, window } of events) {
      if (flash.joins(event, id)) {
        solves.push(...flashSolves(seed, id, window, flash.joinedAt(event, id)));
        visits.push({ from: flash.joinedAt(event, id), to: window.end });
      }
    }
    return {
      id,
      teamId,
      profile,
      solves: solves.filter(({ at }) => at >= from && at < to).toSorted((a, b) => a.at - b.at),
      visits: visits.toSorted((a, b) => a.from - b.from),
    };
  });
  return { competitors, from, measuredFrom, to, access: population.access };
}

/**
 * What the platform says of a competitor's last access when asked at a moment; 0: nothing. Not before the last solve, which
 * is what it says of somebody who came before the world began.
 */
export function lastAccess({ visits, solves }: TrueCompetitor, access: AccessMeaning, now: number): number {
  if (access === 'withheld') return 0;
  let last = solves.findLast(({ at }) => at <= now)?.at ?? 0;
  // One visit can reach into the next, so that the latest begin is not the latest end.
  for (const visit of visits) {
    if (visit.from > now) break;
    last = Math.max(last, access === 'live' ? Math.min(visit.to, now) : visit.from);
  }
  if (access === 'daily') return Math.floor(last / DAY) * DAY;
  return last;
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
