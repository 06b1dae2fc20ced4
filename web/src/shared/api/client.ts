import { ACT_AS_HEADER, ACTING_HEADER } from '#shared/kernel/contract.ts';
import * as z from 'zod';
import { ApiError, errorFromAnswer } from './api-error.ts';

/** A GET is tried at most this often, in all. Writes are sent once: a person decides on sending them again. */
const ATTEMPTS = 3;
const ATTEMPT_TIMEOUT_MS = 12_000;
/** API Gateway itself gives up after 30 s. */
const WRITE_TIMEOUT_MS = 31_000;
/** All attempts of a GET together, waits included. */
const BUDGET_MS = 25_000;
const BASE_DELAY_MS = 400;
/** Answers kept to be asked whether they still hold: the newest ones, in memory only. */
const MOST_KEPT = 12;
const ACCEPTED = 202;
const NOT_MODIFIED = 304;
const RETRIED_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

type Query = Readonly<Record<string, string | number | null | undefined>>;

interface SendOptions<T> {
  readonly body?: unknown;
  /** A file instead of a JSON body, sent under its own type. */
  readonly file?: Blob;
  /** Version of the item that the change is based on; sent as `If-Match`. */
  readonly ifMatch?: number;
  /** The same key for every attempt at one act, so that doing it twice does it once. */
  readonly idempotencyKey?: string;
  /** Of a repeated act the server knows no more than the id: reads what the answer should have been. */
  readonly readAgain?: (id: string) => Promise<T>;
  /** Sent without a token. */
  readonly anonymous?: boolean;
  /** By the admin, not by the coach that they act as. */
  readonly asOneself?: boolean;
}

interface GetOptions {
  readonly query?: Query;
  readonly signal?: AbortSignal;
  /** For the public routes: asks without a token. */
  readonly anonymous?: boolean;
  /** The server says whether the last answer to the same question still holds; then that one is given again. */
  readonly revalidated?: boolean;
}

export interface ApiClient {
  get<S extends z.ZodType>(path: string, schema: S, options?: GetOptions): Promise<z.output<S>>;
  /** A file, as it comes; sent once. */
  download(path: string, query?: Query): Promise<Blob>;
  /** The same of a file that may be accepted (202) to be made later; `later` reads what is said then. */
  downloadOr<S extends z.ZodType>(path: string, later: S, query?: Query): Promise<Blob | z.output<S>>;
  /** An answer without a body is `undefined`. */
  send<S extends z.ZodType>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    schema: S,
    options?: SendOptions<z.output<S>>,
  ): Promise<z.output<S>>;
}

export interface ApiClientDependencies {
  /** Where the API lives: the site's own origin. */
  readonly origin: string;
  readonly fetch: typeof globalThis.fetch;
  /** A valid access token, or null when nobody is signed in. `renew` asks for a new one even if the old looks valid. */
  readonly accessToken: (renew: boolean) => Promise<string | null>;
  /** The coach an admin acts as. */
  readonly actingAs: () => string | null;
  /** The act that was started for that. */
  readonly actingId?: () => string | null;
  /** Called when the server says that the act is over. */
  readonly onActingEnded?: () => void;
  /** Called once the server refuses even a renewed token. */
  readonly onSessionEnded: () => void;
  readonly isOnline: () => boolean;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

interface KeptAnswer {
  readonly tag: string;
  readonly body: unknown;
}

/** `path?query` with empty values left out, so that one question has one address. */
export function addressOf(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/**
 * Calls the product's own API. Every answer is parsed; every failure is an {@link ApiError}. GETs are tried again
 * after network failures, 429, 502, 503 and 504 with full jitter, obeying `Retry-After` within the budget.
 */
export function createApiClient(deps: ApiClientDependencies): ApiClient {
  const kept = new Map<string, KeptAnswer>();

  function keep(question: string, tag: string | null, body: unknown): void {
    kept.delete(question);
    if (tag !== null) kept.set(question, { tag, body });
    for (const oldest of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(oldest);
  }

  /** The answer, or the one kept from before when it still holds. */
  const keptOr =
    <S extends z.ZodType>(question: string, before: KeptAnswer | undefined, schema: S): Read<z.output<S>> =>
    async (response) => {
      const body = response.status === NOT_MODIFIED ? before?.body : await readJson(response);
      const value = parsedAs(schema, body, response);
      if (response.status !== NOT_MODIFIED) keep(question, response.headers.get('etag'), body);
      return value;
    };

  async function once<T>(request: Request, read: Read<T>, timeoutMs: number, signal?: AbortSignal) {
    const timeout = AbortSignal.timeout(timeoutMs);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    let response: Response;
    try {
      response = await deps.fetch(new Request(request, { signal: either }));
    } catch (error) {
      if (signal?.aborted) throw error;
      if (timeout.aborted)
        throw new ApiError({ failure: 'timeout', message: 'The server took too long to answer.' });
      throw deps.isOnline()
        ? new ApiError({ failure: 'unreachable', message: 'The server could not be reached.' })
        : new ApiError({ failure: 'offline', message: 'This device is offline.' });
    }
    if (!response.ok && response.status !== NOT_MODIFIED) {
      const body = await readJson(response);
      const headers = {
        requestId: response.headers.get('apigw-requestid') ?? response.headers.get('x-request-id'),
        retryAfter: response.headers.get('retry-after'),
      };
      throw errorFromAnswer(response.status, body, headers, deps.now());
    }
    return read(response);
  }

  const unsigned: typeof signed = (build, read, timeoutMs, signal) =>
    once(build(new Headers({ accept: 'application/json' })), read, timeoutMs, signal);

  /** With a token; a refused one is renewed once before the session counts as over. */
  async function signed<T>(
    build: (headers: Headers) => Request,
    read: Read<T>,
    timeoutMs: number,
    signal?: AbortSignal,
  ) {
    for (const renew of [false, true]) {
      const token = await deps.accessToken(renew);
      if (token === null) break;
      const headers = new Headers({ accept: 'application/json', authorization: `Bearer ${token}` });
      const actingAs = deps.actingAs();
      const actingId = deps.actingId?.() ?? null;
      if (actingAs !== null) headers.set(ACT_AS_HEADER, actingAs);
      if (actingAs !== null && actingId !== null) headers.set(ACTING_HEADER, actingId);
      try {
        return await once(build(headers), read, timeoutMs, signal);
      } catch (error) {
        if (error instanceof ApiError && error.facts.code === 'ACTING_ENDED') deps.onActingEnded?.();
        if (!(error instanceof ApiError && error.facts.failure === 'signed-out')) throw error;
      }
    }
    deps.onSessionEnded();
    throw new ApiError({
      failure: 'signed-out',
      message: 'You have been signed out. Sign in again.',
      status: 401,
    });
  }

  function fetchFile<T>(path: string, query: Query | undefined, read: Read<T>): Promise<T> {
    const address = new URL(addressOf(path, query), deps.origin);
    const build = (headers: Headers) => {
      headers.set('accept', '*/*');
      return new Request(address, { headers });
    };
    return signed(build, read, WRITE_TIMEOUT_MS);
  }

  return {
    async get(path, schema, { query, signal, anonymous = false, revalidated = false } = {}) {
      const address = new URL(addressOf(path, query), deps.origin);
      const ask = anonymous ? unsigned : signed;
      const question = JSON.stringify([deps.actingAs(), address.href]);
      const before = revalidated ? kept.get(question) : undefined;
      const build = (headers: Headers) => {
        if (before !== undefined) headers.set('if-none-match', before.tag);
        return new Request(address, { headers });
      };
      const read = revalidated ? keptOr(question, before, schema) : jsonOf(schema);
      const startedAt = deps.now();
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await ask(build, read, ATTEMPT_TIMEOUT_MS, signal);
        } catch (error) {
          const wait = retryDelay(error, attempt, deps.random());
          if (wait === null || deps.now() - startedAt + wait > BUDGET_MS) throw error;
          await deps.sleep(wait, signal);
        }
      }
    },
    download: (path, query) => fetchFile(path, query, (response) => response.blob()),
    downloadOr: <S extends z.ZodType>(path: string, later: S, query?: Query) =>
      fetchFile<Blob | z.output<S>>(path, query, (response) =>
        response.status === ACCEPTED ? jsonOf(later)(response) : response.blob(),
      ),
    async send(
      method,
      path,
      schema,
      { body, file, ifMatch, idempotencyKey, readAgain, anonymous = false, asOneself } = {},
    ) {
      const address = new URL(path, deps.origin);
      const build = (headers: Headers) => {
        if (body !== undefined) headers.set('content-type', 'application/json');
        if (file !== undefined) headers.set('content-type', file.type);
        if (ifMatch !== undefined) headers.set('if-match', `"${ifMatch}"`);
        if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
        if (asOneself === true) {
          headers.delete(ACT_AS_HEADER);
          headers.delete(ACTING_HEADER);
        }
        return new Request(address, {
          method,
          headers,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          ...(file === undefined ? {} : { body: file }),
        });
      };
      const ask = anonymous ? unsigned : signed;
      const settled = await ask(
        build,
        async (response) => {
          if (readAgain !== undefined && response.headers.get('idempotency-replayed') === 'true') {
            const { id } = await jsonOf(keptSchema)(response);
            return () => readAgain(id);
          }
          const value = await jsonOf(schema)(response);
          return () => Promise.resolve(value);
        },
        WRITE_TIMEOUT_MS,
      );
      return settled();
    },
  };
}

/** Milliseconds to wait before the next attempt at a GET, or null when another attempt cannot help. */
function retryDelay(error: unknown, attempt: number, random: number): number | null {
  if (!(error instanceof ApiError) || attempt >= ATTEMPTS) return null;
  const { failure, status, retryAfterSeconds } = error.facts;
  const worthIt =
    failure === 'unreachable' ||
    failure === 'timeout' ||
    (failure === 'refused' && RETRIED_STATUSES.has(status ?? 0));
  if (!worthIt) return null;
  const backoff = random * BASE_DELAY_MS * 2 ** attempt;
  return Math.max(backoff, (retryAfterSeconds ?? 0) * 1000);
}

/** What is kept of an answer under its key. */
const keptSchema = z.object({ id: z.string() });

type Read<T> = (response: Response) => Promise<T>;

/** Reads a body as the schema says. */
const jsonOf =
  <S extends z.ZodType>(schema: S): Read<z.output<S>> =>
  async (response) =>
    parsedAs(schema, await readJson(response), response);

function parsedAs<S extends z.ZodType>(schema: S, body: unknown, response: Response): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ApiError({
    failure: 'garbled',
    message: 'The answer could not be read. Reload the page; it may be out of date.',
    status: response.status,
    requestId: response.headers.get('apigw-requestid') ?? undefined,
  });
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '');
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
