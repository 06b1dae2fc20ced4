import { hasConsent, releaseFieldOf } from './consent.ts';
import type { Competitor } from './competitor.ts';
import type { CompetitorStatus } from './contract.ts';

/** The part of a competitor that its status depends on. */
export type StatusFacts = Pick<
  Competitor,
  | 'firstName'
  | 'lastName'
  | 'email'
  | 'adult'
  | 'schoolEmail'
  | 'guardianName'
  | 'guardianEmail'
  | 'grade'
  | 'division'
  | 'participationAgreementDate'
  | 'mediaReleaseDate'
  | 'consentWithdrawnDate'
  | 'gamePlatformId'
>;

/** A field that stands between a competitor and the Game Platform, and what to do about it. */
export interface Missing {
  readonly field: string;
  readonly message: string;
}

const lacks = (value: string | number | null): boolean =>
  value === null || (typeof value === 'string' && value.trim() === '');

function missingFromProfile(facts: StatusFacts): Missing[] {
  const required: [field: keyof StatusFacts, message: string][] = [
    ['firstName', 'The first name is missing. Enter it.'],
    ['lastName', 'The last name is missing. Enter it.'],
    ['grade', 'The grade is missing. Enter it.'],
    ['division', 'The division is missing. Choose middle school, high school, or college.'],
    ['email', 'The email address is missing. Enter the one to use for the account.'],
  ];
  if (facts.adult) {
    required.push(['schoolEmail', 'The school email is missing. Everyone 18 or older needs one.']);
  } else {
    required.push(
      ['guardianName', 'The guardian’s name is missing. Everyone under 18 needs a guardian.'],
      ['guardianEmail', 'The guardian’s email is missing. The media release is sent there.'],
    );
  }
  return required
    .filter(([field]) => {
      const value = facts[field];
      return typeof value !== 'boolean' && lacks(value);
    })
    .map(([field, message]) => ({ field, message }));
}

function missingRelease(facts: StatusFacts): Missing[] {
  if (hasConsent(facts)) return [];
  const field = releaseFieldOf(facts);
  if (facts.consentWithdrawnDate !== null) {
    return [{ field, message: 'The release was withdrawn. Enter the day a new one was signed.' }];
  }
  return [
    {
      field,
      message: facts.adult
        ? 'The participation agreement is missing. Enter the day it was signed.'
        : 'The media release is missing. Enter the day a guardian signed it.',
    },
  ];
}

/**
 * `pending` (the profile lacks something) → `profile` (the release is missing) → `compliance` (may be added to the
 * Game Platform) → `complete` (has an account there, whatever the profile says by now).
 */
export function competitorStatus(facts: StatusFacts): CompetitorStatus {
  if (facts.gamePlatformId !== null) return 'complete';
  if (missingFromProfile(facts).length > 0) return 'pending';
  return missingRelease(facts).length > 0 ? 'profile' : 'compliance';
}

/** Everything that is missing, profile first; from `compliance` on nothing but a release that was taken back. */
export function missingFor(facts: StatusFacts): Missing[] {
  if (facts.gamePlatformId !== null) return missingRelease(facts);
  return [...missingFromProfile(facts), ...missingRelease(facts)];
}
