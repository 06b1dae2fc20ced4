import { describe, expect, it } from 'vitest';
import { CALLS, failureOf } from './client-calls.ts';
import { addressOf, NEW_TEAM, NEW_USER, scriptedPlatform, STEPS, USER } from './scripted-platform.ts';

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
