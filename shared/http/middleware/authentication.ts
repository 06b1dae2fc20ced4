import type { Caller } from '#shared/identity/caller.ts';
import { ACT_AS_HEADER, ACTING_HEADER, type Access } from '#shared/kernel/contract.ts';
import { DomainError, notFound } from '#shared/kernel/errors.ts';
import { isId } from '#shared/kernel/text.ts';
import type { ApiMiddleware } from '../api-call.ts';

/** Claims of a verified access token → who calls. @throws DomainError unauthenticated, forbidden or not_found */
export type ResolveCaller = (
  claims: Readonly<Record<string, string>>,
  actAs: string | undefined,
  actingId: string | undefined,
) => Promise<Caller>;

const ROLES_OF: Readonly<Record<Exclude<Access, 'public'>, readonly Caller['role'][]>> = {
  any: ['coach', 'admin'],
  coach: ['coach', 'admin'],
  admin: ['admin'],
};

/** Who calls, whether the route is for their role, and whether its path names ids; a public route asks nothing. */
export const authentication = (resolveCaller: ResolveCaller | undefined): ApiMiddleware => ({
  before: async ({ event: call }) => {
    const access = call.served?.route.access ?? 'admin';
    if (access === 'public') return;
    const { claims, headers, params } = call.event;
    if (claims === undefined || claims['token_use'] !== 'access' || resolveCaller === undefined) {
      throw new DomainError('unauthenticated', 'UNAUTHENTICATED', 'Sign in and send the access token.');
    }
    const actAs = headers[ACT_AS_HEADER];
    // What is no id is nobody's, and is not looked up: it may be anything.
    if (actAs !== undefined && !isId(actAs)) throw notFound();
    const actingId = headers[ACTING_HEADER];
    if (actingId !== undefined && !isId(actingId)) throw notFound();
    const caller = await resolveCaller(claims, actAs, actingId);
    if (!ROLES_OF[access].includes(caller.role)) {
      throw new DomainError('forbidden', 'FORBIDDEN', 'Your role does not allow this. Ask an admin.');
    }
    if (!Object.values(params).every(isId)) throw notFound();
    call.caller = caller;
    call.log = call.log.with({ sub: caller.sub, actingAs: caller.actingAs });
  },
});
