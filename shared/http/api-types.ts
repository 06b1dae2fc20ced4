import type * as z from 'zod';
import type { Caller } from '#shared/identity/caller.ts';
import type { DeepReadonly, ParamsOf, Route, Routes } from '#shared/kernel/contract.ts';
import type { Log } from '#shared/kernel/log.ts';

type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined;
type QueryOf<R extends Route> = R extends { readonly query: infer S } ? OutputOf<S> : unknown;
type BodyOf<R extends Route> = R extends { readonly bodyLast: true }
  ? unknown
  : R extends { readonly body: infer S }
    ? OutputOf<S>
    : unknown;
type VersionOf<R extends Route> = R extends { readonly ifMatch: true } ? number : number | undefined;

/** A request as a handler sees it: what the route's contract names is parsed and typed. */
export interface ApiRequest<R extends Route = Route> {
  /** `GET /api/competitors/{id}`. */
  readonly routeKey: string;
  readonly params: Readonly<Record<ParamsOf<R['path']>, string>>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
  /** What `If-Match` names, where the contract asks for it. */
  readonly version: VersionOf<R>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: string | undefined;
  /** The body as it came; of a file that is not UTF-8, `rawBody` is not the text. */
  readonly rawBytes?: Uint8Array | undefined;
  readonly requestId: string;
  /** Milliseconds until the function is ended. */
  readonly remainingMs: () => number;
  readonly log: Log;
}

export interface AuthenticatedRequest<R extends Route = Route> extends ApiRequest<R> {
  readonly caller: Caller;
  /**
   * The same for each try of a write under one `Idempotency-Key`; undefined without one. What is made under ids derived
   * from it is made once, even when an earlier try died half-way.
   */
  readonly idempotencyId?: string | undefined;
}

export interface ApiReply {
  readonly status: number;
  /** Sent as JSON; a string with a `content-type` of its own is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer that the contract promises; files and empty answers are not typed further. */
export type ReplyOf<R extends Route> = R extends {
  readonly success: { readonly schema: infer S; readonly status: infer C };
}
  ? { readonly status: C; readonly body: DeepReadonly<OutputOf<S>>; readonly headers?: ApiReply['headers'] }
  : ApiReply;

/** One handler for each route: a missing or surplus one does not compile. */
export type RouteHandlers<R extends Routes> = {
  readonly [K in keyof R]: (
    request: R[K]['access'] extends 'public' ? ApiRequest<R[K]> : AuthenticatedRequest<R[K]>,
  ) => Promise<ReplyOf<R[K]>>;
};
