/** One HTTP request to the vendor, ready to go. */
export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** Undefined: without `Authorization`. */
  readonly token: string | undefined;
  readonly body: unknown;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Which part of the product asks; the platform sees it in `User-Agent`. */
  readonly caller: string;
}

export type HttpExchange =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly retryAfterMs: number | undefined;
      /** Parsed JSON; undefined when the body was empty or no JSON. */
      readonly body: unknown;
    }
  | { readonly kind: 'timed_out' }
  /** `neverSent`: the request cannot have reached the platform. `codes`: system error codes, fit for a log. */
  | { readonly kind: 'broken'; readonly neverSent: boolean; readonly codes: readonly string[] };

/** System calls and undici's own code that come before a request leaves. */
const BEFORE_SENDING: ReadonlySet<string> = new Set(['connect', 'getaddrinfo', 'UND_ERR_CONNECT_TIMEOUT']);
const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;
const MAX_CAUSES = 5;

/** `code` and `syscall` of an error and its causes. Messages are left alone: they may quote headers. */
function marksOf(error: unknown): string[] {
  const marks: string[] = [];
  let current = error;
  for (let depth = 0; depth < MAX_CAUSES && current instanceof Error; depth += 1) {
    if ('code' in current && typeof current.code === 'string') marks.push(current.code);
    if ('syscall' in current && typeof current.syscall === 'string') marks.push(current.syscall);
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return marks;
}

/** Longer waits are cut to this: a wrong clock over there must not stop us for days. */
const LONGEST_MS = 3_600_000;

/**
 * `Retry-After` in milliseconds from now on, from whole seconds or an HTTP date (RFC 9110, 10.2.3); undefined when
 * there is none or it is neither. A date that has passed is 0.
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1_000), LONGEST_MS);
  // A date starts with its weekday; Date.parse alone takes far more than HTTP dates.
  const time = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.min(Math.max(0, time - nowMs), LONGEST_MS);
}

const textOf = (request: HttpRequest): string | undefined =>
  request.body === undefined ? undefined : JSON.stringify(request.body);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Sends one request and reads the body once; the time-out covers both. Never rejects but with the reason of the
 * caller's own abort. Redirects are not followed: they would carry the token elsewhere.
 */
export async function exchange(
  fetcher: typeof fetch,
  request: HttpRequest,
  nowMs: () => number,
): Promise<HttpExchange> {
  // What is left of a budget may be a fraction, which AbortSignal refuses.
  const timeout = AbortSignal.timeout(Math.floor(request.timeoutMs));
  const text = textOf(request);
  try {
    const response = await fetcher(request.url, {
      method: request.method,
      redirect: 'manual',
      signal: request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]),
      headers: {
        accept: 'application/json',
        'user-agent': `coach-dashboard (${request.caller})`,
        ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(text === undefined ? {} : { body: text }),
    });
    const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), nowMs());
    return { kind: 'answer', status: response.status, retryAfterMs, body: parseJson(await response.text()) };
  } catch (error) {
    request.signal?.throwIfAborted();
    if (timeout.aborted || (error instanceof Error && error.name === 'TimeoutError')) {
      return { kind: 'timed_out' };
    }
    const marks = marksOf(error);
    return {
      kind: 'broken',
      neverSent: marks.some((mark) => BEFORE_SENDING.has(mark)),
      codes: marks.filter((mark) => CODE.test(mark)),
    };
  }
}
