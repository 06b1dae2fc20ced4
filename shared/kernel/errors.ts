import type * as z from 'zod';
import type { Problem } from './problem.ts';

export interface ProblemExtra {
  readonly errors?: NonNullable<Problem['errors']>;
  readonly missing?: NonNullable<Problem['missing']>;
  /** Headers of the answer, for example `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An answer other than success, thrown from anywhere below a route. `detail` is for a person: no personal data. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly status: number,
    /** Stable, upper snake case. */
    readonly code: string,
    readonly detail: string,
    readonly extra: ProblemExtra = {},
  ) {
    super(`${status} ${code}`, extra.cause === undefined ? undefined : { cause: extra.cause });
  }
}

/** Unknown, or not the caller's: the two are told apart by nobody. */
export const notFound = (): ProblemError =>
  new ProblemError(404, 'NOT_FOUND', 'There is nothing here, or it is not yours to see.');

/** What to do about one failed field: the schema's own words, or plain ones where zod's would not help a person. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'This field is not known. Leave it out.';
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return 'This field is required.';
  }
  return issue.message;
}

/** 422 with a line per field. */
export function validationProblem(error: z.ZodError): ProblemError {
  const errors = error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    const message = sentenceOf(issue);
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...path, key].join('.'), message }))
      : [{ path: path.join('.'), message }];
  });
  return new ProblemError(
    422,
    'VALIDATION_FAILED',
    'Some of what was sent is not right. Correct what “errors” names and send it again.',
    { errors },
  );
}
