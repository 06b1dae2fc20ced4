import * as z from 'zod';
import { divisionSchema } from '#shared/competitors/division.ts';
import { route } from '#shared/kernel/contract.ts';
import { pageQuerySchema } from '#shared/kernel/paging.ts';
import { idInput, textInput } from '#shared/kernel/text.ts';
import { syncBadgeSchema } from './sync-badge.ts';

/** What the API says of a team. Times are ISO 8601 UTC. */

export type { SyncBadge } from './sync-badge.ts';

export const teamMemberSchema = z.object({
  competitorId: z.string(),
  name: z.string(),
  badge: syncBadgeSchema,
  /** The platform lets them in: on the team over there alone, nobody can play. */
  approved: z.boolean(),
  /** Seconds from the last edit to the platform's confirmation; null when none was confirmed yet. */
  lastEditSeconds: z.number().nullable(),
});
export type TeamMember = z.infer<typeof teamMemberSchema>;

export const teamViewSchema = z.object({
  id: z.string(),
  version: z.int(),
  coachId: z.string(),
  name: z.string(),
  division: divisionSchema,
  affiliation: z.string(),
  /** Of the team and of everybody who comes to it or leaves it; who has no account yet does not count. */
  badge: syncBadgeSchema,
  /** What was changed here after the platform had it, and what it has; no call of the platform changes a team. */
  drift: z
    .object({
      fields: z.array(z.enum(['name', 'division', 'affiliation'])),
      platform: z.object({ name: z.string(), division: z.string(), affiliation: z.string() }),
    })
    .nullable(),
  members: z.array(teamMemberSchema),
  /** Not members any more, but still on the team over there. */
  leaving: z.array(teamMemberSchema),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type TeamView = z.infer<typeof teamViewSchema>;

export const teamListSchema = z.object({ items: z.array(teamViewSchema), nextCursor: z.string().nullable() });

/** What coaches may type in about a team; the platform wants all three, none of them empty. */

const NAME_LENGTH = 100;
const fields = {
  name: textInput('the team’s name', { max: NAME_LENGTH }),
  affiliation: textInput('the affiliation', { max: NAME_LENGTH }),
  division: z.enum(divisionSchema.options, { error: `Choose one of ${divisionSchema.options.join(', ')}.` }),
};

/** `POST /api/teams`. */
export const teamCreateSchema = z.strictObject(fields);
export type TeamCreate = z.infer<typeof teamCreateSchema>;

/** `PATCH /api/teams/{id}`: only what is given is changed. */
export const teamPatchSchema = z.strictObject(fields).partial();
export type TeamPatch = z.infer<typeof teamPatchSchema>;

/** `GET /api/game-platform/edit-times`: how long roster edits took to reach the platform, over all coaches. */
export const editTimesViewSchema = z.object({
  /** Newest first, at most twelve; a month without edits is left out. */
  months: z.array(
    z.object({
      /** `YYYY-MM`, UTC. */
      month: z.string(),
      edits: z.int(),
      /** Seconds, the upper bound of the bucket the percentile lies in; null beyond the last bound (an hour). */
      p50: z.number().nullable(),
      p95: z.number().nullable(),
      p99: z.number().nullable(),
      /** Share confirmed within 60 s, 0 to 1. */
      withinPromise: z.number(),
    }),
  ),
});
export type EditTimesView = z.infer<typeof editTimesViewSchema>;

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
    reason: textInput('the reason', { min: 5, max: 500 }),
    /** The plan's `removals`, typed again; needed for `all`. */
    removals: z.int().nonnegative().optional(),
  })
  .refine((body) => body.scope === 'safe' || body.removals !== undefined, {
    path: ['removals'],
    message: 'Say how many people will be taken off a team.',
  });
export type PlanConfirmation = z.infer<typeof confirmRosterPlanSchema>;

const coachFilter = z.object({ coachId: idInput.optional() });

const jobStartedSchema = z.object({ jobId: z.string() });

export const teamRoutes = {
  listTeams: route('GET', '/api/teams', {
    served: 'teams-api',
    access: 'coach',
    rate: 'read',
    summary: 'Teams of a coach; for an admin of all',
    query: pageQuerySchema.extend(coachFilter.shape),
    success: { status: 200, description: 'A page.', schema: teamListSchema },
    actAs: true,
  }),
  createTeam: route('POST', '/api/teams', {
    served: 'teams-api',
    access: 'coach',
    rate: 'write',
    summary: 'Make a team',
    query: coachFilter,
    body: teamCreateSchema,
    success: { status: 201, description: 'Made; the platform follows by itself.', schema: teamViewSchema },
    problems: { 422: ['COACH_REQUIRED'] },
    actAs: true,
  }),
  getTeam: route('GET', '/api/teams/{id}', {
    served: 'teams-api',
    access: 'coach',
    rate: 'read',
    summary: 'One team with its members',
    success: { status: 200, description: 'The team, its version as ETag.', schema: teamViewSchema },
    actAs: true,
  }),
  updateTeam: route('PATCH', '/api/teams/{id}', {
    served: 'teams-api',
    access: 'coach',
    rate: 'write',
    summary: 'Change a team’s name, division or affiliation',
    body: teamPatchSchema,
    success: { status: 200, description: 'Changed.', schema: teamViewSchema },
    ifMatch: true,
    actAs: true,
  }),
  deleteTeam: route('DELETE', '/api/teams/{id}', {
    served: 'teams-api',
    access: 'coach',
    rate: 'write',
    summary: 'Delete a team without members',
    success: { status: 204, description: 'Gone here; the platform’s deletion is tried until it works.' },
    problems: { 409: ['TEAM_HAS_MEMBERS'] },
    actAs: true,
  }),
  addMember: route('PUT', '/api/teams/{id}/members/{competitorId}', {
    served: 'teams-api',
    access: 'coach',
    rate: 'write',
    summary: 'Put a competitor on a team, from another one if need be',
    success: { status: 200, description: 'The team with its members.', schema: teamViewSchema },
    problems: { 409: ['COMPETITOR_INACTIVE', 'ON_HOLD'], 503: ['TOO_MANY_EDITS'] },
    actAs: true,
  }),
  removeMember: route('DELETE', '/api/teams/{id}/members/{competitorId}', {
    served: 'teams-api',
    access: 'coach',
    rate: 'write',
    summary: 'Take a competitor off a team',
    success: { status: 200, description: 'The team with its members.', schema: teamViewSchema },
    problems: { 503: ['TOO_MANY_EDITS'] },
    actAs: true,
  }),
  syncTeam: route('POST', '/api/game-platform/teams/{id}/sync', {
    served: 'teams-api',
    access: 'coach',
    rate: 'vendor',
    summary: 'Push a team and its members to the platform now',
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
    actAs: true,
  }),
  recreateTeam: route('POST', '/api/game-platform/teams/{id}/recreate', {
    served: 'teams-api',
    access: 'coach',
    rate: 'vendor',
    summary: 'Take a team off the platform and put it there anew, as it is called today',
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
    problems: { 409: ['NO_DRIFT', 'EVENT_RUNNING'] },
    actAs: true,
  }),
  getRosterPlan: route('GET', '/api/admin/roster-plan', {
    served: 'teams-api',
    access: 'admin',
    rate: 'read',
    summary: 'The last comparison of all teams with the platform’s',
    success: {
      status: 200,
      description: 'The plan, or null before the first.',
      schema: rosterPlanViewSchema,
    },
  }),
  confirmRosterPlan: route('POST', '/api/admin/roster-plan/{planId}/confirm', {
    served: 'teams-api',
    access: 'admin',
    rate: 'bulk',
    summary: 'Have a plan carried out as far as it says',
    body: confirmRosterPlanSchema,
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
    problems: { 409: ['PLAN_OUTDATED', 'WORLD_CHANGED', 'NOTHING_TO_CONFIRM'], 422: ['REMOVALS_DIFFER'] },
  }),
  getEditTimes: route('GET', '/api/game-platform/edit-times', {
    served: 'teams-api',
    access: 'coach',
    rate: 'read',
    summary: 'How long roster edits took to reach the platform, by month, over all coaches',
    success: { status: 200, description: 'At most twelve months.', schema: editTimesViewSchema },
  }),
} as const;
