import type * as z from 'zod';

/**
 * What a route is, defined once in the `contract.ts` of its capability: the CDK app, the functions, the API document
 * and the site are made from it. Safe in a browser.
 */

/** The functions that serve HTTP, by the name of their folder under `functions/`. */
export const API_FUNCTIONS = [
  'public-api',
  'competitors-api',
  'onboarding-api',
  'teams-api',
  'dashboard-api',
  'jobs-api',
  'coaches-api',
  'settings-api',
  'dead-letters-api',
  'schedules-api',
] as const;
export type ApiFunctionName = (typeof API_FUNCTIONS)[number];

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** `public`: no token; `any`: signed in; `coach`: coach or admin; `admin`: admin only. */
export type Access = 'public' | 'any' | 'coach' | 'admin';

/** What a call costs: a look, a change, calls of the vendor, an email, or work on many competitors. */
export type RateClass = 'read' | 'write' | 'vendor' | 'mail' | 'bulk';

/** What a route says beside its method and path. */
export interface RouteDefinition {
  readonly served: ApiFunctionName;
  readonly access: Access;
  readonly rate: RateClass;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** What is not the caller's is told before the body is judged: the handler parses it, not the shell. */
  readonly bodyLast?: true;
  /** What a CSV file as the body may be, in words. */
  readonly file?: string;
  /** More than 8 KB is ordinary: a file, or hundreds of ids. The firewall refuses such a body of any other route. */
  readonly largeBody?: true;
  readonly success: {
    readonly status: number;
    readonly description: string;
    readonly schema?: z.ZodType;
    /** Of an answer that is not JSON. */
    readonly contentType?: string;
  };
  /** What is too much for one answer is accepted (202) and made by a job. */
  readonly deferred?: { readonly description: string; readonly schema: z.ZodType };
  /** Stable codes a client may want to tell apart, beside those of every route. */
  readonly problems?: Readonly<Record<number, readonly string[]>>;
  /** Needs `If-Match` with the item's version. */
  readonly ifMatch?: true;
  /** An admin may act with one coach's rights. */
  readonly actAs?: true;
  /** Asked for again and again: `If-None-Match` with the answer's `ETag` gets 304 while nothing changed. */
  readonly revalidated?: true;
}

export interface Route extends RouteDefinition {
  readonly method: HttpMethod;
  /** API Gateway form: path variables are `{name}`, always a whole segment. */
  readonly path: string;
}

/** The routes of a capability, by what they do. */
export type Routes = Readonly<Record<string, Route>>;

/** `GET /api/teams/{id}`: how API Gateway names a route. */
export const routeKeyOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

export const route = <
  const M extends HttpMethod,
  const P extends `/api/${string}`,
  const D extends RouteDefinition,
>(
  method: M,
  path: P,
  definition: D,
) => ({ method, path, ...definition });

/** The names of a path's variables. */
export type ParamsOf<P extends string> = string extends P
  ? string
  : P extends `${string}{${infer Name}}${infer Rest}`
    ? Name | ParamsOf<Rest>
    : never;

/** What is sent or answered may be made of readonly parts. */
export type DeepReadonly<T> = T extends (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** The OAuth scope that every protected route asks of the access token (ID tokens carry no scope). */
export const API_SCOPE = 'openid';

/** The header that CloudFront adds to every request, so that no one can go round it and its WAF. */
export const ORIGIN_VERIFY_HEADER = 'x-origin-verify';

/** The header with which an admin acts with exactly one coach's rights. */
export const ACT_AS_HEADER = 'x-act-as';

/** Beside it, the act that the site has started with a reason: refused once that is over. Other callers may leave it out. */
export const ACTING_HEADER = 'x-acting-id';
