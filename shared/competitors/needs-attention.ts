import { isReady, type CompetitorStatus } from './contract.ts';

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
  readonly lastSolveAt: string | null;
  /** The scores were not read in time, so that more may have been solved than is known. */
  readonly late: boolean;
  /** Neither signed in nor solving for this long: idle. */
  readonly inactiveDays: number;
  readonly now: Date;
}

/** What a competitor needs of a coach, most pressing first. */
export type Need = 'onHold' | 'refused' | 'ready' | 'release' | 'profile' | 'signIn' | 'idle';

/** In these states the platform lets nobody in and shows no scores: its staff have to approve the account first. */
export const NOT_APPROVED: ReadonlySet<string> = new Set(['user_created', 'pending_approval', 'denied']);

const DAY_MS = 86_400_000;
/** Milliseconds without a sign-in and without a solve after which a competitor is idle. */
export const idleAfterMs = (inactiveDays: number): number => inactiveDays * DAY_MS;

/** The later of the last sign-in and the last solve; null: neither is known. */
export const lastActiveAt = ({
  lastLoginAt,
  lastSolveAt,
}: Pick<NeedFacts, 'lastLoginAt' | 'lastSolveAt'>): string | null =>
  lastSolveAt !== null && lastSolveAt > (lastLoginAt ?? '') ? lastSolveAt : lastLoginAt;

/** The one thing a coach can do for a competitor now; null: nothing. */
export function needOf(facts: NeedFacts): Need | null {
  const { active, status, onHold, refusal, accountStatus } = facts;
  if (!active) return null;
  if (onHold !== null) return 'onHold';
  if (refusal !== null) return 'refused';
  if (isReady(facts)) return 'ready';
  if (status === 'profile') return 'release';
  if (status === 'pending') return 'profile';
  if (NOT_APPROVED.has(accountStatus ?? '')) return null;
  const seen = lastActiveAt(facts);
  if (seen === null) return 'signIn';
  // A late read is told apart: somebody may have been active without our knowing.
  return !facts.late && facts.now.getTime() - Date.parse(seen) > idleAfterMs(facts.inactiveDays)
    ? 'idle'
    : null;
}
