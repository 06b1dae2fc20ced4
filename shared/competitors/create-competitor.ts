import type { Actor } from '#shared/audit/actor.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { auditEventsOf, type AuditEvents } from './competitor-changes.ts';
import { dateErrors } from './competitor-input.ts';
import type { Competitor } from './competitor.ts';
import type { CompetitorCreate } from './contract.ts';

export interface CreateCompetitorDeps {
  /** All or nothing. */
  readonly create: (competitor: Competitor, auditEvents: AuditEvents) => Promise<void>;
  /** `YYYY-MM-DD` in the program's time zone. */
  readonly today: () => string;
  readonly now: Clock;
  readonly newId: NewId;
}

const NO_ACCOUNT: Competitor['platform'] = {
  userId: null,
  username: null,
  accountStatus: null,
  lastLoginAt: null,
  onboardedAt: null,
  checkedAt: null,
  refusal: null,
};

/** What a new competitor is known by; null where nothing is said. */
export const profileOf = (input: CompetitorCreate) => ({
  firstName: input.firstName,
  lastName: input.lastName,
  email: input.email ?? null,
  adult: input.adult,
  schoolEmail: input.schoolEmail ?? null,
  guardianName: input.guardianName ?? null,
  guardianEmail: input.guardianEmail ?? null,
  grade: input.grade ?? null,
  division: input.division ?? null,
  participationAgreementDate: input.participationAgreementDate ?? null,
  mediaReleaseDate: input.mediaReleaseDate ?? null,
});

export function refuseImpossibleDates(input: Parameters<typeof dateErrors>[0], today: string): void {
  const errors = dateErrors(input, today);
  if (errors.length === 0) return;
  throw new DomainError(
    'invalid',
    'VALIDATION_FAILED',
    'A date cannot be right. Correct it and send it again.',
    {
      errors,
    },
  );
}

/**
 * A new competitor of this coach, with version 1.
 * @throws DomainError invalid for a release that is signed in the future.
 */
export function createCreateCompetitor(
  deps: CreateCompetitorDeps,
): (coachId: string, input: CompetitorCreate, actor: Actor) => Promise<Competitor> {
  return async (coachId, input, actor) => {
    refuseImpossibleDates(input, deps.today());
    const at = deps.now().toISOString();
    const competitor: Competitor = {
      id: deps.newId('cmp'),
      version: 1,
      coachId,
      ...profileOf(input),
      active: true,
      teamId: null,
      teamJoinedAt: null,
      gamePlatformId: null,
      platform: NO_ACCOUNT,
      createdAt: at,
      updatedAt: at,
    };
    const auditEvents = auditEventsOf(
      { kind: 'competitor_created', action: 'competitor.create' },
      competitor,
      actor,
      at,
      deps.newId,
    );
    await deps.create(competitor, auditEvents);
    return competitor;
  };
}
