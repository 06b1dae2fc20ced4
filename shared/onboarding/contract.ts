import * as z from 'zod';
import { competitorViewSchema } from '#shared/competitors/contract.ts';
import { route } from '#shared/kernel/contract.ts';
import { idInput } from '#shared/kernel/text.ts';

/** `POST /api/game-platform/competitors/{id}/link`: the id that the platform knows the competitor's other account by. */
export const linkAccountSchema = z.strictObject({
  platformUserId: z
    .string()
    .trim()
    .regex(/^[\w.:-]{1,100}$/, {
      error:
        'Enter the account’s id on the Game Platform, not an email address: letters, digits, “.”, “:”, “-” and “_”.',
    }),
});

/** `POST /api/game-platform/competitors/onboard`: chosen competitors, or all of a coach's who may be added. */
export const onboardManySchema = z.strictObject({
  competitorIds: z
    .array(idInput)
    .min(1, { error: 'Choose at least one competitor.' })
    .max(500, { error: 'Choose 500 competitors at most, or leave this out for all.' })
    .optional(),
  coachId: idInput.optional(),
});

const jobStartedSchema = z.object({ jobId: z.string() });

export const onboardingRoutes = {
  onboardCompetitor: route('POST', '/api/game-platform/competitors/{id}', {
    served: 'onboarding-api',
    access: 'coach',
    rate: 'vendor',
    summary: 'Put a competitor on the Game Platform',
    success: { status: 200, description: 'The competitor, with its account.', schema: competitorViewSchema },
    problems: {
      409: ['NOT_ENABLED', 'NOT_COMPLIANT', 'ONBOARDING_IN_PROGRESS'],
      502: ['GAME_PLATFORM_REFUSED'],
      503: ['GAME_PLATFORM_UNAVAILABLE', 'GAME_PLATFORM_PAUSED'],
    },
    actAs: true,
  }),
  refreshCompetitor: route('POST', '/api/game-platform/competitors/{id}/sync', {
    served: 'onboarding-api',
    access: 'coach',
    rate: 'vendor',
    summary: 'Read one competitor’s scores now',
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
    problems: { 409: ['NOT_ON_PLATFORM', 'ON_HOLD'], 429: ['TOO_OFTEN'] },
    actAs: true,
  }),
  resetPassword: route('POST', '/api/game-platform/competitors/{id}/password-reset', {
    served: 'onboarding-api',
    access: 'coach',
    rate: 'mail',
    summary: 'Have the Game Platform send a password reset',
    success: {
      status: 200,
      description: 'The platform sends it.',
      schema: z.object({ sent: z.literal(true) }),
    },
    problems: {
      409: ['NOT_ON_PLATFORM', 'ON_HOLD'],
      429: ['TOO_OFTEN'],
      501: ['NOT_OFFERED'],
      502: ['GAME_PLATFORM_REFUSED'],
      503: ['GAME_PLATFORM_UNAVAILABLE', 'GAME_PLATFORM_PAUSED'],
    },
    actAs: true,
  }),
  linkAccount: route('POST', '/api/game-platform/competitors/{id}/link', {
    served: 'onboarding-api',
    access: 'coach',
    rate: 'vendor',
    summary:
      'Link an account that the Game Platform has already: an admin, or a coach where its answer carries the competitor’s email',
    body: linkAccountSchema,
    bodyLast: true,
    success: { status: 200, description: 'The competitor, with its account.', schema: competitorViewSchema },
    problems: {
      409: [
        'NOT_ENABLED',
        'LINK_NOT_WANTED',
        'ACCOUNT_TAKEN',
        'ACCOUNT_ERASED',
        'NOT_PROVEN',
        'ONBOARDING_IN_PROGRESS',
      ],
      422: ['PLATFORM_USER_UNKNOWN'],
      502: ['GAME_PLATFORM_REFUSED'],
      503: ['GAME_PLATFORM_UNAVAILABLE', 'GAME_PLATFORM_PAUSED'],
    },
    actAs: true,
  }),
  onboardMany: route('POST', '/api/game-platform/competitors/onboard', {
    served: 'onboarding-api',
    access: 'coach',
    rate: 'bulk',
    summary: 'Put chosen competitors, or all of a coach who may be added, on the Game Platform',
    body: onboardManySchema,
    largeBody: true,
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
    problems: { 409: ['NOT_ENABLED'], 422: ['COACH_REQUIRED'] },
    actAs: true,
  }),
} as const;
