import type { Activity } from '#shared/audit/activity.ts';
import type { Actor } from '#shared/audit/actor.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { auditEventsOf, type AuditEvents } from './competitor-changes.ts';
import { changedFields } from './competitor-input.ts';
import type { Competitor } from './competitor.ts';
import type { CompetitorPatch } from './contract.ts';
import { refuseImpossibleDates } from './create-competitor.ts';

export interface UpdateCompetitorDeps {
  /** Consistent. */
  readonly byId: (competitorId: string) => Promise<Competitor | undefined>;
  /** All or nothing; false when the stored version is no longer the one before this. */
  readonly update: (competitor: Competitor, auditEvents: AuditEvents, before: Competitor) => Promise<boolean>;
  readonly today: () => string;
  readonly now: Clock;
  readonly newId: NewId;
}

const stale = (current: number): DomainError =>
  new DomainError(
    'stale',
    'STALE_VERSION',
    `Somebody changed this competitor in the meantime: it is at version ${current} now. Load it again and repeat your change.`,
    { version: current },
  );

function kindOf(changed: readonly string[], next: Competitor): Activity['kind'] {
  if (!changed.includes('active')) return 'competitor_changed';
  return next.active ? 'competitor_reactivated' : 'competitor_deactivated';
}

/**
 * Changes what the patch names. A patch that changes nothing leaves version and audit events alone.
 *
 * @throws DomainError not_found when the competitor is unknown or `mayTouch` says no, stale with the current version when
 * `expectedVersion` is not it, invalid for a release that is signed in the future.
 */
export function createUpdateCompetitor(
  deps: UpdateCompetitorDeps,
): (
  competitorId: string,
  expectedVersion: number,
  patch: CompetitorPatch,
  actor: Actor,
  mayTouch: (coachId: string) => boolean,
) => Promise<Competitor> {
  return async (competitorId, expectedVersion, patch, actor, mayTouch) => {
    const competitor = await deps.byId(competitorId);
    if (competitor === undefined || !mayTouch(competitor.coachId)) throw notFound();
    if (competitor.version !== expectedVersion) throw stale(competitor.version);
    refuseImpossibleDates(patch, deps.today());
    const changed = changedFields(competitor, patch);
    if (changed.length === 0) return competitor;

    const at = deps.now().toISOString();
    const given = Object.fromEntries(changed.map((field) => [field, patch[field]]));
    const next: Competitor = { ...competitor, ...given, version: competitor.version + 1, updatedAt: at };
    const auditEvents = auditEventsOf(
      { kind: kindOf(changed, next), action: 'competitor.update', details: { fields: changed } },
      competitor,
      actor,
      at,
      deps.newId,
    );
    if (await deps.update(next, auditEvents, competitor)) return next;
    const current = await deps.byId(competitorId);
    if (current === undefined) throw notFound();
    throw stale(current.version);
  };
}
