import type { Competitor } from './competitor.ts';

/** Whether somebody's data may be used, decided in one place: status, chain, needs, figures and score reads ask here. */

export type ConsentFacts = Pick<
  Competitor,
  | 'adult'
  | 'participationAgreementDate'
  | 'mediaReleaseDate'
  | 'consentWithdrawnDate'
  | 'gamePlatformId'
  | 'active'
>;

type ReleaseFacts = Pick<ConsentFacts, 'adult' | 'participationAgreementDate' | 'mediaReleaseDate'>;

/** The field that holds the release this person needs. */
export const releaseFieldOf = ({
  adult,
}: Pick<ConsentFacts, 'adult'>): 'participationAgreementDate' | 'mediaReleaseDate' =>
  adult ? 'participationAgreementDate' : 'mediaReleaseDate';

/** The date of the release that this person needs; null while it is not in. */
export const releaseDateOf = (facts: ReleaseFacts): string | null => facts[releaseFieldOf(facts)];

/** A release is in, and nobody has taken it back since. */
export const hasConsent = (facts: ReleaseFacts & Pick<ConsentFacts, 'consentWithdrawnDate'>): boolean =>
  (releaseDateOf(facts) ?? '') !== '' && facts.consentWithdrawnDate === null;

export interface OnHold {
  /** `withdrawn`: a guardian or the person asked for it; `no_release`: the date of the release was taken out. */
  readonly because: 'withdrawn' | 'no_release';
  /** The day of the wish, `YYYY-MM-DD`; null where none is recorded. */
  readonly since: string | null;
}

/** Why somebody who has an account is on hold; null: they are not. */
export function onHold(facts: Omit<ConsentFacts, 'active'>): OnHold | null {
  if (facts.gamePlatformId === null || hasConsent(facts)) return null;
  const since = facts.consentWithdrawnDate;
  return { because: since === null ? 'no_release' : 'withdrawn', since };
}

/** Active and not on hold: figures count them. */
export const isCounted = (facts: ConsentFacts): boolean => facts.active && onHold(facts) === null;

/** Counted, with an account: the only people whom the platform is asked about. */
export const isRead = <T extends ConsentFacts>(facts: T): facts is T & { readonly gamePlatformId: string } =>
  facts.gamePlatformId !== null && isCounted(facts);

/**
 * A release that is entered lifts a wish that is not newer than it. A wish entered in the same change stands, so that
 * both can be corrected at once.
 */
export function liftedByRelease(before: ReleaseFacts, after: ConsentFacts): boolean {
  const date = releaseDateOf(after);
  const { consentWithdrawnDate: wish } = after;
  return date !== null && wish !== null && date !== releaseDateOf(before) && date >= wish;
}
