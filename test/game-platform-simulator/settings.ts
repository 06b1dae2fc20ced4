import * as z from 'zod';

/**
 * What the vendor has not told or may change: each a switch. The defaults are the harsher answer where two are
 * possible, so that the product never relies on the kinder one.
 */

const repeatedCreate = z.enum(['refuse', 'return', 'update']);

export const settingsSchema = z.strictObject({
  /** `POST /users` with a known `syned_user_id`: refused, answered as if new, or taken over. */
  userCreateRepeated: repeatedCreate,
  /** `POST /teams` with a known `syned_team_id`. */
  teamCreateRepeated: repeatedCreate,
  /** Status of an "exists" refusal. */
  existsStatus: z.union([z.literal(400), z.literal(409)]),
  /** `assign_team` of a user who is on another team: refused or moved. */
  assignMoves: z.boolean(),
  /** `delete_assignment` of a user without a team. */
  unassignWithoutTeam: z.enum(['ok', 'not_found']),
  /** Solves made so far vanish when a user leaves a team. */
  scoresDropOnUnassign: z.boolean(),
  passwordReset: z.enum(['offered', 'not_found', 'method_not_allowed']),
  wrongTokenStatus: z.union([z.literal(401), z.literal(403)]),
  /** Solve ids count from the same number in ODL and in every event. */
  collidingSolveIds: z.boolean(),
  /** Which Flash CTFs carry an `event_id`. */
  eventIds: z.enum(['some', 'never', 'always']),
  /** Real throttling: more calls within any second get 429. */
  rateLimit: z
    .strictObject({
      perSecond: z.number().positive(),
      retryAfter: z.enum(['seconds', 'date', 'none']).default('seconds'),
    })
    .nullable(),
  /** A share of the solves shows up only so many seconds after it was made. */
  lateSolves: z
    .strictObject({ share: z.number().min(0).max(1), delaySeconds: z.int().positive() })
    .nullable(),
  /** A share of the solves is taken back so many seconds after it was made. */
  revokedSolves: z
    .strictObject({ share: z.number().min(0).max(1), afterSeconds: z.int().nonnegative() })
    .nullable(),
  /** New accounts: seconds until `pending_approval`, until the decision (at most), and how many are denied. */
  approval: z.strictObject({
    pendingAfterSeconds: z.int().nonnegative(),
    decidedAfterSeconds: z.int().nonnegative(),
    deniedShare: z.number().min(0).max(1),
  }),
});
export type Settings = z.infer<typeof settingsSchema>;

export const settingsChangeSchema = settingsSchema.partial();
export type SettingsChange = z.input<typeof settingsChangeSchema>;

export const DEFAULT_SETTINGS: Settings = {
  userCreateRepeated: 'refuse',
  teamCreateRepeated: 'refuse',
  existsStatus: 400,
  assignMoves: false,
  unassignWithoutTeam: 'ok',
  scoresDropOnUnassign: false,
  passwordReset: 'offered',
  wrongTokenStatus: 401,
  collidingSolveIds: true,
  eventIds: 'some',
  rateLimit: null,
  lateSolves: null,
  revokedSolves: null,
  approval: { pendingAfterSeconds: 60, decidedAfterSeconds: 1800, deniedShare: 0.03 },
};
