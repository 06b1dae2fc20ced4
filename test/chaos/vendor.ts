import { ENDPOINTS, refusalOfUnknown } from '#test/game-platform-simulator/endpoints.ts';
import { Faults, type Fault } from '#test/game-platform-simulator/faults.ts';
import { GamePlatformModel } from '#test/game-platform-simulator/model.ts';
import { PlatformRefusal } from '#test/game-platform-simulator/platform-refusal.ts';
import { spoil } from '#test/game-platform-simulator/spoil.ts';
import type { Turns } from './turns.ts';

export const BASE_URL = 'https://platform.example.org/v1';

/** Longer than any caller waits. */
const GIVEN_UP_MS = { lists: 15_000, others: 5_000 } as const;

/** How a call ends for its caller, and when. */
type Reply = { readonly afterMs: number } & (
  | { readonly kind: 'answer'; readonly status: number; readonly text: string; readonly retryAfter?: string }
  | { readonly kind: 'broken' }
  | { readonly kind: 'nothing' }
);

/** The simulator's platform behind the product's own client, without a network: the same endpoints, faults and spoilt answers. */
export class Vendor {
  readonly model: GamePlatformModel;
  readonly faults: Faults;
  readonly hits: string[] = [];
  calls = 0;
  readonly #turns: Turns;

  constructor(seed: number, turns: Turns) {
    this.#turns = turns;
    this.model = new GamePlatformModel({ seed, now: () => turns.now / 1_000 });
    this.faults = new Faults(seed);
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const method = init.method ?? 'GET';
    const path = new URL(url).pathname.slice(new URL(BASE_URL).pathname.length);
    const reply = await this.#turns.step(`${method} ${path}`, () =>
      Promise.resolve(this.#reply(`${method} ${path}`, path, url, init)),
    );
    if (reply.afterMs > 0) await new Promise<void>((done) => setTimeout(done, reply.afterMs));
    if (reply.kind === 'nothing') throw new DOMException('The operation timed out.', 'TimeoutError');
    if (reply.kind === 'broken') {
      const cause = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      throw new TypeError('fetch failed', { cause });
    }
    const { status, text, retryAfter } = reply;
    const headers = new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter });
    return { status, headers, text: () => Promise.resolve(text) } as Response;
  };

  #reply(endpoint: string, path: string, url: string, init: RequestInit): Reply {
    this.calls += 1;
    const query = new URL(url).searchParams;
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const subject: unknown = query.get('syned_user_id') ?? Object(body)['syned_user_id'];
    const synedUserId = typeof subject === 'string' ? subject : undefined;
    const hit = this.faults.hitting({ endpoint, synedUserId });
    for (const { kind } of hit) this.hits.push(kind);
    const find = <K extends Fault['kind']>(kind: K) =>
      hit.find((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind);
    const latency = find('latency');
    const afterMs = 20 + (latency === undefined ? 0 : latency.ms + this.faults.jitter(latency.jitterMs));
    const givenUp = path.endsWith('get_team_assignments') ? GIVEN_UP_MS.lists : GIVEN_UP_MS.others;
    if (find('hang') !== undefined) return { kind: 'nothing', afterMs: givenUp };
    if (find('dropConnection') !== undefined) return { kind: 'broken', afterMs };
    const refused = refusedBy(hit, this.model.now(), this.model.settings.wrongTokenStatus);
    const answer = refused ?? this.#answer(endpoint, path, { query, body });
    if (find('timeoutAfterSuccess') !== undefined || afterMs >= givenUp)
      return { kind: 'nothing', afterMs: givenUp };
    if (find('lostAnswer') !== undefined) return { kind: 'broken', afterMs };
    return { kind: 'answer', afterMs, ...answer, text: textOf(answer, hit) };
  }

  #answer(endpoint: string, path: string, call: { readonly query: URLSearchParams; readonly body: unknown }) {
    try {
      const known = ENDPOINTS[endpoint];
      if (known === undefined) throw refusalOfUnknown(path);
      return known.answer(this.model, call);
    } catch (error) {
      if (!(error instanceof PlatformRefusal)) throw error;
      return { status: error.status, body: { detail: error.detail } };
    }
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter?: string;
}

function refusedBy(hit: readonly Fault[], nowUnix: number, wrongTokenStatus: number): Answer | undefined {
  for (const fault of hit) {
    if (fault.kind === 'serverError')
      return { status: fault.status, body: { detail: 'Internal Server Error' } };
    if (fault.kind === 'wrongToken') return { status: wrongTokenStatus, body: { detail: 'Invalid token' } };
    if (fault.kind !== 'rateLimited') continue;
    const answer = { status: 429, body: { detail: 'Too Many Requests' } };
    if (fault.retryAfter === 'none') return answer;
    if (fault.retryAfter === 'seconds') return { ...answer, retryAfter: String(fault.seconds) };
    return { ...answer, retryAfter: new Date((nowUnix + fault.seconds) * 1_000).toUTCString() };
  }
  return undefined;
}

function textOf({ status, body }: Answer, hit: readonly Fault[]): string {
  const has = (kind: Fault['kind']) => hit.some((fault) => fault.kind === kind);
  const succeeded = status < 300;
  const text = JSON.stringify(succeeded ? spoil(body, hit) : body);
  if (succeeded && has('emptyBody')) return '';
  return succeeded && has('malformedJson') ? text.slice(0, Math.max(1, Math.floor(text.length * 0.6))) : text;
}
