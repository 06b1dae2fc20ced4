import type { CompetitorStatus } from './contract.ts';

/** The part of a competitor, or of its view, that tells what a coach can do for them. */
export interface NeedFacts {
  readonly active: boolean;
  readonly status: CompetitorStatus;
  /** Null while the release is in force. */
  readonly onHold: object | null;
  /** The platform's last refusal; null when there is none. */
  readonly refusal: object | null;
  /** The platform's word for the account's state; null when it told none. */
  readonly accountStatus: string | null;
  readonly lastLoginAt: string | null;
}

/** What a competitor needs of a coach, most pressing first. */
export type Need = 'onHold' | 'refused' | 'ready' | 'release' | 'profile' | 'signIn';

/** In these states the platform lets nobody in and shows no scores: its staff have to approve the account first. */
export const NOT_APPROVED: ReadonlySet<string> = new Set(['user_created', 'pending_approval', 'denied']);

/** The one thing a coach can do for a competitor now; null: nothing. */
export function needOf({
  active,
  status,
  onHold,
  refusal,
  accountStatus,
  lastLoginAt,
}: NeedFacts): Need | null {
  if (!active) return null;
  if (onHold !== null) return 'onHold';
  if (refusal !== null) return 'refused';
  if (status === 'compliance') return 'ready';
  if (status === 'profile') return 'release';
  if (status === 'pending') return 'profile';
  return lastLoginAt === null && !NOT_APPROVED.has(accountStatus ?? '') ? 'signIn' : null;
}
