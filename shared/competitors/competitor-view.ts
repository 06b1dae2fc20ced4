import * as z from 'zod';

/** What the API says of a competitor. Times are ISO 8601 UTC, dates `YYYY-MM-DD`. */

export const DIVISIONS = ['middle_school', 'high_school', 'college'] as const;
export const divisionSchema = z.enum(DIVISIONS);

/** Computed from the record, never typed in: see `competitor-status.ts`. */
export const COMPETITOR_STATUSES = ['pending', 'profile', 'compliance', 'complete'] as const;
export const competitorStatusSchema = z.enum(COMPETITOR_STATUSES);
export type CompetitorStatus = z.infer<typeof competitorStatusSchema>;

export const CHAIN_LINKS = ['release', 'account', 'approval', 'team', 'last_solve'] as const;

export const chainLinkSchema = z.object({
  link: z.enum(CHAIN_LINKS),
  /** `waiting_you`: a coach or student acts; `waiting_platform`: the platform or we act; `live`: solved lately. */
  state: z.enum(['done', 'live', 'waiting_you', 'waiting_platform', 'refused', 'not_yet']),
  /** When the link was closed, where that is known. */
  at: z.iso.datetime().nullable(),
  /** One sentence: what is so, or what to do next. */
  text: z.string(),
});
export type ChainLink = z.infer<typeof chainLinkSchema>;

export const competitorViewSchema = z.object({
  id: z.string(),
  version: z.int(),
  coachId: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string().nullable(),
  adult: z.boolean(),
  schoolEmail: z.string().nullable(),
  guardianName: z.string().nullable(),
  guardianEmail: z.string().nullable(),
  grade: z.int().nullable(),
  division: divisionSchema.nullable(),
  participationAgreementDate: z.iso.date().nullable(),
  mediaReleaseDate: z.iso.date().nullable(),
  active: z.boolean(),
  status: competitorStatusSchema,
  /** What stands between this competitor and the Game Platform, in words; empty from `compliance` on. */
  missing: z.array(z.object({ field: z.string(), message: z.string() })),
  team: z.object({ id: z.string(), name: z.string() }).nullable(),
  gamePlatform: z.object({
    id: z.string().nullable(),
    username: z.string().nullable(),
    /** `user_created`, `pending_approval`, `approved` or `denied`; whatever else the platform says is passed on as it came. */
    accountStatus: z.string().nullable(),
    lastLoginAt: z.iso.datetime().nullable(),
    onboardedAt: z.iso.datetime().nullable(),
    /** The platform's last refusal and what to do about it; cleared by success. */
    refusal: z
      .object({ code: z.string(), message: z.string(), remedy: z.string(), at: z.iso.datetime() })
      .nullable(),
  }),
  challengesSolved: z.int(),
  lastSolveAt: z.iso.datetime().nullable(),
  lastReadAt: z.iso.datetime().nullable(),
  /** The last try to read the scores and why it was made then, in a sentence; null when none is told. */
  lastRead: z.object({ at: z.iso.datetime(), because: z.string() }).nullable(),
  chain: z.array(chainLinkSchema).length(CHAIN_LINKS.length),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type CompetitorView = z.infer<typeof competitorViewSchema>;

export const competitorListSchema = z.object({
  items: z.array(competitorViewSchema),
  nextCursor: z.string().nullable(),
});
