import type middy from '@middy/core';
import type { Caller } from '#shared/identity/caller.ts';
import type { Route, Routes } from '#shared/kernel/contract.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { ApiReply, ApiRequest, RouteHandlers } from './api-types.ts';
import type { HttpEvent } from './http-event.ts';
import type { HttpReply } from './http-reply.ts';

/** A method's parameter is bivariant: routes that need a caller get one, as `authentication` sees to. */
export type AnyHandler = { handle(request: ApiRequest): Promise<ApiReply> }['handle'];

/** A route with what answers it. */
export interface ServedRoute {
  readonly route: Route;
  readonly handle: AnyHandler;
}

/** Each route with its handler: a missing or surplus one does not compile. */
export function serve<R extends Routes>(routes: R, handlers: RouteHandlers<R>): readonly ServedRoute[];
export function serve(routes: Routes, handlers: object): readonly ServedRoute[] {
  const byName = new Map<string, AnyHandler>(Object.entries(handlers));
  return Object.entries(routes).flatMap(([name, route]) => {
    const handle = byName.get(name);
    return handle === undefined ? [] : [{ route, handle }];
  });
}

/**
 * One request on its way through the middlewares; each adds what it found out. It takes the event's place, so that the
 * handler at the end sees it, too.
 */
export class ApiCall {
  /** By `routing`. */
  served: ServedRoute | undefined;
  /** By `authentication`; undefined on a public route. */
  caller: Caller | undefined;
  /** By `jsonBody`, then by the contract through `requestInput`. */
  input: { readonly query: unknown; readonly body: unknown; readonly version: number | undefined };
  /** By `idempotency`: what ids are derived from, an earlier answer to give again, and what becomes of this one. */
  idempotencyId: string | undefined;
  replay: ApiReply | undefined;
  settle: ((reply: ApiReply | undefined, error: unknown) => Promise<void>) | undefined;
  /** By `rateLimit`: makes the call not count after all. */
  giveBack: (() => Promise<void>) | undefined;
  /** By the handler. */
  reply: ApiReply | undefined;

  constructor(
    readonly event: HttpEvent,
    readonly requestId: string,
    readonly remainingMs: () => number,
    public log: Log,
  ) {
    this.input = { query: event.query, body: undefined, version: undefined };
  }
}

export type ApiMiddleware = middy.MiddlewareObj<ApiCall, HttpReply>;
