import type { Activity } from '#shared/audit/activity.ts';
import type { Actor } from '#shared/audit/actor.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { auditEventsOf, type AuditEvents } from './competitor-changes.ts';
import { changedFields } from './competitor-input.ts';
import type { Competitor } from './competitor.ts';
import { liftedByRelease, onHold } from './consent.ts';
import type { CompetitorPatch } from './contract.ts';
import { refuseImpossibleDates, type SeasonStart } from './create-competitor.ts';

export interface UpdateCompetitorDeps {
  /** Consistent. */
  readonly byId: (competitorId: string) => Promise<Competitor | undefined>;
  /** All or nothing; false when the stored version is no longer the one before this. */
  readonly update: (competitor: Competitor, auditEvents: AuditEvents, before: Competitor) => Promise<boolean>;
  readonly today: () => string;
  readonly seasonStart: SeasonStart;
  readonly now: Clock;
  readonly newId: NewId;
}

const stale = (current: number): DomainError =>
  new DomainError(
    'stale',
    'STALE_VERSION',
    `Someone else changed this competitor in the meantime: it is at version ${current} now. Load it again and repeat your change.`,
    { version: current },
  );

/** What a change is called. Consent given or taken back goes before all else that changed with it. */
function changeOf(
  before: Competitor,
  next: Competitor,
): { readonly kind: Activity['kind']; readonly action: string } {
  const [was, is] = [onHold(before) !== null, onHold(next) !== null];
  if (!was && is) return { kind: 'competitor_put_on_hold', action: 'competitor.hold' };
  if (was && !is) return { kind: 'competitor_hold_lifted', action: 'competitor.lift_hold' };
  const action = 'competitor.update';
  if (before.active === next.active) return { kind: 'competitor_changed', action };
  return { kind: next.active ? 'competitor_reactivated' : 'competitor_deactivated', action };
}

/**
 * Changes what the patch names. A patch that changes nothing leaves version and audit events alone. Dates that stay as
 * they are may be from an earlier season.
 *
 * @throws DomainError not_found when the competitor is unknown or `mayTouch` says no, stale with the current version when
 * `expectedVersion` is not it, invalid for a release that is signed in the future or before the season.
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
    const changed = changedFields(competitor, patch);
    if (changed.length === 0) return competitor;
    const given = Object.fromEntries(changed.map((field) => [field, patch[field]]));
    refuseImpossibleDates(given, deps.today(), await deps.seasonStart());

    const at = deps.now().toISOString();
    const asGiven: Competitor = { ...competitor, ...given, version: competitor.version + 1, updatedAt: at };
    const lifted = !changed.includes('consentWithdrawnDate') && liftedByRelease(competitor, asGiven);
    const next: Competitor = lifted ? { ...asGiven, consentWithdrawnDate: null } : asGiven;
    const fields = lifted ? [...changed, 'consentWithdrawnDate'] : changed;
    const auditEvents = auditEventsOf(
      { ...changeOf(competitor, next), details: { fields } },
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
