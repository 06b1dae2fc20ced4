import type * as z from 'zod';
import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import { isOver, type Acting, type Coach } from '#shared/identity/identity.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { ACTING_MINUTES, type ACT_ENDS, type ActingView, type actStartSchema } from './contract.ts';

export interface ActAsCoachDeps {
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  readonly actingById: (sub: string, id: string) => Promise<Acting | undefined>;
  /** Both are written with their line of the audit log, or neither. */
  readonly start: (acting: Acting, audit: AuditEntry) => Promise<void>;
  readonly end: (acting: Acting, at: string, audit: AuditEntry) => Promise<boolean>;
  readonly now: Clock;
  readonly newId: NewId;
}

function viewOf({ id, coachId, startedAt, endsAt, endedAt }: Acting, now: Date): ActingView {
  const until = endedAt ?? endsAt;
  const secondsLeft = Math.max(0, Math.round((Date.parse(until) - now.getTime()) / 1000));
  return { id, coachId, startedAt, endsAt: until, secondsLeft };
}

/** Start and end of acting as a coach, each with a line in the audit log. */
export function createActAsCoach(deps: ActAsCoachDeps) {
  const entryOf = (
    action: string,
    coachId: string,
    actor: Actor,
    at: Date,
    details: AuditEntry['details'],
  ): AuditEntry => ({
    id: deps.newId('aud'),
    at: at.toISOString(),
    actor: actor.sub,
    actingAs: null,
    action,
    subject: coachId,
    coachId,
    requestId: actor.requestId,
    details,
  });

  return {
    /** @throws DomainError not_found for an unknown coach */
    async start(
      coachId: string,
      { reason, continues }: z.output<typeof actStartSchema>,
      actor: Actor,
    ): Promise<ActingView> {
      if ((await deps.coachById(coachId)) === undefined) throw notFound();
      const now = deps.now();
      const acting: Acting = {
        id: deps.newId('act'),
        sub: actor.sub,
        coachId,
        startedAt: now.toISOString(),
        endsAt: new Date(now.getTime() + ACTING_MINUTES * 60_000).toISOString(),
        endedAt: null,
      };
      const action = continues ? 'coach.act_continue' : 'coach.act_start';
      const details = { reason, actingId: acting.id, endsAt: acting.endsAt };
      await deps.start(acting, entryOf(action, coachId, actor, now, details));
      return viewOf(acting, now);
    },

    /** Ended again, it stays as it ended. @throws DomainError not_found for an act of somebody else */
    async end(
      coachId: string,
      actingId: string,
      how: (typeof ACT_ENDS)[number],
      actor: Actor,
    ): Promise<ActingView> {
      const acting = await deps.actingById(actor.sub, actingId);
      if (acting?.coachId !== coachId) throw notFound();
      const now = deps.now();
      if (acting.endedAt !== null) return viewOf(acting, now);
      // A browser that slept tells late that the time was over.
      const at = isOver(acting, now) ? acting.endsAt : now.toISOString();
      const details = { how, actingId, startedAt: acting.startedAt, endedAt: at };
      await deps.end(acting, at, entryOf('coach.act_end', coachId, actor, now, details));
      return viewOf({ ...acting, endedAt: at }, now);
    },
  };
}
