import type { Activity } from '#shared/audit/activity.ts';
import type { Doer, Traces } from '#shared/competitors/competitor-changes.ts';
import type { NewId } from '#shared/kernel/ids.ts';

/** The traces that a person's change of a team or its members leaves: one for the coach, one for the audit. */
export function teamTraces(
  change: {
    readonly kind: Activity['kind'];
    readonly action: string;
    readonly subject: string;
    readonly coachId: string;
    readonly competitorId: string | null;
    readonly details: Activity['details'];
  },
  doer: Doer,
  at: string,
  newId: NewId,
): Traces {
  const { kind, action, subject, coachId, competitorId, details } = change;
  return {
    activity: { id: newId('act'), coachId, at, kind, actor: `user:${doer.sub}`, competitorId, details },
    audit: {
      id: newId('aud'),
      at,
      actor: doer.sub,
      actingAs: doer.actingAs,
      action,
      subject,
      coachId,
      requestId: doer.requestId,
      details,
    },
  };
}
