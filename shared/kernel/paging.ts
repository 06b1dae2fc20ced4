import * as z from 'zod';

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;
const LIMIT_MESSAGE = `Give a whole number from 1 to ${MAX_LIMIT}.`;

/** `?limit=&cursor=` of every list. */
export const pageQuerySchema = z.object({
  limit: z.coerce
    .number({ error: LIMIT_MESSAGE })
    .pipe(z.int({ error: LIMIT_MESSAGE }).min(1, LIMIT_MESSAGE).max(MAX_LIMIT, LIMIT_MESSAGE))
    .default(DEFAULT_LIMIT),
  cursor: z.string().min(1).max(2_000).optional(),
});

/** The `ETag` of an item: its version, quoted. */
export const versionTag = (version: number): string => `"${version}"`;
