import { problemSchema, type Problem } from '#shared/kernel/problem.ts';
import * as z from 'zod';
import { codeSentence, fieldSentence } from './sentences.ts';

/** What went wrong with a call, by what a person can do about it. */
export type ApiFailure =
  /** The browser has no connection, or the server did not answer. */
  | 'offline'
  | 'unreachable'
  | 'timeout'
  /** The server answered with an error of its own. */
  | 'refused'
  /** The session is over: nothing helps but signing in again. */
  | 'signed-out'
  /** The answer is not what this version of the site expects. */
  | 'garbled';

interface ApiErrorFacts {
  readonly failure: ApiFailure;
  readonly message: string;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
  readonly fieldErrors?: readonly { path: string; message: string }[] | undefined;
  readonly missing?: readonly { field: string; message: string }[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** What is stored now, where a change came too late and no call reads it alone. */
  readonly current?: unknown;
}

/** A failed call to the product's own API. `message` is a sentence for a person and holds no personal data. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(readonly facts: ApiErrorFacts) {
    super(facts.message);
  }
}

/** A sentence for a person, whatever was thrown. */
export const messageOf = (error: unknown): string =>
  error instanceof ApiError ? error.facts.message : 'Something went wrong on this page.';

/** Refused because somebody else saved first. */
export const isConflict = (error: unknown): boolean =>
  error instanceof ApiError && error.facts.status === 412;

/** What to do about one field of what was sent; undefined when the server took it. */
export const fieldErrorOf = (error: unknown, field: string): string | undefined =>
  error instanceof ApiError && error.facts.fieldErrors?.some(({ path }) => path === field) === true
    ? fieldSentence(error.facts.code, field)
    : undefined;

/** The gateway's own 401, throttling and 503 have this shape instead of problem details. */
const gatewayMessageSchema = z.object({ message: z.string() });

const SENTENCES: Readonly<Record<number, string>> = {
  401: 'You have been signed out. Sign in again.',
  403: 'Your role does not allow this.',
  404: 'This does not exist, or it belongs to another coach.',
  408: 'The server took too long to answer.',
  413: 'This is too large to be sent.',
  429: 'Too many requests in a short time. Wait a moment.',
  502: 'The server could not answer just now.',
  503: 'The server could not answer just now.',
  504: 'The server took too long to answer.',
};

const sentenceOf = (status: number): string =>
  SENTENCES[status] ?? (status >= 500 ? 'Something failed on our side.' : 'The server refused this request.');

/** `Retry-After` in either form, as whole seconds from `now` (milliseconds since 1970); undefined when unreadable. */
export function retryAfterSeconds(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header.trim());
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}

/** The facts of an error answer, whether it is problem+json, the gateway's `{ message }`, or neither. */
export function errorFromAnswer(
  status: number,
  body: unknown,
  headers: { readonly requestId: string | null; readonly retryAfter: string | null },
  now: number,
): ApiError {
  const common = {
    failure: status === 401 ? ('signed-out' as const) : ('refused' as const),
    status,
    retryAfterSeconds: retryAfterSeconds(headers.retryAfter, now),
  };
  const problem = problemSchema.safeParse(body);
  if (problem.success) return new ApiError({ ...common, ...factsOf(problem.data) });
  const gateway = gatewayMessageSchema.safeParse(body);
  return new ApiError({
    ...common,
    message: sentenceOf(status),
    code: gateway.success ? 'GATEWAY' : undefined,
    requestId: headers.requestId ?? undefined,
  });
}

const factsOf = (problem: Problem) => ({
  message: codeSentence(problem.code, problem.detail),
  code: problem.code,
  requestId: problem.requestId,
  fieldErrors: problem.errors,
  missing: problem.missing,
  current: problem.current,
});
