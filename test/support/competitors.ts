import { competitorToRow } from '#shared/competitors/competitor-to-view.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { competitorViewSchema, type CompetitorView } from '#shared/competitors/contract.ts';
import type { Coach } from '#shared/identity/identity.ts';

/** Records as the table keeps them; every test says only what it is about. */

export const CREATED_AT = '2026-09-01T16:00:00.000Z';

export const NO_ACCOUNT: Competitor['platform'] = {
  userId: null,
  username: null,
  accountStatus: null,
  lastLoginAt: null,
  onboardedAt: null,
  checkedAt: null,
  refusal: null,
};

export const APPROVED_ACCOUNT: Competitor['platform'] = {
  ...NO_ACCOUNT,
  userId: 4711,
  username: 'mira.okafor',
  accountStatus: 'approved',
  lastLoginAt: '2026-11-10T18:00:00.000Z',
  onboardedAt: '2026-09-04T17:00:00.000Z',
  checkedAt: '2026-11-10T18:00:00.000Z',
};

/** A minor whose profile and release are in: `compliance`. */
export function aCompetitor(facts: Partial<Competitor> = {}): Competitor {
  return {
    id: 'cmp_1',
    version: 1,
    coachId: 'coa_1',
    firstName: 'Mira',
    lastName: 'Okafor',
    email: 'mira@example.org',
    adult: false,
    schoolEmail: null,
    guardianName: 'Ada Okafor',
    guardianEmail: 'ada@example.org',
    grade: 9,
    division: 'high_school',
    participationAgreementDate: null,
    mediaReleaseDate: '2026-09-02',
    consentWithdrawnDate: null,
    active: true,
    season: null,
    teamId: null,
    teamJoinedAt: null,
    gamePlatformId: null,
    platform: NO_ACCOUNT,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    ...facts,
  };
}

/** An adult whose profile and agreement are in: `compliance`. */
export const anAdult = (facts: Partial<Competitor> = {}): Competitor =>
  aCompetitor({
    adult: true,
    schoolEmail: 'mira@college.example.org',
    guardianName: null,
    guardianEmail: null,
    grade: 13,
    division: 'college',
    mediaReleaseDate: null,
    participationAgreementDate: '2026-09-02',
    ...facts,
  });

/** The whole record as the API answers it; nobody is noted as having seen it. */
export const competitorToView = (...of: Parameters<typeof competitorToRow>): CompetitorView =>
  competitorViewSchema.parse({ ...of[0], ...competitorToRow(...of) });

export function aCoach(facts: Partial<Coach> = {}): Coach {
  return {
    id: 'coa_1',
    name: 'Marisol Vega',
    email: 'marisol@example.org',
    school: 'Harbor Middle School',
    enabled: true,
    gamePlatformId: null,
    features: { onboarding: true },
    createdAt: CREATED_AT,
    ...facts,
  };
}
