import { notFound, DomainError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Caller } from './caller.ts';
import { isOver, type Acting, type Coach, type Identity } from './identity.ts';

export interface ResolveCallerDeps {
  readonly identityBySub: (sub: string) => Promise<Identity | undefined>;
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  readonly actingById: (sub: string, id: string) => Promise<Acting | undefined>;
  readonly now: Clock;
}

/** API Gateway flattens the groups claim to `"[admin coach]"`; others send `admin,coach` or one word. */
export function groupsOf(claim: string | undefined): string[] {
  return (claim ?? '')
    .replaceAll(/[[\]"]/g, ' ')
    .split(/[\s,]+/)
    .filter((group) => group !== '');
}

const switchedOff = (): DomainError =>
  new DomainError(
    'forbidden',
    'SIGN_IN_DISABLED',
    'This sign-in is switched off. Ask an admin of the program.',
  );

const actingEnded = (): DomainError =>
  new DomainError(
    'forbidden',
    'ACTING_ENDED',
    'Acting as this coach has ended. Start again with a reason to go on.',
  );

/**
 * Verified claims of an access token → the caller. The table is read on each request, so that switching somebody off
 * works at once; the token's groups must agree with it, so that neither alone grants anything.
 *
 * @throws DomainError unauthenticated without a subject, forbidden when unknown, switched off or of another role, not_found for an unknown
 * coach to act as. An act that the caller names must be under way.
 */
export function createResolveCaller(
  deps: ResolveCallerDeps,
): (
  claims: Readonly<Record<string, string>>,
  actAs: string | undefined,
  actingId?: string,
) => Promise<Caller> {
  return async (claims, actAs, actingId) => {
    const { sub } = claims;
    if (sub === undefined || sub === '') {
      throw new DomainError('unauthenticated', 'UNAUTHENTICATED', 'Sign in and send the access token.');
    }
    const identity = await deps.identityBySub(sub);
    if (identity === undefined) {
      throw new DomainError(
        'forbidden',
        'SIGN_IN_UNKNOWN',
        'This sign-in does not belong to anyone in the program. Ask an admin to add you.',
      );
    }
    if (!identity.enabled) throw switchedOff();
    if (!groupsOf(claims['cognito:groups']).includes(identity.role)) {
      throw new DomainError(
        'forbidden',
        'ROLE_CHANGED',
        'Your role has changed since you signed in. Sign out and in again; if that does not help, ask an admin.',
      );
    }
    const person = { sub, name: identity.name, email: identity.email };

    if (identity.role === 'admin') {
      if (actAs === undefined) return { ...person, role: 'admin', coachId: null, actingAs: null };
      const coach = await deps.coachById(actAs);
      if (coach === undefined) throw notFound();
      if (actingId !== undefined) {
        const acting = await deps.actingById(sub, actingId);
        if (acting?.coachId !== coach.id || isOver(acting, deps.now())) throw actingEnded();
      }
      return { ...person, role: 'coach', coachId: coach.id, actingAs: coach.id };
    }

    if (actAs !== undefined) {
      throw new DomainError('forbidden', 'ACT_AS_REFUSED', 'Only an admin can act as someone else.');
    }
    const coach = identity.coachId === null ? undefined : await deps.coachById(identity.coachId);
    if (coach === undefined || !coach.enabled) throw switchedOff();
    return { ...person, name: coach.name, role: 'coach', coachId: coach.id, actingAs: null };
  };
}
