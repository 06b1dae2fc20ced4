import * as z from 'zod';

/** `GET /api/me`. */
export const meViewSchema = z.object({
  sub: z.string(),
  email: z.string().nullable(),
  name: z.string(),
  role: z.enum(['coach', 'admin']),
  /** The signed-in coach's own profile; for an admin, the coach acted as; null otherwise. */
  coach: z.object({ id: z.string(), name: z.string(), school: z.string() }).nullable(),
  /** The coach an admin acts as, from `X-Act-As`. */
  actingAs: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** What is switched on for that coach; null for an admin who acts as nobody: each coach's own switches count. */
  features: z.object({ onboarding: z.boolean() }).nullable(),
});
export type MeView = z.infer<typeof meViewSchema>;

/** `GET /api/config`: public, holds nothing secret. */
export const configViewSchema = z.object({
  stage: z.string(),
  version: z.string(),
  signIn: z.object({
    /** OIDC issuer of the access tokens. */
    issuer: z.url(),
    clientId: z.string(),
    /** Base URL of the managed login: `/oauth2/authorize`, `/oauth2/token`, `/oauth2/revoke`, `/logout`. */
    loginUrl: z.url(),
    scopes: z.array(z.string()),
  }),
  timeZone: z.string(),
  features: z.record(z.string(), z.boolean()),
});
export type ConfigView = z.infer<typeof configViewSchema>;

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
  name: z.string().trim().min(1).max(120),
  email: z.email().max(254),
  school: z.string().trim().min(1).max(160),
  features: z.strictObject({ onboarding: z.boolean() }).partial().optional(),
});

/** `PATCH /api/admin/coaches/{id}`; `enabled: false` also signs out everywhere. */
export const coachPatchSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(120),
    school: z.string().trim().min(1).max(160),
    enabled: z.boolean(),
    features: z.strictObject({ onboarding: z.boolean() }).partial(),
  })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, { message: 'Name something to change.' });
