import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '#shared/kernel/log.ts';
import { METRICS } from '#shared/kernel/metric-names.ts';
import type { Metrics } from '#shared/kernel/metrics.ts';
import type { Tracing } from '#shared/kernel/tracing.ts';
import { NoSlotError, type AttemptEnd, type RateLimiter, type Permit } from './budget/rate-limiter.ts';
import type { CallPurpose } from './budget/purposes.ts';
import { CALL_TIMEOUT_MS, endpointOf, type EndpointName } from './endpoints.ts';
import { ERROR_MESSAGES, GamePlatformError, type GamePlatformErrorContext } from './game-platform-error.ts';
import { exchange, type HttpExchange } from './http-exchange.ts';
import { readRefusal, type Refusal } from './refusal.ts';
import { waitBefore, type FailedAttempt } from './retry-policy.ts';
import type { TokenSource } from './token-source.ts';
import { OwnError } from '#shared/kernel/errors.ts';

/** One call as the client makes it: an endpoint with its ids, query and body. */
export interface Call {
  readonly endpoint: EndpointName;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly synedUserId?: string;
  /** The user's id was typed in by a person: it may be anything, and is written down nowhere. */
  readonly typedId?: boolean | undefined;
  readonly synedTeamId?: string;
}

/** How long and until when. */
export interface CallLimits {
  /** Milliseconds since the epoch by the injected clock; infinite without a budget. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  readonly purpose: CallPurpose;
}

/** A 2xx answer. */
export interface Success {
  readonly status: number;
  /** Parsed JSON; undefined when there was none, which does not make the call less of a success. */
  readonly body: unknown;
  readonly attempts: number;
}

/** Names the fields of a 2xx answer that cannot be used; undefined: all is well. */
export type CheckAnswer = (answer: Success) => readonly string[] | undefined;

export interface CallerDeps {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly token: TokenSource;
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly now: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'add'> | undefined;
  readonly tracing: Pick<Tracing, 'span'>;
  /** Overrides every endpoint's own time-out. */
  readonly callTimeoutMs: number | undefined;
  readonly budget: RateLimiter | undefined;
  /** Named to the platform. */
  readonly caller: string;
}

/** A failed attempt with what the error will say of it. */
type Failure = FailedAttempt & Pick<Refusal, 'sure' | 'fields'> & { readonly cause?: Error };

/** The least time worth starting an attempt with; a write that is cut off leaves a question, so it gets more. */
const MIN_READ_MS = 500;
const MIN_WRITE_MS = 2_000;
const SLOT_MARGIN_MS = 100;

/** Rejected with a refusal that a look-up may still settle. */
export class UnsureError extends GamePlatformError {}

export function errorOf(
  call: Call,
  failure: Pick<Failure, 'code' | 'status' | 'retryAfterMs' | 'fields' | 'sure' | 'cause'>,
  attempts: number,
): GamePlatformError {
  const context: GamePlatformErrorContext = {
    endpoint: call.endpoint,
    attempts,
    ...(call.synedUserId === undefined || call.typedId === true ? {} : { synedUserId: call.synedUserId }),
    ...(call.synedTeamId === undefined ? {} : { synedTeamId: call.synedTeamId }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    ...(failure.fields === undefined ? {} : { fields: failure.fields }),
  };
  const Kind = failure.sure ? GamePlatformError : UnsureError;
  return new Kind(
    failure.status,
    failure.code,
    ERROR_MESSAGES[failure.code],
    context,
    failure.cause === undefined ? undefined : { cause: failure.cause },
  );
}

/** A 2xx answer that passes `check`, or why the attempt failed. */
function outcomeOf(
  endpoint: EndpointName,
  result: HttpExchange,
  attempt: number,
  check: CheckAnswer,
): Success | Failure {
  if (result.kind === 'timed_out') return { code: 'TIMED_OUT', status: null, neverSent: false, sure: true };
  if (result.kind === 'broken') {
    const cause = new OwnError(result.codes.join(' ') || 'connection broken');
    return { code: 'UNAVAILABLE', status: null, neverSent: result.neverSent, sure: true, cause };
  }
  const { status, body, retryAfterMs } = result;
  if (status >= 200 && status < 300) {
    const success: Success = { status, body, attempts: attempt };
    const fields = check(success);
    if (fields === undefined) return success;
    return { code: 'BAD_ANSWER', status, neverSent: false, sure: true, fields };
  }
  return {
    ...readRefusal(endpoint, status, body),
    status,
    neverSent: false,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/**
 * Makes one call with everything around it: token, time-out, retries, budget, log. A 2xx answer that `check` does
 * not like is a failed attempt (`BAD_ANSWER`).
 * @throws GamePlatformError, or the reason of the caller's abort.
 */
export async function makeCall(
  deps: CallerDeps,
  call: Call,
  limits: CallLimits,
  check: CheckAnswer,
): Promise<Success> {
  const endpoint = endpointOf(call.endpoint);
  const nowMs = (): number => deps.now().getTime();
  const fullMs = deps.callTimeoutMs ?? endpoint.timeoutMs ?? CALL_TIMEOUT_MS;
  const leastMs = Math.min(fullMs, endpoint.write ? MIN_WRITE_MS : MIN_READ_MS);
  const url = `${deps.baseUrl}${endpoint.path}${call.query === undefined ? '' : `?${new URLSearchParams(call.query)}`}`;
  let token = call.endpoint === 'index' ? undefined : await readToken(deps, call);
  let replaced = false;

  const attemptOnce = async (
    attempt: number,
    timeoutMs: number,
    permit: Permit | undefined,
  ): Promise<Success | Failure> => {
    const startedMs = nowMs();
    const { signal } = limits;
    const { method } = endpoint;
    let end: AttemptEnd = { kind: 'unknown' };
    try {
      const result = await deps.tracing.span(call.endpoint, async (span) => {
        span.annotate({ attempt });
        const answer = await exchange(
          deps.fetch,
          { url, method, token, body: call.body, timeoutMs, signal, caller: deps.caller },
          nowMs,
        );
        if (answer.kind === 'answer') span.annotate({ status: answer.status });
        return answer;
      });
      const outcome = outcomeOf(call.endpoint, result, attempt, check);
      end = endOf(outcome);
      report(deps, call, outcome, attempt, nowMs() - startedMs);
      return outcome;
    } finally {
      await permit?.release(end);
    }
  };

  let last: Failure | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const early = limits.deadlineMs - nowMs() < leastMs;
    const permit = early ? undefined : await leaveFor(deps, call, limits, leastMs, attempt);
    const leftMs = limits.deadlineMs - nowMs();
    if (leftMs < leastMs) {
      await permit?.release({ kind: 'unknown' });
      throw errorOf(call, last ?? { code: 'BUDGET_EXHAUSTED', status: null, sure: true }, attempt - 1);
    }
    const outcome = await attemptOnce(attempt, Math.min(fullMs, leftMs), permit);
    if ('attempts' in outcome) return outcome;
    last = outcome;

    if (outcome.code === 'TOKEN_REFUSED' && token !== undefined && !replaced) {
      const next = await replaceToken(deps, call, token);
      if (next === token) throw errorOf(call, outcome, attempt);
      token = next;
      replaced = true;
      continue;
    }
    const waitMs = waitBefore(outcome, attempt, endpoint.write, deps.random);
    if (waitMs === undefined || nowMs() + waitMs + leastMs > limits.deadlineMs) {
      throw errorOf(call, outcome, attempt);
    }
    await deps.sleep(waitMs, limits.signal);
  }
}

/** Refusals about one user are answers like any other: the platform is alive. */
function endOf(outcome: Success | Failure): AttemptEnd {
  if ('attempts' in outcome) return { kind: 'answered' };
  const { code, retryAfterMs } = outcome;
  if (code === 'THROTTLED') return { kind: 'throttled', retryAfterMs };
  return { kind: code === 'TIMED_OUT' || code === 'UNAVAILABLE' ? 'failed' : 'answered', retryAfterMs };
}

/** Waits for leave to make an attempt that has at least `leastMs` until the caller's deadline. */
async function leaveFor(
  deps: CallerDeps,
  call: Call,
  limits: CallLimits,
  leastMs: number,
  attempt: number,
): Promise<Permit | undefined> {
  try {
    return await deps.budget?.acquire(limits.purpose, {
      // A slot is met within a few milliseconds.
      latestMs: limits.deadlineMs - leastMs - SLOT_MARGIN_MS,
      signal: limits.signal,
    });
  } catch (error) {
    limits.signal?.throwIfAborted();
    if (error instanceof NoSlotError) {
      const retryAfterMs = Math.max(0, Math.ceil(error.until - deps.now().getTime()));
      throw errorOf(call, { code: error.code, status: null, sure: true, retryAfterMs }, attempt - 1);
    }
    const cause = new OwnError('The call budget could not be asked.', { cause: error });
    throw errorOf(call, { code: 'UNAVAILABLE', status: null, sure: true, cause }, attempt - 1);
  }
}

const missingToken = (call: Call): GamePlatformError =>
  errorOf(call, { code: 'TOKEN_MISSING', status: null, sure: true }, 0);

/** The place where the token is kept cannot be read: transient, and told apart from a missing token by its cause. */
const unreadableToken = (call: Call, cause: unknown): GamePlatformError =>
  errorOf(
    call,
    {
      code: 'UNAVAILABLE',
      status: null,
      sure: true,
      cause: new OwnError('The token could not be read.', { cause }),
    },
    0,
  );

async function readToken(deps: CallerDeps, call: Call): Promise<string> {
  const token = await deps.token.current().catch((error: unknown) => {
    throw unreadableToken(call, error);
  });
  if (token === null) throw missingToken(call);
  return token;
}

async function replaceToken(deps: CallerDeps, call: Call, refused: string): Promise<string> {
  const token = await deps.token.replace(refused).catch((error: unknown) => {
    throw unreadableToken(call, error);
  });
  if (token === null) throw missingToken(call);
  return token;
}

function report(deps: CallerDeps, call: Call, outcome: Success | Failure, attempt: number, ms: number): void {
  const failure = 'attempts' in outcome ? undefined : outcome;
  if ((outcome.status ?? 0) >= 500) deps.metrics?.add(METRICS.gamePlatformServerError, 1);
  const fields = {
    endpoint: call.endpoint,
    synedUserId: call.typedId === true ? undefined : call.synedUserId,
    synedTeamId: call.synedTeamId,
    status: outcome.status,
    ms,
    attempt,
    ...(failure === undefined
      ? {}
      : { code: failure.code, fields: failure.fields, cause: failure.cause?.message }),
  };
  // Reads that went well at once are nearly all of the calls.
  const usual = !endpointOf(call.endpoint).write && attempt === 1;
  if (failure !== undefined) deps.log.warn('game platform call', fields);
  else if (usual) deps.log.debug('game platform call', fields);
  else deps.log.info('game platform call', fields);
}
