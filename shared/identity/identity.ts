import * as z from 'zod';

/** Who a sign-in is. Read from the table on every request, so that switching somebody off works at once. */
export const identitySchema = z.object({
  /** Cognito's `sub`. */
  sub: z.string(),
  role: z.enum(['coach', 'admin']),
  /** The coach profile of a coach; null for an admin. */
  coachId: z.string().nullable(),
  name: z.string(),
  email: z.string(),
  enabled: z.boolean(),
  createdAt: z.iso.datetime(),
});
export type Identity = z.infer<typeof identitySchema>;

/** Switches per coach, for a gradual roll-out. What a row does not say is on, so that older rows keep working. */
export const coachFeaturesSchema = z.object({
  /** May put competitors on the Game Platform. */
  onboarding: z.boolean().default(true),
});

/** A coach as the program knows them. */
export const coachSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  school: z.string(),
  enabled: z.boolean(),
  /** `syned_user_id` of the coach's own platform account; null until it exists. */
  gamePlatformId: z.string().nullable(),
  features: coachFeaturesSchema.prefault({}),
  createdAt: z.iso.datetime(),
});
export type Coach = z.infer<typeof coachSchema>;
/** A coach to be written: what has a default may be left out. */
export type CoachInput = z.input<typeof coachSchema>;

/** An admin acting as a coach by the site, from a reason given to its end. */
export const actingSchema = z.object({
  id: z.string(),
  /** Of the admin. */
  sub: z.string(),
  coachId: z.string(),
  startedAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  /** When it was ended before its time; null: it was not. */
  endedAt: z.iso.datetime().nullable(),
});
export type Acting = z.infer<typeof actingSchema>;

export const isOver = ({ endsAt, endedAt }: Acting, now: Date): boolean =>
  endedAt !== null || Date.parse(endsAt) <= now.getTime();
