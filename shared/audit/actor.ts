import type { Caller } from '#shared/identity/caller.ts';

/** Whoever has an email, by the link in it: nobody signs in for that. */
export const BY_EMAIL_LINK = 'email-link';

/** Who has the rights of the AWS account; which person it was, AWS's own log of calls (CloudTrail) tells. */
export const BY_OPERATOR = 'operator';

/** Who does something in which request; for the audit log. */
export interface Actor {
  readonly sub: string;
  readonly actingAs: string | null;
  readonly requestId: string;
}

export const actorOf = (request: {
  readonly caller: Pick<Caller, 'sub' | 'actingAs'>;
  readonly requestId: string;
}): Actor => ({
  sub: request.caller.sub,
  actingAs: request.caller.actingAs,
  requestId: request.requestId,
});
