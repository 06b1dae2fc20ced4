import { describe, expect, test, vi } from 'vitest';
import { authentication, type ResolveCaller } from '#shared/http/middleware/authentication.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { ACCESS_CLAIMS, ADMIN, COACH } from '../http-events.ts';
import { runThrough, servedGet } from './run-through.ts';

const asking = (caller = COACH) => vi.fn<ResolveCaller>(() => Promise.resolve(caller));
const signedIn = { claims: ACCESS_CLAIMS };

describe('before', () => {
  test('a public route asks for no caller', async () => {
    const resolveCaller = asking();
    const { handled } = await runThrough(authentication(resolveCaller), {
      found: { served: servedGet({ access: 'public' }) },
      event: signedIn,
    });
    expect(handled?.caller).toBeUndefined();
    expect(resolveCaller).not.toHaveBeenCalled();
  });

  test('claims and the act-as header are resolved to the caller, whose id is on every line of the log', async () => {
    const resolveCaller = asking();
    const { handled, lines } = await runThrough(authentication(resolveCaller), {
      found: { served: servedGet() },
      event: { ...signedIn, headers: { 'x-act-as': 'coach_2', 'x-acting-id': 'act_1' } },
      handle: ({ log }) => Promise.resolve(log.info('at work')),
    });
    expect(resolveCaller).toHaveBeenCalledExactlyOnceWith(ACCESS_CLAIMS, 'coach_2', 'act_1');
    expect(handled?.caller).toBe(COACH);
    expect(lines).toMatchObject([{ fields: { sub: 'sub-1', requestId: 'req-1' } }]);
    expect(JSON.stringify(lines)).not.toMatch(/Casey|casey/);
  });

  test.each([
    ['no claims', {}],
    ['an ID token', { claims: { ...ACCESS_CLAIMS, token_use: 'id' } }],
  ])('%s is a 401 that names the scheme', async (_, event) => {
    const { reply, code, handled } = await runThrough(authentication(asking()), {
      found: { served: servedGet() },
      event,
    });
    expect(reply.statusCode).toBe(401);
    expect(reply.headers['www-authenticate']).toBe('Bearer');
    expect(code).toBe('UNAUTHENTICATED');
    expect(handled).toBeUndefined();
  });

  test.each([
    ['a coach to act as', { headers: { 'x-act-as': 'x'.repeat(2_049) } }],
    ['half a character to act as', { headers: { 'x-act-as': 'coach_\ud83d' } }],
    ['a path', { params: { id: 'x'.repeat(2_049) } }],
  ])('what is no id in %s is a 404 that reads nothing', async (_, event) => {
    const { reply, handled } = await runThrough(authentication(asking()), {
      found: { served: servedGet() },
      event: { ...signedIn, ...event },
    });
    expect(reply.statusCode).toBe(404);
    expect(handled).toBeUndefined();
  });

  test('a protected route of a function that resolves no callers is a 401', async () => {
    const { reply } = await runThrough(authentication(undefined), {
      found: { served: servedGet() },
      event: signedIn,
    });
    expect(reply.statusCode).toBe(401);
  });

  test.each([
    { access: 'any', caller: COACH, status: 200 },
    { access: 'any', caller: ADMIN, status: 200 },
    { access: 'coach', caller: COACH, status: 200 },
    { access: 'coach', caller: ADMIN, status: 200 },
    { access: 'admin', caller: ADMIN, status: 200 },
    { access: 'admin', caller: COACH, status: 403 },
  ] as const)(
    'a route for $access answers a caller who is $caller.role with $status',
    async ({ access, caller, status }) => {
      const { reply, handled } = await runThrough(authentication(asking(caller)), {
        found: { served: servedGet({ access }) },
        event: signedIn,
      });
      expect(reply.statusCode).toBe(status);
      expect(handled === undefined).toBe(status === 403);
    },
  );

  test('a call without a route is for admins only', async () => {
    const { reply } = await runThrough(authentication(asking()), { event: signedIn });
    expect(reply.statusCode).toBe(403);
  });

  test('what resolving the caller refuses is the answer', async () => {
    const refusal = new DomainError('forbidden', 'NOT_A_COACH', 'Ask an admin.');
    const { code } = await runThrough(
      authentication(() => Promise.reject(refusal)),
      { found: { served: servedGet() }, event: signedIn },
    );
    expect(code).toBe('NOT_A_COACH');
  });
});
