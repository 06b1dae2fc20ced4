import { BY_OPERATOR } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import { newId } from '#shared/kernel/ids.ts';

/** The line of the audit log about what an operator did by a command. */
export const operatorEntry = (
  command: string,
  done: Pick<AuditEntry, 'at' | 'action' | 'subject' | 'coachId'>,
): AuditEntry => ({
  id: newId('aud'),
  actor: BY_OPERATOR,
  actingAs: null,
  requestId: command,
  details: {},
  ...done,
});
