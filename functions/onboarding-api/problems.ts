import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import type { LinkOutcome } from '#shared/onboarding/link-account.ts';
import type { CoachOutcome } from '#shared/onboarding/onboard-coach.ts';
import type { OnboardOutcome, OnboardRefusal } from '#shared/onboarding/onboard-competitor.ts';
import { NOT_ENABLED_WORDS } from '#shared/onboarding/onboarding-switch.ts';
import { natureOf } from '#shared/onboarding/refusals.ts';

const RETRY_SECONDS = { inProgress: 3, unavailable: 60, paused: 300 } as const;

export const retryAfter = (retryAfterSeconds: number) => ({ retryAfterSeconds });

export const paused = (again = 'add the competitor when it is on again'): DomainError =>
  new DomainError(
    'unavailable',
    'GAME_PLATFORM_PAUSED',
    `The program has paused the Game Platform. Nothing is lost; ${again}.`,
    retryAfter(RETRY_SECONDS.paused),
  );

/** Without consent nothing is asked of the platform about somebody, and nobody is sent a mail. */
export const heldBack = (): DomainError =>
  new DomainError(
    'conflict',
    'ON_HOLD',
    'The competitor is on hold because there is no valid release. Enter a new release first.',
  );

export const coachPaused = (): DomainError => paused('make the account when it is on again');

export const notEnabled = (): DomainError => new DomainError('conflict', 'NOT_ENABLED', NOT_ENABLED_WORDS);

function refusalProblem({ nature, message, remedy, retryAfterMs }: OnboardRefusal): DomainError {
  const detail = `${message} ${remedy}`;
  if (nature === 'final') return new DomainError('vendor_refused', 'GAME_PLATFORM_REFUSED', detail);
  if (nature === 'paused') {
    return new DomainError('unavailable', 'GAME_PLATFORM_PAUSED', detail, retryAfter(RETRY_SECONDS.paused));
  }
  const told = retryAfterMs === undefined ? RETRY_SECONDS.unavailable : Math.ceil(retryAfterMs / 1000);
  return new DomainError('unavailable', 'GAME_PLATFORM_UNAVAILABLE', detail, retryAfter(Math.max(1, told)));
}

/** What the use case found other than an account → the problem that says what to do. */
export function problemOf(outcome: Exclude<OnboardOutcome, { kind: 'onboarded' | 'already' }>): DomainError {
  if (outcome.kind === 'not_found') return notFound();
  if (outcome.kind === 'not_enabled') return notEnabled();
  if (outcome.kind === 'refused') return refusalProblem(outcome.refusal);
  if (outcome.kind === 'in_progress') {
    return new DomainError(
      'conflict',
      'ONBOARDING_IN_PROGRESS',
      'This competitor is being added right now. Wait a few seconds, then load the page again.',
      retryAfter(RETRY_SECONDS.inProgress),
    );
  }
  return new DomainError(
    'conflict',
    'NOT_COMPLIANT',
    'This competitor cannot be added yet. Complete what “missing” lists, then add them again.',
    { missing: [...outcome.missing] },
  );
}

/** The same for a coach's own account. */
export function coachProblemOf(outcome: Exclude<CoachOutcome, { readonly coach: Coach }>): DomainError {
  if (outcome.kind === 'not_found') return notFound();
  if (outcome.kind === 'refused') return refusalProblem(outcome.refusal);
  return new DomainError(
    'conflict',
    'ONBOARDING_IN_PROGRESS',
    'This coach’s account is being made right now. Wait a few seconds, then load the page again.',
    retryAfter(RETRY_SECONDS.inProgress),
  );
}

export function linkProblemOf(
  outcome: Exclude<LinkOutcome, { kind: 'onboarded' | 'already' | 'found' }>,
): DomainError {
  switch (outcome.kind) {
    case 'not_wanted':
      return new DomainError(
        'conflict',
        'LINK_NOT_WANTED',
        'Only a competitor who may be added, and has no account yet, can be linked. Complete the profile and the release first.',
      );
    case 'taken':
      return new DomainError(
        'conflict',
        'ACCOUNT_TAKEN',
        'That account belongs to someone else in the program. Check the id with the competitor.',
      );
    case 'erased':
      return new DomainError(
        'conflict',
        'ACCOUNT_ERASED',
        'That account belonged to someone who was erased, so it cannot be linked. Check the id with the competitor.',
      );
    case 'not_proven':
      return new DomainError(
        'conflict',
        'NOT_PROVEN',
        'The Game Platform does not show that this account has the competitor’s email address. Ask an admin to link it.',
      );
    case 'unknown':
      return new DomainError(
        'invalid',
        'PLATFORM_USER_UNKNOWN',
        'The Game Platform does not know that id. Check it with the competitor or the program.',
        { errors: [{ path: 'platformUserId', message: 'The Game Platform does not know this id.' }] },
      );
    default:
      return problemOf(outcome);
  }
}

/** What the platform said to a password reset → the problem that says what to do; undefined: not the platform's. */
export function passwordResetProblem(error: unknown): DomainError | undefined {
  if (!(error instanceof GamePlatformError)) return undefined;
  if (error.code === 'NOT_OFFERED') {
    return new DomainError(
      'not_offered',
      'NOT_OFFERED',
      'We cannot reset passwords on the Game Platform. The competitor can ask for a reset on its sign-in page.',
    );
  }
  const nature = natureOf(error.code);
  if (nature === 'paused') return paused();
  if (nature === 'final') {
    return new DomainError(
      'vendor_refused',
      'GAME_PLATFORM_REFUSED',
      'The Game Platform refused to send it. Look at the state of the account, then try again or tell an admin.',
    );
  }
  const wait = error.context.retryAfterMs;
  return new DomainError(
    'unavailable',
    'GAME_PLATFORM_UNAVAILABLE',
    error.code === 'RATE_LIMITED'
      ? 'We are busy with other calls to the Game Platform right now. Try again in a minute.'
      : 'We could not reach the Game Platform just now. Try again in a minute.',
    retryAfter(wait === undefined ? RETRY_SECONDS.unavailable : Math.max(1, Math.ceil(wait / 1000))),
  );
}
