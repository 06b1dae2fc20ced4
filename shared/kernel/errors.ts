import type * as z from 'zod';
import { cutText } from './text.ts';

/** What went wrong, in the terms of the domain; `http/` alone says which status that is. */
export const ERROR_KINDS = [
  'malformed',
  'unauthenticated',
  'forbidden',
  /** Unknown, or not the caller's. */
  'not_found',
  /** The state of what is asked about forbids it. */
  'conflict',
  /** Another version is stored than the one that was seen. */
  'stale',
  'version_required',
  'too_large',
  /** Fails validation. */
  'invalid',
  'too_often',
  'not_offered',
  'vendor_refused',
  'unavailable',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

export interface ErrorExtra {
  /** What is wrong, by field. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  /** What a competitor lacks. */
  readonly missing?: readonly { readonly field: string; readonly message: string }[];
  /** Whole seconds after which it may work. */
  readonly retryAfterSeconds?: number;
  /** The version that is stored now, of something `stale`. */
  readonly version?: number;
  /** That something itself, as the API shows it, where no route reads it alone. */
  readonly current?: unknown;
  readonly cause?: unknown;
}

/**
 * An error that our own code wrote the text of: ids, codes and counts, no personal data. Only its message is ever logged;
 * that of any other error may quote what people typed.
 */
export class OwnError extends Error {}

/** A refusal with a stable code. `detail` is a sentence for a person: what happened and what to do; no personal data. */
export class DomainError extends OwnError {
  override readonly name = 'DomainError';
  constructor(
    readonly kind: ErrorKind,
    /** Stable, upper snake case. */
    readonly code: string,
    readonly detail: string,
    readonly extra: ErrorExtra = {},
  ) {
    super(`${kind} ${code}`, extra.cause === undefined ? undefined : { cause: extra.cause });
  }
}

/** Unknown, or not the caller's: no one learns which. */
export const notFound = (): DomainError =>
  new DomainError('not_found', 'NOT_FOUND', 'There is nothing here, or it is not yours to see.');

/** What to do about one failed field: the schema's own words, or plain ones where zod's would not help a person. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'This field is not known. Leave it out.';
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return 'This field is required.';
  }
  return issue.message;
}

/** Fields that one answer names, and letters of each name: what was sent may have been large, the answer may not be. */
const NAMED_FIELDS = 50;
const NAME_LENGTH = 200;

/** `invalid`, with a line per field; of very many the first ones. */
export function validationError(error: z.ZodError): DomainError {
  const errors = error.issues.slice(0, NAMED_FIELDS).flatMap((issue) => {
    const path = issue.path.map(String);
    const message = sentenceOf(issue);
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, NAMED_FIELDS) : [undefined];
    return unknown.map((key) => ({
      path: cutText([...path, ...(key === undefined ? [] : [key])].join('.'), NAME_LENGTH),
      message,
    }));
  });
  return new DomainError(
    'invalid',
    'VALIDATION_FAILED',
    'Some of what was sent is not right. Correct what “errors” names and send it again.',
    { errors: errors.slice(0, NAMED_FIELDS) },
  );
}
