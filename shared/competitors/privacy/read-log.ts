import { createHash } from 'node:crypto';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Doer } from '../competitor-changes.ts';
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
  doer: Doer,
) => Promise<void> {
  return async (action, { id, coachId }, doer) => {
    const who = createHash('sha256')
      .update(JSON.stringify([action, id, doer.sub, doer.actingAs]))
      .digest('hex')
      .slice(0, 24);
    await deps.appendOncePerHour({
      id: `read_${who}`,
      at: deps.now().toISOString(),
      actor: doer.sub,
      actingAs: doer.actingAs,
      action,
      subject: id,
      coachId,
      requestId: doer.requestId,
      details: {},
    });
  };
}

/** Notes who took which coach's people (null: everybody) out as a file. */
export function createExportLog(deps: {
  readonly append: (entry: AuditEntry) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
}): (what: { readonly coachId: string | null; readonly people: number }, doer: Doer) => Promise<void> {
  return async ({ coachId, people }, doer) => {
    await deps.append({
      id: deps.newId('aud'),
      at: deps.now().toISOString(),
      actor: doer.sub,
      actingAs: doer.actingAs,
      action: 'roster.export',
      subject: coachId ?? 'everybody',
      coachId,
      requestId: doer.requestId,
      details: { people },
    });
  };
}

/** Notes that somebody had something done about a competitor that changes no record of ours. */
export function createNote(deps: {
  readonly append: (entry: AuditEntry) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
}): (action: string, competitor: Pick<Competitor, 'id' | 'coachId'>, doer: Doer) => Promise<void> {
  return async (action, { id, coachId }, doer) => {
    await deps.append({
      id: deps.newId('aud'),
      at: deps.now().toISOString(),
      actor: doer.sub,
      actingAs: doer.actingAs,
      action,
      subject: id,
      coachId,
      requestId: doer.requestId,
      details: {},
    });
  };
}
