import { beforeAll, describe, expect, it } from 'vitest';
import { competitorListSchema } from '#shared/competitors/contract.ts';
import { teamViewSchema, type TeamView } from '#shared/teams/contract.ts';
import { ADMIN, apiOf, COACH, finished, until, useLocalStack, type Api } from '#test/support/stack.ts';

describe('Teams and their members, mirrored to the Game Platform', () => {
  const stack = useLocalStack();
  let coach: Api;
  let admin: Api;
  let competitorId: string;
  let team: TeamView;

  beforeAll(async () => {
    [coach, admin] = await Promise.all([apiOf(stack(), COACH), apiOf(stack(), ADMIN)]);
    const { items } = competitorListSchema.parse((await coach('GET', '/api/competitors?limit=200')).body);
    const free = items.find((one) => one.team === null && one.active && one.gamePlatform.id !== null);
    if (free === undefined) throw new Error('The demo has nobody with an account and without a team.');
    competitorId = free.id;
  });

  const simulated = () => {
    const { simulator } = stack().gamePlatform;
    if (simulator === undefined) throw new Error('The stack runs without a simulator.');
    return simulator;
  };
  const onPlatform = (): string | undefined =>
    simulated()
      .model.platform.teamAssignments()
      .assignments.find((one) => one.syned_user_id === competitorId)?.syned_team_id ?? undefined;
  const viewOf = async (id: string): Promise<TeamView> =>
    teamViewSchema.parse((await coach('GET', `/api/teams/${id}`)).body);
  const synced = (id: string) =>
    until(
      () => viewOf(id),
      ({ badge, leaving }) => badge.state === 'synced' && leaving.length === 0,
      `team ${id} synced`,
    );
  const newTeam = async (name: string): Promise<TeamView> => {
    const body = { name, affiliation: 'Harbor Middle School', division: 'high_school' };
    const answer = await coach('POST', '/api/teams', { body });
    expect(answer.status).toBe(201);
    return teamViewSchema.parse(answer.body);
  };
  const member = (teamId: string) => `/api/teams/${teamId}/members/${competitorId}`;

  it('shows the demo’s teams as synced', async () => {
    const { items } = (await coach('GET', '/api/teams')).body;
    const badges = items.map((one: unknown) => teamViewSchema.parse(one).badge.state);
    expect(badges.length).toBeGreaterThan(2);
    expect(new Set(badges)).toEqual(new Set(['synced']));
  });

  it('makes a team over there', async () => {
    team = await newTeam('Night Heron Society');
    await synced(team.id);
    expect(simulated().model.platform.team(team.id)).toMatchObject({ team_name: 'Night Heron Society' });
  });

  it('adds a member', async () => {
    expect((await coach('PUT', member(team.id))).status).toBe(200);
    const view = await synced(team.id);
    expect(onPlatform()).toBe(team.id);
    expect(view.members).toMatchObject([
      { competitorId, badge: { state: 'synced' }, lastEditSeconds: expect.any(Number) },
    ]);
  });

  it('moves the member to another team that is new as well', async () => {
    const other = await newTeam('Second Watch');
    expect((await coach('PUT', member(other.id))).status).toBe(200);
    await synced(other.id);
    await synced(team.id);
    expect(onPlatform()).toBe(other.id);
    const reads = simulated()
      .requests.since()
      .filter(({ path }) => path.includes('/scores/') || path.includes('_assignment'));
    const paths = reads.map(({ path }) => path.slice(path.lastIndexOf('/') + 1).replace(/\?.*/, ''));
    expect(paths.indexOf('delete_assignment')).toBeGreaterThan(-1);
    expect(paths.slice(0, paths.indexOf('delete_assignment'))).toContain('get_odl_scores');
    expect((await coach('DELETE', `/api/teams/${other.id}`)).body.code).toBe('TEAM_HAS_MEMBERS');
    team = other;
  });

  it('removes the member, then deletes the team over there', async () => {
    expect((await coach('DELETE', member(team.id))).status).toBe(200);
    await synced(team.id);
    expect(onPlatform()).toBeUndefined();
    expect((await coach('DELETE', `/api/teams/${team.id}`)).status).toBe(204);
    await until(
      () => Promise.resolve(simulated().model.teamIds()),
      (ids) => !ids.includes(team.id),
      'the team deleted on the platform',
    );
    expect((await coach('GET', `/api/teams/${team.id}`)).status).toBe(404);
  });

  it('pushes a team on request, as a job that its starter can follow', async () => {
    const { items } = (await coach('GET', '/api/teams?limit=1')).body;
    const answer = await coach('POST', `/api/game-platform/teams/${items[0].id}/sync`);
    expect(answer.status).toBe(202);
    expect(await finished(coach, answer.body.jobId)).toMatchObject({ status: 'succeeded' });
    expect((await admin('GET', `/api/admin/jobs/${answer.body.jobId}`)).status).toBe(200);
  });

  it('puts somebody on the team that was chosen before the account', async () => {
    const { items } = competitorListSchema.parse((await coach('GET', '/api/competitors?limit=200')).body);
    const ready = items.find((one) => one.status === 'compliance' && one.gamePlatform.refusal === null);
    if (ready === undefined) throw new Error('The demo has nobody who can be added.');
    competitorId = ready.id;
    const home = await newTeam('Late Arrivals');
    expect((await coach('PUT', member(home.id))).status).toBe(200);
    expect((await coach('POST', `/api/game-platform/competitors/${competitorId}`)).status).toBe(200);
    await synced(home.id);
    expect(onPlatform()).toBe(home.id);
  });

  it('has made no call that AWS would have refused', () => {
    expect(stack().aws.refusals()).toEqual([]);
  });
});
