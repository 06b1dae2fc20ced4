import { STATUS_CODES } from 'node:http';
import { DomainError, type ErrorKind } from '#shared/kernel/errors.ts';
import type { Log } from '#shared/kernel/log.ts';
import { versionTag } from '#shared/kernel/paging.ts';
import { PROBLEM_CONTENT_TYPE, type Problem } from '#shared/kernel/problem.ts';
import type { ApiReply } from './api-types.ts';

/** An answer in the form that API Gateway takes (payload format 2.0). */
export interface HttpReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Nothing that the API says may be kept by a browser or a proxy: it is personal or changes at once. */
const COMMON_HEADERS = { 'cache-control': 'no-store' } as const;

export function toHttpReply(reply: ApiReply): HttpReply {
  if (reply.body === undefined) {
    return { statusCode: reply.status, headers: { ...COMMON_HEADERS, ...reply.headers } };
  }
  const verbatim = typeof reply.body === 'string' && reply.headers?.['content-type'] !== undefined;
  return {
    statusCode: reply.status,
    headers: { ...COMMON_HEADERS, 'content-type': 'application/json', ...reply.headers },
    body: verbatim ? reply.body : JSON.stringify(reply.body),
  };
}

const STATUS_OF: Readonly<Record<ErrorKind, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  too_large: 413,
  invalid: 422,
  version_required: 428,
  too_often: 429,
  not_offered: 501,
  vendor_refused: 502,
  unavailable: 503,
};

export const statusOf = (error: DomainError): number => STATUS_OF[error.kind];

function headersOf({ kind, extra }: DomainError): Record<string, string> {
  return {
    ...(kind === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}),
    ...(extra.version === undefined ? {} : { etag: versionTag(extra.version) }),
    ...(extra.retryAfterSeconds === undefined ? {} : { 'retry-after': String(extra.retryAfterSeconds) }),
  };
}

/**
 * The one place where an error becomes an answer: the domain's own as they are, everything else logged and told as an
 * opaque 500. A zod error that gets here is a stored or received record that does not parse, so it is ours, not the
 * caller's.
 */
export function toProblemReply(error: unknown, requestId: string, log: Log): HttpReply {
  const known = error instanceof DomainError ? error : undefined;
  const status = known === undefined ? 500 : statusOf(known);
  if (known === undefined) log.error('request failed', {}, error);
  else log.info('request refused', { status, code: known.code });
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail:
      known?.detail ??
      'Something went wrong on our side. Try again; if it happens again, tell an admin the request id.',
    code: known?.code ?? 'INTERNAL_ERROR',
    requestId,
    ...(known?.extra.errors === undefined ? {} : { errors: [...known.extra.errors] }),
    ...(known?.extra.current === undefined ? {} : { current: known.extra.current }),
    ...(known?.extra.missing === undefined ? {} : { missing: [...known.extra.missing] }),
  };
  return {
    statusCode: status,
    headers: {
      ...COMMON_HEADERS,
      ...(known === undefined ? {} : headersOf(known)),
      'content-type': PROBLEM_CONTENT_TYPE,
    },
    body: JSON.stringify(problem),
  };
}
