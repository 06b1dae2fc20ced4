import { describe, expect, it } from 'vitest';
import { createGamePlatformClient } from '#shared/game-platform/client.ts';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import { createLog } from '#shared/kernel/log.ts';
import type { FaultInput } from './faults.ts';
import type { Simulator } from './index.ts';
import type { Settings } from './settings.ts';
import { NOW, populate, simulator, TOKEN, USER } from './testing.ts';

/** The product's own client against the simulated platform, healthy and with every fault. */

const NEW_USER = { ...USER, role: 'user' as const, syned_user_id: 'student-9' };
const NEW_TEAM = {
  syned_coach_user_id: 'coach-1',
  syned_team_id: 'team-9',
  team_name: 'Null Pointers',
  affiliation: 'Juniper Hills Academy',
  division: 'high_school' as const,
};

interface SetUp {
  readonly settings?: Partial<Settings>;
  /** Tokens that the client holds, first and after a refusal. */
  readonly tokens?: readonly [string, string];
}

/** A client that waits for nothing between attempts, and one active student on a team. */
async function connected({ settings = {}, tokens = [TOKEN, TOKEN] }: SetUp = {}) {
  const platform = await simulator({ settings });
  populate(platform.model, 1, { profile: 'active' });
  const client = createGamePlatformClient({
    caller: 'test',
    baseUrl: platform.url,
    token: {
      current: () => Promise.resolve(tokens[0]),
      replace: () => Promise.resolve(tokens[1]),
    },
    log: createLog(() => {}),
    sleep: () => Promise.resolve(),
    random: () => 0.5,
    now: () => new Date(NOW * 1000),
    callTimeoutMs: 1500,
  });
  return { platform, client };
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => 'It worked',
    (reason: unknown) => reason,
  );
  return error instanceof GamePlatformError ? error.code : String(error);
}

const scores = (client: GamePlatform) => client.getOdlScores('student-1');

describe("the product's client", () => {
  it('reads every answer of a healthy platform', async () => {
    const { platform, client } = await connected();
    const odl = await scores(client);
    expect(odl).toMatchObject({ ...platform.model.platform.odlScores('student-1'), unparsed: [] });
    const flash = await client.getFlashCtfProgress('student-1');
    expect(flash.unparsed).toEqual([]);
    expect(flash.flash_ctfs).toMatchObject(platform.model.platform.flashCtfProgress('student-1').flash_ctfs);
    expect(await client.getUser('student-1')).toEqual(platform.model.platform.user('student-1'));
    expect(await client.getUser('nobody')).toBeNull();
    expect(await client.createUser(NEW_USER)).toMatchObject({ syned_user_id: 'student-9' });
    expect(await client.createTeam(NEW_TEAM)).toMatchObject({ syned_team_id: 'team-9' });
    await client.assignTeam('student-9', 'team-9');
    expect((await client.getTeamAssignments('team-9')).total_count).toBe(1);
    expect((await client.getTeamAssignments()).total_count).toBe(2);
    await client.deleteAssignment('student-9');
    await client.deleteTeam('team-9');
    await client.sendPasswordReset('student-1');
  });

  const passing: readonly FaultInput[] = [
    { kind: 'serverError', body: 'json' },
    { kind: 'serverError', status: 502, body: 'html' },
    { kind: 'serverError', status: 500, body: 'empty' },
    { kind: 'rateLimited', retryAfter: 'seconds' },
    { kind: 'rateLimited', retryAfter: 'date' },
    { kind: 'rateLimited', retryAfter: 'none' },
    { kind: 'dropConnection' },
    { kind: 'lostAnswer' },
    { kind: 'hang' },
    { kind: 'timeoutAfterSuccess' },
    { kind: 'malformedJson' },
    { kind: 'emptyBody' },
    { kind: 'latency', ms: 5, jitterMs: 5 },
    { kind: 'unknownFields' },
  ];
  it.each(passing)('gets over %j in a read', async (fault) => {
    const { platform, client } = await connected();
    platform.faults.add({ ...fault, times: 1 });
    const expected = platform.model.platform.odlScores('student-1').challenge_solves;
    expect((await scores(client)).challenge_solves).toEqual(expected);
    expect(platform.faults.list()).toMatchObject([{ hits: 1 }]);
  });

  const lasting: readonly (readonly [FaultInput, string])[] = [
    [{ kind: 'serverError' }, 'UNAVAILABLE'],
    [{ kind: 'rateLimited' }, 'THROTTLED'],
    [{ kind: 'dropConnection' }, 'UNAVAILABLE'],
    [{ kind: 'malformedJson' }, 'BAD_ANSWER'],
    [{ kind: 'emptyBody' }, 'BAD_ANSWER'],
    [{ kind: 'wrongToken' }, 'TOKEN_REFUSED'],
  ];
  it.each(lasting)('says of %j that lasts: %s', async (fault, code) => {
    const { platform, client } = await connected();
    platform.faults.add(fault);
    expect(await codeOf(scores(client))).toBe(code);
  });

  it.each(['serverError', 'dropConnection', 'lostAnswer', 'hang', 'timeoutAfterSuccess'] as const)(
    'sends a create once when it meets %s, so that a look-up can tell whether it worked',
    async (kind) => {
      const { platform, client } = await connected();
      const worked = kind === 'lostAnswer' || kind === 'timeoutAfterSuccess';
      platform.faults.add({ kind, endpoint: 'POST /users', times: 1 });
      expect(['UNAVAILABLE', 'TIMED_OUT']).toContain(await codeOf(client.createUser(NEW_USER)));
      expect(platform.requests.since().filter(({ method }) => method === 'POST')).toHaveLength(1);
      expect((await client.getUser('student-9')) !== null).toBe(worked);
    },
  );

  it.each(['negative_points', 'missing_time', 'text_points', 'null_record'] as const)(
    'puts solves with %s aside and reads the rest',
    async (how) => {
      const { platform, client } = await connected();
      const all = platform.model.platform.odlScores('student-1').challenge_solves;
      platform.faults.add({ kind: 'malformedRecords', how, count: 2 });
      const odl = await scores(client);
      expect(odl.unparsed.map(({ index }) => index)).toEqual([0, 1]);
      expect(odl.challenge_solves).toEqual(all.slice(2));
    },
  );

  it('passes short, empty and unknown answers on, so that others can judge them', async () => {
    const { platform, client } = await connected();
    platform.faults.add({ kind: 'shortAssignments', share: 1, times: 1 });
    expect(await client.getTeamAssignments()).toEqual({
      assignments: [],
      total_count: 1,
      unparsed: [],
      unplaced: [],
    });
    platform.faults.add({ kind: 'emptyLists', times: 1 });
    expect((await scores(client)).challenge_solves).toEqual([]);
    platform.faults.add({ kind: 'unknownValues', times: 1 });
    expect(await client.getUser('student-1')).toMatchObject({ metactf_user_status: 'awaiting_guardian' });
  });

  it('reads its token again after a refusal', async () => {
    const { client } = await connected({ tokens: ['old', TOKEN] });
    expect((await scores(client)).metactf_user_id).toBeGreaterThan(0);
  });

  it.each([401, 403] as const)('tells a wrong token (%i) from a user', async (wrongTokenStatus) => {
    const { client } = await connected({ settings: { wrongTokenStatus }, tokens: ['old', 'old'] });
    expect(await codeOf(scores(client))).toBe('TOKEN_REFUSED');
    expect(await codeOf(client.getUser('student-1'))).toBe('TOKEN_REFUSED');
  });

  it('tells who is unknown from who is not approved', async () => {
    const { platform, client } = await connected();
    expect(await codeOf(client.getOdlScores('nobody'))).toBe('USER_UNKNOWN');
    platform.model.setStatus('student-1', 'denied');
    expect(await codeOf(scores(client))).toBe('NOT_APPROVED');
    expect(await codeOf(client.getFlashCtfProgress('student-1'))).toBe('NOT_APPROVED');
  });

  it.each([400, 409] as const)('knows what exists already, told with %i', async (existsStatus) => {
    const { client } = await connected({ settings: { existsStatus } });
    await client.createUser(NEW_USER);
    await client.createTeam(NEW_TEAM);
    expect(await codeOf(client.createUser(NEW_USER))).toBe('ALREADY_EXISTS');
    expect(await codeOf(client.createTeam(NEW_TEAM))).toBe('ALREADY_EXISTS');
  });

  it.each(['not_found', 'method_not_allowed'] as const)(
    'finds out that no password reset is offered: %s',
    async (passwordReset) => {
      const { client } = await connected({ settings: { passwordReset } });
      expect(await codeOf(client.sendPasswordReset('student-1'))).toBe('NOT_OFFERED');
    },
  );

  it('understands refusals of roster changes', async () => {
    const { client } = await connected();
    await client.createTeam(NEW_TEAM);
    expect(await codeOf(client.deleteTeam('team-1'))).toBe('REFUSED');
    expect(await codeOf(client.assignTeam('student-1', 'team-9'))).toBe('REFUSED');
    expect(await codeOf(client.assignTeam('nobody', 'team-9'))).toBe('USER_UNKNOWN');
    expect(await codeOf(client.assignTeam('student-1', 'team-none'))).toBe('NOT_FOUND');
  });

  it('never has two calls for a user in flight', async () => {
    const { platform, client } = await connected();
    platform.faults.add({ kind: 'latency', ms: 5 });
    await Promise.all([scores(client), client.getUser('student-1'), scores(client)]);
    expect(mostAtOnce(platform)).toBe(1);
  });
});

const mostAtOnce = ({ requests }: Simulator): number =>
  Math.max(...requests.since().map(({ inFlightForUser }) => inFlightForUser));
