import * as z from 'zod';

/** RFC 9457 problem details, with our stable `code`. Every error of the API has this shape. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** A sentence for a person: what happened and what to do. Never holds personal data. */
  detail: z.string(),
  code: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** What a competitor lacks; only with `NOT_COMPLIANT`. */
  missing: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  /** What is stored now; only with `STALE_VERSION`, where no route reads it alone. */
  current: z.unknown().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';
