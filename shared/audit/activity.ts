import * as z from 'zod';

/**
 * What happened to a coach's people, for the activity log and the timeline. Ids only: names are looked up when it is
 * shown, so that erasing a person leaves nothing behind here.
 */
export const ACTIVITY_KINDS = [
  'competitor_created',
  'competitor_changed',
  'competitor_deactivated',
  'competitor_reactivated',
  'competitor_put_on_hold',
  'competitor_hold_lifted',
  'competitor_moved_away',
  'competitor_moved_here',
  'competitor_rolled_over',
  'competitor_archived',
  'competitor_onboarded',
  'onboarding_refused',
  'account_status_changed',
  'solves_stored',
  'solves_withdrawn',
  'solves_restored',
  'solves_corrected',
  'team_created',
  'team_changed',
  'team_deleted',
  'team_recreated',
  'team_moved_away',
  'team_moved_here',
  'member_added',
  'member_moved',
  'member_removed',
] as const;

export const activitySchema = z.object({
  id: z.string(),
  coachId: z.string(),
  /** ISO 8601 UTC. */
  at: z.iso.datetime(),
  kind: z.enum(ACTIVITY_KINDS),
  /** `user:<sub>` or `job:<id>`. */
  actor: z.string(),
  competitorId: z.string().nullable(),
  /** Codes, counts and field names; never what people typed in. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
});
export type Activity = z.infer<typeof activitySchema>;

/** A change of a team or of who is on it, without what was changed. */
export const teamEditSchema = z.object({
  at: z.iso.datetime(),
  /** Null: of the team itself. */
  competitorId: z.string().nullable(),
  teamId: z.string().nullable(),
});
export type TeamEdit = z.infer<typeof teamEditSchema>;
