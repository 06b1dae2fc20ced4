import type { DeepReadonly, ParamsOf, Route } from '#shared/kernel/contract.ts';
import * as z from 'zod';
import { addressOf, type ApiClient } from './client.ts';

/** Calls by the routes of the contracts: what is sent and what comes back is what they say. */

type Query<Q> =
  Q extends z.ZodObject<infer Shape>
    ? { readonly [K in keyof Shape]?: string | number | null | undefined }
    : undefined;

interface JsonRoute<P extends string, S extends z.ZodType> extends Pick<Route, 'method' | 'revalidated'> {
  readonly path: P;
  readonly success: { readonly schema: S };
}

type PathInput<P extends string> = [ParamsOf<P>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: Readonly<Record<ParamsOf<P>, string>> };

type QueryInput<R> = R extends { readonly query: infer Q } ? { readonly query?: Query<Q> } : object;

type BodyInput<R> = R extends { readonly body: infer B extends z.ZodType }
  ? { readonly body: DeepReadonly<z.input<B>> }
  : R extends { readonly file: string }
    ? { readonly file: Blob }
    : object;

type VersionInput<R> = R extends { readonly ifMatch: true } ? { readonly version: number } : object;

interface Sent {
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, string | number | null | undefined>> | undefined;
  readonly body?: unknown;
  readonly file?: Blob;
  readonly version?: number;
}

interface Repeated<T> {
  /** Without a sign-in. */
  readonly anonymous?: boolean;
  /** By the admin, not by the coach that they act as. */
  readonly asOneself?: boolean;
  readonly idempotencyKey?: string;
  readonly readAgain?: (id: string) => Promise<T>;
}

/** The path with its variables filled in. */
const pathOf = (path: string, params: Sent['params'] = {}): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));

/** Reads a route; tried again as the client does. */
export const readRoute = <P extends string, S extends z.ZodType, R extends JsonRoute<P, S>>(
  api: ApiClient,
  route: R & JsonRoute<P, S>,
  input: PathInput<P> & QueryInput<R> & { readonly signal?: AbortSignal; readonly anonymous?: boolean },
): Promise<z.output<S>> => {
  const { params, query, signal, anonymous }: Sent & { signal?: AbortSignal; anonymous?: boolean } = input;
  const schema: S = route.success.schema;
  return api.get(pathOf(route.path, params), schema, {
    ...(query && { query }),
    ...(signal && { signal }),
    ...(anonymous === true && { anonymous }),
    ...(route.revalidated === true && { revalidated: true }),
  });
};

/**
 * Sends a write, once. `idempotencyKey`: the same for every attempt at one act; `readAgain`: what is answered by the
 * act is read by its id when an earlier attempt did it.
 */
export const writeRoute = <P extends string, S extends z.ZodType, R extends JsonRoute<P, S>>(
  api: ApiClient,
  route: R & JsonRoute<P, S>,
  input: PathInput<P> & QueryInput<R> & BodyInput<R> & VersionInput<R> & Repeated<z.output<S>>,
): Promise<z.output<S>> => {
  const sent: Sent & Repeated<z.output<S>> = input;
  const { params, query, body, file, version, idempotencyKey, readAgain, anonymous, asOneself } = sent;
  if (route.method === 'GET') throw new TypeError(`${route.path} is not written to.`);
  const schema: S = route.success.schema;
  return api.send(route.method, addressOf(pathOf(route.path, params), query), schema, {
    ...(body !== undefined && { body }),
    ...(file && { file }),
    ...(version !== undefined && { ifMatch: version }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(readAgain && { readAgain }),
    ...(anonymous === true && { anonymous }),
    ...(asOneself === true && { asOneself }),
  });
};

/** A write whose answer is empty. */
export const removeByRoute = <P extends string>(
  api: ApiClient,
  route: { readonly method: 'DELETE'; readonly path: P },
  { params }: { readonly params: Readonly<Record<ParamsOf<P>, string>> },
): Promise<undefined> => api.send(route.method, pathOf(route.path, params), z.undefined());

/** A file, as it comes. */
export const downloadRoute = <P extends string, R extends { readonly path: P }>(
  api: ApiClient,
  route: R & { readonly path: P },
  input: PathInput<P> & QueryInput<R>,
): Promise<Blob> => {
  const { params, query }: Sent = input;
  return api.download(pathOf(route.path, params), query);
};

/** A file, or the job that prepares it. */
export const exportRoute = <
  P extends string,
  S extends z.ZodType,
  R extends { readonly path: P; readonly deferred: { readonly schema: S } },
>(
  api: ApiClient,
  route: R & { readonly path: P; readonly deferred: { readonly schema: S } },
  input: PathInput<P> & QueryInput<R>,
): Promise<Blob | z.output<S>> => {
  const { params, query }: Sent = input;
  const schema: S = route.deferred.schema;
  return api.downloadOr(pathOf(route.path, params), schema, query);
};
