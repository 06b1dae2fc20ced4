import { describe, expect, test } from 'vitest';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { competitorViewSchema } from '#shared/competitors/contract.ts';
import { GamePlatformError, type GamePlatformErrorCode } from '#shared/game-platform/game-platform-error.ts';
import type { RouteKeyOf } from '#shared/http/routes.ts';
import { createApiHandler } from '#shared/http/api-handler.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import { coachViewSchema } from '#shared/coaches/contract.ts';
import type { Caller } from '#shared/identity/caller.ts';
import type { LinkOutcome } from '#shared/onboarding/link-account.ts';
import type { CoachOutcome } from '#shared/onboarding/onboard-coach.ts';
import type { OnboardOutcome, OnboardRefusal } from '#shared/onboarding/onboard-competitor.ts';
import type { Suspension } from '#shared/settings/processing.ts';
import { serve } from '#shared/http/api-call.ts';
import { ADMIN, COACH, CONTEXT, createHttpEvent } from '#test/shared/http/http-events.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aCoach, aCompetitor, APPROVED_ACCOUNT } from '#test/support/competitors.ts';
import { createOnboardingApi, ROUTES } from '../../../functions/onboarding-api/onboarding-api.ts';

const ONE: RouteKeyOf<'onboarding-api'> = 'POST /api/game-platform/competitors/{id}';
const MANY: RouteKeyOf<'onboarding-api'> = 'POST /api/game-platform/competitors/onboard';

/** The routes over fakes that record what they were asked. */
function api(
  options: {
    caller?: Caller;
    outcome?: OnboardOutcome;
    linked?: LinkOutcome;
    suspension?: Suspension | null;
    coachExists?: boolean;
    coachOutcome?: CoachOutcome;
    /** Coaches whom onboarding is not switched on for. */
    switchedOff?: readonly string[];
    /** Seconds that a limit asks to wait. */
    wait?: number;
    resetFails?: Error;
  } = {},
) {
  const asked: string[] = [];
  const held: string[] = [];
  const counted: string[] = [];
  const givenBack: string[] = [];
  const audited: string[] = [];
  const reads: string[] = [];
  const byAdmin: string[] = [];
  const jobs: unknown[] = [];
  const people = new Map<string, Competitor>(
    [
      aCompetitor({ id: 'cmp_1', coachId: 'coach_1' }),
      aCompetitor({ id: 'cmp_2', coachId: 'coach_1' }),
      aCompetitor({ id: 'cmp_9', coachId: 'coach_2' }),
      aCompetitor({ id: 'cmp_held', coachId: 'coach_1', gamePlatformId: 'cmp_held', mediaReleaseDate: null }),
      aCompetitor({ id: 'cmp_done', coachId: 'coach_1', gamePlatformId: 'cmp_done' }),
    ].map((competitor) => [competitor.id, competitor]),
  );
  const handle = createApiHandler({
    originVerify: () => Promise.resolve(true),
    resolveCaller: () => Promise.resolve(options.caller ?? COACH),
    log: recordingLog().log,
    served: serve(
      ROUTES,
      createOnboardingApi({
        competitorById: (id) => Promise.resolve(people.get(id)),
        coachById: (id) =>
          Promise.resolve(
            options.coachExists === false
              ? undefined
              : aCoach({ id, features: { onboarding: options.switchedOff?.includes(id) !== true } }),
          ),
        onboard: ({ competitorId }) => {
          asked.push(competitorId);
          return Promise.resolve(options.outcome ?? { kind: 'not_found' });
        },
        onboardCoach: (coachId) => {
          asked.push(coachId);
          return Promise.resolve(options.coachOutcome ?? { kind: 'not_found' });
        },
        logRead: (action, { id }) => {
          reads.push(`${action} ${id}`);
          return Promise.resolve();
        },
        competitorsOf: () => Promise.resolve(2),
        link: ({ competitorId, platformUserId, trusted }) => {
          if (trusted) byAdmin.push(competitorId);
          asked.push(`${competitorId}=${platformUserId}`);
          return Promise.resolve(options.linked ?? { kind: 'not_found' });
        },
        followTeam: () => Promise.resolve(),
        startBulk: (payload, actor, coachId) => {
          jobs.push({ payload, startedBy: `user:${actor.sub}`, actingAs: actor.actingAs, coachId });
          return Promise.resolve('job_1');
        },
        startRefresh: ({ id, coachId }, actor) => {
          jobs.push({ payload: { competitorId: id }, startedBy: `user:${actor.sub}`, coachId });
          return Promise.resolve('job_sync');
        },
        sendPasswordReset: (id) => {
          asked.push(id);
          return options.resetFails === undefined ? Promise.resolve() : Promise.reject(options.resetFails);
        },
        limits: {
          oncePer: () => Promise.resolve(options.wait ?? null),
          atMost: ({ times, seconds }, name) => {
            counted.push(`${name} ${times}/${seconds}`);
            return Promise.resolve(null);
          },
          giveBack: (_, name) => {
            givenBack.push(name);
            return Promise.resolve();
          },
        },
        audit: (action) => {
          audited.push(action);
          return Promise.resolve();
        },
        relatedRecordsOf: (competitors) =>
          Promise.resolve(competitors.map(() => ({ team: undefined, stats: undefined, reading: undefined }))),
        slaHours: () => Promise.resolve(8),
        inactiveDays: () => Promise.resolve(14),
        suspension: () => Promise.resolve(options.suspension ?? null),
        block: (code) => {
          held.push(code);
          return Promise.resolve();
        },
        now: () => new Date('2026-11-19T20:00:00.000Z'),
      }),
    ),
  });
  const call = async (route: RouteKeyOf<'onboarding-api'>, parts: { id?: string; body?: unknown } = {}) => {
    const answer = await handle(
      createHttpEvent(route, {
        claims: { sub: 'sub-1', token_use: 'access' },
        ...(parts.id === undefined ? {} : { params: { id: parts.id } }),
        ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
      }),
      CONTEXT,
    );
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: JSON.parse(answer.body ?? 'null') as unknown,
    };
  };
  return { call, asked, held, reads, byAdmin, jobs, audited, counted, givenBack };
}

const refused = (refusal: Partial<OnboardRefusal>): OnboardOutcome => ({
  kind: 'refused',
  refusal: {
    code: 'REFUSED',
    message: 'It was refused.',
    remedy: 'Check the profile.',
    nature: 'final',
    retryAfterMs: undefined,
    ...refusal,
  },
});

describe('linking the other account', () => {
  const route = 'POST /api/game-platform/competitors/{id}/link';
  const body = { platformUserId: 'their-1' };

  test('answers the competitor with its account', async () => {
    const competitor = aCompetitor({ coachId: 'coach_1', version: 4, gamePlatformId: 'their-1' });
    const { call, asked } = api({ linked: { kind: 'onboarded', competitor } });
    const answer = await call(route, { id: 'cmp_1', body });
    expect(answer).toMatchObject({ status: 200, headers: { etag: '"4"' } });
    expect(competitorViewSchema.parse(answer.body).gamePlatform.id).toBe('their-1');
    expect(asked).toEqual(['cmp_1=their-1']);
  });

  test.each([
    [{ kind: 'not_wanted' }, 409, 'LINK_NOT_WANTED'],
    [{ kind: 'taken' }, 409, 'ACCOUNT_TAKEN'],
    [{ kind: 'erased' }, 409, 'ACCOUNT_ERASED'],
    [{ kind: 'not_proven' }, 409, 'NOT_PROVEN'],
    [{ kind: 'unknown' }, 422, 'PLATFORM_USER_UNKNOWN'],
    [{ kind: 'in_progress' }, 409, 'ONBOARDING_IN_PROGRESS'],
    [{ kind: 'not_found' }, 404, 'NOT_FOUND'],
  ] as const)('%j is told as %i %s', async (linked, status, code) => {
    const answer = await api({ linked }).call(route, { id: 'cmp_1', body });
    expect(answer.status).toBe(status);
    expect(problemSchema.parse(answer.body).code).toBe(code);
  });

  test('an admin answers for it; an admin who acts as a coach does not', async () => {
    for (const [caller, trusted] of [
      [ADMIN, ['cmp_1']],
      [COACH, []],
      [{ ...COACH, actingAs: 'coach_1' }, []],
    ] as const) {
      const { call, byAdmin } = api({ caller, linked: { kind: 'not_proven' } });
      await call(route, { id: 'cmp_1', body });
      expect(byAdmin).toEqual(trusted);
    }
  });

  test('another coach’s competitor is 404, before anything is asked or checked', async () => {
    const { call, asked } = api();
    expect((await call(route, { id: 'cmp_9', body: {} })).status).toBe(404);
    expect((await call(route, { id: 'cmp_1', body: { platformUserId: 'a@example.org' } })).status).toBe(422);
    expect(asked).toEqual([]);
  });
});

test('whoever is answered a record is noted: added, added already, linked', async () => {
  const competitor = aCompetitor({ coachId: 'coach_1', gamePlatformId: 'cmp_1' });
  const { call, reads } = api({
    outcome: { kind: 'already', competitor },
    linked: { kind: 'onboarded', competitor },
  });
  expect((await call(ONE, { id: 'cmp_1' })).status).toBe(200);
  const body = { platformUserId: 'their-1' };
  await call('POST /api/game-platform/competitors/{id}/link', { id: 'cmp_1', body });
  expect(reads).toEqual(['competitor.read cmp_1', 'competitor.read cmp_1']);
});

test('of somebody on hold nothing is read and nobody is sent a mail', async () => {
  const { call, jobs, asked } = api();
  for (const route of ['sync', 'password-reset'] as const) {
    const answer = await call(`POST /api/game-platform/competitors/{id}/${route}`, { id: 'cmp_held' });
    expect([answer.status, problemSchema.parse(answer.body).code]).toEqual([409, 'ON_HOLD']);
  }
  expect([...jobs, ...asked]).toEqual([]);
});

describe('where onboarding is not switched on for the coach', () => {
  test('nobody is added, and no job is started', async () => {
    const off = {
      outcome: { kind: 'not_enabled' },
      linked: { kind: 'not_enabled' },
      switchedOff: ['coach_1'],
    } as const;
    const { call, jobs } = api(off);
    const asked = [
      call(ONE, { id: 'cmp_1' }),
      call('POST /api/game-platform/competitors/{id}/link', {
        id: 'cmp_1',
        body: { platformUserId: 'their-1' },
      }),
      call(MANY),
      call(MANY, { body: { competitorIds: ['cmp_1', 'cmp_2'] } }),
    ];
    for (const answer of await Promise.all(asked))
      expect(answer).toMatchObject({ status: 409, body: { code: 'NOT_ENABLED' } });
    expect(jobs).toEqual([]);
  });

  test('an admin’s choice among several coaches goes on for those whom it is switched on for', async () => {
    const { call } = api({ caller: ADMIN, switchedOff: ['coach_1'] });
    expect((await call(MANY, { body: { competitorIds: ['cmp_1', 'cmp_9'] } })).status).toBe(202);
    expect((await call(MANY, { body: { coachId: 'coach_1' } })).status).toBe(409);
    expect((await call(MANY, { body: { coachId: 'coach_2' } })).status).toBe(202);
  });
});

describe('a coach’s own account', () => {
  const route = 'POST /api/admin/coaches/{id}/onboard';
  const call = (options: Parameters<typeof api>[0]) => {
    const world = api({ caller: ADMIN, ...options });
    return { ...world, answer: world.call(route, { id: 'coach_1' }) };
  };

  test('is made for an admin, and audited', async () => {
    const coach = aCoach({ id: 'coach_1', gamePlatformId: 'coach_1' });
    const { answer, audited } = call({ coachOutcome: { kind: 'onboarded', coach } });
    const { status, body } = await answer;
    expect(status).toBe(200);
    expect(coachViewSchema.parse(body)).toMatchObject({ gamePlatformId: 'coach_1', competitors: 2 });
    expect(audited).toEqual(['coach.onboard']);
  });

  const refusal = { code: 'X', message: 'No.', remedy: 'Do this.', retryAfterMs: undefined };
  test.each([
    [{ kind: 'in_progress' }, 409, 'ONBOARDING_IN_PROGRESS'],
    [{ kind: 'refused', refusal: { ...refusal, nature: 'final' } }, 502, 'GAME_PLATFORM_REFUSED'],
    [{ kind: 'refused', refusal: { ...refusal, nature: 'later' } }, 503, 'GAME_PLATFORM_UNAVAILABLE'],
    [{ kind: 'refused', refusal: { ...refusal, nature: 'paused' } }, 503, 'GAME_PLATFORM_PAUSED'],
    [{ kind: 'not_found' }, 404, 'NOT_FOUND'],
  ] as const)('%j is told as %i %s', async (coachOutcome, status, code) => {
    const { answer, held } = call({ coachOutcome });
    expect(await answer).toMatchObject({ status, body: { code } });
    expect(held).toEqual(code === 'GAME_PLATFORM_PAUSED' ? ['X'] : []);
  });

  test('is not made while the platform is paused, nor for nobody', async () => {
    const suspension = {
      kind: 'switch',
      reason: 'Rest.',
      at: '2026-11-19T19:00:00.000Z',
    } as unknown as Suspension;
    const paused = call({ suspension });
    expect(await paused.answer).toMatchObject({ status: 503, body: { code: 'GAME_PLATFORM_PAUSED' } });
    const nobody = call({ coachExists: false });
    expect((await nobody.answer).status).toBe(404);
    expect([...paused.asked, ...nobody.asked]).toEqual([]);
  });
});

describe('reading one competitor now', () => {
  const route = 'POST /api/game-platform/competitors/{id}/sync';

  test('starts a job for that one, whose start is audited', async () => {
    const { call, jobs } = api();
    expect(await call(route, { id: 'cmp_done' })).toMatchObject({ status: 202, body: { jobId: 'job_sync' } });
    expect(jobs).toEqual([
      { payload: { competitorId: 'cmp_done' }, startedBy: 'user:sub-1', coachId: 'coach_1' },
    ]);
  });

  test('is refused too soon, without an account, and for another coach’s', async () => {
    const { call, jobs } = api({ wait: 42 });
    const tooSoon = await call(route, { id: 'cmp_done' });
    expect(tooSoon).toMatchObject({
      status: 429,
      headers: { 'retry-after': '42' },
      body: { code: 'TOO_OFTEN' },
    });
    expect(await call(route, { id: 'cmp_1' })).toMatchObject({
      status: 409,
      body: { code: 'NOT_ON_PLATFORM' },
    });
    expect((await call(route, { id: 'cmp_9' })).status).toBe(404);
    expect(jobs).toEqual([]);
  });
});

const failing = (code: GamePlatformErrorCode, context = {}) =>
  new GamePlatformError(404, code, 'refused', { endpoint: 'password-reset', attempts: 1, ...context });

describe('a password reset', () => {
  const route = 'POST /api/game-platform/competitors/{id}/password-reset';

  test('is sent by the platform, and audited', async () => {
    const { call, asked, audited, counted, givenBack } = api();
    expect(await call(route, { id: 'cmp_done' })).toMatchObject({ status: 200, body: { sent: true } });
    expect([counted, givenBack]).toEqual([['mail-to#cmp_done 3/86400'], []]);
    expect([asked, audited]).toEqual([['cmp_done'], ['competitor.password_reset']]);
  });

  test.each([
    ['NOT_OFFERED', 501, 'NOT_OFFERED'],
    ['REFUSED', 502, 'GAME_PLATFORM_REFUSED'],
    ['TIMED_OUT', 503, 'GAME_PLATFORM_UNAVAILABLE'],
    ['TOKEN_REFUSED', 503, 'GAME_PLATFORM_PAUSED'],
  ] as const)('that ends in %s is %i %s', async (code, status, told) => {
    const { call, held, audited, givenBack } = api({ resetFails: failing(code) });
    expect(await call(route, { id: 'cmp_done' })).toMatchObject({ status, body: { code: told } });
    expect(held).toEqual(code === 'TOKEN_REFUSED' ? [code] : []);
    const used = ['password-reset#cmp_done', 'mail-to#cmp_done'];
    expect(givenBack).toEqual(code === 'NOT_OFFERED' ? used : []);
    expect(audited).toEqual([]);
  });

  test('that had no turn among our own calls says that we are busy, not the platform', async () => {
    const { call } = api({ resetFails: failing('RATE_LIMITED', { retryAfterMs: 7_000 }) });
    const answer = await call(route, { id: 'cmp_done' });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '7' } });
    expect(problemSchema.parse(answer.body).detail).toMatch(/^We are busy/);
  });

  test('waits as long as the platform asks, and is not asked for while it is paused', async () => {
    const busy = api({ resetFails: failing('THROTTLED', { retryAfterMs: 7_000 }) });
    expect((await busy.call(route, { id: 'cmp_done' })).headers).toMatchObject({ 'retry-after': '7' });
    const paused = api({ suspension: { kind: 'off' } });
    expect((await paused.call(route, { id: 'cmp_done' })).status).toBe(503);
    expect(paused.asked).toEqual([]);
  });
});

describe('one competitor', () => {
  test.each(['onboarded', 'already'] as const)('%s: the competitor with its account', async (kind) => {
    const competitor = aCompetitor({ version: 2, gamePlatformId: 'cmp_1', platform: APPROVED_ACCOUNT });
    const answer = await api({ outcome: { kind, competitor } }).call(ONE, { id: 'cmp_1' });
    expect(answer).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(competitorViewSchema.parse(answer.body)).toMatchObject({
      status: 'complete',
      gamePlatform: { username: 'mira.okafor', accountStatus: 'approved' },
    });
  });

  test('another coach’s, or nobody: not there, and nothing is asked', async () => {
    const { call, asked } = api();
    for (const id of ['cmp_9', 'cmp_404']) expect((await call(ONE, { id })).status).toBe(404);
    expect(asked).toEqual([]);
  });

  test('not ready: what is missing, field by field', async () => {
    const missing = [{ field: 'mediaReleaseDate', message: 'The media release is missing.' }];
    const answer = await api({ outcome: { kind: 'not_compliant', missing } }).call(ONE, { id: 'cmp_1' });
    expect(answer.status).toBe(409);
    expect(problemSchema.parse(answer.body)).toMatchObject({ code: 'NOT_COMPLIANT', missing });
  });

  test.each<[string, OnboardOutcome, number, string, string | undefined]>([
    ['being added already', { kind: 'in_progress' }, 409, 'ONBOARDING_IN_PROGRESS', '3'],
    ['refused', refused({}), 502, 'GAME_PLATFORM_REFUSED', undefined],
    [
      'not reached',
      refused({ nature: 'later', code: 'UNAVAILABLE' }),
      503,
      'GAME_PLATFORM_UNAVAILABLE',
      '60',
    ],
    [
      'asked to wait',
      refused({ nature: 'later', code: 'THROTTLED', retryAfterMs: 7_200 }),
      503,
      'GAME_PLATFORM_UNAVAILABLE',
      '8',
    ],
    [
      'without a token',
      refused({ nature: 'paused', code: 'TOKEN_MISSING' }),
      503,
      'GAME_PLATFORM_PAUSED',
      '300',
    ],
  ])('%s: told with what to do', async (_what, outcome, status, code, retryAfter) => {
    const answer = await api({ outcome }).call(ONE, { id: 'cmp_1' });
    const problem = problemSchema.parse(answer.body);
    expect([answer.status, problem.code, answer.headers['retry-after']]).toEqual([status, code, retryAfter]);
    expect(problem.detail).toMatch(/\. .+\.$/);
  });

  test('a refused token stops everybody’s calls for a while', async () => {
    const { call, held } = api({ outcome: refused({ nature: 'paused', code: 'TOKEN_REFUSED' }) });
    await call(ONE, { id: 'cmp_1' });
    expect(held).toEqual(['TOKEN_REFUSED']);
  });

  test('while the program is paused the platform is not asked; who is complete is still shown', async () => {
    const competitor = aCompetitor({
      id: 'cmp_done',
      gamePlatformId: 'cmp_done',
      platform: APPROVED_ACCOUNT,
    });
    const { call, asked } = api({ suspension: { kind: 'off' }, outcome: { kind: 'already', competitor } });
    const answer = await call(ONE, { id: 'cmp_1' });
    expect([answer.status, problemSchema.parse(answer.body).code]).toEqual([503, 'GAME_PLATFORM_PAUSED']);
    expect(asked).toEqual([]);
    expect((await call(ONE, { id: 'cmp_done' })).status).toBe(200);
  });
});

describe('many', () => {
  test('chosen ones become a job', async () => {
    const { call, jobs } = api();
    const answer = await call(MANY, { body: { competitorIds: ['cmp_1', 'cmp_2'] } });
    expect(answer).toMatchObject({ status: 202, body: { jobId: 'job_1' } });
    expect(jobs).toMatchObject([
      { payload: { competitorIds: ['cmp_1', 'cmp_2'] }, startedBy: 'user:sub-1', coachId: 'coach_1' },
    ]);
  });

  test('without a choice: all of the coach’s', async () => {
    const { call, jobs } = api();
    expect((await call(MANY)).status).toBe(202);
    expect(jobs).toMatchObject([
      { payload: { coachId: 'coach_1' }, startedBy: 'user:sub-1', coachId: 'coach_1' },
    ]);
  });

  test('one foreign id among them: not there, and no job', async () => {
    const { call, jobs } = api();
    expect((await call(MANY, { body: { competitorIds: ['cmp_1', 'cmp_9'] } })).status).toBe(404);
    expect((await call(MANY, { body: { coachId: 'coach_2' } })).status).toBe(404);
    expect(jobs).toEqual([]);
  });

  test('an admin chooses anybody’s, or names the coach', async () => {
    const { call, jobs } = api({ caller: ADMIN });
    expect((await call(MANY, { body: { competitorIds: ['cmp_1', 'cmp_9'] } })).status).toBe(202);
    expect((await call(MANY, { body: { coachId: 'coach_2' } })).status).toBe(202);
    expect(jobs).toHaveLength(2);
    const answer = await call(MANY);
    expect([answer.status, problemSchema.parse(answer.body).code]).toEqual([422, 'COACH_REQUIRED']);
  });

  test('an unknown coach is not there', async () => {
    const { call, jobs } = api({ caller: ADMIN, coachExists: false });
    expect((await call(MANY, { body: { coachId: 'coach_404' } })).status).toBe(404);
    expect(jobs).toEqual([]);
  });

  test('nobody chosen is a slip, not everybody', async () => {
    const { call, jobs } = api();
    expect((await call(MANY, { body: { competitorIds: [] } })).status).toBe(422);
    expect(jobs).toEqual([]);
  });
});
