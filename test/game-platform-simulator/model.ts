import type { TeamCreate, TeamResponse, UserResponse } from '#shared/game-platform/vendor-contract.ts';
import type { FlashEvent } from './flash-ctfs.ts';
import type { AccountStatus, GivenSolve, SolveRef, SolveSource, UserRecord } from './operations.ts';
import { Platform } from './platform.ts';
import { PlatformRefusal } from './platform-refusal.ts';
import { drawProfile, type Profile } from './population.ts';
import { hashOf } from './random.ts';
import type { Settings, SettingsChange } from './settings.ts';
import { type ModelOptions, World } from './world.ts';

export interface Enrolment {
  readonly synedUserId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly role?: 'user' | 'coach';
  /** The coach's own `syned_user_id`. */
  readonly coachId?: string;
  readonly teamId?: string;
  /** Drawn from the seed when not given. */
  readonly profile?: Profile;
  /** Unix seconds; may lie in the past, and the history then begins there. */
  readonly enrolledAt: number;
  readonly status: AccountStatus;
}

export interface NewTeam {
  readonly synedTeamId: string;
  readonly coachId: string;
  readonly name: string;
  readonly affiliation: string;
  readonly division: TeamCreate['division'];
}

/** A solve that a test puts there; what is not given is filled in. */
export interface SolveGift {
  readonly synedUserId: string;
  readonly source?: SolveSource;
  /** The simulator's key of the Flash CTF; needed for `flash_ctf`. */
  readonly event?: string;
  /** Unix seconds; now when not given. */
  readonly at?: number;
  /** Unix seconds from which the platform shows it; at once when not given. */
  readonly visibleFrom?: number;
  readonly solve?: Partial<Omit<GivenSolve, 'timestamp_unix'>>;
}

/** The simulated platform without HTTP: what it offers, and what tests and the demo do behind its back. */
export class GamePlatformModel {
  readonly platform: Platform;
  private readonly world: World;

  constructor(options: ModelOptions = {}) {
    this.world = new World(options);
    this.platform = new Platform(this.world);
  }

  get seed(): number {
    return this.world.seed;
  }

  /** Whole Unix seconds. */
  now(): number {
    return this.world.now();
  }

  get settings(): Settings {
    return this.world.settings;
  }

  changeSettings(change: SettingsChange): void {
    this.world.changeSettings(change);
  }

  resetSettings(): void {
    this.world.resetSettings();
  }

  get speed(): number {
    return this.world.history.speed;
  }

  /** How many times as often students solve, from now on. The past stays as it was. */
  setSpeed(speed: number): void {
    if (speed !== this.speed) {
      this.world.record({ op: 'speed', at: this.now(), speed });
    }
  }

  /** Forgets users, teams, solves and settings; the seed stays. */
  reset(): void {
    this.world.clear();
    this.world.resetSettings();
  }

  /** Puts somebody on the platform with a history; who is there already stays as they are. */
  enrol(person: Enrolment): Pick<UserResponse, 'metactf_user_id' | 'metactf_username'> {
    const { synedUserId, firstName, lastName, enrolledAt: at } = person;
    if (!this.world.accounts.users.has(synedUserId)) {
      this.world.record({
        op: 'user',
        at,
        user: {
          synedUserId,
          firstName,
          lastName,
          email: person.email,
          role: person.role ?? 'user',
          coachId: person.coachId ?? null,
          metactfUserId: this.world.accounts.nextUserId(),
          username: this.world.accounts.freeUsername(firstName, lastName),
          profile: person.profile ?? drawProfile(this.seed, synedUserId),
        },
        statuses: [{ at, status: person.status }],
      });
    }
    if (person.teamId !== undefined && this.platform.account(synedUserId).memberships.length === 0) {
      this.world.record({ op: 'membership', at, userId: synedUserId, teamId: person.teamId });
    }
    const { user } = this.platform.account(synedUserId);
    return { metactf_user_id: user.metactfUserId, metactf_username: user.username };
  }

  /** Puts a team on the platform; one that is there already stays as it is. */
  addTeam(team: NewTeam): TeamResponse {
    if (!this.world.accounts.teams.has(team.synedTeamId)) {
      const metactfTeamId = this.world.accounts.nextTeamId();
      this.world.record({ op: 'team', at: this.now(), team: { ...team, metactfTeamId } });
    }
    return this.platform.team(team.synedTeamId);
  }

  /** Decides about an account now. */
  setStatus(synedUserId: string, status: AccountStatus): void {
    this.platform.account(synedUserId);
    this.world.record({ op: 'status', at: this.now(), userId: synedUserId, status });
  }

  addSolve(gift: SolveGift): { readonly ref: SolveRef; readonly solve: GivenSolve } {
    this.platform.account(gift.synedUserId);
    const source = gift.source ?? 'odl';
    const at = Math.floor(gift.at ?? this.now());
    const event = source === 'flash_ctf' ? (gift.event ?? '') : '';
    if (source === 'flash_ctf' && this.world.history.eventOf(event) === undefined) {
      throw new PlatformRefusal(404, 'No such Flash CTF');
    }
    const number = this.world.history.nextGivenId();
    const solve = {
      challenge_solve_id: number,
      challenge_id: number,
      challenge_title: 'Given Challenge',
      challenge_points: 100,
      challenge_category: 'misc',
      challenge_retired: false,
      nist_nice_work_roles: ['PD-WRL-002'],
      ...gift.solve,
      timestamp_unix: at,
    };
    const ref = { source, event, solveId: solve.challenge_solve_id };
    const visibleFrom = gift.visibleFrom ?? at;
    this.world.record({
      op: 'solveAdded',
      at: this.now(),
      userId: gift.synedUserId,
      ref,
      solve,
      visibleFrom,
    });
    return { ref, solve };
  }

  /** Takes a solve back: it vanishes from every answer from now on. */
  revokeSolve(synedUserId: string, ref: SolveRef): void {
    this.world.record({ op: 'solveRevoked', at: this.now(), userId: synedUserId, ref });
  }

  /** Hides a solve until a moment (Unix seconds): it then shows up late, with its own time. */
  delaySolve(synedUserId: string, ref: SolveRef, until: number): void {
    this.world.record({ op: 'solveDelayed', at: this.now(), userId: synedUserId, ref, until });
  }

  correctPoints(synedUserId: string, ref: SolveRef, points: number): void {
    this.world.record({ op: 'pointsCorrected', at: this.now(), userId: synedUserId, ref, points });
  }

  /** Takes everything back that the user has solved so far, as a platform that lost it would. */
  resetScores(synedUserId: string): void {
    this.world.record({ op: 'scoresDropped', at: this.now(), userId: synedUserId });
  }

  /** Holds a Flash CTF outside the monthly ones, joined by the usual share; returns its key. */
  scheduleFlashCtf(event: {
    readonly name: string;
    readonly start: number;
    readonly end: number;
    readonly showsEnd?: boolean;
    readonly eventId?: string;
  }): FlashEvent {
    const key = `special-${hashOf(event.name, event.start)}`;
    const { name, start, end, showsEnd = true, eventId = null } = event;
    this.world.record({ op: 'flashCtf', at: this.now(), key, name, start, end, showsEnd, eventId });
    return this.world.history.eventOf(key) as FlashEvent;
  }

  /** Monthly Flash CTFs that begin between two moments (Unix seconds). */
  flashCtfsBetween(from: number, to: number): FlashEvent[] {
    return this.world.flashCtfs.monthlyBetween(from, to);
  }

  userIds(): string[] {
    return [...this.world.accounts.users.keys()];
  }

  /** Names and addresses of everybody with an account. */
  people(): UserRecord[] {
    return [...this.world.accounts.users.values()].map(({ user }) => user);
  }

  teamIds(): string[] {
    return [...this.world.accounts.teams.keys()];
  }
}
