import { describe, expect, test } from 'vitest';
import type { GamePlatformErrorCode } from '#shared/game-platform/game-platform-error.ts';
import { createLeaseRepository } from '#shared/table/lease-repository.ts';
import { aCompetitor } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { VENDOR_TEXT, type Fault } from './account-platform.ts';
import { OnboardingWorld } from './onboarding-world.ts';

const newTable = useTestTables();

const newWorld = async (...facts: Parameters<OnboardingWorld['settle']>) =>
  new OnboardingWorld(await newTable()).settle(...facts);

/** A world whose coach has an account already, so that all calls are about the competitor. */
const withCoach = (competitor: Parameters<OnboardingWorld['settle']>[0] = {}) =>
  newWorld(competitor, { gamePlatformId: 'coa_1' });

describe('what is asked of the platform', () => {
  test('the coach’s account comes first and is named as the competitor’s coach', async () => {
    const { platform, onboard } = await bound(newWorld());
    await onboard();
    expect(platform.accounts).toEqual([
      {
        first_name: 'Marisol',
        last_name: 'Vega',
        email: 'marisol@example.org',
        role: 'coach',
        syned_user_id: 'coa_1',
      },
      {
        first_name: 'Mira',
        last_name: 'Okafor',
        email: 'mira@example.org',
        role: 'user',
        syned_user_id: 'cmp_1',
        syned_coach_user_id: 'coa_1',
      },
    ]);
  });

  test('a coach who has an account is not asked about', async () => {
    const { platform, onboard } = await bound(withCoach());
    await onboard();
    expect(platform.calls.map(({ endpoint, id }) => `${endpoint} ${id}`)).toEqual([
      'getUser cmp_1',
      'createUser cmp_1',
    ]);
  });

  test('an account that is there already is taken over, not made again', async () => {
    const world = await withCoach();
    world.platform.accounts.push({
      first_name: 'Mira',
      last_name: 'Okafor',
      email: 'mira@example.org',
      role: 'user',
      syned_user_id: 'cmp_1',
    });
    world.platform.status = 'approved';
    world.platform.lastLoginUnix = 1_794_000_000;
    expect(await world.onboard()).toMatchObject({
      kind: 'onboarded',
      competitor: {
        platform: { accountStatus: 'approved', lastLoginAt: '2026-11-06T21:20:00.000Z', userId: 4711 },
      },
    });
    expect(world.platform.calls).toHaveLength(1);
  });

  test('calls together never get more time than the function has left', async () => {
    const { platform, onboard } = await bound(newWorld());
    await onboard({ remainingMs: () => 7_999.75 });
    for (const { budgetMs } of platform.calls) {
      expect(budgetMs).toBeLessThanOrEqual(0.65 * 6_800);
      expect(Number.isInteger(budgetMs)).toBe(true);
    }
  });

  test('with no time left it asks for none', async () => {
    const { platform, onboard } = await bound(newWorld());
    await onboard({ remainingMs: () => 1_000 });
    expect(platform.calls.map(({ budgetMs }) => budgetMs)).toEqual(platform.calls.map(() => 0));
  });
});

async function bound(making: Promise<OnboardingWorld>) {
  const world = await making;
  return { world, platform: world.platform, onboard: world.onboard.bind(world) };
}

describe('only from compliance', () => {
  test.each([
    ['a missing release', { mediaReleaseDate: null }, ['mediaReleaseDate']],
    ['a missing profile', { email: null, grade: null }, ['grade', 'email']],
    ['deactivated', { active: false }, ['active']],
  ])('%s: nothing is asked, and what is missing is told', async (_what, facts, fields) => {
    const { platform, onboard } = await bound(newWorld(facts));
    const outcome = await onboard();
    expect(outcome.kind).toBe('not_compliant');
    expect(outcome.kind === 'not_compliant' && outcome.missing.map(({ field }) => field)).toEqual(fields);
    expect(platform.calls).toEqual([]);
  });

  test('already complete: as it is, without asking', async () => {
    const { platform, onboard } = await bound(newWorld({ gamePlatformId: 'cmp_1' }));
    expect(await onboard()).toMatchObject({ kind: 'already', competitor: { version: 1 } });
    expect(platform.calls).toEqual([]);
  });

  test('nobody of that id', async () => {
    const { onboard } = await bound(newWorld());
    expect(await onboard({ competitorId: 'cmp_9' })).toEqual({ kind: 'not_found' });
  });
});

describe('a create whose end is unknown', () => {
  test.each<[string, Fault]>([
    ['timed out', { lost: 'TIMED_OUT' }],
    ['broke off with a server error', { lost: 'UNAVAILABLE' }],
    ['was answered with something unreadable', { lost: 'BAD_ANSWER' }],
    ['met the account of an earlier attempt', { lost: 'ALREADY_EXISTS' }],
  ])('%s but worked: the look-up finds it', async (_what, fault) => {
    const { world, platform, onboard } = await bound(withCoach());
    platform.faults = [undefined, fault];
    expect(await onboard()).toMatchObject({ kind: 'onboarded' });
    expect(platform.accountsOf('cmp_1')).toHaveLength(1);
    expect((await world.endState()).activity).toEqual(['competitor_onboarded']);
  });

  test('and did not work yet: told so, and nobody asks again while it may still be worked on', async () => {
    const { world, platform, onboard } = await bound(withCoach());
    platform.faults = [undefined, 'TIMED_OUT'];
    expect(await onboard()).toMatchObject({
      kind: 'refused',
      refusal: { code: 'TIMED_OUT', nature: 'later' },
    });
    world.later(1);
    expect(await onboard()).toEqual({ kind: 'in_progress' });
    expect(platform.calls).toHaveLength(3);
    world.later(10);
    expect(await onboard()).toMatchObject({ kind: 'onboarded' });
    expect(platform.accountsOf('cmp_1')).toHaveLength(1);
  });
});

describe('a refusal', () => {
  const sentences = expect.stringMatching(/^[A-Z].+\.$/) as unknown;

  test.each<[string, (Fault | undefined)[], string, string, boolean]>([
    ['an email that the platform knows', [undefined, 'ALREADY_EXISTS'], 'EMAIL_KNOWN', 'final', true],
    [
      'a profile that it does not take',
      [undefined, 'VALIDATION_REFUSED'],
      'VALIDATION_REFUSED',
      'final',
      true,
    ],
    ['no reason', [undefined, 'REFUSED'], 'REFUSED', 'final', true],
    ['a missing token', ['TOKEN_MISSING'], 'TOKEN_MISSING', 'paused', true],
    ['a refused token', ['TOKEN_REFUSED'], 'TOKEN_REFUSED', 'paused', true],
    ['an outage', ['UNAVAILABLE'], 'UNAVAILABLE', 'later', true],
    ['too many calls', ['THROTTLED'], 'THROTTLED', 'later', true],
    [
      'no turn among our own calls, which is ours and is not kept',
      ['RATE_LIMITED'],
      'RATE_LIMITED',
      'later',
      false,
    ],
    ['no time left, which is ours and is not kept', ['BUDGET_EXHAUSTED'], 'BUDGET_EXHAUSTED', 'later', false],
  ])('for %s: with what to do, kept on the competitor', async (_what, faults, code, nature, kept) => {
    const { world, platform, onboard } = await bound(withCoach());
    platform.faults = faults;
    const words = { message: sentences, remedy: sentences };
    expect(await onboard()).toMatchObject({ kind: 'refused', refusal: { code, nature, ...words } });

    const { refusal } = (await world.competitors.byId('cmp_1'))!.platform;
    expect(refusal).toEqual(kept ? { code, ...words, at: '2026-11-19T20:00:00.000Z' } : null);
    expect((await world.endState()).activity).toEqual(kept ? ['onboarding_refused'] : []);
  });

  test('says how long the platform wants to be left alone', async () => {
    const { platform, onboard } = await bound(withCoach());
    platform.faults = ['THROTTLED'];
    expect(await onboard()).toMatchObject({ refusal: { retryAfterMs: 7_200 } });
  });

  test('of the coach’s own account is told as such, and the competitor is not asked about', async () => {
    const { platform, onboard } = await bound(newWorld());
    platform.knownEmails.add('marisol@example.org');
    expect(await onboard()).toMatchObject({
      kind: 'refused',
      refusal: { code: 'COACH_EMAIL_KNOWN', message: expect.stringContaining('Your own account') as unknown },
    });
    expect(platform.calls.every(({ id }) => id === 'coa_1')).toBe(true);
  });

  test('is cleared by success', async () => {
    const { world, platform, onboard } = await bound(withCoach());
    platform.faults = [undefined, 'REFUSED'];
    await onboard();
    expect(await onboard()).toMatchObject({ kind: 'onboarded' });
    expect(await world.endState()).toMatchObject({ refusal: null, version: 3 });
  });

  test('of the token is no competitor’s fault: a job keeps none', async () => {
    const { world, platform, onboard } = await bound(withCoach());
    platform.faults = ['TOKEN_MISSING'];
    const outcome = await onboard({ by: { kind: 'job', jobId: 'job_1' } });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { nature: 'paused' } });
    expect(await world.endState()).toMatchObject({ version: 1, refusal: null, activity: [] });
  });

  test('keeps the vendor’s own words and everybody’s names out of logs and answers', async () => {
    for (const code of ['REFUSED', 'TIMED_OUT', 'ALREADY_EXISTS'] satisfies GamePlatformErrorCode[]) {
      const { world, platform, onboard } = await bound(withCoach());
      platform.faults = [undefined, code];
      const said = JSON.stringify([await onboard(), world.lines]);
      expect(said).not.toContain(VENDOR_TEXT);
      expect(said).not.toMatch(/Mira|Okafor|example\.org/);
    }
  });
});

describe('at the same time', () => {
  test('two for one competitor make one account, and both hear of it', async () => {
    const { world, platform, onboard } = await bound(newWorld());
    platform.before = () =>
      new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    const outcomes = await Promise.all([onboard(), onboard()]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['already', 'onboarded']);
    expect(await world.endState()).toMatchObject({
      version: 2,
      accounts: [
        ['coach', 'coa_1'],
        ['user', 'cmp_1'],
      ],
      activity: ['competitor_onboarded'],
    });
  });

  test('two for one competitor meet one refusal, and the platform is asked once', async () => {
    const { world, platform, onboard } = await bound(withCoach());
    platform.knownEmails.add('mira@example.org');
    platform.before = () =>
      new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    const outcomes = await Promise.all([onboard(), onboard()]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'EMAIL_KNOWN', nature: 'final' } });
    }
    expect(platform.calls.filter(({ endpoint }) => endpoint === 'createUser')).toHaveLength(1);
    expect((await world.endState()).activity).toEqual(['onboarding_refused']);
  });

  test('two competitors of one coach make the coach’s account once', async () => {
    const { world, platform, onboard } = await bound(newWorld());
    await world.competitors.put(aCompetitor({ id: 'cmp_2', email: 'noor@example.org' }));
    platform.before = () =>
      new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    const outcomes = await Promise.all([onboard(), onboard({ competitorId: 'cmp_2' })]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['onboarded', 'onboarded']);
    expect(platform.accountsOf('coa_1')).toHaveLength(1);
  });

  test('while another one keeps at it, who comes second is told to wait', async () => {
    const { world, platform, onboard } = await bound(newWorld());
    const until = new Date(world.now.getTime() + 60_000);
    await createLeaseRepository(world.table).take('onboard#cmp_1', 'another', until, world.now);
    expect(await onboard()).toEqual({ kind: 'in_progress' });
    expect(platform.calls).toEqual([]);
  });

  test('an edit while the platform is asked is kept, and so is the account', async () => {
    const { world, platform, onboard } = await bound(withCoach());
    platform.before = async ({ endpoint }) => {
      if (endpoint !== 'createUser') return;
      await world.competitors.update(aCompetitor({ version: 2, grade: 12 }));
    };
    expect(await onboard()).toMatchObject({
      kind: 'onboarded',
      competitor: { version: 3, grade: 12, gamePlatformId: 'cmp_1' },
    });
  });
});

test('what a person does is audited, with the coach an admin acted as; what a job does by itself is activity only', async () => {
  const byAdmin = await withCoach();
  await byAdmin.onboard({
    by: { kind: 'user', actor: { sub: 'sub-admin', actingAs: 'coa_1', requestId: 'req-7' } },
  });
  expect((await byAdmin.endState()).audit).toEqual(['competitor.onboard']);

  const byJob = await withCoach();
  await byJob.onboard({ by: { kind: 'job', jobId: 'job_1' } });
  expect(await byJob.endState()).toMatchObject({ audit: [], activity: ['competitor_onboarded'] });

  const forSomebody = await withCoach();
  const actor = { sub: 'sub-admin', actingAs: 'coa_1', requestId: 'job_1' };
  await forSomebody.onboard({ by: { kind: 'job', jobId: 'job_1', actor } });
  expect(await forSomebody.endState()).toMatchObject({
    audit: ['competitor.onboard'],
    activity: ['competitor_onboarded'],
  });
});
