import type { TeamCreate, TeamResponse, UserCreate, UserResponse } from '#shared/game-platform/contract.ts';
import { type Account, Accounts } from './accounts.ts';
import { FlashCtfs, type FlashEvent } from './flash-ctfs.ts';
import { Journal } from './journal.ts';
import type {
  AccountStatus,
  GivenSolve,
  Operation,
  SolveRef,
  SolveSource,
  StatusChange,
} from './operations.ts';
import { drawProfile, type Profile, Sessions } from './population.ts';
import { PlatformRefusal } from './platform-refusal.ts';
import { hashOf, unitOf } from './random.ts';
import { SchoolWeek } from './school-week.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsChange, settingsSchema } from './settings.ts';
import { SolveHistory } from './solve-history.ts';
import {
  flashCtfAnswer,
  type OdlScoresAnswer,
  odlScoresAnswer,
  type FlashCtfProgressAnswer,
} from './score-answers.ts';

export interface ModelOptions {
  readonly seed?: number;
  /** Keeps what happened over restarts; without it the model lives in memory. */
  readonly stateFile?: string;
  /** Unix seconds. */
  readonly now?: () => number;
  readonly timeZone?: string;
  readonly settings?: Partial<Settings>;
}

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

/**
 * The simulated platform without HTTP. What it answers is a function of the seed, the operations so far and the
 * clock; nothing else is kept, so that nothing can be lost.
 */
export class GamePlatformModel {
  readonly seed: number;
  private readonly clock: () => number;
  private readonly journal: Journal | undefined;
  private readonly schoolWeek: SchoolWeek;
  private accounts = new Accounts();
  private history: SolveHistory;
  private flashCtfs: FlashCtfs;
  private current: Settings;

  constructor(private readonly options: ModelOptions = {}) {
    this.journal =
      options.stateFile === undefined ? undefined : Journal.open(options.stateFile, options.seed ?? 1);
    this.seed = this.journal?.seed ?? options.seed ?? 1;
    this.clock = options.now ?? (() => Date.now() / 1000);
    this.schoolWeek = new SchoolWeek(options.timeZone ?? 'America/Los_Angeles');
    this.current = { ...DEFAULT_SETTINGS, ...options.settings };
    this.flashCtfs = new FlashCtfs(this.seed, this.schoolWeek);
    this.history = this.newHistory();
    for (const operation of this.journal?.operations ?? []) {
      this.apply(operation);
    }
  }

  /** Whole Unix seconds. */
  now(): number {
    return Math.floor(this.clock());
  }

  get settings(): Settings {
    return this.current;
  }

  changeSettings(change: SettingsChange): Settings {
    this.current = settingsSchema.parse({ ...this.current, ...change });
    this.history.forget();
    return this.current;
  }

  resetSettings(): void {
    this.current = { ...DEFAULT_SETTINGS, ...this.options.settings };
    this.history.forget();
  }

  get speed(): number {
    return this.history.speed;
  }

  /** How many times as often students solve, from now on. The past stays as it was. */
  setSpeed(speed: number): void {
    if (speed !== this.speed) {
      this.record({ op: 'speed', at: this.now(), speed });
    }
  }

  /** Forgets users, teams, solves and settings; the seed stays. */
  reset(): void {
    this.journal?.clear();
    this.accounts = new Accounts();
    this.current = { ...DEFAULT_SETTINGS, ...this.options.settings };
    this.flashCtfs = new FlashCtfs(this.seed, this.schoolWeek);
    this.history = this.newHistory();
  }

  // What tests and the demo do behind the platform's back.

  /** Puts somebody on the platform with a history; who is there already stays as they are. */
  enrol(person: Enrolment): UserResponse {
    const { synedUserId, firstName, lastName, enrolledAt: at } = person;
    if (!this.accounts.users.has(synedUserId)) {
      this.record({
        op: 'user',
        at,
        user: {
          synedUserId,
          firstName,
          lastName,
          email: person.email,
          role: person.role ?? 'user',
          coachId: person.coachId ?? null,
          metactfUserId: this.accounts.nextUserId(),
          username: this.accounts.freeUsername(firstName, lastName),
          profile: person.profile ?? drawProfile(this.seed, synedUserId),
        },
        statuses: [{ at, status: person.status }],
      });
      if (person.teamId !== undefined) {
        this.record({ op: 'membership', at, userId: synedUserId, teamId: person.teamId });
      }
    }
    return this.user(synedUserId);
  }

  /** Puts a team on the platform; one that is there already stays as it is. */
  addTeam(team: NewTeam): TeamResponse {
    if (!this.accounts.teams.has(team.synedTeamId)) {
      const metactfTeamId = this.accounts.nextTeamId();
      this.record({ op: 'team', at: this.now(), team: { ...team, metactfTeamId } });
    }
    return this.team(team.synedTeamId);
  }

  /** Decides about an account now. */
  setStatus(synedUserId: string, status: AccountStatus): void {
    this.account(synedUserId);
    this.record({ op: 'status', at: this.now(), userId: synedUserId, status });
  }

  addSolve(gift: SolveGift): { readonly ref: SolveRef; readonly solve: GivenSolve } {
    this.account(gift.synedUserId);
    const source = gift.source ?? 'odl';
    const at = Math.floor(gift.at ?? this.now());
    const event = source === 'flash_ctf' ? (gift.event ?? '') : '';
    if (source === 'flash_ctf' && this.history.eventOf(event) === undefined) {
      throw new PlatformRefusal(404, 'No such Flash CTF');
    }
    const number = this.history.nextGivenId();
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
    this.record({ op: 'solveAdded', at: this.now(), userId: gift.synedUserId, ref, solve, visibleFrom });
    return { ref, solve };
  }

  /** Takes a solve back: it vanishes from every answer from now on. */
  revokeSolve(synedUserId: string, ref: SolveRef): void {
    this.record({ op: 'solveRevoked', at: this.now(), userId: synedUserId, ref });
  }

  /** Hides a solve until a moment (Unix seconds): it then shows up late, with its own time. */
  delaySolve(synedUserId: string, ref: SolveRef, until: number): void {
    this.record({ op: 'solveDelayed', at: this.now(), userId: synedUserId, ref, until });
  }

  correctPoints(synedUserId: string, ref: SolveRef, points: number): void {
    this.record({ op: 'pointsCorrected', at: this.now(), userId: synedUserId, ref, points });
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
    this.record({ op: 'flashCtf', at: this.now(), key, name, start, end, showsEnd, eventId });
    return this.history.eventOf(key) as FlashEvent;
  }

  /** Monthly Flash CTFs that begin between two moments (Unix seconds). */
  flashCtfsBetween(from: number, to: number): FlashEvent[] {
    return this.flashCtfs.monthlyBetween(from, to);
  }

  userIds(): string[] {
    return [...this.accounts.users.keys()];
  }

  teamIds(): string[] {
    return [...this.accounts.teams.keys()];
  }

  // What the platform offers.

  user(synedUserId: string): UserResponse {
    const account = this.account(synedUserId);
    const now = this.now();
    return {
      metactf_user_id: account.user.metactfUserId,
      metactf_username: account.user.username,
      syned_user_id: synedUserId,
      metactf_user_status: account.statusAt(now),
      last_login_unix_timestamp: this.history.lastSeen(account, now) ?? null,
    };
  }

  createUser(wanted: UserCreate): UserResponse {
    const known = this.accounts.users.get(wanted.syned_user_id);
    if (known !== undefined && this.current.userCreateRepeated === 'refuse') {
      throw new PlatformRefusal(this.current.existsStatus, 'User with this syned_user_id already exists');
    }
    if (known !== undefined && this.current.userCreateRepeated === 'return') {
      return this.user(wanted.syned_user_id);
    }
    const sameEmail = known?.user.email.toLowerCase() === wanted.email.toLowerCase();
    if (!sameEmail && this.accounts.knowsEmail(wanted.email)) {
      throw new PlatformRefusal(this.current.existsStatus, 'User with this email already exists');
    }
    const at = this.now();
    this.record({
      op: 'user',
      at,
      user: {
        synedUserId: wanted.syned_user_id,
        firstName: wanted.first_name,
        lastName: wanted.last_name,
        email: wanted.email,
        role: wanted.role,
        coachId: wanted.syned_coach_user_id ?? null,
        metactfUserId: known?.user.metactfUserId ?? this.accounts.nextUserId(),
        username: known?.user.username ?? this.freeUsername(wanted),
        profile: known?.user.profile ?? drawProfile(this.seed, wanted.syned_user_id),
      },
      statuses: known?.statuses ?? this.newStatuses(wanted.syned_user_id, at),
    });
    return this.user(wanted.syned_user_id);
  }

  createTeam(wanted: TeamCreate): TeamResponse {
    const known = this.accounts.teams.get(wanted.syned_team_id);
    if (known !== undefined && this.current.teamCreateRepeated === 'refuse') {
      throw new PlatformRefusal(this.current.existsStatus, 'Team with this syned_team_id already exists');
    }
    if (known !== undefined && this.current.teamCreateRepeated === 'return') {
      return this.team(wanted.syned_team_id);
    }
    if (this.accounts.users.get(wanted.syned_coach_user_id)?.user.role !== 'coach') {
      throw new PlatformRefusal(404, 'Coach not found');
    }
    this.record({
      op: 'team',
      at: this.now(),
      team: {
        synedTeamId: wanted.syned_team_id,
        coachId: wanted.syned_coach_user_id,
        name: wanted.team_name,
        affiliation: wanted.affiliation,
        division: wanted.division,
        metactfTeamId: known?.metactfTeamId ?? this.accounts.nextTeamId(),
      },
    });
    return this.team(wanted.syned_team_id);
  }

  deleteTeam(synedTeamId: string): { readonly message: string } {
    this.team(synedTeamId);
    if (this.accounts.membersOf(synedTeamId).length > 0) {
      throw new PlatformRefusal(400, 'Team still has members');
    }
    this.record({ op: 'teamDeleted', at: this.now(), teamId: synedTeamId });
    return { message: 'Team deleted' };
  }

  assignTeam(synedUserId: string, synedTeamId: string) {
    const account = this.account(synedUserId);
    this.team(synedTeamId);
    if (account.teamId !== null && account.teamId !== synedTeamId && !this.current.assignMoves) {
      throw new PlatformRefusal(400, 'User is already assigned to another team');
    }
    if (account.teamId !== synedTeamId) {
      this.record({ op: 'membership', at: this.now(), userId: synedUserId, teamId: synedTeamId });
    }
    return { syned_user_id: synedUserId, syned_team_id: synedTeamId };
  }

  deleteAssignment(synedUserId: string) {
    const account = this.account(synedUserId);
    if (account.teamId === null) {
      if (this.current.unassignWithoutTeam === 'not_found') {
        throw new PlatformRefusal(404, 'Assignment not found');
      }
      return { syned_user_id: synedUserId, syned_team_id: null };
    }
    const at = this.now();
    this.record({ op: 'membership', at, userId: synedUserId, teamId: null });
    if (this.current.scoresDropOnUnassign) {
      this.record({ op: 'scoresDropped', at, userId: synedUserId });
    }
    return { syned_user_id: synedUserId, syned_team_id: null };
  }

  teamAssignments(synedTeamId?: string) {
    const assignments = [...this.accounts.users.values()]
      .filter(({ teamId }) => teamId !== null && (synedTeamId === undefined || teamId === synedTeamId))
      .map(({ user, teamId }) => ({ syned_user_id: user.synedUserId, syned_team_id: teamId }));
    return { assignments, total_count: assignments.length };
  }

  /** `after`: only solves strictly later (Unix seconds); the totals are then those of the solves returned. */
  odlScores(synedUserId: string, after?: number): OdlScoresAnswer {
    const account = this.approved(synedUserId);
    const now = this.now();
    const solves = this.history.odl(account, now);
    const lastSeen = this.history.lastSeen(account, now) ?? 0;
    return odlScoresAnswer(account.user, solves, lastSeen, after);
  }

  flashCtfProgress(synedUserId: string): FlashCtfProgressAnswer {
    const account = this.approved(synedUserId);
    const now = this.now();
    return {
      syned_user_id: synedUserId,
      flash_ctfs: this.history
        .flash(account, now)
        .map((result) => flashCtfAnswer(result, now, this.flashCtfs, this.current.eventIds)),
    };
  }

  sendPasswordReset(synedUserId: string): { readonly message: string } {
    this.account(synedUserId);
    return { message: 'Password reset email sent' };
  }

  private account(synedUserId: string): Account {
    const account = this.accounts.users.get(synedUserId);
    if (account === undefined) {
      throw new PlatformRefusal(404, 'User not found');
    }
    return account;
  }

  private approved(synedUserId: string): Account {
    const account = this.account(synedUserId);
    if (account.statusAt(this.now()) !== 'approved') {
      throw new PlatformRefusal(403, 'User is not approved');
    }
    return account;
  }

  private team(synedTeamId: string): TeamResponse {
    const team = this.accounts.teams.get(synedTeamId);
    if (team === undefined) {
      throw new PlatformRefusal(404, 'Team not found');
    }
    return {
      metactf_team_id: team.metactfTeamId,
      metactf_coach_id: String(this.accounts.users.get(team.coachId)?.user.metactfUserId ?? ''),
      syned_team_id: synedTeamId,
      team_name: team.name,
      division: team.division,
      affiliation: team.affiliation,
    };
  }

  private freeUsername(wanted: UserCreate): string {
    return this.accounts.freeUsername(wanted.preferred_username ?? wanted.first_name, wanted.last_name);
  }

  private newStatuses(userId: string, at: number): StatusChange[] {
    const { pendingAfterSeconds, decidedAfterSeconds, deniedShare } = this.current.approval;
    const pendingAt = at + pendingAfterSeconds;
    const waits = Math.round(decidedAfterSeconds * (0.3 + 0.7 * unitOf(this.seed, 'decided', userId)));
    const denied = unitOf(this.seed, 'denied', userId) < deniedShare;
    return [
      { at, status: 'user_created' },
      { at: pendingAt, status: 'pending_approval' },
      { at: pendingAt + waits, status: denied ? 'denied' : 'approved' },
    ];
  }

  private record(operation: Operation): void {
    this.journal?.append(operation);
    this.apply(operation);
  }

  private apply(operation: Operation): void {
    this.accounts.apply(operation);
    this.history.apply(operation);
  }

  private newHistory(): SolveHistory {
    return new SolveHistory(
      this.seed,
      new Sessions(this.seed, this.schoolWeek),
      this.flashCtfs,
      () => this.current,
    );
  }
}
