import * as z from 'zod';

/**
 * Who did what, when, and on whose behalf. Ids, codes and field names only; of what people typed in nothing but the
 * reason that an admin has to give.
 */
export const auditEntrySchema = z.object({
  id: z.string(),
  /** ISO 8601 UTC. */
  at: z.iso.datetime(),
  /** `sub` of the person. */
  actor: z.string(),
  /** The coach an admin acted as; null when nobody. */
  actingAs: z.string().nullable(),
  /** For example `competitor.create`. */
  action: z.string(),
  /** Id of what it was done to. */
  subject: z.string(),
  /** The coach it belongs to. */
  coachId: z.string().nullable(),
  requestId: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
