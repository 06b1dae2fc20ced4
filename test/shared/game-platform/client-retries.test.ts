import { describe, expect, it } from 'vitest';
import { CALLS, failureOf } from './client-calls.ts';
import { NEW_USER, SCORES, scriptedPlatform, STEPS, USER, type Step } from './scripted-platform.ts';

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
