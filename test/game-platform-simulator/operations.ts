import type { Profile } from './population.ts';

/** Everything that ever happened to the simulated platform from outside; the rest follows from seed and time. */

export const ACCOUNT_STATUSES = ['user_created', 'pending_approval', 'approved', 'denied'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

export type SolveSource = 'odl' | 'flash_ctf';

/** One solve of one user: `event` is the simulator's key of a Flash CTF, empty for ODL. */
export interface SolveRef {
  readonly source: SolveSource;
  readonly event: string;
  readonly solveId: number;
}

export interface UserRecord {
  readonly synedUserId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly role: 'user' | 'coach';
  readonly coachId: string | null;
  readonly metactfUserId: number;
  readonly username: string;
  readonly profile: Profile;
}

export interface TeamRecord {
  readonly synedTeamId: string;
  readonly coachId: string;
  readonly name: string;
  readonly affiliation: string;
  readonly division: string;
  readonly metactfTeamId: number;
}

export interface StatusChange {
  /** Unix seconds. */
  readonly at: number;
  readonly status: AccountStatus;
}

export interface GivenSolve {
  readonly challenge_solve_id: number;
  readonly challenge_id: number;
  readonly challenge_title: string;
  readonly challenge_points: number;
  readonly challenge_category: string;
  readonly timestamp_unix: number;
  readonly challenge_retired: boolean;
  readonly nist_nice_work_roles: readonly string[];
}

/** `at` is always when it happened, in whole Unix seconds. */
export type Operation =
  | {
      readonly op: 'user';
      readonly at: number;
      readonly user: UserRecord;
      readonly statuses: readonly StatusChange[];
    }
  | { readonly op: 'status'; readonly at: number; readonly userId: string; readonly status: AccountStatus }
  | { readonly op: 'team'; readonly at: number; readonly team: TeamRecord }
  | { readonly op: 'teamDeleted'; readonly at: number; readonly teamId: string }
  | {
      readonly op: 'membership';
      readonly at: number;
      readonly userId: string;
      readonly teamId: string | null;
    }
  | { readonly op: 'scoresDropped'; readonly at: number; readonly userId: string }
  | { readonly op: 'speed'; readonly at: number; readonly speed: number }
  | {
      readonly op: 'solveAdded';
      readonly at: number;
      readonly userId: string;
      readonly ref: SolveRef;
      readonly solve: GivenSolve;
      readonly visibleFrom: number;
    }
  | { readonly op: 'solveRevoked'; readonly at: number; readonly userId: string; readonly ref: SolveRef }
  | {
      readonly op: 'solveDelayed';
      readonly at: number;
      readonly userId: string;
      readonly ref: SolveRef;
      readonly until: number;
    }
  | {
      readonly op: 'pointsCorrected';
      readonly at: number;
      readonly userId: string;
      readonly ref: SolveRef;
      readonly points: number;
    }
  | {
      readonly op: 'flashCtf';
      readonly at: number;
      readonly key: string;
      readonly name: string;
      readonly start: number;
      readonly end: number;
      readonly showsEnd: boolean;
      readonly eventId: string | null;
    };
