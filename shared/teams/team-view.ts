import * as z from 'zod';
import { divisionSchema } from '#shared/competitors/competitor-view.ts';

/** What the API says of a team. Times are ISO 8601 UTC. */

export const syncBadgeSchema = z.object({
  /** `pending`: under way or waiting; `error`: it does not work, see `reason` and `remedy`. */
  state: z.enum(['synced', 'pending', 'error']),
  /** One sentence; null when there is nothing to say. */
  reason: z.string().nullable(),
  remedy: z.string().nullable(),
  /** When the platform last confirmed something of it. */
  lastSuccessAt: z.iso.datetime().nullable(),
});
export type SyncBadge = z.infer<typeof syncBadgeSchema>;

export const teamMemberSchema = z.object({
  competitorId: z.string(),
  name: z.string(),
  badge: syncBadgeSchema,
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
