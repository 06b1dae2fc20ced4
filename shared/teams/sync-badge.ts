import * as z from 'zod';

/** How a team or a member stands between here and the platform. Apart from the contract: figures show it without teams' routes. */

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
