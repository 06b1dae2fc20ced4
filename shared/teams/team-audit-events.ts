import type { Activity } from '#shared/audit/activity.ts';
import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEvents } from '#shared/competitors/competitor-changes.ts';
import type { NewId } from '#shared/kernel/ids.ts';

/** The audit events that a person's change of a team or its members leaves: one for the coach, one for the audit. */
export function teamAuditEvents(
  change: {
    readonly kind: Activity['kind'];
    readonly action: string;
    readonly subject: string;
    readonly coachId: string;
    readonly competitorId: string | null;
    readonly details: Activity['details'];
  },
  actor: Actor,
  at: string,
  newId: NewId,
): AuditEvents {
  const { kind, action, subject, coachId, competitorId, details } = change;
  return {
    activity: { id: newId('act'), coachId, at, kind, actor: `user:${actor.sub}`, competitorId, details },
    audit: {
      id: newId('aud'),
      at,
      actor: actor.sub,
      actingAs: actor.actingAs,
      action,
      subject,
      coachId,
      requestId: actor.requestId,
      details,
    },
  };
}
