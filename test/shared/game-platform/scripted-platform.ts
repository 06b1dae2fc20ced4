import { createGamePlatformClient, type GamePlatformClientDeps } from '#shared/game-platform/client.ts';
import type { TokenSource } from '#shared/game-platform/token-source.ts';
import { recordingLog } from '../kernel/recording-log.ts';

/** One answer of the scripted platform, or what happens instead of one. */
export type Step =
  | {
      readonly status: number;
      /** Sent as JSON, unless it is a text. */
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly fails: Error };

export interface SeenCall {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly body: unknown;
}

const timeout = (): Step => ({ fails: new DOMException('The operation timed out.', 'TimeoutError') });
const broken = (code: string, syscall?: string): Step => ({
  fails: new TypeError('fetch failed', {
    cause: Object.assign(new Error(`${syscall ?? ''} ${code}`), {
      code,
      ...(syscall === undefined ? {} : { syscall }),
    }),
  }),
});

export const STEPS = {
  timeout,
  refusedConnection: () => broken('ECONNREFUSED', 'connect'),
  unknownHost: () => broken('ENOTFOUND', 'getaddrinfo'),
  reset: () => broken('ECONNRESET', 'read'),
} as const;

export const addressOf = (input: Parameters<typeof fetch>[0]): string =>
  input instanceof Request ? input.url : input.toString();

/** A client whose vendor answers by a script, whose time passes by sleeping only, and whose chance is always one half. */
export function scriptedPlatform(script: readonly Step[], overrides: Partial<GamePlatformClientDeps> = {}) {
  const steps = [...script];
  const calls: SeenCall[] = [];
  const sleeps: number[] = [];
  const clock = { nowMs: Date.parse('2026-11-24T07:00:00Z') };
  const metrics: [string, number][] = [];
  const { log, lines } = recordingLog();
  const tokens = { current: ['token-1'] as (string | null)[], replaced: 0 };
  const token: TokenSource = {
    current: () => Promise.resolve(tokens.current[0] ?? null),
    replace: () => {
      tokens.replaced += 1;
      if (tokens.current.length > 1) tokens.current.shift();
      return Promise.resolve(tokens.current[0] ?? null);
    },
  };
  const client = createGamePlatformClient({
    caller: 'test',
    baseUrl: 'https://vendor.example.org/v1/',
    token,
    log,
    metrics: { add: (name, value) => metrics.push([name, value]) },
    random: () => 0.5,
    now: () => new Date(clock.nowMs),
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      sleeps.push(ms);
      clock.nowMs += ms;
      return Promise.resolve();
    },
    fetch: (url, init) => {
      init?.signal?.throwIfAborted();
      const headers = new Headers(init?.headers);
      calls.push({
        method: init?.method ?? 'GET',
        url: addressOf(url),
        authorization: headers.get('authorization'),
        body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
      });
      const step = steps.shift();
      if (step === undefined) throw new Error('The script has ended.');
      if ('fails' in step) return Promise.reject(step.fails);
      const text =
        step.body === undefined
          ? null
          : typeof step.body === 'string'
            ? step.body
            : JSON.stringify(step.body);
      return Promise.resolve(new Response(text, { status: step.status, headers: step.headers ?? {} }));
    },
    ...overrides,
  });
  return { client, calls, sleeps, clock, lines, metrics, tokens, steps };
}

export const USER = {
  metactf_user_id: 10_001,
  metactf_username: 'river.lee',
  syned_user_id: 'cmp_1',
  metactf_user_status: 'approved',
  last_login_unix_timestamp: null,
};
export const NEW_USER = {
  first_name: 'River',
  last_name: 'Lee',
  email: 'river.lee@example.org',
  role: 'user',
  syned_user_id: 'cmp_1',
} as const;
export const NEW_TEAM = {
  syned_coach_user_id: 'coach_1',
  syned_team_id: 'team_1',
  team_name: 'Byte Club',
  affiliation: 'Example High',
  division: 'high_school',
} as const;
export const SOLVE = {
  challenge_solve_id: 1,
  challenge_id: 2,
  challenge_title: 'Salty hashes',
  challenge_points: 100,
  challenge_category: 'crypto',
  timestamp_unix: 1_795_000_000,
  challenge_retired: false,
  nist_nice_work_roles: ['PR-CDA-001'],
};
export const SCORES = {
  syned_user_id: 'cmp_1',
  metactf_user_id: 10_001,
  total_challenges_solved: 2,
  total_points: 200,
  last_accessed_unix_timestamp: 1_795_000_100,
  category_points: { crypto: 200 },
  challenge_solves: [SOLVE, { ...SOLVE, challenge_solve_id: 2 }],
};
export const FLASH_CTF = {
  flash_ctf_name: 'November Flash',
  flash_ctf_time_start_unix: 1_795_000_000,
  challenges_solved: 1,
  points_earned: 100,
  max_points_possible: 1_000,
  rank: 12,
  challenge_solves: [SOLVE],
};
