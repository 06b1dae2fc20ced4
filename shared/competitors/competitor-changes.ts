import type { Activity } from '#shared/audit/activity.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Caller } from '#shared/identity/caller.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Competitor } from './competitor.ts';

/** Who does something in which request; for the audit log. */
export interface Doer {
  readonly sub: string;
  readonly actingAs: string | null;
  readonly requestId: string;
}

export const doerOf = (request: {
  readonly caller: Pick<Caller, 'sub' | 'actingAs'>;
  readonly requestId: string;
}): Doer => ({
  sub: request.caller.sub,
  actingAs: request.caller.actingAs,
  requestId: request.requestId,
});

/** The traces that a person's change of a competitor leaves: one for the coach, one for the audit. */
export interface Traces {
  readonly activity: Activity;
  readonly audit: AuditEntry;
}

export function tracesOf(
  change: {
    readonly kind: Activity['kind'];
    readonly action: string;
    readonly details?: Activity['details'];
  },
  competitor: Pick<Competitor, 'id' | 'coachId'>,
  doer: Doer,
  at: string,
  newId: NewId,
): Traces {
  const details = change.details ?? {};
  return {
    activity: {
      id: newId('act'),
      coachId: competitor.coachId,
      at,
      kind: change.kind,
      actor: `user:${doer.sub}`,
      competitorId: competitor.id,
      details,
    },
    audit: {
      id: newId('aud'),
      at,
      actor: doer.sub,
      actingAs: doer.actingAs,
      action: change.action,
      subject: competitor.id,
      coachId: competitor.coachId,
      requestId: doer.requestId,
      details,
    },
  };
}
