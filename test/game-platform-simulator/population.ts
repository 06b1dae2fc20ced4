import { exponential, hashOf, randomFrom, unitOf } from './random.ts';
import { type SchoolWeek, type SpeedStep, WEEK } from './school-week.ts';

/**
 * How invented students behave: 10 % active (5 sessions a week), 30 % moderate (1), 60 % inactive (0.2), each times
 * e^U(-½,½); half of the sessions of somebody on a team are the team's; a session lasts 20 min + Exp(45 min) and
 * brings a solve every Exp(10 min). Everything is a function of the seed, the ids and the time.
 */

export const PROFILES = ['active', 'moderate', 'inactive'] as const;
export type Profile = (typeof PROFILES)[number];

const SESSIONS_PER_WEEK: Readonly<Record<Profile, number>> = { active: 5, moderate: 1, inactive: 0.2 };
const SPREAD = 0.5;
const MINUTE = 60;

/** What differs between programs. */
export interface SessionLaw {
  /** Share of sessions spent with the team. */
  readonly together: number;
  /** A session lasts so long, and an exponential time more; a solve comes so often. Minutes. */
  readonly atLeast: number;
  readonly more: number;
  readonly solveEvery: number;
}

export const USUAL_SESSIONS: SessionLaw = { together: 0.5, atLeast: 20, more: 45, solveEvery: 10 };

/** The profile of somebody about whom nothing is laid down. */
export function drawProfile(seed: number, userId: string): Profile {
  const unit = unitOf(seed, 'profile', userId);
  if (unit < 0.1) {
    return 'active';
  }
  return unit < 0.4 ? 'moderate' : 'inactive';
}

/** Sessions a week at speed 1. */
export function sessionRate(seed: number, userId: string, profile: Profile): number {
  return SESSIONS_PER_WEEK[profile] * Math.exp(SPREAD * (2 * unitOf(seed, 'rate', userId) - 1));
}

export interface Student {
  readonly userId: string;
  readonly profile: Profile;
  /** The team at a moment (Unix seconds), if any. */
  teamAt(unix: number): string | undefined;
  /** Every team that the student was ever on. */
  readonly teams: readonly string[];
}

export interface Session {
  /** Unix seconds, not whole. */
  readonly start: number;
  readonly end: number;
  /** Whole Unix seconds, in order. */
  readonly solves: readonly number[];
}

/** The sessions of a population; what belongs to a team is made once for all of its members. */
export class Sessions {
  private readonly meetings = new Map<string, readonly number[]>();

  constructor(
    private readonly seed: number,
    private readonly schoolWeek: SchoolWeek,
    private readonly law: SessionLaw = USUAL_SESSIONS,
  ) {}

  /** To be called when the speed changes: what lies ahead of the change is then recreated. */
  forget(): void {
    this.meetings.clear();
  }

  /** Sessions that begin in one week (see {@link WEEK}), in no order. */
  ofWeek(student: Student, week: number, speeds: readonly SpeedStep[]): Session[] {
    const { together: share } = this.law;
    const rate = sessionRate(this.seed, student.userId, student.profile);
    const own = hashOf(this.seed, 'own', student.userId);
    const alone = this.schoolWeek
      .arrivals(week, rate, speeds, randomFrom(hashOf(own, week)))
      .flatMap((start, index) => {
        const key = hashOf(own, week, index);
        const spentAlone = student.teamAt(start) === undefined || unitOf(key, 'alone') >= share;
        return spentAlone ? [this.session(start, key)] : [];
      });
    const together = student.teams.flatMap((teamId) =>
      this.meetingsOf(teamId, week, speeds).flatMap((start, index) => {
        // One draw for the whole team: when a less keen member comes, the keener ones are there too.
        const pull = unitOf(this.seed, 'pull', teamId, week, index);
        const comes = pull * meetingsPerWeek(share) < share * rate && student.teamAt(start) === teamId;
        const key = hashOf(own, 'team', teamId, week, index);
        return comes ? [this.session(start + 10 * MINUTE * unitOf(key, 'late'), key)] : [];
      }),
    );
    return [...alone, ...together];
  }

  private meetingsOf(teamId: string, week: number, speeds: readonly SpeedStep[]): readonly number[] {
    const key = `${week} ${teamId}`;
    const known = this.meetings.get(key);
    if (known !== undefined) {
      return known;
    }
    const random = randomFrom(hashOf(this.seed, 'meetings', teamId, week));
    const starts = this.schoolWeek.arrivals(week, meetingsPerWeek(this.law.together), speeds, random);
    this.meetings.set(key, starts);
    return starts;
  }

  private session(start: number, key: number): Session {
    const { atLeast, more, solveEvery } = this.law;
    const random = randomFrom(key);
    const end = start + atLeast * MINUTE + more * MINUTE * exponential(random);
    const solves: number[] = [];
    for (
      let at = start + solveEvery * MINUTE * exponential(random);
      at < end;
      at += solveEvery * MINUTE * exponential(random)
    ) {
      solves.push(Math.floor(at));
    }
    return { start, end, solves };
  }
}

/** Meetings that a team could hold: enough for the keenest member that there can be. */
const meetingsPerWeek = (together: number): number => together * SESSIONS_PER_WEEK.active * Math.exp(SPREAD);

export const weekOf = (unix: number): number => Math.floor(unix / WEEK);
