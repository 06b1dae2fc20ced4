import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGamePlatformClient, type GamePlatformClientDeps } from '#shared/game-platform/client.ts';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import type { FaultInput } from '#test/game-platform-simulator/faults.ts';
import { startSimulator, type Simulator } from '#test/game-platform-simulator/index.ts';
import { recordingLog } from '../kernel/recording-log.ts';
import { NEW_TEAM, NEW_USER } from './scripted-platform.ts';

const TOKEN = 'secret-token';
/** A moment with classes going on, so that there are solves to read. */
const NOW = Date.parse('2026-11-20T18:00:00Z') / 1_000;
/** Long enough for a busy machine; the faults that never answer get a shorter one. */
const CALL_TIMEOUT_MS = 5_000;
const SHORT_TIMEOUT_MS = 300;
const NEVER_ANSWERED: ReadonlySet<string> = new Set(['hang', 'timeoutAfterSuccess']);

async function connected(overrides: Partial<GamePlatformClientDeps> = {}, token: string | null = TOKEN) {
  const platform = await startSimulator({ token: TOKEN, seed: 7, now: () => NOW });
  onTestFinished(() => platform.stop());
  platform.model.enrol({
    synedUserId: 'coach_1',
    firstName: 'Rosa',
    lastName: 'Fujita',
    email: 'rosa.fujita@example.org',
    role: 'coach',
    enrolledAt: NOW - 90 * 86_400,
    status: 'approved',
  });
  platform.model.addTeam({
    synedTeamId: 'team_0',
    coachId: 'coach_1',
    name: 'Packet Foxes',
    affiliation: 'Cedar Ridge High School',
    division: 'high_school',
  });
  platform.model.enrol({
    synedUserId: 'cmp_0',
    firstName: 'Amara',
    lastName: 'Nwosu',
    email: 'amara.nwosu@example.org',
    coachId: 'coach_1',
    teamId: 'team_0',
    profile: 'active',
    enrolledAt: NOW - 60 * 86_400,
    status: 'approved',
  });
  const { log, lines } = recordingLog();
  const client = createGamePlatformClient({
    caller: 'test',
    baseUrl: platform.url,
    token: { current: () => Promise.resolve(token), replace: () => Promise.resolve(token) },
    log,
    sleep: (_, signal) => {
      signal?.throwIfAborted();
      return Promise.resolve();
    },
    random: () => 0.5,
    callTimeoutMs: CALL_TIMEOUT_MS,
    ...overrides,
  });
  return { platform, client, lines };
}

const CALLS: Readonly<Record<string, (client: GamePlatform) => Promise<unknown>>> = {
  'GET /users': (client) => client.getUser('cmp_0'),
  'POST /users': (client) => client.createUser(NEW_USER),
  'POST /teams': (client) => client.createTeam(NEW_TEAM),
  'POST /teams/delete': (client) => client.deleteTeam('team_0'),
  'POST /users/assign_team': (client) => client.assignTeam('cmp_0', 'team_0'),
  'POST /users/delete_assignment': (client) => client.deleteAssignment('cmp_0'),
  'GET /users/get_team_assignments': (client) => client.getTeamAssignments('team_0'),
  'GET /scores/get_odl_scores': (client) => client.getOdlScores('cmp_0'),
  'GET /scores/get_flash_ctf_progress': (client) => client.getFlashCtfProgress('cmp_0'),
  'POST /auth/send_password_reset_email': (client) => client.sendPasswordReset('cmp_0'),
};

const FAULTS: readonly FaultInput[] = [
  { kind: 'latency', ms: 5 },
  { kind: 'serverError', status: 500, body: 'json' },
  { kind: 'serverError', status: 502, body: 'html' },
  { kind: 'serverError', status: 503, body: 'empty' },
  { kind: 'rateLimited', retryAfter: 'seconds' },
  { kind: 'rateLimited', retryAfter: 'date' },
  { kind: 'rateLimited', retryAfter: 'none' },
  { kind: 'dropConnection' },
  { kind: 'hang' },
  { kind: 'timeoutAfterSuccess' },
  { kind: 'lostAnswer' },
  { kind: 'wrongToken' },
  { kind: 'malformedJson' },
  { kind: 'emptyBody' },
  { kind: 'emptyLists' },
  { kind: 'shortAssignments' },
  { kind: 'malformedRecords', how: 'null_record' },
  { kind: 'unknownFields' },
  { kind: 'unknownValues' },
];

/** Names, addresses and the token; titles that the platform shows are texts of a body as well. */
function secretsOf(platform: Simulator): string[] {
  const titles = platform.model.platform
    .odlScores('cmp_0')
    .challenge_solves.map((solve) => solve.challenge_title);
  return [...titles.slice(0, 20), 'Amara', 'Nwosu', 'River', 'river.lee', 'Byte Club', 'example.org', TOKEN];
}

const codeOf = async (call: Promise<unknown>): Promise<string> => {
  const error: unknown = await call.then(
    () => 'worked',
    (reason: unknown) => reason,
  );
  if (typeof error === 'string') return error;
  if (error instanceof GamePlatformError) return error.code;
  throw error;
};

describe('every call under every fault', () => {
  it.each(FAULTS)(
    'fails with our own error or not at all, writes at most once, and tells nobody’s name: %j',
    async (fault) => {
      const { platform, client, lines } = await connected(
        NEVER_ANSWERED.has(fault.kind) ? { callTimeoutMs: SHORT_TIMEOUT_MS } : {},
      );
      const secrets = secretsOf(platform);
      for (const [endpoint, call] of Object.entries(CALLS)) {
        platform.faults.clear();
        platform.requests.clear();
        lines.length = 0;
        platform.faults.add({ ...fault, endpoint });
        const error: unknown = await call(client).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(error === undefined || error instanceof GamePlatformError).toBe(true);

        const requests = platform.requests.since();
        const tries = requests.filter(({ method, path }) => `${method} ${path}` === endpoint);
        const harmless = endpoint.startsWith('GET') || fault.kind === 'rateLimited';
        expect(tries.length).toBeLessThanOrEqual(harmless ? 3 : 1);

        const told =
          error instanceof GamePlatformError ? [error.message, error.context, String(error.cause)] : [];
        const text = JSON.stringify([lines, told]);
        expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
        expect(lines.length).toBeGreaterThanOrEqual(Math.max(1, tries.length));
      }
    },
  );
});

describe('the transport', () => {
  it('a refused connection was never sent, so that a write is tried three times', async () => {
    const closed = createServer();
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const address = closed.address();
    closed.close();
    await once(closed, 'close');
    const port = typeof address === 'object' ? address?.port : undefined;
    const { client, lines } = await connected({ baseUrl: `http://127.0.0.1:${port}/v1` });
    expect(await codeOf(client.createUser(NEW_USER))).toBe('UNAVAILABLE');
    expect(lines.map(({ fields }) => fields['attempt'])).toEqual([1, 2, 3]);
    expect(lines[0]?.fields).toMatchObject({ status: null, cause: 'ECONNREFUSED' });
  });

  it('a hanging platform ends with the budget, not with three full time-outs', async () => {
    const { platform, client } = await connected({ callTimeoutMs: 60_000 });
    platform.faults.add({ kind: 'hang' });
    const error: unknown = await client
      .getOdlScores('cmp_0', undefined, { budgetMs: 2_000 })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'TIMED_OUT', context: { attempts: 1 } });
  });

  it('an abort breaks off a call under way', async () => {
    const { platform, client } = await connected({ callTimeoutMs: 60_000 });
    platform.faults.add({ kind: 'hang' });
    const abort = new AbortController();
    const call = client.getOdlScores('cmp_0', undefined, { signal: abort.signal });
    while (platform.requests.since().length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort(new Error('shutting down'));
    await expect(call).rejects.toThrow('shutting down');
  });

  it('never has two calls for a user under way', async () => {
    const { platform, client } = await connected();
    platform.faults.add({ kind: 'latency', ms: 100 });
    await Promise.all([
      client.getOdlScores('cmp_0'),
      client.getFlashCtfProgress('cmp_0'),
      client.getUser('cmp_0'),
      client.getUser('coach_1'),
    ]);
    const seen = platform.requests.since();
    expect(seen).toHaveLength(4);
    expect(Math.max(...seen.map(({ inFlightForUser }) => inFlightForUser))).toBe(1);
  });
});

describe('what only the platform knows', () => {
  it('a create that timed out but worked is found by the look-up', async () => {
    const { platform, client } = await connected({ callTimeoutMs: 2_000 });
    platform.faults.add({ kind: 'timeoutAfterSuccess', endpoint: 'POST /users' });
    expect(await codeOf(client.createUser(NEW_USER))).toBe('TIMED_OUT');
    expect(await client.getUser('cmp_1')).toMatchObject({ syned_user_id: 'cmp_1' });
    platform.faults.clear();
    expect(await codeOf(client.createUser(NEW_USER))).toBe('ALREADY_EXISTS');
  });

  it.each([401, 403] as const)(
    'a wrong token answered with %i stops every call in the same way',
    async (status) => {
      const { platform, client } = await connected({}, 'another-token');
      platform.model.changeSettings({ wrongTokenStatus: status });
      for (const call of Object.values(CALLS)) expect(await codeOf(call(client))).toBe('TOKEN_REFUSED');
    },
  );

  it('an account that is waiting for approval is told apart from one that is unknown', async () => {
    const { platform, client } = await connected();
    platform.model.setStatus('cmp_0', 'pending_approval');
    expect(await codeOf(client.getOdlScores('cmp_0'))).toBe('NOT_APPROVED');
    expect(await codeOf(client.getFlashCtfProgress('cmp_0'))).toBe('NOT_APPROVED');
    expect(await codeOf(client.getOdlScores('cmp_9'))).toBe('USER_UNKNOWN');
    expect(await client.getUser('cmp_9')).toBeNull();
  });

  it('a base address that is wrong is a fault of the address, not thirty unknown users', async () => {
    const { platform } = await connected();
    const { client } = await connected({ baseUrl: platform.url.replace('/v1', '/v2') });
    expect(await codeOf(client.getUser('cmp_0'))).toBe('UNAVAILABLE');
    expect(await codeOf(client.getOdlScores('cmp_0'))).toBe('UNAVAILABLE');
  });

  it('teams: unknown coach, unknown team, members left, another team', async () => {
    const { client } = await connected();
    expect(await codeOf(client.createTeam({ ...NEW_TEAM, syned_coach_user_id: 'coach_9' }))).toBe(
      'USER_UNKNOWN',
    );
    expect(await codeOf(client.assignTeam('cmp_0', 'team_9'))).toBe('NOT_FOUND');
    expect(await codeOf(client.assignTeam('cmp_9', 'team_0'))).toBe('USER_UNKNOWN');
    expect(await codeOf(client.deleteTeam('team_0'))).toBe('REFUSED');
    await client.createTeam(NEW_TEAM);
    expect(await codeOf(client.createTeam(NEW_TEAM))).toBe('ALREADY_EXISTS');
    expect(await codeOf(client.assignTeam('cmp_0', 'team_1'))).toBe('REFUSED');
    await client.deleteAssignment('cmp_0');
    expect(await client.assignTeam('cmp_0', 'team_1')).toEqual({
      syned_user_id: 'cmp_0',
      syned_team_id: 'team_1',
    });
  });

  it.each(['not_found', 'method_not_allowed'] as const)(
    'a password reset that is %s is not offered',
    async (how) => {
      const { platform, client } = await connected();
      platform.model.changeSettings({ passwordReset: how });
      expect(await codeOf(client.sendPasswordReset('cmp_0'))).toBe('NOT_OFFERED');
    },
  );
});
