import type { Activity } from '#shared/audit/activity.ts';
import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Competitor } from './competitor.ts';

/** The audit events that a person's change of a competitor leaves: one for the coach, one for the audit. */
export interface AuditEvents {
  readonly activity: Activity;
  readonly audit: AuditEntry;
}

export function auditEventsOf(
  change: {
    readonly kind: Activity['kind'];
    readonly action: string;
    readonly details?: Activity['details'];
  },
  competitor: Pick<Competitor, 'id' | 'coachId'>,
  actor: Actor,
  at: string,
  newId: NewId,
): AuditEvents {
  const details = change.details ?? {};
  return {
    activity: {
      id: newId('act'),
      coachId: competitor.coachId,
      at,
      kind: change.kind,
      actor: `user:${actor.sub}`,
      competitorId: competitor.id,
      details,
    },
    audit: {
      id: newId('aud'),
      at,
      actor: actor.sub,
      actingAs: actor.actingAs,
      action: change.action,
      subject: competitor.id,
      coachId: competitor.coachId,
      requestId: actor.requestId,
      details,
    },
  };
}
