import * as z from 'zod';
import { cutText } from '#shared/kernel/text.ts';

/**
 * The MetaCTF integration API, as published and as observed. Times are whole Unix seconds; `syned_*` ids are
 * strings that we choose, `metactf_*` ids are theirs. Unknown fields and unknown enum values are kept out of the
 * way, never an error: the vendor adds some without notice.
 */

/**
 * Text from the platform is mended and cut here, nowhere else: it may hold half a character, or not end. Lengths in UTF-16
 * units; forty-eight solves and their counters have to fit a 4 MB transaction.
 */
const vendorText = (units: number) => z.string().transform((text) => cutText(text, units));
const nameText = vendorText(300);
const labelText = vendorText(100);
/** Longer than any id of ours, so that no longer one becomes ours by being cut. */
const idText = vendorText(200);
const MOST_ROLES = 50;

/** A part without which the rest can be used: null when it is odd, which `oddPartsOf` tells. */
const orNull = <T>(schema: z.ZodType<T>) => schema.transform((value): T | null => value).catch(null);
/** The same of a part that may be left out. */
const optional = <T>(schema: z.ZodType<T>) => orNull(schema.nullish()).optional();

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
  metactf_user_id: orNull(z.int()),
  metactf_username: orNull(nameText),
  /** Needed: whom the answer is about. */
  syned_user_id: idText,
  /** `user_created | pending_approval | approved | denied`, and whatever they add. */
  metactf_user_status: orNull(labelText),
  last_login_unix_timestamp: optional(z.int()),
  /** In neither the definition nor most answers. Compared when an account is linked; never kept. */
  email: optional(nameText),
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

/** Any 2xx says that the team is made. */
export const teamResponseSchema = z.object({
  metactf_team_id: orNull(z.int()),
  metactf_coach_id: orNull(idText),
  syned_team_id: orNull(idText),
  team_name: orNull(nameText),
  division: orNull(labelText),
  affiliation: orNull(nameText),
});
export type TeamResponse = z.infer<typeof teamResponseSchema>;

export const teamAssignmentSchema = z.object({
  syned_user_id: idText,
  syned_team_id: idText.nullish(),
});
export type TeamAssignment = z.infer<typeof teamAssignmentSchema>;

/** Both are needed: only the count tells a list from one that was cut short. */
export const teamAssignmentsEnvelopeSchema = z.object({
  assignments: z.array(z.unknown()),
  total_count: z.int(),
});
export interface TeamAssignments {
  readonly assignments: readonly TeamAssignment[];
  /** Of all records, those set aside included. */
  readonly total_count: number;
  readonly unparsed: readonly Unparsed[];
  /** Users of records that were set aside: they are known there, on a team that cannot be told. */
  readonly unplaced: readonly string[];
}

/** One solve. Parsed one by one, so that an odd one is quarantined and the rest goes on. */
export const challengeSolveSchema = z.object({
  /** Unique only within one user, source and event. */
  challenge_solve_id: z.int(),
  challenge_id: z.int(),
  challenge_title: nameText,
  challenge_points: z.int().nonnegative(),
  challenge_category: labelText,
  timestamp_unix: z.int().positive(),
  challenge_retired: z.boolean(),
  nist_nice_work_roles: z.array(labelText).transform((roles) => roles.slice(0, MOST_ROLES)),
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

const categoryPointsSchema = z
  .record(labelText, z.int())
  // An odd entry costs no other.
  .catch(({ value }) => {
    const entries = z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
    return Object.fromEntries(
      Object.entries(entries).flatMap(([category, points]) => {
        const whole = z.int().safeParse(points);
        return whole.success ? [[labelText.parse(category), whole.data] as const] : [];
      }),
    );
  });

/** An answer or event whose solves and odd parts are parsed apart. */
type WithSolves<T> = Omit<T, 'challenge_solves'> & {
  readonly challenge_solves: readonly ChallengeSolve[];
  readonly unparsed: readonly Unparsed[];
  /** Parts beside the solves that could not be read; undefined: all could. */
  readonly odd?: Unparsed | undefined;
};

/** The envelope of scores; its solves, the one part that is needed, are parsed apart. Totals are totals only when no time filter was given. */
export const odlScoresEnvelopeSchema = z.object({
  syned_user_id: optional(idText),
  metactf_user_id: orNull(z.int()),
  total_challenges_solved: orNull(z.int().nonnegative()),
  total_points: orNull(z.int().nonnegative()),
  /** Null: never. */
  last_accessed_unix_timestamp: optional(z.int()),
  category_points: categoryPointsSchema,
  challenge_solves: z.array(z.unknown()),
});
export type OdlScores = WithSolves<z.infer<typeof odlScoresEnvelopeSchema>>;

/** Name and start say which event it is; without them nothing of it can be kept. */
export const flashCtfEnvelopeSchema = z.object({
  flash_ctf_name: nameText,
  flash_ctf_time_start_unix: z.int(),
  flash_ctf_time_end_unix: optional(z.int()),
  event_id: optional(z.union([idText, z.int()])),
  challenges_solved: orNull(z.int().nonnegative()),
  points_earned: orNull(z.int().nonnegative()),
  max_points_possible: orNull(z.int().nonnegative()),
  rank: orNull(z.int()),
  challenge_solves: orNull(z.array(z.unknown())),
});
export type FlashCtf = WithSolves<z.infer<typeof flashCtfEnvelopeSchema>>;

export const flashCtfProgressEnvelopeSchema = z.object({
  syned_user_id: optional(idText),
  flash_ctfs: z.array(z.unknown()),
});
export interface FlashCtfProgress {
  readonly flash_ctfs: readonly FlashCtf[];
  /** Events that do not say which they are. */
  readonly unparsed: readonly Unparsed[];
}

export const errorDetailSchema = z.object({ detail: z.string() });
export const validationErrorSchema = z.object({
  detail: z.array(
    z.object({ loc: z.array(z.union([z.string(), z.int()])), msg: z.string(), type: z.string() }),
  ),
});
