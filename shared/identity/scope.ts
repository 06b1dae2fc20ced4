import { notFound, DomainError } from '#shared/kernel/errors.ts';
import type { Caller } from './caller.ts';

/** Whose people a request is about: one coach's, or (null, admins only) everybody's. */
export interface Scope {
  readonly coachId: string | null;
}

/**
 * A coach's scope is always their own; an admin narrows theirs with `?coachId=`.
 *
 * @throws DomainError malformed when `X-Act-As` and `coachId` name two coaches, not_found when a coach names another.
 */
export function scopeOf(
  caller: Pick<Caller, 'role' | 'coachId' | 'actingAs'>,
  queryCoachId: string | undefined,
): Scope {
  if (caller.role === 'admin') return { coachId: queryCoachId ?? null };
  if (caller.coachId === null) throw notFound();
  if (queryCoachId !== undefined && queryCoachId !== caller.coachId) {
    if (caller.actingAs === null) throw notFound();
    throw new DomainError(
      'malformed',
      'COACH_CONTRADICTED',
      'You are acting as one coach and ask for another. Leave out “coachId”, or stop acting as a coach.',
    );
  }
  return { coachId: caller.coachId };
}

/** True when the caller may see and change what belongs to this coach. */
export function mayTouch(caller: Pick<Caller, 'role' | 'coachId'>, coachId: string): boolean {
  return caller.role === 'admin' || caller.coachId === coachId;
}
