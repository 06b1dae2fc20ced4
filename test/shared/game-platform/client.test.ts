import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { CallOptions, GamePlatform } from '#shared/game-platform/game-platform.ts';
import { MARK, markTexts } from './mark-texts.ts';
import {
  addressOf,
  FLASH_CTF,
  NEW_TEAM,
  NEW_USER,
  SCORES,
  scriptedPlatform,
  SOLVE,
  STEPS,
  USER,
  type Step,
} from './scripted-platform.ts';

/** Every method, called about `cmp_1` or `team_1`. */
const CALLS: Readonly<Record<string, (client: GamePlatform, options?: CallOptions) => Promise<unknown>>> = {
  getUser: (client, options) => client.getUser('cmp_1', options),
  createUser: (client, options) => client.createUser(NEW_USER, options),
  createTeam: (client, options) => client.createTeam(NEW_TEAM, options),
  deleteTeam: (client, options) => client.deleteTeam('team_1', options),
  assignTeam: (client, options) => client.assignTeam('cmp_1', 'team_1', options),
  deleteAssignment: (client, options) => client.deleteAssignment('cmp_1', options),
  getTeamAssignments: (client, options) => client.getTeamAssignments('team_1', options),
  getOdlScores: (client, options) => client.getOdlScores('cmp_1', 17, options),
  getFlashCtfProgress: (client, options) => client.getFlashCtfProgress('cmp_1', options),
  sendPasswordReset: (client, options) => client.sendPasswordReset('cmp_1', options),
};

const user = (metactf_user_status: string) => ({ status: 201, body: { ...USER, metactf_user_status } });

const failureOf = async (promise: Promise<unknown>): Promise<GamePlatformError> => {
  const error: unknown = await promise.then(
    (value) => new Error(`It worked: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof GamePlatformError) return error;
  throw error;
};

const constants = (record: object) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, fc.constant<unknown>(value)]));

describe('requests', () => {
  it.each([
    ['getUser', 'GET', '/users?syned_user_id=cmp_1', undefined],
    ['createUser', 'POST', '/users', NEW_USER],
    ['createTeam', 'POST', '/teams', NEW_TEAM],
    ['deleteTeam', 'POST', '/teams/delete', { syned_team_id: 'team_1' }],
    ['assignTeam', 'POST', '/users/assign_team', { syned_team_id: 'team_1', syned_user_id: 'cmp_1' }],
    ['deleteAssignment', 'POST', '/users/delete_assignment', { syned_user_id: 'cmp_1' }],
    ['getTeamAssignments', 'GET', '/users/get_team_assignments?syned_team_id=team_1', undefined],
    ['getOdlScores', 'GET', '/scores/get_odl_scores?syned_user_id=cmp_1&after_time_unix=17', undefined],
    ['getFlashCtfProgress', 'GET', '/scores/get_flash_ctf_progress?syned_user_id=cmp_1', undefined],
    ['sendPasswordReset', 'POST', '/auth/send_password_reset_email', { syned_user_id: 'cmp_1' }],
  ])('%s is %s %s', async (name, method, path, body) => {
    const { client, calls } = scriptedPlatform([{ status: 400, body: { detail: 'no' } }]);
    await failureOf(CALLS[name]!(client));
    expect(calls).toEqual([
      { method, url: `https://vendor.example.org/v1${path}`, authorization: 'Bearer token-1', body },
    ]);
  });

  it('escape ids in the query', async () => {
    const { client, calls } = scriptedPlatform([{ status: 400 }]);
    await failureOf(client.getOdlScores('a&b=c d/é'));
    expect(calls[0]?.url).toMatch(/\?syned_user_id=a%26b%3Dc\+d%2F%C3%A9$/);
  });

  it.each([
    'https://vendor.example.org/v1',
    'https://vendor.example.org/v1/',
    'https://vendor.example.org/v1//',
  ])('go to the same place with the base address %s', async (baseUrl) => {
    const { client, calls } = scriptedPlatform([{ status: 201, body: USER }], { baseUrl });
    await client.getUser('cmp_1');
    expect(calls[0]?.url).toBe('https://vendor.example.org/v1/users?syned_user_id=cmp_1');
  });

  it('carry nothing but the fields of the contract', async () => {
    const { client, calls } = scriptedPlatform([{ status: 201, body: USER }]);
    await client.createUser(Object.assign({ guardian_name: 'Sam Lee' }, NEW_USER));
    expect(calls[0]?.body).toEqual(NEW_USER);
  });

  it('are not made when the platform would refuse them', async () => {
    const { client, calls } = scriptedPlatform([]);
    const error = await failureOf(
      client.createUser({ ...NEW_USER, email: 'river at example', last_name: '' }),
    );
    expect(error).toMatchObject({ code: 'VALIDATION_REFUSED', status: null, context: { attempts: 0 } });
    expect(error.context.fields?.toSorted()).toEqual(['email', 'last_name']);
    expect(calls).toEqual([]);
  });
});

describe('answers', () => {
  it.each([200, 201, 202, 299])('of status %i are success', async (status) => {
    const { client } = scriptedPlatform([{ status, body: { ...USER, brand_new_field: [1] } }]);
    expect(await client.getUser('cmp_1')).toEqual(USER);
  });

  it.each(['deleteTeam', 'deleteAssignment', 'sendPasswordReset'])(
    '%s takes an empty, odd or unreadable body',
    async (name) => {
      for (const body of [undefined, '', '{"message"', 'OK', { message: 'done' }]) {
        const { client } = scriptedPlatform([{ status: 200, body }]);
        expect(await CALLS[name]!(client)).toBeUndefined();
      }
    },
  );

  it('assignTeam believes any 2xx, unless it speaks of somebody else', async () => {
    const both = { syned_user_id: 'cmp_1', syned_team_id: 'team_1' };
    for (const body of [undefined, '{', { message: 'ok' }, both, { ...both, syned_team_id: null }]) {
      const { client } = scriptedPlatform([{ status: 201, body }]);
      expect(await client.assignTeam('cmp_1', 'team_1')).toEqual(both);
    }
    for (const other of [{ syned_user_id: 'cmp_2' }, { syned_team_id: 'team_2' }]) {
      const { client } = scriptedPlatform([{ status: 201, body: { ...both, ...other } }]);
      expect(await failureOf(client.assignTeam('cmp_1', 'team_1'))).toMatchObject({
        code: 'BAD_ANSWER',
        context: { fields: Object.keys(other) },
      });
    }
  });

  it('keep unknown enum values', async () => {
    const { client } = scriptedPlatform([
      { status: 201, body: { ...USER, metactf_user_status: 'awaiting_guardian' } },
    ]);
    expect(await client.getUser('cmp_1')).toMatchObject({ metactf_user_status: 'awaiting_guardian' });
  });

  it('with an odd solve keep the rest and describe the odd one', async () => {
    const odd = { ...SOLVE, challenge_points: -1, challenge_title: 'River was here' };
    const { client } = scriptedPlatform([
      { status: 200, body: { ...SCORES, challenge_solves: [SOLVE, odd, null, SOLVE] } },
    ]);
    const scores = await client.getOdlScores('cmp_1');
    expect(scores.challenge_solves).toEqual([SOLVE, SOLVE]);
    expect(scores.unparsed.map(({ index }) => index)).toEqual([1, 2]);
    expect(scores.unparsed[0]?.issues).toMatchObject([{ path: 'challenge_points' }]);
    expect(JSON.stringify(scores.unparsed)).not.toContain('River');
    expect(scores.total_points).toBe(200);
  });

  it('with an odd Flash CTF keep the others, odd solves in them apart', async () => {
    const flash = { ...FLASH_CTF, challenge_solves: [{ ...SOLVE, timestamp_unix: undefined }, SOLVE] };
    const { client } = scriptedPlatform([
      { status: 200, body: { syned_user_id: 'cmp_1', flash_ctfs: [{ flash_ctf_name: 'River’s' }, flash] } },
    ]);
    const progress = await client.getFlashCtfProgress('cmp_1');
    expect(progress.unparsed.map(({ index }) => index)).toEqual([0]);
    expect(progress.flash_ctfs).toHaveLength(1);
    expect(progress.flash_ctfs[0]).toMatchObject({ rank: 12, challenge_solves: [SOLVE] });
    expect(progress.flash_ctfs[0]?.unparsed.map(({ index }) => index)).toEqual([0]);
  });

  it('about another person are not believed', async () => {
    const other = { status: 200, body: { ...SCORES, syned_user_id: 'cmp_2' } };
    const { client, calls } = scriptedPlatform([other, other, other]);
    expect(await failureOf(client.getOdlScores('cmp_1'))).toMatchObject({
      code: 'BAD_ANSWER',
      status: 200,
      context: { fields: ['syned_user_id'], attempts: 3 },
    });
    expect(calls).toHaveLength(3);
  });

  it.each<[string, Step]>([
    ['getUser', { status: 201, body: { ...USER, syned_user_id: 'cmp_2' } }],
    ['createUser', { status: 201, body: { ...USER, syned_user_id: 'cmp_2' } }],
    ['getFlashCtfProgress', { status: 200, body: { syned_user_id: 'cmp_2', flash_ctfs: [] } }],
    [
      'createTeam',
      {
        status: 201,
        body: { ...NEW_TEAM, syned_team_id: 'team_2', metactf_team_id: 1, metactf_coach_id: '1' },
      },
    ],
  ])('%s believes no answer about another one', async (name, step) => {
    const { client } = scriptedPlatform([step, step, step]);
    expect(await failureOf(CALLS[name]!(client))).toMatchObject({ code: 'BAD_ANSWER' });
  });

  it('that do not name the person are', async () => {
    const { client } = scriptedPlatform([{ status: 200, body: { ...SCORES, syned_user_id: null } }]);
    expect((await client.getOdlScores('cmp_1')).challenge_solves).toHaveLength(2);
  });

  it('with an odd assignment are not believed at all: a short roster looks like people who left', async () => {
    const body = {
      assignments: [{ syned_user_id: 'cmp_1', syned_team_id: 'team_1' }, { team: 1 }],
      total_count: 2,
    };
    const step = { status: 200, body };
    const { client } = scriptedPlatform([step, step, step]);
    expect(await failureOf(client.getTeamAssignments())).toMatchObject({
      code: 'BAD_ANSWER',
      context: { fields: ['assignments.1.syned_user_id'] },
    });
  });

  it('that are not read to the end are read again; a write that worked is not sent twice', async () => {
    const short = { status: 200, body: JSON.stringify(SCORES).slice(0, 40) };
    const read = scriptedPlatform([short, { status: 200, body: SCORES }]);
    expect((await read.client.getOdlScores('cmp_1')).total_points).toBe(200);
    for (const body of ['', '{"metactf_user_id": 1', { ...USER, metactf_user_id: 'x' }]) {
      const write = scriptedPlatform([{ status: 201, body }]);
      expect(await failureOf(write.client.createUser(NEW_USER))).toMatchObject({
        code: 'BAD_ANSWER',
        status: 201,
      });
      expect(write.calls).toHaveLength(1);
    }
  });

  it('that redirect are not followed', async () => {
    const step = { status: 302, headers: { location: 'https://elsewhere.example.org' } };
    const { client, calls } = scriptedPlatform([step, step, step]);
    expect(await failureOf(client.getUser('cmp_1'))).toMatchObject({ code: 'BAD_ANSWER', status: 302 });
    expect(new Set(calls.map(({ url }) => new URL(url).host))).toEqual(new Set(['vendor.example.org']));
  });
});

describe('retries', () => {
  it.each<[string, () => Step, string]>([
    ['a server error', () => ({ status: 500 }), 'UNAVAILABLE'],
    ['a gateway’s page', () => ({ status: 502, body: '<html>Bad Gateway</html>' }), 'UNAVAILABLE'],
    ['throttling', () => ({ status: 429 }), 'THROTTLED'],
    ['a time-out', STEPS.timeout, 'TIMED_OUT'],
    ['a broken connection', STEPS.reset, 'UNAVAILABLE'],
    ['a refused connection', STEPS.refusedConnection, 'UNAVAILABLE'],
    ['half an answer', () => ({ status: 200, body: '{' }), 'BAD_ANSWER'],
  ])('read again after %s, three times in all', async (_, step, code) => {
    const healed = scriptedPlatform([step(), step(), { status: 200, body: SCORES }]);
    expect((await healed.client.getOdlScores('cmp_1')).total_points).toBe(200);
    const broken = scriptedPlatform([step(), step(), step(), { status: 200, body: SCORES }]);
    expect(await failureOf(broken.client.getOdlScores('cmp_1'))).toMatchObject({
      code,
      transient: true,
      context: { endpoint: 'getOdlScores', synedUserId: 'cmp_1', attempts: 3 },
    });
    expect(broken.calls).toHaveLength(3);
  });

  it.each<[string, () => Step, number]>([
    ['a refused connection', STEPS.refusedConnection, 2],
    ['an unknown host', STEPS.unknownHost, 2],
    ['throttling', () => ({ status: 429 }), 2],
    ['503 with Retry-After', () => ({ status: 503, headers: { 'retry-after': '1' } }), 2],
    ['503 without', () => ({ status: 503 }), 1],
    ['a server error', () => ({ status: 500 }), 1],
    ['a time-out', STEPS.timeout, 1],
    ['a broken connection', STEPS.reset, 1],
  ])('of a write after %s: %# calls', async (_, step, calls) => {
    for (const name of ['createUser', 'createTeam', 'deleteTeam', 'assignTeam', 'sendPasswordReset']) {
      const platform = scriptedPlatform([step(), { status: 400, body: { detail: 'no' } }]);
      await failureOf(CALLS[name]!(platform.client));
      expect(platform.calls).toHaveLength(calls);
    }
  });

  it('wait longer each time, and at least a second after a time-out', async () => {
    const errors = scriptedPlatform([{ status: 500 }, { status: 500 }, { status: 200, body: SCORES }]);
    await errors.client.getOdlScores('cmp_1');
    expect(errors.sleeps).toEqual([375, 750]);
    const timeouts = scriptedPlatform([STEPS.timeout(), STEPS.timeout(), { status: 200, body: SCORES }]);
    await timeouts.client.getOdlScores('cmp_1');
    expect(timeouts.sleeps).toEqual([1_000, 1_000]);
  });

  it.each([
    ['seconds', '2'],
    ['a date', 'Tue, 24 Nov 2026 07:00:02 GMT'],
  ])('obey Retry-After in %s', async (_, value) => {
    const step = { status: 429, headers: { 'retry-after': value } };
    const { client, sleeps } = scriptedPlatform([step, { status: 201, body: USER }]);
    await client.createUser(NEW_USER);
    expect(sleeps).toEqual([2_125]);
  });

  it('leave a long Retry-After to the caller', async () => {
    const { client, calls } = scriptedPlatform([{ status: 429, headers: { 'retry-after': '60' } }]);
    expect(await failureOf(client.getOdlScores('cmp_1'))).toMatchObject({
      code: 'THROTTLED',
      status: 429,
      context: { retryAfterMs: 60_000, attempts: 1 },
    });
    expect(calls).toHaveLength(1);
  });

  it('never come after an answer that settles it', async () => {
    for (const [status, detail] of [
      [400, 'Bad Request'],
      [404, 'User not found'],
      [403, 'User is not approved'],
      [422, 'no'],
    ] as const) {
      const { client, calls } = scriptedPlatform([{ status, body: { detail } }]);
      await failureOf(client.getOdlScores('cmp_1'));
      expect(calls).toHaveLength(1);
    }
  });
});

describe('budget and abort', () => {
  it.each(Object.keys(CALLS))('%s is not started when it cannot end in time', async (name) => {
    const { client, calls } = scriptedPlatform([]);
    expect(await failureOf(CALLS[name]!(client, { budgetMs: 400 }))).toMatchObject({
      code: 'BUDGET_EXHAUSTED',
      status: null,
      transient: true,
      context: { attempts: 0 },
    });
    expect(calls).toEqual([]);
  });

  it('takes a budget that is no whole number of milliseconds', async () => {
    const { client, calls } = scriptedPlatform([{ status: 500 }, { status: 500 }, { status: 500 }]);
    const error = await failureOf(client.getOdlScores('cmp_1', undefined, { budgetMs: 2_345.678 }));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', status: 500 });
    expect(calls.length).toBeGreaterThan(0);
  });

  it('a retry that cannot end in time is not made; the failure itself is told', async () => {
    const { client, calls, sleeps } = scriptedPlatform([{ status: 500 }, { status: 500 }]);
    const error = await failureOf(client.getOdlScores('cmp_1', undefined, { budgetMs: 1_000 }));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', status: 500, context: { attempts: 2 } });
    expect(calls).toHaveLength(2);
    expect(sleeps).toEqual([375]);
  });

  it('an abort ends a wait and a call with the caller’s own reason', async () => {
    const waiting = new AbortController();
    const first = scriptedPlatform([{ status: 500 }], {
      sleep: (_, signal) => {
        waiting.abort(new Error('shutting down'));
        signal?.throwIfAborted();
        return Promise.resolve();
      },
    });
    await expect(first.client.getUser('cmp_1', { signal: waiting.signal })).rejects.toThrow('shutting down');
    const before = scriptedPlatform([]);
    const aborted = { signal: AbortSignal.abort(new Error('too late')) };
    await expect(before.client.createUser(NEW_USER, aborted)).rejects.toThrow('too late');
    expect(before.calls).toEqual([]);
  });
});

describe('the token', () => {
  it('is told as missing, without a call', async () => {
    const { client, calls, tokens } = scriptedPlatform([]);
    tokens.current = [null];
    for (const call of Object.values(CALLS)) {
      expect(await failureOf(call(client))).toMatchObject({
        code: 'TOKEN_MISSING',
        status: null,
        transient: false,
      });
    }
    expect(calls).toEqual([]);
  });

  it.each([
    [401, 'Invalid token'],
    [403, 'Not authenticated'],
  ])('is read again once after %i and used at once, for writes too', async (status, detail) => {
    const { client, calls, tokens, sleeps } = scriptedPlatform([
      { status, body: { detail } },
      { status: 201, body: USER },
    ]);
    tokens.current = ['token-1', 'token-2'];
    expect(await client.createUser(NEW_USER)).toEqual(USER);
    expect(calls.map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
    expect(sleeps).toEqual([]);
  });

  it('that is still refused is told as refused after one more call at most', async () => {
    const refusal = { status: 401, body: { detail: 'Invalid token' } };
    const same = scriptedPlatform([refusal]);
    expect(await failureOf(same.client.getUser('cmp_1'))).toMatchObject({
      code: 'TOKEN_REFUSED',
      transient: false,
    });
    expect(same.tokens.replaced).toBe(1);
    const changed = scriptedPlatform([refusal, refusal]);
    changed.tokens.current = ['token-1', 'token-2'];
    expect(await failureOf(changed.client.getUser('cmp_1'))).toMatchObject({ code: 'TOKEN_REFUSED' });
    expect(changed.calls).toHaveLength(2);
    const gone = scriptedPlatform([refusal]);
    gone.tokens.current = ['token-1', null];
    expect(await failureOf(gone.client.getUser('cmp_1'))).toMatchObject({ code: 'TOKEN_MISSING' });
  });

  it('is not asked for without end, even when it changes all the time', async () => {
    let count = 0;
    const next = () => {
      count += 1;
      return Promise.resolve(`token-${count}`);
    };
    const refusal = { status: 401, body: { detail: 'Invalid token' } };
    const { client, calls } = scriptedPlatform([refusal, refusal], {
      token: { current: next, replace: next },
    });
    expect(await failureOf(client.getUser('cmp_1'))).toMatchObject({ code: 'TOKEN_REFUSED' });
    expect(calls).toHaveLength(2);
  });

  it('that cannot be read is a fault that may pass', async () => {
    const token = { current: () => Promise.reject(new Error('away')), replace: () => Promise.resolve(null) };
    const { client } = scriptedPlatform([], { token });
    expect(await failureOf(client.getUser('cmp_1'))).toMatchObject({ code: 'UNAVAILABLE', transient: true });
  });
});

describe('ambiguous refusals', () => {
  const bare404 = { status: 404, body: { detail: 'Not Found' } };
  const bare403 = { status: 403, body: { detail: 'Forbidden' } };
  const unknown = { status: 404, body: { detail: 'User not found' } };
  const index = { status: 200, body: { name: 'API' } };

  it.each<[string, Step[], string, string[]]>([
    ['getOdlScores', [bare403, user('pending_approval')], 'NOT_APPROVED', ['/users']],
    ['getOdlScores', [bare403, user('approved')], 'REFUSED', ['/users']],
    ['getOdlScores', [bare403, bare403], 'TOKEN_REFUSED', ['/users']],
    ['getOdlScores', [bare403, unknown], 'USER_UNKNOWN', ['/users']],
    ['getOdlScores', [bare404, unknown], 'USER_UNKNOWN', ['/users']],
    ['getOdlScores', [bare404, user('approved')], 'NOT_FOUND', ['/users']],
    ['getOdlScores', [bare404, bare404, index], 'USER_UNKNOWN', ['/users', '/']],
    ['getOdlScores', [bare404, bare404, bare404], 'UNAVAILABLE', ['/users', '/']],
    [
      'getOdlScores',
      [bare403, { status: 500 }, { status: 500 }, { status: 500 }],
      'UNAVAILABLE',
      ['/users', '/users', '/users'],
    ],
    ['getUser', [bare404, bare404], 'UNAVAILABLE', ['/']],
    ['assignTeam', [bare404, user('approved')], 'NOT_FOUND', ['/users']],
    ['assignTeam', [bare404, unknown], 'USER_UNKNOWN', ['/users']],
    ['assignTeam', [bare403, user('denied')], 'NOT_APPROVED', ['/users']],
    ['deleteTeam', [bare404, index], 'NOT_FOUND', ['/']],
    ['deleteTeam', [bare404, bare404], 'UNAVAILABLE', ['/']],
    ['createUser', [bare403], 'REFUSED', []],
    ['sendPasswordReset', [bare404, user('approved')], 'NOT_OFFERED', ['/users']],
    ['sendPasswordReset', [bare404, unknown], 'USER_UNKNOWN', ['/users']],
    [
      'sendPasswordReset',
      [bare404, { status: 500 }, { status: 500 }, { status: 500 }],
      'NOT_OFFERED',
      ['/users', '/users', '/users'],
    ],
  ])('%s %j → %s', async (name, script, code, asked) => {
    const { client, calls, steps } = scriptedPlatform(script);
    const error = await failureOf(CALLS[name]!(client));
    expect(error.code).toBe(code);
    expect(error.context.endpoint).toBe(name);
    const paths = calls.slice(1).map(({ url }) => new URL(url).pathname.replace('/v1', ''));
    expect(paths).toEqual(asked);
    expect(steps).toEqual([]);
  });

  it('getUser tells an unknown user from a wrong address by the index', async () => {
    const { client, calls } = scriptedPlatform([bare404, index]);
    expect(await client.getUser('cmp_1')).toBeNull();
    expect(calls[1]).toMatchObject({ url: 'https://vendor.example.org/v1/', authorization: null });
    const plain = scriptedPlatform([unknown]);
    expect(await plain.client.getUser('cmp_1')).toBeNull();
    expect(plain.calls).toHaveLength(1);
  });

  it('createTeam asks for the coach, not for the team', async () => {
    const { client, calls } = scriptedPlatform([
      bare403,
      { status: 201, body: { ...USER, syned_user_id: 'coach_1', metactf_user_status: 'denied' } },
    ]);
    expect(await failureOf(client.createTeam(NEW_TEAM))).toMatchObject({
      code: 'NOT_APPROVED',
      context: { endpoint: 'createTeam', synedTeamId: 'team_1' },
    });
    expect(calls[1]?.url).toMatch(/syned_user_id=coach_1$/);
  });
});

describe('one call at a time', () => {
  it('for a user, whatever the endpoint; others go on', async () => {
    const inFlight = new Map<string, number>();
    let most = 0;
    let mostOfAll = 0;
    const { client } = scriptedPlatform([], {
      fetch: async (url) => {
        const id = new URL(addressOf(url)).searchParams.get('syned_user_id') ?? '';
        inFlight.set(id, (inFlight.get(id) ?? 0) + 1);
        most = Math.max(most, inFlight.get(id) ?? 0);
        mostOfAll = Math.max(
          mostOfAll,
          [...inFlight.values()].reduce((sum, count) => sum + count, 0),
        );
        await new Promise((resolve) => setImmediate(resolve));
        inFlight.set(id, (inFlight.get(id) ?? 0) - 1);
        return Response.json({ detail: 'User not found' }, { status: 404 });
      },
    });
    await Promise.allSettled(
      ['a', 'b', 'c'].flatMap((id) => [
        client.getOdlScores(id),
        client.getFlashCtfProgress(id),
        client.getUser(id),
      ]),
    );
    expect(most).toBe(1);
    expect(mostOfAll).toBe(3);
  });

  it('the next call for a user waits a little after one that timed out', async () => {
    const { client, sleeps } = scriptedPlatform([
      STEPS.timeout(),
      { status: 404, body: { detail: 'User not found' } },
    ]);
    expect(await failureOf(client.createUser(NEW_USER))).toMatchObject({ code: 'TIMED_OUT' });
    expect(await client.getUser('cmp_1')).toBeNull();
    expect(sleeps).toEqual([1_000]);
  });
});

describe('what is written down', () => {
  it('a line per attempt, with ids, status and time', async () => {
    const { client, lines, metrics } = scriptedPlatform([{ status: 503 }, { status: 200, body: SCORES }]);
    await client.getOdlScores('cmp_1');
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'game platform call',
        fields: expect.objectContaining({
          endpoint: 'getOdlScores',
          synedUserId: 'cmp_1',
          status: 503,
          ms: 0,
          attempt: 1,
          code: 'UNAVAILABLE',
        }),
      },
      {
        level: 'info',
        message: 'game platform call',
        fields: expect.objectContaining({ endpoint: 'getOdlScores', status: 200, attempt: 2 }),
      },
    ]);
    expect(metrics).toEqual([['GamePlatformServerError', 1]]);
  });

  it('never holds a text of what was sent or answered, nor the token', async () => {
    const names = Object.keys(CALLS);
    const person = { first_name: `${MARK}River`, last_name: `${MARK}Lee`, preferred_username: `${MARK}rl` };
    const secretCalls = {
      ...CALLS,
      createUser: (client: GamePlatform) => client.createUser({ ...NEW_USER, ...person }),
      createTeam: (client: GamePlatform) => client.createTeam({ ...NEW_TEAM, team_name: `${MARK}Byte Club` }),
    };
    const marked = fc.string().map((text) => `${MARK}${text}`);
    const answer = fc.oneof(
      fc.jsonValue().map(markTexts),
      fc.string().map((detail) => ({ detail: `${MARK}${detail}` })),
      fc
        .string()
        .map((msg) => ({ detail: [{ loc: ['body', `${MARK}${msg}`], msg: `${MARK}${msg}`, type: 'x' }] })),
      fc.string().map((text) => `${MARK}${text}`),
      fc.record({ ...constants(SCORES), category_points: fc.dictionary(marked, fc.string()) }),
      fc.record({ ...constants(USER), syned_user_id: marked }),
    );
    const status = fc.oneof(
      fc.constantFrom(200, 201, 400, 401, 403, 404, 409, 422, 429, 500, 503),
      fc.integer({ min: 200, max: 599 }),
    );
    const step = fc.record({ status, body: answer });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        step.filter((made) => ![204, 205, 304].includes(made.status)),
        async (name, made) => {
          const platform = scriptedPlatform(Array.from({ length: 12 }, () => made));
          platform.tokens.current = ['secret-token'];
          const error: unknown = await Object.entries(secretCalls)
            .find(([called]) => called === name)![1](platform.client)
            .then(
              () => undefined,
              (reason: unknown) => reason,
            );
          const told =
            error instanceof GamePlatformError ? [error.message, error.context, String(error.cause)] : [];
          const text = JSON.stringify([platform.lines, told]);
          expect(text).not.toContain(MARK);
          expect(text).not.toContain('secret-');
          expect(text).not.toContain('river.lee@example.org');
          expect(error === undefined || error instanceof GamePlatformError).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});
