import * as z from 'zod';
import type { Caller } from '#shared/identity/caller.ts';
import type { Log } from '#shared/kernel/log.ts';
import { parseHttpEvent, readJson, type HttpEvent } from './http-event.ts';
import { toHttpReply, toProblemReply, type HttpReply } from './http-reply.ts';
import { notFound, ProblemError } from '#shared/kernel/errors.ts';
import {
  ACT_AS_HEADER,
  ORIGIN_VERIFY_HEADER,
  ROUTES,
  type Access,
  type ApiFunctionName,
  type Route,
} from './routes.ts';

export interface ApiRequest {
  /** `GET /api/competitors/{id}`: method and path as `routes.ts` writes them. */
  readonly routeKey: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined without a body, or when the content type says that it is not JSON. */
  readonly body: unknown;
  readonly rawBody: string | undefined;
  /** The body as it came; of a file that is not UTF-8, `rawBody` is not the text. */
  readonly rawBytes?: Uint8Array | undefined;
  readonly requestId: string;
  /** Milliseconds until the function is ended. */
  readonly remainingMs: () => number;
  readonly log: Log;
}

export interface AuthenticatedRequest extends ApiRequest {
  readonly caller: Caller;
  /**
   * The same for each try of a write under one `Idempotency-Key`; undefined without one. What is made under ids derived
   * from it is made once, even when an earlier try died half-way.
   */
  readonly idempotencyId?: string;
}

export interface ApiReply {
  readonly status: number;
  /** Sent as JSON; a string with a `content-type` of its own is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type RouteOf<F extends ApiFunctionName> = Extract<(typeof ROUTES)[number], { served: F }>;
type KeyOf<R extends Route> = R extends Route ? `${R['method']} ${R['path']}` : never;

export type RouteKeyOf<F extends ApiFunctionName> = KeyOf<RouteOf<F>>;

/** One handler for each route of the function: a missing or surplus one does not compile. */
export type RouteHandlers<F extends ApiFunctionName> = {
  readonly [R in RouteOf<F> as KeyOf<R>]: (
    request: R extends { access: 'public' } ? ApiRequest : AuthenticatedRequest,
  ) => Promise<ApiReply>;
};

/** Claims of a verified access token → who calls; throws ProblemError 401, 403 or 404. */
export type ResolveCaller = (
  claims: Readonly<Record<string, string>>,
  actAs: string | undefined,
) => Promise<Caller>;

/** Runs a write at most once per key; see idempotency.ts. */
export type Idempotency = (
  request: AuthenticatedRequest,
  handle: (request: AuthenticatedRequest) => Promise<ApiReply>,
) => Promise<ApiReply>;

/** Whether a request came through CloudFront; see origin-verify.ts. */
export type OriginVerify = (presented: string | undefined) => Promise<boolean>;

export interface ApiHandlerOptions<F extends ApiFunctionName> {
  readonly function: F;
  readonly handlers: RouteHandlers<F>;
  /** Left out only by a function whose routes are all public. */
  readonly resolveCaller?: ResolveCaller;
  readonly originVerify: OriginVerify;
  /** Answers a repeated write with the same `Idempotency-Key` as the first; without it, keys mean nothing. */
  readonly idempotency?: Idempotency;
  readonly log: Log;
}

/** A method's parameter is bivariant: routes that need a caller get one, as {@link createApiHandler} sees to. */
type AnyHandler = { handle(request: ApiRequest): Promise<ApiReply> }['handle'];

const contextSchema = z.object({
  awsRequestId: z.string().default('unknown'),
  getRemainingTimeInMillis: z.custom<() => number>((value) => typeof value === 'function').optional(),
});

/** Not every event comes with a context that counts down; without one, the shortest time-out of an API function. */
const DEFAULT_REMAINING_MS = 10_000;

const ROLES_OF: Readonly<Record<Exclude<Access, 'public'>, readonly Caller['role'][]>> = {
  any: ['coach', 'admin'],
  coach: ['coach', 'admin'],
  admin: ['admin'],
};

/**
 * One Lambda handler for all routes of a function. In this order: origin, token, caller, role, JSON, handler.
 * API Gateway has routed already, so that its `routeKey` is the only truth about the route.
 */
export function createApiHandler<F extends ApiFunctionName>(
  options: ApiHandlerOptions<F>,
): (event: unknown, context: unknown) => Promise<HttpReply> {
  const routes = new Map<string, Route>(
    ROUTES.filter((route) => route.served === options.function).map((route) => [
      `${route.method} ${route.path}`,
      route,
    ]),
  );
  const handlers = new Map<string, AnyHandler>(Object.entries<AnyHandler>(options.handlers));

  const authenticate = async (event: HttpEvent, access: Exclude<Access, 'public'>): Promise<Caller> => {
    const { claims } = event;
    if (claims === undefined || claims.token_use !== 'access' || options.resolveCaller === undefined) {
      throw new ProblemError(401, 'UNAUTHENTICATED', 'Sign in and send the access token.', {
        headers: { 'www-authenticate': 'Bearer' },
      });
    }
    const caller = await options.resolveCaller(claims, event.headers[ACT_AS_HEADER]);
    if (!ROLES_OF[access].includes(caller.role)) {
      throw new ProblemError(403, 'FORBIDDEN', 'Your role does not allow this. Ask an admin.');
    }
    return caller;
  };

  const answer = async (
    event: HttpEvent,
    log: Log,
    requestId: string,
    remainingMs: () => number,
  ): Promise<ApiReply> => {
    if (!(await options.originVerify(event.headers[ORIGIN_VERIFY_HEADER]))) {
      throw new ProblemError(
        403,
        'ORIGIN_REFUSED',
        'Requests have to come through the address of the dashboard.',
      );
    }
    const route = routes.get(event.routeKey);
    const handle = handlers.get(event.routeKey);
    if (route === undefined || handle === undefined) throw notFound();
    const caller = route.access === 'public' ? undefined : await authenticate(event, route.access);
    const request: ApiRequest = {
      routeKey: event.routeKey,
      params: event.params,
      query: event.query,
      headers: event.headers,
      body: readJson(event),
      rawBody: event.rawBody,
      rawBytes: event.rawBytes,
      requestId,
      remainingMs,
      log: caller === undefined ? log : log.with({ sub: caller.sub, actingAs: caller.actingAs }),
    };
    if (caller === undefined) return handle(request);
    const authenticated: AuthenticatedRequest = { ...request, caller };
    return route.method === 'GET' || options.idempotency === undefined
      ? handle(authenticated)
      : options.idempotency(authenticated, handle);
  };

  return async (rawEvent, rawContext) => {
    const context = contextSchema.safeParse(rawContext);
    const remaining = context.data?.getRemainingTimeInMillis;
    const remainingMs = remaining === undefined ? () => DEFAULT_REMAINING_MS : () => remaining();
    const event = parseHttpEvent(rawEvent);
    const requestId = event?.requestId ?? context.data?.awsRequestId ?? 'unknown';
    const log = options.log.with({ requestId, routeKey: event?.routeKey });
    try {
      if (event === undefined)
        throw new TypeError('The event is not an HTTP API event of payload format 2.0.');
      return toHttpReply(await answer(event, log, requestId, remainingMs));
    } catch (error) {
      return toProblemReply(error, requestId, log);
    }
  };
}
