import type { Context } from 'aws-lambda';
import type { Caller } from '#shared/identity/caller.ts';

interface EventParts {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

export const ORIGIN_SECRET = 'origin-secret';
export const ACCESS_CLAIMS = { sub: 'sub-1', token_use: 'access', 'cognito:groups': '[coach]' };

/** An HTTP API event (payload format 2.0) as API Gateway sends it to a function behind CloudFront. */
export function createHttpEvent(routeKey: string, parts: EventParts = {}): Record<string, unknown> {
  const [method = '', path = ''] = routeKey.split(' ');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: new URLSearchParams(parts.query).toString(),
    headers: { 'x-origin-verify': ORIGIN_SECRET, ...parts.headers },
    ...(parts.query === undefined ? {} : { queryStringParameters: parts.query }),
    ...(parts.params === undefined ? {} : { pathParameters: parts.params }),
    requestContext: {
      accountId: '111111111111',
      requestId: 'req-1',
      stage: '$default',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      ...(parts.claims === undefined
        ? {}
        : { authorizer: { jwt: { claims: parts.claims, scopes: ['openid'] } } }),
    },
    ...(parts.body === undefined ? {} : { body: parts.body }),
    isBase64Encoded: parts.isBase64Encoded ?? false,
  };
}

export const COACH: Caller = {
  sub: 'sub-1',
  role: 'coach',
  name: 'Casey Coach',
  email: 'casey@example.org',
  coachId: 'coach_1',
  actingAs: null,
};
export const ADMIN: Caller = { ...COACH, sub: 'sub-2', role: 'admin', coachId: null };

/** What an API function reads of its context. */
export const CONTEXT = { awsRequestId: 'aws-1', getRemainingTimeInMillis: () => 28_000 } as Context;
