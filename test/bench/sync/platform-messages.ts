import * as z from 'zod';

/** What the benchmark and its platform's process send each other. */

export const platformRequestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    seed: z.int(),
    token: z.string(),
    /** Unix seconds; its clock stands still. */
    now: z.int(),
    /** How long everyone has been there. */
    days: z.int(),
    ids: z.array(z.string()),
  }),
  /** Answers take this long. */
  z.object({ kind: z.literal('latency'), ms: z.number() }),
  /** Each of them solves something. */
  z.object({ kind: z.literal('news'), ids: z.array(z.string()) }),
  z.object({ kind: z.literal('calls') }),
  z.object({ kind: z.literal('stop') }),
]);
export type PlatformRequest = z.infer<typeof platformRequestSchema>;
/** `calls`: how many were made since the start. */
export const platformReplySchema = z.object({ url: z.string(), calls: z.int() });

export type PlatformReply = z.infer<typeof platformReplySchema>;
