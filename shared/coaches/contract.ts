import * as z from 'zod';
import { route } from '#shared/kernel/contract.ts';
import { pageQuerySchema } from '#shared/kernel/paging.ts';
import { emailInput, textInput } from '#shared/kernel/text.ts';

/** One line of `GET /api/admin/coaches`. */
export const coachViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  school: z.string(),
  enabled: z.boolean(),
  competitors: z.int().nullable(),
  /** Switches for a gradual roll-out; `onboarding`: may put competitors on the Game Platform. */
  features: z.object({ onboarding: z.boolean() }),
  /** The coach's own account over there; null until it exists. */
  gamePlatformId: z.string().nullable(),
});
export type CoachView = z.infer<typeof coachViewSchema>;
export const coachListSchema = z.object({
  items: z.array(coachViewSchema),
  nextCursor: z.string().nullable(),
});

/** `POST /api/admin/coaches`: makes the sign-in, its group and the invitation. */
export const coachCreateSchema = z.strictObject({
  name: textInput('the name', { max: 120 }),
  email: emailInput,
  school: textInput('the school', { max: 160 }),
  features: z.strictObject({ onboarding: z.boolean() }).partial().optional(),
});

/** `PATCH /api/admin/coaches/{id}`; `enabled: false` also signs out everywhere. */
export const coachPatchSchema = z
  .strictObject({
    name: textInput('the name', { max: 120 }),
    school: textInput('the school', { max: 160 }),
    enabled: z.boolean(),
    features: z.strictObject({ onboarding: z.boolean() }).partial(),
  })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, { message: 'Name something to change.' });

/** `POST /api/admin/coaches/{id}/act`. */
export const actStartSchema = z.strictObject({
  reason: textInput('the reason', { min: 3, max: 200 }).describe(
    'Why; kept in the audit log. No names of students, no other personal data.',
  ),
  continues: z.boolean().default(false).describe('It goes on with one that was started before.'),
});

/** How long an admin acts as a coach before the site asks again. */
export const ACTING_MINUTES = 30;

/** An admin acting as a coach. */
export const actingViewSchema = z.object({
  id: z.string().describe('Sent along as `x-acting-id`, the site’s calls are refused once it is over.'),
  coachId: z.string(),
  startedAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  secondsLeft: z.number().nonnegative().describe('For clocks that differ from ours.'),
});
export type ActingView = z.infer<typeof actingViewSchema>;

export const ACT_ENDS = ['stopped', 'time', 'signout'] as const;
export const actEndSchema = z.strictObject({ how: z.enum(ACT_ENDS) });

export const coachRoutes = {
  actAsCoach: route('POST', '/api/admin/coaches/{id}/act', {
    served: 'coaches-api',
    access: 'admin',
    rate: 'write',
    summary: 'Start acting as a coach for half an hour, with a reason',
    body: actStartSchema,
    success: { status: 201, description: 'Under way.', schema: actingViewSchema },
  }),
  endActing: route('POST', '/api/admin/coaches/{id}/act/{actingId}/end', {
    served: 'coaches-api',
    access: 'admin',
    rate: 'write',
    summary: 'End acting as a coach',
    body: actEndSchema,
    success: { status: 200, description: 'Over.', schema: actingViewSchema },
  }),
  listCoaches: route('GET', '/api/admin/coaches', {
    served: 'coaches-api',
    access: 'admin',
    rate: 'read',
    summary: 'The coaches of the program',
    query: pageQuerySchema,
    success: { status: 200, description: 'A page.', schema: coachListSchema },
  }),
  createCoach: route('POST', '/api/admin/coaches', {
    served: 'coaches-api',
    access: 'admin',
    rate: 'mail',
    summary: 'Add a coach: their sign-in, its group and the invitation by email',
    body: coachCreateSchema,
    success: { status: 201, description: 'Added and invited.', schema: coachViewSchema },
    problems: { 409: ['EMAIL_TAKEN'] },
  }),
  updateCoach: route('PATCH', '/api/admin/coaches/{id}', {
    served: 'coaches-api',
    access: 'admin',
    rate: 'write',
    summary: 'Change a coach; switched off, they are signed out everywhere',
    body: coachPatchSchema,
    success: { status: 200, description: 'Changed.', schema: coachViewSchema },
  }),
} as const;

/** Apart, since it calls the vendor, which the function of administration may not. */
export const coachAccountRoutes = {
  onboardCoach: route('POST', '/api/admin/coaches/{id}/onboard', {
    served: 'onboarding-api',
    access: 'admin',
    rate: 'vendor',
    summary: 'Make a coach’s own account on the Game Platform',
    success: { status: 200, description: 'The coach, with their account.', schema: coachViewSchema },
    problems: {
      409: ['ONBOARDING_IN_PROGRESS'],
      502: ['GAME_PLATFORM_REFUSED'],
      503: ['GAME_PLATFORM_UNAVAILABLE', 'GAME_PLATFORM_PAUSED'],
    },
  }),
} as const;
