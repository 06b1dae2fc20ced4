/** The site's own sentences for what the API refuses; a field's stands beside it and says what fits there. */

const EMAIL = 'Enter a complete email address, such as name@example.org.';
const SIGNED = 'Enter the day it was signed: not in the future, and not before this season.';

const FIELD_SENTENCES: Readonly<Record<string, string>> = {
  firstName: 'Enter a first name of up to 100 characters.',
  lastName: 'Enter a last name of up to 100 characters.',
  email: EMAIL,
  schoolEmail: EMAIL,
  guardianName: 'Enter the guardian’s name, up to 100 characters.',
  guardianEmail: EMAIL,
  grade: 'Enter a grade from 1 to 16, such as 7.',
  division: 'Choose a division.',
  adult: 'Say whether the competitor is 18 or older.',
  participationAgreementDate: SIGNED,
  mediaReleaseDate: SIGNED,
  consentWithdrawnDate: 'Enter the day it was withdrawn: not in the future.',
  name: 'Enter a name of up to 100 characters.',
  school: 'Enter the school or club, up to 160 characters.',
  affiliation: 'Enter the school or club, up to 100 characters.',
  coachId: 'Choose a coach.',
  until: 'Choose a day in the next few weeks.',
  gamePlatformId: 'Enter the account’s id, not an email address.',
  platformUserId: 'Enter the account’s id, not an email address.',
  'payload.competitorId': 'Enter the competitor’s id. It is in the address of their page.',
};

/** Where a code says more about a field than that its value does not fit. */
const CODE_FIELD_SENTENCES: Readonly<Record<string, string>> = {
  EMAIL_TAKEN: 'Someone already signs in with this email address. Enter another one.',
  SCHEDULE_NAME_TAKEN: 'There is a schedule with this name. Choose another one.',
  PLATFORM_USER_UNKNOWN: 'The Game Platform does not know this id. Check it with the competitor.',
};

/** The sentence beside a field that the API refused under a code. */
export const fieldSentence = (code: string | undefined, field: string): string =>
  CODE_FIELD_SENTENCES[code ?? ''] ?? FIELD_SENTENCES[field] ?? 'Check this value.';

/** Codes whose text on the API speaks of requests and headers, which nobody at a screen has to do with. */
const CODE_SENTENCES: Readonly<Record<string, string>> = {
  VALIDATION_FAILED: 'Some of this does not fit yet. Fix what is marked, then save again.',
  MALFORMED_JSON: 'This could not be sent. Reload the page and try again.',
  BAD_CURSOR: 'The list has changed. Reload the page.',
  BAD_IF_MATCH: 'This could not be sent. Reload the page and try again.',
  BAD_IDEMPOTENCY_KEY: 'This could not be sent. Reload the page and try again.',
  IDEMPOTENCY_KEY_REUSED: 'This could not be sent. Reload the page and try again.',
  IF_MATCH_REQUIRED: 'This could not be sent. Reload the page and try again.',
  IDEMPOTENCY_KEY_IN_USE: 'This is still being saved. Try again in a moment.',
  TOO_LARGE: 'This is too large to send.',
  EXPORT_TOO_LARGE: 'This is too much for one file. Choose one coach, a division, a team, or fewer days.',
  STALE_VERSION: 'Someone else changed this in the meantime. Look at it again, then repeat your change.',
  COACH_REQUIRED: 'Choose whose this is, or act as the coach.',
  NOT_COMPLIANT: 'This competitor cannot be added yet. Complete what is missing first.',
  EMAIL_TAKEN: 'Someone already signs in with this email address. Enter another one.',
  NOT_FOUND: 'This does not exist, or it belongs to another coach.',
  UNAUTHENTICATED: 'You have been signed out. Sign in again.',
};

/** The site's sentence for a code; the API's own, written for people, where there is none. */
export const codeSentence = (code: string, detail: string): string => CODE_SENTENCES[code] ?? detail;
