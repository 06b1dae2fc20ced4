import { describe, expect, it } from 'vitest';
import { CALLS, failureOf, user } from './client-calls.ts';
import {
  FLASH_CTF,
  NEW_TEAM,
  NEW_USER,
  SCORES,
  scriptedPlatform,
  SOLVE,
  USER,
  type Step,
} from './scripted-platform.ts';

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

  it('with an odd assignment keep the others, and count the odd one', async () => {
    const good = { syned_user_id: 'cmp_1', syned_team_id: 'team_1' };
    const body = { assignments: [good, { team: 1 }], total_count: 2 };
    const { client } = scriptedPlatform([{ status: 200, body }]);
    expect(await client.getTeamAssignments()).toMatchObject({
      assignments: [good],
      total_count: 2,
      unparsed: [{ index: 1, issues: [{ path: 'syned_user_id' }] }],
    });
  });

  it('that are not read to the end are read again; a write that worked is not sent twice', async () => {
    const short = { status: 200, body: JSON.stringify(SCORES).slice(0, 40) };
    const read = scriptedPlatform([short, { status: 200, body: SCORES }]);
    expect((await read.client.getOdlScores('cmp_1')).total_points).toBe(200);
    for (const body of ['', '{"metactf_user_id": 1', { ...USER, syned_user_id: 7 }]) {
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

describe('ambiguous refusals', () => {
  const bare404 = { status: 404, body: { detail: 'Not Found' } };
  const bare403 = { status: 403, body: { detail: 'Forbidden' } };
  const unknown = { status: 404, body: { detail: 'User not found' } };
  const index = { status: 200, body: { name: 'API' } };

  it.each<[string, Step[], string, string[]]>([
    ['getOdlScores', [bare403, user('pending_approval')], 'NOT_APPROVED', ['/users']],
    ['getOdlScores', [bare403, user('approved')], 'REFUSED', ['/users']],
    [
      'getOdlScores',
      [bare403, { status: 201, body: { ...USER, metactf_user_status: null } }],
      'UNAVAILABLE',
      ['/users'],
    ],
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
