import type { Actor } from '#shared/audit/actor.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { auditEventsOf, type AuditEvents } from './competitor-changes.ts';
import { dateErrors } from './competitor-input.ts';
import type { Competitor } from './competitor.ts';
import type { CompetitorCreate } from './contract.ts';

/** The first day, `YYYY-MM-DD`, on which a release of this season may be signed; null: no season is set. */
export type SeasonStart = () => Promise<string | null>;

export interface CreateCompetitorDeps {
  /** All or nothing. */
  readonly create: (competitor: Competitor, auditEvents: AuditEvents) => Promise<void>;
  /** `YYYY-MM-DD` in the program's time zone. */
  readonly today: () => string;
  readonly seasonStart: SeasonStart;
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
  consentWithdrawnDate: null,
});

export function refuseImpossibleDates(...given: Parameters<typeof dateErrors>): void {
  const errors = dateErrors(...given);
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
 * @throws DomainError invalid for a release that is signed in the future or before the season.
 */
export function createCreateCompetitor(
  deps: CreateCompetitorDeps,
): (coachId: string, input: CompetitorCreate, actor: Actor) => Promise<Competitor> {
  return async (coachId, input, actor) => {
    refuseImpossibleDates(input, deps.today(), await deps.seasonStart());
    const at = deps.now().toISOString();
    const competitor: Competitor = {
      id: deps.newId('cmp'),
      version: 1,
      coachId,
      ...profileOf(input),
      active: true,
      season: null,
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
