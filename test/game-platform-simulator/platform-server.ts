import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ENDPOINTS, type PlatformAnswer, type PlatformCall, refusalOfUnknown } from './endpoints.ts';
import type { Fault, Faults } from './faults.ts';
import { readBody } from './http.ts';
import type { GamePlatformModel } from './model.ts';
import { PlatformRefusal } from './platform-refusal.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';
import { spoil } from './spoil.ts';

export const BASE_PATH = '/integrations/syned/v1';

interface Parts {
  readonly model: GamePlatformModel;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly token: string;
  readonly onLog: (line: string) => void;
}

interface Incoming {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly path: string | undefined;
  readonly text: string;
  /** An error when the text is no JSON. */
  readonly body: unknown;
  readonly logged: LoggedRequest;
}

type Reply = PlatformAnswer & {
  readonly headers?: Readonly<Record<string, string>>;
  /** What the headers say in `Retry-After`, from now on. */
  readonly retryAfterMs?: number;
};

/** The integration API over HTTP: token, log, throttling and faults around the endpoints. */
export class PlatformServer {
  /** When the calls of the last second began. */
  private recent: number[] = [];

  constructor(private readonly parts: Parts) {}

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { requests } = this.parts;
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const path = pathBelowBase(url.pathname);
    const method = request.method ?? 'GET';
    const text = await readBody(request);
    const body = parseJson(text);
    const ids = idsOf(url.searchParams, body);
    const token = tokenIn(request.headers.authorization);
    const logged = requests.begin({
      method,
      path: path ?? url.pathname,
      ...ids,
      token: token === undefined ? 'none' : token === this.parts.token ? 'right' : 'wrong',
      hasBody: text !== '',
      caller: request.headers['user-agent'] ?? '',
    });
    const closed = new Promise<void>((resolve) => {
      response.once('close', () => {
        logged.closedAt = Date.now();
        resolve();
      });
    });
    try {
      await this.handle({ request, response, url, path, text, body, logged });
    } finally {
      // A call whose caller gave up is in flight for as long as it is worked on.
      await closed;
      requests.end(logged, response.writableFinished ? response.statusCode : 0);
    }
  }

  private async handle({ request, response, url, path, text, body, logged }: Incoming): Promise<void> {
    const { faults } = this.parts;
    const { synedUserId } = logged;
    const endpoint = `${logged.method} ${path}`;
    const hit = faults.hitting({ endpoint, synedUserId });
    logged.faults = hit.map(({ kind }) => kind);
    const find = <K extends Fault['kind']>(kind: K) =>
      hit.find((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind);

    const latency = find('latency');
    if (latency !== undefined) {
      await sleep(latency.ms + faults.jitter(latency.jitterMs), undefined, { ref: false });
    }
    if (find('hang') !== undefined) {
      return;
    }
    if (find('dropConnection') !== undefined) {
      response.destroy();
      return;
    }
    const reply =
      this.throttled() ??
      refusedByFault(hit, this.parts.model) ??
      this.answer(endpoint, path, request, { query: url.searchParams, body: text === '' ? undefined : body });
    if (reply.status < 300) logged.doneAt = Date.now();
    if (reply.retryAfterMs !== undefined) logged.retryAfterAt = Date.now() + reply.retryAfterMs;
    const late = find('timeoutAfterSuccess');
    if (late?.ms !== undefined) {
      await sleep(late.ms, undefined, { ref: false });
    }
    if (late !== undefined && late.ms === undefined) {
      return;
    }
    if (find('lostAnswer') !== undefined) {
      response.destroy();
      return;
    }
    this.send(response, reply, hit, logged);
  }

  private answer(
    endpoint: string,
    path: string | undefined,
    request: IncomingMessage,
    call: PlatformCall,
  ): Reply {
    const { model, token } = this.parts;
    try {
      const known = ENDPOINTS[endpoint];
      if (path === undefined || known === undefined) {
        throw refusalOfUnknown(path ?? '');
      }
      if (known.open !== true) {
        checkToken(request.headers.authorization, token, model);
      }
      if (call.body instanceof SyntaxError) {
        throw new PlatformRefusal(422, [
          { loc: ['body', 0], msg: 'JSON decode error', type: 'json_invalid' },
        ]);
      }
      return known.answer(model, call);
    } catch (error) {
      if (error instanceof PlatformRefusal) {
        return { status: error.status, body: { detail: error.detail } };
      }
      throw error;
    }
  }

  private throttled(): Reply | undefined {
    const limit = this.parts.model.settings.rateLimit;
    if (limit === null) {
      return undefined;
    }
    const now = Date.now();
    this.recent = this.recent.filter((at) => at > now - 1000);
    if (this.recent.length >= limit.perSecond) {
      return tooMany(limit.retryAfter, 1, this.parts.model);
    }
    this.recent.push(now);
    return undefined;
  }

  private send(response: ServerResponse, reply: Reply, hit: readonly Fault[], logged: LoggedRequest): void {
    const has = (kind: Fault['kind']): boolean => hit.some((fault) => fault.kind === kind);
    const succeeded = reply.status < 300;
    const html = reply.body instanceof Html;
    const whole = html
      ? String(reply.body)
      : JSON.stringify(succeeded || has('unknownFields') ? spoil(reply.body, hit) : reply.body);
    let text = reply.body === undefined ? '' : whole;
    if (succeeded && has('emptyBody')) {
      text = '';
    } else if (succeeded && has('malformedJson')) {
      text = text.slice(0, Math.max(1, Math.floor(text.length * 0.6)));
    }
    response.writeHead(reply.status, {
      'content-type': html ? 'text/html' : 'application/json',
      'content-length': Buffer.byteLength(text),
      ...reply.headers,
    });
    response.end(text);
    const about = logged.faults.length === 0 ? '' : ` (${logged.faults.join(', ')})`;
    this.parts.onLog(`${logged.method} ${logged.path} ${reply.status}${about}`);
  }
}

class Html {
  constructor(private readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

function refusedByFault(hit: readonly Fault[], model: GamePlatformModel): Reply | undefined {
  for (const fault of hit) {
    if (fault.kind === 'serverError') {
      const { status } = fault;
      switch (fault.body) {
        case 'json':
          return { status, body: { detail: 'Internal Server Error' } };
        case 'html':
          return {
            status,
            body: new Html(`<html><body><center><h1>${status} Bad Gateway</h1></center></body></html>`),
          };
        case 'empty':
          return { status, body: undefined };
      }
    }
    if (fault.kind === 'rateLimited') {
      return tooMany(fault.retryAfter, fault.seconds, model);
    }
    if (fault.kind === 'wrongToken') {
      return { status: model.settings.wrongTokenStatus, body: { detail: 'Invalid token' } };
    }
  }
  return undefined;
}

function tooMany(form: 'seconds' | 'date' | 'none', seconds: number, model: GamePlatformModel): Reply {
  const detail = { status: 429, body: { detail: 'Too Many Requests' } };
  if (form === 'none') return detail;
  if (form === 'seconds') {
    return { ...detail, headers: { 'retry-after': String(seconds) }, retryAfterMs: seconds * 1_000 };
  }
  const date = new Date((model.now() + seconds) * 1_000);
  return {
    ...detail,
    headers: { 'retry-after': date.toUTCString() },
    retryAfterMs: Math.max(0, date.getTime() - Date.now()),
  };
}

/** The bearer token of an `Authorization` header; undefined when there is none. */
function tokenIn(header: string | undefined): string | undefined {
  const [scheme, given] = (header ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && given !== '' ? given : undefined;
}

/** A missing token is a 403, as the vendor's framework has it; a wrong one is a setting. */
function checkToken(header: string | undefined, token: string, model: GamePlatformModel): void {
  const given = tokenIn(header);
  if (given === undefined) {
    throw new PlatformRefusal(403, 'Not authenticated');
  }
  if (given !== token) {
    throw new PlatformRefusal(model.settings.wrongTokenStatus, 'Invalid token');
  }
}

/** The path below the base URL, trailing slashes dropped; undefined outside it. */
function pathBelowBase(pathname: string): string | undefined {
  const plain = pathname.replace(/\/+$/, '');
  if (plain === BASE_PATH) {
    return '/';
  }
  return plain.startsWith(`${BASE_PATH}/`) ? plain.slice(BASE_PATH.length) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

function idsOf(query: URLSearchParams, body: unknown) {
  const fields: Readonly<Record<string, unknown>> =
    typeof body === 'object' && body !== null && !(body instanceof Error) ? { ...body } : {};
  const id = (name: string): string | undefined => {
    const value = query.get(name) ?? fields[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    synedUserId: id('syned_user_id'),
    synedTeamId: id('syned_team_id'),
    synedCoachUserId: id('syned_coach_user_id'),
    afterTimeUnix: id('after_time_unix'),
  };
}
