import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import type { Authorization } from './jwt-authorizer.ts';
import type { RouteMatch } from './routes.ts';

/** A request as it reaches the API's origin. */
export interface OriginRequest {
  readonly method: string;
  /** Decoded path. */
  readonly path: string;
  readonly query: string;
  /** Lower-case names, several values joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface OriginResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** What API Gateway hands on as text; everything else is base64, forms and bodies without a type too. */
const TEXT_TYPE = /^(text\/|application\/(json|xml|javascript)|[^;]+\+(json|xml))/i;

const isText = (body: Buffer, contentType: string | undefined): boolean =>
  TEXT_TYPE.test(contentType ?? '') && isUtf8(body);

export interface EventSettings {
  readonly accountId: string;
  readonly apiId: string;
  readonly requestId: string;
  readonly now: Date;
}

/** The event of payload format 2.0. */
export function toProxyEvent(
  request: OriginRequest,
  { route, pathParameters }: RouteMatch,
  authorization: Extract<Authorization, { kind: 'allowed' }> | undefined,
  { accountId, apiId, requestId, now }: EventSettings,
) {
  const { cookie, ...headers } = request.headers;
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(request.query)) {
    query[name] = Object.hasOwn(query, name) ? `${query[name]},${value}` : value;
  }
  const asText = isText(request.body, headers['content-type']);
  const domainPrefix = apiId;
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: request.path,
    rawQueryString: request.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers,
    ...(request.query === '' ? {} : { queryStringParameters: query }),
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    requestContext: {
      accountId,
      apiId,
      ...(authorization === undefined
        ? {}
        : { authorizer: { jwt: { claims: authorization.claims, scopes: authorization.scopes } } }),
      domainName: headers['host'] ?? '',
      domainPrefix,
      http: {
        method: request.method,
        path: request.path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: route.key,
      stage: '$default',
      time: clfTime(now),
      timeEpoch: now.getTime(),
    },
    ...(request.body.length === 0 ? {} : { body: request.body.toString(asText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !asText,
  };
}

/** `24/Nov/2026:07:00:00 +0000`. */
function clfTime(now: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(now.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const resultSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * The answer that a handler's result stands for; undefined when API Gateway could not read it (500). A result
 * without `statusCode` is a JSON body with 200.
 *
 * @param payload the handler's result as JSON
 */
export function fromProxyResult(payload: string): OriginResponse | undefined {
  const result: unknown = JSON.parse(payload);
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(typeof result === 'string' ? result : payload),
    };
  }
  const parsed = resultSchema.safeParse(result);
  if (!parsed.success) return undefined;
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain;charset=utf-8',
      ...Object.fromEntries(
        Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      ...(cookies === null || cookies === undefined ? {} : { 'set-cookie': cookies }),
    },
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}
