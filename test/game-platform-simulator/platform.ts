import type {
  TeamCreate,
  TeamResponse,
  UserCreate,
  UserResponse,
} from '#shared/game-platform/vendor-contract.ts';
import type { Account } from './accounts.ts';
import type { StatusChange } from './operations.ts';
import { PlatformRefusal } from './platform-refusal.ts';
import { drawProfile } from './population.ts';
import { unitOf } from './random.ts';
import {
  flashCtfAnswer,
  type FlashCtfProgressAnswer,
  odlScoresAnswer,
  type OdlScoresAnswer,
} from './score-answers.ts';
import type { World } from './world.ts';

/** What the platform offers to its callers; what it refuses is thrown as {@link PlatformRefusal}. */
export class Platform {
  constructor(private readonly world: World) {}

  user(synedUserId: string): UserResponse {
    const account = this.account(synedUserId);
    const now = this.world.now();
    return {
      metactf_user_id: account.user.metactfUserId,
      metactf_username: account.user.username,
      syned_user_id: synedUserId,
      metactf_user_status: account.statusAt(now),
      last_login_unix_timestamp: this.world.history.lastSeen(account, now) ?? null,
    };
  }

  /** Whether the platform has such a user; no endpoint, for those behind the scenes. */
  knows(synedUserId: string): boolean {
    return this.world.accounts.users.has(synedUserId);
  }

  createUser(wanted: UserCreate): UserResponse {
    const known = this.world.accounts.users.get(wanted.syned_user_id);
    if (known !== undefined && this.world.settings.userCreateRepeated === 'refuse') {
      throw new PlatformRefusal(
        this.world.settings.existsStatus,
        'User with this syned_user_id already exists',
      );
    }
    if (known !== undefined && this.world.settings.userCreateRepeated === 'return') {
      return this.user(wanted.syned_user_id);
    }
    const sameEmail = known?.user.email.toLowerCase() === wanted.email.toLowerCase();
    if (!sameEmail && this.world.accounts.knowsEmail(wanted.email)) {
      throw new PlatformRefusal(this.world.settings.existsStatus, 'User with this email already exists');
    }
    const at = this.world.now();
    this.world.record({
      op: 'user',
      at,
      user: {
        synedUserId: wanted.syned_user_id,
        firstName: wanted.first_name,
        lastName: wanted.last_name,
        email: wanted.email,
        role: wanted.role,
        coachId: wanted.syned_coach_user_id ?? null,
        metactfUserId: known?.user.metactfUserId ?? this.world.accounts.nextUserId(),
        username: known?.user.username ?? this.freeUsername(wanted),
        profile: known?.user.profile ?? drawProfile(this.world.seed, wanted.syned_user_id),
      },
      statuses: known?.statuses ?? this.newStatuses(wanted.syned_user_id, at),
    });
    return this.user(wanted.syned_user_id);
  }

  createTeam(wanted: TeamCreate): TeamResponse {
    const known = this.world.accounts.teams.get(wanted.syned_team_id);
    if (known !== undefined && this.world.settings.teamCreateRepeated === 'refuse') {
      throw new PlatformRefusal(
        this.world.settings.existsStatus,
        'Team with this syned_team_id already exists',
      );
    }
    if (known !== undefined && this.world.settings.teamCreateRepeated === 'return') {
      return this.team(wanted.syned_team_id);
    }
    if (this.world.accounts.users.get(wanted.syned_coach_user_id)?.user.role !== 'coach') {
      throw new PlatformRefusal(404, 'Coach not found');
    }
    this.world.record({
      op: 'team',
      at: this.world.now(),
      team: {
        synedTeamId: wanted.syned_team_id,
        coachId: wanted.syned_coach_user_id,
        name: wanted.team_name,
        affiliation: wanted.affiliation,
        division: wanted.division,
        metactfTeamId: known?.metactfTeamId ?? this.world.accounts.nextTeamId(),
      },
    });
    return this.team(wanted.syned_team_id);
  }

  deleteTeam(synedTeamId: string): { readonly message: string } {
    this.team(synedTeamId);
    if (this.world.accounts.membersOf(synedTeamId).length > 0) {
      throw new PlatformRefusal(400, 'Team still has members');
    }
    this.world.record({ op: 'teamDeleted', at: this.world.now(), teamId: synedTeamId });
    return { message: 'Team deleted' };
  }

  assignTeam(synedUserId: string, synedTeamId: string) {
    const account = this.account(synedUserId);
    this.team(synedTeamId);
    if (account.teamId !== null && account.teamId !== synedTeamId && !this.world.settings.assignMoves) {
      throw new PlatformRefusal(400, 'User is already assigned to another team');
    }
    if (account.teamId !== synedTeamId) {
      this.world.record({ op: 'membership', at: this.world.now(), userId: synedUserId, teamId: synedTeamId });
    }
    return { syned_user_id: synedUserId, syned_team_id: synedTeamId };
  }

  deleteAssignment(synedUserId: string) {
    const account = this.account(synedUserId);
    if (account.teamId === null) {
      if (this.world.settings.unassignWithoutTeam === 'not_found') {
        throw new PlatformRefusal(404, 'Assignment not found');
      }
      return { syned_user_id: synedUserId, syned_team_id: null };
    }
    const at = this.world.now();
    if (this.world.settings.scoresDropOnUnassign) {
      this.world.record({ op: 'scoresDropped', at, userId: synedUserId });
    }
    this.world.record({ op: 'membership', at, userId: synedUserId, teamId: null });
    return { syned_user_id: synedUserId, syned_team_id: null };
  }

  teamAssignments(synedTeamId?: string) {
    const assignments = [...this.world.accounts.users.values()]
      .filter(({ teamId }) => teamId !== null && (synedTeamId === undefined || teamId === synedTeamId))
      .map(({ user, teamId }) => ({ syned_user_id: user.synedUserId, syned_team_id: teamId }));
    return { assignments, total_count: assignments.length };
  }

  /** `after`: only solves strictly later (Unix seconds); the totals are then those of the solves returned. */
  odlScores(synedUserId: string, after?: number): OdlScoresAnswer {
    const account = this.approved(synedUserId);
    const now = this.world.now();
    const solves = this.world.history.odl(account, now);
    const lastSeen = this.world.history.lastSeen(account, now) ?? 0;
    return odlScoresAnswer(account.user, solves, lastSeen, after);
  }

  flashCtfProgress(synedUserId: string): FlashCtfProgressAnswer {
    const account = this.approved(synedUserId);
    const now = this.world.now();
    return {
      syned_user_id: synedUserId,
      flash_ctfs: this.world.history
        .flash(account, now)
        .map((result) => flashCtfAnswer(result, now, this.world.flashCtfs, this.world.settings.eventIds)),
    };
  }

  sendPasswordReset(synedUserId: string): { readonly message: string } {
    this.account(synedUserId);
    return { message: 'Password reset email sent' };
  }

  /** The account itself, for those behind the scenes. */
  account(synedUserId: string): Account {
    const account = this.world.accounts.users.get(synedUserId);
    if (account === undefined) {
      throw new PlatformRefusal(404, 'User not found');
    }
    return account;
  }

  private approved(synedUserId: string): Account {
    const account = this.account(synedUserId);
    if (account.statusAt(this.world.now()) !== 'approved') {
      throw new PlatformRefusal(403, 'User is not approved');
    }
    return account;
  }

  team(synedTeamId: string): TeamResponse {
    const team = this.world.accounts.teams.get(synedTeamId);
    if (team === undefined) {
      throw new PlatformRefusal(404, 'Team not found');
    }
    return {
      metactf_team_id: team.metactfTeamId,
      metactf_coach_id: String(this.world.accounts.users.get(team.coachId)?.user.metactfUserId ?? ''),
      syned_team_id: synedTeamId,
      team_name: team.name,
      division: team.division,
      affiliation: team.affiliation,
    };
  }

  private freeUsername(wanted: UserCreate): string {
    return this.world.accounts.freeUsername(wanted.preferred_username ?? wanted.first_name, wanted.last_name);
  }

  private newStatuses(userId: string, at: number): StatusChange[] {
    const { pendingAfterSeconds, decidedAfterSeconds, deniedShare } = this.world.settings.approval;
    const pendingAt = at + pendingAfterSeconds;
    const waits = Math.round(decidedAfterSeconds * (0.3 + 0.7 * unitOf(this.world.seed, 'decided', userId)));
    const denied = unitOf(this.world.seed, 'denied', userId) < deniedShare;
    return [
      { at, status: 'user_created' },
      { at: pendingAt, status: 'pending_approval' },
      { at: pendingAt + waits, status: denied ? 'denied' : 'approved' },
    ];
  }
}
