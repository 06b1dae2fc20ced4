import * as z from 'zod';

const quarantinedSchema = z.object({
  id: z.string(),
  competitorId: z.string(),
  coachId: z.string(),
  /** Which list of the platform it came from. */
  source: z.enum(['odl', 'ctf', 'ctf_event']),
  /** The event that it is of; the platform's own id. */
  eventId: z.string(),
  /** When the platform says that it happened, if that much could be read. */
  happenedAt: z.iso.datetime().nullable(),
  /** When we read it first on that day. */
  readAt: z.iso.datetime(),
  /** What was wrong with it: field and rule, never a value. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })),
  /** The record as JSON with each text replaced by its length; cut short when it is very long. */
  redacted: z.string(),
});
export type Quarantined = z.infer<typeof quarantinedSchema>;

/** Newest first. */
export const quarantineListSchema = z.object({
  items: z.array(quarantinedSchema),
  nextCursor: z.string().nullable(),
});
