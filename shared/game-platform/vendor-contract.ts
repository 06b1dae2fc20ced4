import * as z from 'zod';

/**
 * The MetaCTF integration API, as published and as observed. Times are whole Unix seconds; `syned_*` ids are
 * strings that we choose, `metactf_*` ids are theirs. Unknown fields and unknown enum values are kept out of the
 * way, never an error: the vendor adds some without notice.
 */

export const userRoleSchema = z.enum(['coach', 'user']);
export const teamDivisionSchema = z.enum(['middle_school', 'high_school', 'college']);

export const userCreateSchema = z.object({
  first_name: z.string().min(1),
  last_name: z.string().min(1),
  email: z.email(),
  role: userRoleSchema,
  syned_user_id: z.string().min(1),
  preferred_username: z.string().nullish(),
  syned_school_id: z.string().nullish(),
  syned_region_id: z.string().nullish(),
  syned_coach_user_id: z.string().nullish(),
});
export type UserCreate = z.infer<typeof userCreateSchema>;

export const userResponseSchema = z.object({
  metactf_user_id: z.int(),
  metactf_username: z.string(),
  syned_user_id: z.string(),
  /** `user_created | pending_approval | approved | denied`, and whatever they add. */
  metactf_user_status: z.string(),
  last_login_unix_timestamp: z.int().nullish(),
});
export type UserResponse = z.infer<typeof userResponseSchema>;

export const teamCreateSchema = z.object({
  syned_coach_user_id: z.string().min(1),
  syned_team_id: z.string().min(1),
  team_name: z.string().min(1),
  affiliation: z.string().min(1),
  division: teamDivisionSchema,
});
export type TeamCreate = z.infer<typeof teamCreateSchema>;

export const teamResponseSchema = z.object({
  metactf_team_id: z.int(),
  metactf_coach_id: z.string(),
  syned_team_id: z.string(),
  team_name: z.string(),
  division: z.string(),
  affiliation: z.string(),
});
export type TeamResponse = z.infer<typeof teamResponseSchema>;

export const teamAssignmentSchema = z.object({
  syned_user_id: z.string(),
  syned_team_id: z.string().nullish(),
});
export type TeamAssignment = z.infer<typeof teamAssignmentSchema>;

export const teamAssignmentsSchema = z.object({
  assignments: z.array(teamAssignmentSchema),
  total_count: z.int(),
});
export type TeamAssignments = z.infer<typeof teamAssignmentsSchema>;

/** One solve. Parsed one by one, so that an odd one is quarantined and the rest goes on. */
export const challengeSolveSchema = z.object({
  /** Unique only within one user, source and event. */
  challenge_solve_id: z.int(),
  challenge_id: z.int(),
  challenge_title: z.string(),
  challenge_points: z.int().nonnegative(),
  challenge_category: z.string(),
  timestamp_unix: z.int().positive(),
  challenge_retired: z.boolean(),
  nist_nice_work_roles: z.array(z.string()),
});
export type ChallengeSolve = z.infer<typeof challengeSolveSchema>;

/** A record of a list that did not parse: where it stood and what was wrong, without its values. */
export interface Unparsed {
  readonly index: number;
  /** zod issue paths and messages; never the vendor's values. */
  readonly issues: readonly { readonly path: string; readonly message: string }[];
  /** The record with every string value replaced, fit for the quarantine. */
  readonly redacted: unknown;
}

/** The envelope of scores; its solves are parsed apart. Totals are totals only when no time filter was given. */
export const odlScoresEnvelopeSchema = z.object({
  syned_user_id: z.string().nullish(),
  metactf_user_id: z.int(),
  total_challenges_solved: z.int(),
  total_points: z.int(),
  last_accessed_unix_timestamp: z.int(),
  category_points: z.record(z.string(), z.int()),
  challenge_solves: z.array(z.unknown()),
});
export type OdlScores = Omit<z.infer<typeof odlScoresEnvelopeSchema>, 'challenge_solves'> & {
  readonly challenge_solves: readonly ChallengeSolve[];
  readonly unparsed: readonly Unparsed[];
};

export const flashCtfEnvelopeSchema = z.object({
  flash_ctf_name: z.string(),
  flash_ctf_time_start_unix: z.int(),
  flash_ctf_time_end_unix: z.int().nullish(),
  event_id: z.union([z.string(), z.int()]).nullish(),
  challenges_solved: z.int(),
  points_earned: z.int(),
  max_points_possible: z.int(),
  rank: z.int(),
  challenge_solves: z.array(z.unknown()),
});
export type FlashCtf = Omit<z.infer<typeof flashCtfEnvelopeSchema>, 'challenge_solves'> & {
  readonly challenge_solves: readonly ChallengeSolve[];
  readonly unparsed: readonly Unparsed[];
};

export const flashCtfProgressEnvelopeSchema = z.object({
  syned_user_id: z.string().nullish(),
  flash_ctfs: z.array(z.unknown()),
});
export interface FlashCtfProgress {
  readonly flash_ctfs: readonly FlashCtf[];
  /** Events whose envelope did not parse. */
  readonly unparsed: readonly Unparsed[];
}

export const errorDetailSchema = z.object({ detail: z.string() });
export const validationErrorSchema = z.object({
  detail: z.array(
    z.object({ loc: z.array(z.union([z.string(), z.int()])), msg: z.string(), type: z.string() }),
  ),
});
