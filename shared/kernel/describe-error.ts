import * as z from 'zod';

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

/** These quote the input they could not read. */
const quotesInput = (error: Error): boolean => error instanceof SyntaxError || error instanceof URIError;

const framesOf = (error: Error): string | undefined =>
  error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

/** An error fit for a log: JSON and parse errors lose their message (it quotes the input), email addresses are cut. */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error };
  const stack = framesOf(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const parse = error instanceof z.ZodError;
  const keepMessage = !parse && !quotesInput(error);
  return {
    name: error.name,
    ...(keepMessage ? { message: error.message.replaceAll(EMAIL, '[email]').slice(0, MAX_MESSAGE) } : {}),
    ...(code === undefined ? {} : { code }),
    ...(parse
      ? {
          issues: error.issues
            .slice(0, MAX_ISSUES)
            .map((issue) => `${issue.path.map(String).join('.')}: ${issue.code}`),
        }
      : {}),
    ...(stack === undefined || stack === '' ? {} : { stack }),
    ...(error.cause === undefined || depth >= MAX_CAUSES
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
}
