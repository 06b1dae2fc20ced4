import { beforeEach, expect, test, vi } from 'vitest';
import { createLinkAccount } from '#shared/onboarding/link-account.ts';
import { createDynamoOnboarding } from '#shared/composition/onboarding.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aCompetitor, NO_ACCOUNT } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { OnboardingWorld } from './onboarding-world.ts';

const newTable = useTestTables();
let world: OnboardingWorld;
let ids = 0;

const REFUSED = {
  ...NO_ACCOUNT,
  refusal: { code: 'EMAIL_KNOWN', message: 'Known.', remedy: 'Ask.', at: '2026-11-19T19:00:00.000Z' },
};
beforeEach(async () => {
  world = new OnboardingWorld(await newTable());
  await world.settle({ platform: REFUSED }, { gamePlatformId: 'coa_1' });
  world.platform.accounts.push({
    first_name: 'Mira',
    last_name: 'Okafor',
    email: 'mira@example.org',
    role: 'user',
    syned_user_id: 'their-1',
  });
});

const link = (competitorId = 'cmp_1', platformUserId = 'their-1', trusted = true) =>
  createLinkAccount(
    createDynamoOnboarding({
      table: world.table,
      platform: world.platform,
      log: recordingLog().log,
      now: () => world.now,
      newId: (prefix) => `${prefix}_${(ids += 1)}`,
      sleep: () => {
        world.now = new Date(world.now.getTime() + 250);
        return Promise.resolve();
      },
    }),
  )({
    competitorId,
    platformUserId,
    trusted,
    actor: { sub: 'sub-1', actingAs: null, requestId: 'req-1' },
    remainingMs: () => 20_000,
  });
const stored = (id = 'cmp_1') => world.competitors.byId(id, { consistent: true });

test('completes the onboarding with the other account, and reads by its id', async () => {
  expect(await link()).toMatchObject({ kind: 'onboarded' });
  expect(await stored()).toMatchObject({
    version: 2,
    gamePlatformId: 'their-1',
    platform: { accountStatus: 'pending_approval', refusal: null, onboardedAt: world.now.toISOString() },
  });
  const states = await createSyncStateRepository(world.table).byIds(['cmp_1']);
  expect(states.get('cmp_1')).toMatchObject({ gamePlatformId: 'their-1', cursorUnix: 0 });
  expect(world.platform.calls.map(({ endpoint }) => endpoint)).toEqual(['getUser']);
  expect(await link()).toMatchObject({ kind: 'already' });
  expect((await stored())?.version).toBe(2);
});

test('an id that the platform does not know, or fails to tell, changes nothing', async () => {
  expect(await link('cmp_1', 'their-9')).toEqual({ kind: 'unknown' });
  world.platform.faults = ['UNAVAILABLE'];
  expect(await link()).toMatchObject({ kind: 'refused', refusal: { nature: 'later' } });
  expect((await stored())?.version).toBe(1);
});

test('an account of somebody else of ours is refused: linked, their own, or a coach’s', async () => {
  await world.competitors.put(aCompetitor({ id: 'cmp_2', gamePlatformId: 'their-1' }));
  expect(await link()).toEqual({ kind: 'taken' });
  expect(await link('cmp_1', 'cmp_2')).toEqual({ kind: 'taken' });
  expect(await link('cmp_1', 'coa_1')).toEqual({ kind: 'taken' });
  expect(world.platform.calls).toEqual([]);
});

/** Erases somebody who had this account, as a deletion does. */
async function erase(id: string, gamePlatformId: string | null): Promise<void> {
  const erased = aCompetitor({ id, gamePlatformId });
  await world.competitors.put(erased);
  const tombstone = {
    competitorId: id,
    coachId: erased.coachId,
    gamePlatformId,
    erasedAt: world.now.toISOString(),
    jobId: 'job_erase',
  };
  await world.competitors.erase(erased, tombstone, []);
}

test.each([
  ['the id they had here', 'cmp_gone', 'cmp_gone', 'cmp_gone'],
  ['the id they had here, without an account', 'cmp_gone', null, 'cmp_gone'],
  ['the id of the account that was linked to them', 'cmp_gone', 'their-1', 'their-1'],
])('the account of an erased child is refused by %s', async (_, id, gamePlatformId, platformUserId) => {
  await erase(id, gamePlatformId);
  expect(await link('cmp_1', platformUserId)).toEqual({ kind: 'erased' });
  expect(world.platform.calls).toEqual([]);
  expect(await stored()).toMatchObject({ version: 1, gamePlatformId: null });
});

test('an erasure between the look-up and the write leaves the account unclaimed', async () => {
  const ask = world.platform.getUser;
  vi.spyOn(world.platform, 'getUser').mockImplementation(async (id) => {
    const user = await ask(id);
    await erase('cmp_gone', 'their-1');
    return user;
  });
  expect(await link()).toEqual({ kind: 'erased' });
  expect(await stored()).toMatchObject({ version: 1, gamePlatformId: null });
});

test('two competitors that ask for the same account at once: one gets it', async () => {
  await world.competitors.put(aCompetitor({ id: 'cmp_2', platform: REFUSED }));
  const kinds = (await Promise.all([link('cmp_1'), link('cmp_2')])).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'onboarded')).toHaveLength(1);
  const owners = [await stored('cmp_1'), await stored('cmp_2')].filter((one) => one?.gamePlatformId !== null);
  expect(owners).toHaveLength(1);
});

test('nobody is linked who may not be added: without a release, or deactivated', async () => {
  await world.competitors.put(aCompetitor({ id: 'cmp_2', mediaReleaseDate: null }));
  await world.competitors.put(aCompetitor({ id: 'cmp_3', active: false, platform: REFUSED }));
  expect(await link('cmp_2')).toEqual({ kind: 'not_wanted' });
  expect(await link('cmp_3')).toEqual({ kind: 'not_wanted' });
  expect(await link('cmp_none')).toEqual({ kind: 'not_found' });
  expect(world.platform.calls).toEqual([]);
});

test('a coach links only what the platform’s answer proves to be the same person’s', async () => {
  const refused = { kind: 'not_proven' };
  expect(await link('cmp_1', 'their-1', false)).toEqual(refused);
  world.platform.tellsEmail = true;
  world.platform.accounts.push({
    first_name: 'Mira',
    last_name: 'Okafor',
    email: 'mira.o@example.org',
    role: 'user',
    syned_user_id: 'their-2',
  });
  expect(await link('cmp_1', 'their-2', false)).toEqual(refused);
  await world.competitors.put(aCompetitor({ id: 'cmp_2', email: null, guardianEmail: 'mira@example.org' }));
  expect(await link('cmp_2', 'their-1', false)).toEqual({ kind: 'not_wanted' });
  expect(await stored()).toMatchObject({ version: 1, gamePlatformId: null });
  expect(await link('cmp_1', 'their-1', false)).toMatchObject({ kind: 'onboarded' });
});

test('an answer about another id than was asked for links nothing, whoever asks', async () => {
  vi.spyOn(world.platform, 'getUser').mockImplementation(() =>
    Promise.resolve({
      metactf_user_id: 1,
      metactf_username: 'other',
      syned_user_id: 'their-8',
      metactf_user_status: 'approved',
    }),
  );
  expect(await link()).toMatchObject({ kind: 'refused', refusal: { code: 'ID_TAKEN', nature: 'final' } });
  expect((await stored())?.version).toBe(1);
});

test('nor before the coach has an account: the refusal is about that one', async () => {
  await world.settle({ platform: REFUSED }, { gamePlatformId: null });
  expect(await link()).toEqual({ kind: 'not_wanted' });
});
