import { describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './index.ts';
import { NOW, populate, send, simulator, TOKEN, USER } from './testing.ts';

/** Calls the control endpoint as another process would. */
async function control({ controlUrl }: Simulator, call: string, body?: unknown) {
  const [method = 'GET', path = ''] = call.split(' ');
  const answer = await fetch(`${controlUrl}${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const SCORES = 'GET /scores/get_odl_scores?syned_user_id=student-1';

describe('the control endpoint', () => {
  it('tells the state', async () => {
    const platform = await simulator();
    populate(platform.model, 3);
    const { body } = await control(platform, 'GET /state');
    expect(body).toMatchObject({ now: NOW, seed: 11, speed: 1, users: 4, teams: 1, faults: [] });
  });

  it('switches faults on and off', async () => {
    const platform = await simulator();
    populate(platform.model, 1);
    const { body } = await control(platform, 'POST /faults', [
      { kind: 'serverError', status: 500 },
      { kind: 'latency', ms: 1 },
    ]);
    expect(body['ids']).toHaveLength(2);
    expect((await send(platform, SCORES)).status).toBe(500);
    const [first] = body['ids'] as string[];
    await control(platform, `DELETE /faults?id=${first}`);
    expect((await send(platform, SCORES)).status).toBe(200);
    await control(platform, 'POST /faults', { kind: 'hang' });
    await control(platform, 'DELETE /faults');
    expect((await send(platform, SCORES)).status).toBe(200);
    expect((await control(platform, 'DELETE /faults?id=fault-9')).status).toBe(404);
  });

  it('changes speed and settings', async () => {
    const platform = await simulator();
    expect((await control(platform, 'POST /speed', { speed: 25 })).body).toEqual({ speed: 25 });
    expect(platform.model.speed).toBe(25);
    await control(platform, 'POST /settings', { assignMoves: true, eventIds: 'always' });
    expect(platform.model.settings).toMatchObject({ assignMoves: true, eventIds: 'always' });
  });

  it('brings in a population, decides about accounts, gives and takes solves', async () => {
    const platform = await simulator();
    const about = { firstName: 'Elif', lastName: 'Demir', enrolledAt: NOW - 1000 };
    const population = {
      teams: [
        {
          synedTeamId: 'team-1',
          coachId: 'coach-1',
          name: 'Cobalt Owls',
          affiliation: 'Lakeview Academy',
          division: 'middle_school',
        },
      ],
      users: [
        {
          ...about,
          synedUserId: 'student-1',
          email: 'elif@example.org',
          teamId: 'team-1',
          profile: 'inactive',
          status: 'pending_approval',
        },
      ],
    };
    expect((await control(platform, 'POST /population', population)).body).toMatchObject({
      users: [{ metactf_username: 'elif.demir' }],
    });
    expect((await send(platform, SCORES)).status).toBe(403);
    const decided = await control(platform, 'POST /approvals', {
      synedUserId: 'student-1',
      status: 'approved',
    });
    expect(decided.body).toMatchObject({ metactf_user_status: 'approved' });

    const gift = { action: 'add', synedUserId: 'student-1', solve: { challenge_points: 30 } };
    const { body } = await control(platform, 'POST /solves', gift);
    const { ref } = body as { ref: { solveId: number } };
    const points = async (): Promise<unknown> =>
      (
        (await control(platform, 'GET /solves?syned_user_id=student-1')).body as {
          odl: { total_points: number };
        }
      ).odl.total_points;
    expect(await points()).toBe(30);
    const id = { synedUserId: 'student-1', ref };
    await control(platform, 'POST /solves', { action: 'correct', ...id, points: 20 });
    expect(await points()).toBe(20);
    await control(platform, 'POST /solves', { action: 'delay', ...id, until: NOW + 5 });
    expect(await points()).toBe(0);
    await control(platform, 'POST /solves', { action: 'delay', ...id, until: NOW });
    expect(await points()).toBe(20);
    await control(platform, 'POST /solves', { action: 'revoke', ...id });
    expect(await points()).toBe(0);
  });

  it('holds a Flash CTF', async () => {
    const platform = await simulator();
    populate(platform.model, 30);
    const event = { name: 'Extra', start: NOW, end: NOW + 7200, eventId: 'extra-1' };
    const { body } = await control(platform, 'POST /flash-ctfs', event);
    const solve = { action: 'add', synedUserId: 'student-1', source: 'flash_ctf', event: body['key'] };
    await control(platform, 'POST /solves', solve);
    const progress = platform.model.platform.flashCtfProgress('student-1').flash_ctfs;
    expect(progress.at(-1)).toMatchObject({ flash_ctf_name: 'Extra', event_id: 'extra-1' });
  });

  it('shows what was asked, from a sequence number on', async () => {
    const platform = await simulator();
    await send(platform, 'GET /users?syned_user_id=a');
    await send(platform, 'GET /users?syned_user_id=b');
    const { body } = await control(platform, 'GET /requests?since=1');
    expect(body['requests']).toMatchObject([{ sequence: 2, synedUserId: 'b', status: 404 }]);
    await control(platform, 'DELETE /requests');
    expect((await control(platform, 'GET /requests')).body).toEqual({ requests: [] });
  });

  it('resets what tests changed, and the population when asked', async () => {
    const platform = await simulator();
    populate(platform.model, 1);
    platform.faults.add({ kind: 'hang' });
    platform.model.changeSettings({ assignMoves: true });
    await control(platform, 'POST /reset', {});
    expect(platform.faults.list()).toEqual([]);
    expect(platform.model.settings.assignMoves).toBe(false);
    expect(platform.model.userIds()).toHaveLength(2);
    await control(platform, 'POST /reset', { population: true });
    expect(platform.model.userIds()).toEqual([]);
  });

  it.each([
    ['POST /faults', { kind: 'earthquake' }, 422],
    ['POST /speed', { speed: -1 }, 422],
    ['POST /settings', { unheardOf: true }, 422],
    ['POST /approvals', { synedUserId: 'nobody', status: 'approved' }, 404],
    ['GET /elsewhere', undefined, 404],
  ])('refuses %s with %j', async (call, body, status) => {
    expect((await control(await simulator(), call, body)).status).toBe(status);
  });

  it('takes nothing that a page of another origin could send unasked', async () => {
    const platform = await simulator();
    const answer = await fetch(`${platform.controlUrl}/speed`, { method: 'POST', body: '{"speed":5}' });
    expect(answer.status).toBe(415);
    expect(platform.model.speed).toBe(1);
  });
});

describe('the server', () => {
  it('listens on this machine only and refuses a port that is taken', async () => {
    const platform = await simulator();
    expect(new URL(platform.url).hostname).toBe('127.0.0.1');
    const port = Number(new URL(platform.url).port);
    await expect(startSimulator({ token: TOKEN, port })).rejects.toThrow('EADDRINUSE');
  });

  it('stops at once, calls in flight included', async () => {
    const platform = await startSimulator({ token: TOKEN });
    platform.faults.add({ kind: 'hang' });
    const waiting = send(platform, 'POST /users', { body: USER }).then(
      () => 'answered',
      () => 'broken off',
    );
    await expect.poll(() => platform.requests.since().length).toBe(1);
    await platform.stop();
    expect(await waiting).toBe('broken off');
  });

  it('goes at the speed it is started with', async () => {
    expect((await simulator({ speed: 8 })).model.speed).toBe(8);
  });
});
