import type { CallPurpose } from './budget/purposes.ts';
import type {
  FlashCtfProgress,
  OdlScores,
  TeamAssignment,
  TeamAssignments,
  TeamCreate,
  TeamResponse,
  UserCreate,
  UserResponse,
} from './vendor-contract.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds that the caller can still spend, retries included; the client never starts a call that cannot end in it. */
  readonly budgetMs?: number;
  /** What the call is counted as. @default that of the client */
  readonly purpose?: CallPurpose;
  /** The user's id was typed in by a person: it is kept out of logs and errors. */
  readonly typedId?: boolean;
}

/**
 * The Game Platform as use cases see it. Every method rejects with {@link GamePlatformError} and with nothing else
 * (but an abort's own reason). Retries happen inside, only where a second call is harmless.
 */
export interface GamePlatform {
  /** Null when the platform does not know the user. */
  getUser(synedUserId: string, options?: CallOptions): Promise<UserResponse | null>;
  createUser(user: UserCreate, options?: CallOptions): Promise<UserResponse>;
  createTeam(team: TeamCreate, options?: CallOptions): Promise<TeamResponse>;
  deleteTeam(synedTeamId: string, options?: CallOptions): Promise<void>;
  assignTeam(synedUserId: string, synedTeamId: string, options?: CallOptions): Promise<TeamAssignment>;
  deleteAssignment(synedUserId: string, options?: CallOptions): Promise<void>;
  getTeamAssignments(synedTeamId?: string, options?: CallOptions): Promise<TeamAssignments>;
  /** `afterUnix`: only solves strictly later, in Unix seconds; totals are then not totals. */
  getOdlScores(synedUserId: string, afterUnix?: number, options?: CallOptions): Promise<OdlScores>;
  getFlashCtfProgress(synedUserId: string, options?: CallOptions): Promise<FlashCtfProgress>;
  /** Rejects with code `NOT_OFFERED` when the platform has no such endpoint. */
  sendPasswordReset(synedUserId: string, options?: CallOptions): Promise<void>;
}
