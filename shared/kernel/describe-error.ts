import * as z from 'zod';
import { OwnError } from './errors.ts';

/** What a log line may hold of an error: no values of the data that caused it. */
export interface ErrorDescription {
  readonly name: string;
  readonly message?: string;
  readonly code?: string;
  /** Function names and places, without the message. */
  readonly stack?: string;
  /** Paths and codes of a failed parse. */
  readonly issues?: readonly string[];
  readonly cause?: ErrorDescription;
}

const EMAIL = /[^\s"'<>(),;:]+@[^\s"'<>(),;:]+/g;
const MAX_MESSAGE = 500;
const MAX_ISSUES = 20;
const MAX_CAUSES = 4;

/** A place in the code. */
const FRAME = /^\s+at .*(?::\d+:\d+|<anonymous>|native)\)?$/;

/** The frames alone: a message has lines, too, and may have some that look like frames. */
function framesOf({ stack = '', message }: Error): string {
  const from = message === '' ? -1 : stack.indexOf(message);
  return (from === -1 ? stack : stack.slice(from + message.length))
    .split('\n')
    .filter((line) => FRAME.test(line))
    .join('\n');
}

/**
 * An error fit for a log. Only our own errors keep their message, and email addresses are cut out of it; of all others,
 * which may quote what somebody typed, the log has name, code and place.
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error };
  const stack = framesOf(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const keepMessage = error instanceof OwnError;
  return {
    name: error.name,
    ...(keepMessage ? { message: error.message.replaceAll(EMAIL, '[email]').slice(0, MAX_MESSAGE) } : {}),
    ...(code === undefined ? {} : { code }),
    ...(error instanceof z.ZodError
      ? {
          issues: error.issues
            .slice(0, MAX_ISSUES)
            .map((issue) => `${issue.path.map(String).join('.')}: ${issue.code}`),
        }
      : {}),
    ...(stack === '' ? {} : { stack }),
    ...(error.cause === undefined || depth >= MAX_CAUSES
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
}
