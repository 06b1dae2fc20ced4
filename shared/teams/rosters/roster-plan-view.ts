import * as z from 'zod';

/** What the API says of the last reconciliation of all assignments. Times are ISO 8601 UTC. */

/** Why a row waits for an admin; each is also a line among the guards. */
export const ROSTER_GUARDS = [
  'answer_trusted',
  'tiny_team',
  'mass_removal',
  'event_running',
  'world_unchanged',
  'unknown_users',
] as const;
export type RosterGuard = (typeof ROSTER_GUARDS)[number];

export const guardLineSchema = z.object({
  guard: z.enum(ROSTER_GUARDS),
  /** `noted`: nothing is held, but somebody should know. */
  state: z.enum(['passed', 'stopped', 'waiting', 'noted']),
  /** One or two sentences with the figures. */
  message: z.string(),
});

export const rosterPlanRowSchema = z.object({
  competitorId: z.string(),
  /** Null for somebody who was erased here. */
  name: z.string().nullable(),
  coachId: z.string(),
  /** `move`: taken off `from`, put on `to`. */
  action: z.enum(['add', 'move', 'remove']),
  from: z.object({ teamId: z.string(), name: z.string() }).nullable(),
  to: z.object({ teamId: z.string(), name: z.string() }).nullable(),
  why: z.enum(['missing_there', 'wrong_team', 'not_on_roster', 'deactivated', 'erased']),
  /** Points of all solves we keep of them, which stay here as history; null when there are none yet. */
  points: z.int().nullable(),
  /** The team over there would have nobody left. */
  emptiesTeam: z.boolean(),
  heldBy: z.enum(ROSTER_GUARDS).nullable(),
  /**
   * `planned`: nothing done yet; `held`: waits for an admin; `handed_over`: given to the roster worker, which reads the
   * scores first; `done`: the platform confirmed it; `changed`: the roster was edited since, so it was left alone.
   */
  state: z.enum(['planned', 'held', 'handed_over', 'done', 'changed']),
});
export type RosterPlanRow = z.infer<typeof rosterPlanRowSchema>;

export const rosterPlanSchema = z.object({
  id: z.string(),
  jobId: z.string(),
  drawnAt: z.iso.datetime(),
  dryRun: z.boolean(),
  /**
   * `in_step`: no difference; `drawn`: a dry run, nothing applied; `applied`: all of it handed over; `stopped`: the safe
   * part was handed over, the rest waits for an admin; `outdated`: a later plan took its place.
   */
  status: z.enum(['in_step', 'drawn', 'applied', 'stopped', 'outdated']),
  /** Of everybody, in the one answer the plan was drawn up from. */
  assignmentsThere: z.int(),
  assignmentsHere: z.int(),
  counts: z.object({
    add: z.int(),
    move: z.int(),
    remove: z.int(),
    inStep: z.int(),
    /** Edits that are on their way anyway, left to the roster worker. */
    underway: z.int(),
    unknownUsers: z.int(),
    held: z.int(),
  }),
  guards: z.array(guardLineSchema),
  /** At most 500 of each action; the counts are of all. */
  rows: z.array(rosterPlanRowSchema),
  /** Users or teams over there that nobody here matches; at most 500, never touched. */
  unknown: z.array(z.object({ platformUserId: z.string(), platformTeamId: z.string().nullable() })),
  /** What an admin may confirm now: rows that hold nothing, and all rows; 0 when there is nothing to release. */
  confirmable: z.object({ safe: z.int(), all: z.int() }),
  /** People who would be taken off a team by confirming all; the number an admin types. */
  removals: z.int(),
  confirmed: z
    .object({ at: z.iso.datetime(), by: z.string(), reason: z.string(), scope: z.enum(['safe', 'all']) })
    .nullable(),
});
export type RosterPlanView = z.infer<typeof rosterPlanSchema>;

/** `GET /api/admin/roster-plan`; `plan` is null before the first one. */
export const rosterPlanViewSchema = z.object({ plan: rosterPlanSchema.nullable() });

/** `POST /api/admin/roster-plan/{planId}/confirm`. */
export const confirmRosterPlanSchema = z
  .strictObject({
    scope: z.enum(['safe', 'all']),
    reason: z.string().trim().min(5).max(500),
    /** The plan's `removals`, typed again; needed for `all`. */
    removals: z.int().nonnegative().optional(),
  })
  .refine((body) => body.scope === 'safe' || body.removals !== undefined, {
    path: ['removals'],
    message: 'Say how many people will be taken off a team.',
  });
export type PlanConfirmation = z.infer<typeof confirmRosterPlanSchema>;
