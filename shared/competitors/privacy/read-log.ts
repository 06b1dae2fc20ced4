import { createHash } from 'node:crypto';
import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Competitor } from '../competitor.ts';

export interface ReadLogDeps {
  /** Keeps the entry unless this person looked at the same in the same hour. */
  readonly appendOncePerHour: (entry: AuditEntry) => Promise<void>;
  readonly now: Clock;
}

/**
 * Notes who opened a person's details or took their data out, once per hour, actor and person. Whoever cannot be noted
 * does not see anything: this rejects when the table does.
 */
export function createReadLog(
  deps: ReadLogDeps,
): (
  action: 'competitor.read' | 'competitor.export',
  competitor: Pick<Competitor, 'id' | 'coachId'>,
  actor: Actor,
) => Promise<void> {
  return async (action, { id, coachId }, actor) => {
    const who = createHash('sha256')
      .update(JSON.stringify([action, id, actor.sub, actor.actingAs]))
      .digest('hex')
      .slice(0, 24);
    await deps.appendOncePerHour({
      id: `read_${who}`,
      at: deps.now().toISOString(),
      actor: actor.sub,
      actingAs: actor.actingAs,
      action,
      subject: id,
      coachId,
      requestId: actor.requestId,
      details: {},
    });
  };
}

/** Notes who took which coach's people (null: everybody) out as a file. */
export function createExportLog(deps: {
  readonly append: (entry: AuditEntry) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
}): (what: { readonly coachId: string | null; readonly people: number }, actor: Actor) => Promise<void> {
  return async ({ coachId, people }, actor) => {
    await deps.append({
      id: deps.newId('aud'),
      at: deps.now().toISOString(),
      actor: actor.sub,
      actingAs: actor.actingAs,
      action: 'roster.export',
      subject: coachId ?? 'everybody',
      coachId,
      requestId: actor.requestId,
      details: { people },
    });
  };
}

/** Notes that somebody had something done about a competitor that changes no record of ours. */
export function createNote(deps: {
  readonly append: (entry: AuditEntry) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
}): (action: string, competitor: Pick<Competitor, 'id' | 'coachId'>, actor: Actor) => Promise<void> {
  return async (action, { id, coachId }, actor) => {
    await deps.append({
      id: deps.newId('aud'),
      at: deps.now().toISOString(),
      actor: actor.sub,
      actingAs: actor.actingAs,
      action,
      subject: id,
      coachId,
      requestId: actor.requestId,
      details: {},
    });
  };
}
