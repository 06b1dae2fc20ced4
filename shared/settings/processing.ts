import * as z from 'zod';

/** Whether jobs may call the Game Platform. Off keeps all work in the table and loses none of it. */
export const processingSchema = z.object({
  enabled: z.boolean(),
  /** Why, in the words of whoever switched it; never personal data. */
  reason: z.string().nullable(),
  changedAt: z.iso.datetime().nullable(),
  changedBy: z.string().nullable(),
});
export type Processing = z.infer<typeof processingSchema>;

export const PROCESSING_ON: Processing = { enabled: true, reason: null, changedAt: null, changedBy: null };

/** A pause that the system took by itself: the platform refuses the token, so that every call would fail alike. */
export const platformBlockSchema = z.object({
  /** The client's code, for example `TOKEN_MISSING`. */
  code: z.string(),
  since: z.iso.datetime(),
  /** Calls start again at this time; the first one finds out whether it is mended. */
  until: z.iso.datetime(),
});
export type PlatformBlock = z.infer<typeof platformBlockSchema>;

/** `reads` stop at the reserve; `roster` is somebody's change or click, goes on to the full budget and never queues behind reads. */
export const LANES = ['reads', 'roster'] as const;
export type Lane = (typeof LANES)[number];

/** Why no platform call may be made now. */
export type Suspension =
  | { readonly kind: 'off' }
  | { readonly kind: 'blocked'; readonly code: string }
  /** The vendor's budget has no call to give before `until`, ISO 8601. */
  | { readonly kind: 'waiting'; readonly code: string; readonly until: string };

export function suspensionOf(
  processing: Processing,
  block: PlatformBlock | null,
  now: Date,
): Suspension | null {
  if (!processing.enabled) return { kind: 'off' };
  if (block !== null && Date.parse(block.until) > now.getTime()) return { kind: 'blocked', code: block.code };
  return null;
}
