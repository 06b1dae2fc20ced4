import { beforeAll, describe, expect, it } from 'vitest';
import { competitorListSchema, type CompetitorRow } from '#shared/competitors/contract.ts';
import {
  rosterPlanViewSchema,
  type RosterPlanView,
  teamListSchema,
  teamViewSchema,
  type TeamView,
} from '#shared/teams/contract.ts';
import {
  ADMIN,
  apiOf,
  COACH,
  finished,
  runJob,
  until,
  useLocalStack,
  type Api,
} from '#test/support/stack.ts';

interface Member {
  readonly id: string;
  readonly platformId: string;
  readonly teamId: string;
}

describe('Rosters compared with the Game Platform', () => {
  const stack = useLocalStack();
  let coach: Api;
  let admin: Api;
  /** A team of the demo with the most members, and another one. */
  let team: TeamView;
  let other: TeamView;

  beforeAll(async () => {
    [coach, admin] = await Promise.all([apiOf(stack(), COACH), apiOf(stack(), ADMIN)]);
    const { items } = teamListSchema.parse((await coach('GET', '/api/teams')).body);
    const bySize = items.toSorted((a, b) => b.members.length - a.members.length);
    const [largest, next] = bySize;
    if (largest === undefined || next === undefined) throw new Error('The demo has too few teams.');
    team = largest;
    other = next;
  });

  const simulated = () => {
    const { simulator } = stack().gamePlatform;
    if (simulator === undefined) throw new Error('The stack runs without a simulator.');
    return simulator;
  };
  const there = (): Record<string, string> =>
    Object.fromEntries(
      simulated()
        .model.platform.teamAssignments()
        .assignments.flatMap((one) =>
          one.syned_team_id === null ? [] : [[one.syned_user_id, one.syned_team_id]],
        ),
    );
  /** What somebody at the vendor does; nobody here knows of it. */
  const moveThere = (userId: string, teamId: string | null): void => {
    const { platform } = simulated().model;
    if (platform.account(userId).teamId !== null) platform.deleteAssignment(userId);
    if (teamId !== null) platform.assignTeam(userId, teamId);
  };
  const people = async (): Promise<CompetitorRow[]> =>
    competitorListSchema.parse((await coach('GET', '/api/competitors?limit=200')).body).items;
  const used = new Set<string>();
  /**
   * Somebody of a team whom no test has moved yet: who was confirmed within the last seconds is rightly taken for
   * somebody whose edit is under way.
   */
  const somebody = async (): Promise<Member> => {
    for (const { id, team: its, gamePlatform } of await people()) {
      if (its === null || gamePlatform.id === null || used.has(id)) continue;
      used.add(id);
      return { id, platformId: gamePlatform.id, teamId: its.id };
    }
    throw new Error('The demo has too few members.');
  };
  const plan = async (): Promise<RosterPlanView> => {
    const view = rosterPlanViewSchema.parse((await admin('GET', '/api/admin/roster-plan')).body);
    if (view.plan === null) throw new Error('There is no plan.');
    return view.plan;
  };
  const reconcile = (dryRun = false) => runJob(admin, 'roster_reconcile', { dryRun });
  const confirm = (planId: string, body: object) =>
    admin('POST', `/api/admin/roster-plan/${planId}/confirm`, { body });
  const allDone = () =>
    until(plan, ({ rows }) => rows.every(({ state }) => state === 'done'), 'every row of the plan done');
  const inStep = () =>
    until(
      async () => {
        await reconcile(true);
        return plan();
      },
      ({ status }) => status === 'in_step',
      'both sides in step',
    );

  it('finds the demo in step, whatever it had to put right at first', async () => {
    expect((await coach('GET', '/api/admin/roster-plan')).status).toBe(403);
    expect((await admin('GET', '/api/admin/roster-plan')).body).toEqual({ plan: null });
    await reconcile();
    await until(
      plan,
      ({ rows }) => rows.every(({ state }) => ['done', 'held'].includes(state)),
      'a first plan',
    );
    const first = await plan();
    if (first.confirmable.all > 0) {
      const reason = 'The demo begins so';
      const answer = await confirm(first.id, { scope: 'all', reason, removals: first.removals });
      await finished(admin, answer.body.jobId);
      await allDone();
    }
    expect((await inStep()).rows).toEqual([]);
  });

  it('draws up a plan with names in a dry run, and changes nothing', async () => {
    const [missing, wrong] = [await somebody(), await somebody()];
    moveThere(missing.platformId, null);
    moveThere(wrong.platformId, wrong.teamId === team.id ? other.id : team.id);
    const before = there();
    simulated().requests.clear();
    expect(await reconcile(true)).toMatchObject({ status: 'succeeded', result: { add: 1, move: 1 } });
    const drawn = await plan();
    expect(drawn).toMatchObject({ status: 'drawn', confirmable: { safe: 2, all: 2 }, removals: 1 });
    expect(drawn.rows.map(({ action, state }) => [action, state])).toEqual([
      ['move', 'planned'],
      ['add', 'planned'],
    ]);
    expect(drawn.rows.every(({ name }) => name !== null)).toBe(true);
    const calls = simulated().requests.since();
    expect(calls.filter(({ method }) => method === 'POST')).toEqual([]);
    expect(there()).toEqual(before);
  });

  it('refuses a confirmation that is not the plan’s, and carries the plan out after one that is', async () => {
    const { id } = await plan();
    const reason = 'Seen with the vendor';
    expect((await confirm('plan_unknown', { scope: 'safe', reason })).status).toBe(404);
    expect((await confirm(id, { scope: 'all', reason, removals: 7 })).body.code).toBe('REMOVALS_DIFFER');
    simulated().requests.clear();
    const answer = await confirm(id, { scope: 'safe', reason });
    expect(answer.status).toBe(202);
    expect((await confirm(id, { scope: 'safe', reason })).body.code).toBe('PLAN_OUTDATED');
    expect(await finished(admin, answer.body.jobId)).toMatchObject({ status: 'succeeded' });
    const done = await allDone();
    expect(done).toMatchObject({ status: 'applied', confirmed: { reason, scope: 'safe' } });
    const paths = simulated()
      .requests.since()
      .map(({ path }) => path.slice(path.lastIndexOf('/') + 1).replace(/\?.*/, ''));
    expect(paths.indexOf('delete_assignment')).toBeGreaterThan(paths.indexOf('get_odl_scores'));
    await inStep();
  });

  it('carries out what is safe and holds what would empty a team, until an admin says so', async () => {
    const body = { name: 'Empty Harbor', affiliation: 'Harbor Middle School', division: 'high_school' };
    const made = teamViewSchema.parse((await coach('POST', '/api/teams', { body })).body);
    await until(
      async () => teamViewSchema.parse((await coach('GET', `/api/teams/${made.id}`)).body),
      ({ badge }) => badge.state === 'synced',
      'the new team',
    );
    const [missing, wrong] = [await somebody(), await somebody()];
    moveThere(missing.platformId, null);
    moveThere(wrong.platformId, made.id);
    expect(await reconcile()).toMatchObject({ result: { add: 1, move: 1, held: 1, handedOver: 1 } });
    const stopped = await until(
      plan,
      ({ rows }) => rows.some(({ state }) => state === 'done'),
      'the safe part carried out',
    );
    expect(stopped).toMatchObject({ status: 'stopped', confirmable: { safe: 0, all: 1 }, removals: 1 });
    expect(there()).toMatchObject({ [missing.platformId]: missing.teamId, [wrong.platformId]: made.id });
    const line = stopped.guards.find(({ guard }) => guard === 'tiny_team');
    expect(line).toMatchObject({ state: 'stopped', message: expect.stringContaining('Empty Harbor') });
    const reason = 'They were put there by mistake';
    const answer = await confirm(stopped.id, { scope: 'all', reason, removals: 1 });
    expect(answer.status).toBe(202);
    await allDone();
    expect(there()).toMatchObject({ [wrong.platformId]: wrong.teamId });
    await inStep();
  });

  it('removes and adds nobody after an empty answer, and fails after one cut short', async () => {
    const before = there();
    const id = simulated().faults.add({ kind: 'emptyLists', endpoint: 'GET /users/get_team_assignments' });
    const emptied = await reconcile();
    simulated().faults.remove(id);
    expect(emptied).toMatchObject({ status: 'succeeded', result: { handedOver: 0, remove: 0 } });
    const stopped = await plan();
    expect(stopped).toMatchObject({ status: 'stopped', assignmentsThere: 0, confirmable: { safe: 0 } });
    expect(stopped.guards.find(({ guard }) => guard === 'answer_trusted')?.state).toBe('stopped');
    const short = simulated().faults.add({
      kind: 'shortAssignments',
      endpoint: 'GET /users/get_team_assignments',
    });
    const failed = await reconcile();
    simulated().faults.remove(short);
    expect(failed).toMatchObject({ status: 'failed', error: expect.stringContaining('were announced') });
    expect((await plan()).id).toBe(stopped.id);
    expect(there()).toEqual(before);
    const reason = 'It was empty for a moment';
    const answer = await confirm(stopped.id, { scope: 'all', reason, removals: 0 });
    expect(await finished(admin, answer.body.jobId)).toMatchObject({ result: { handedOver: 0 } });
    expect(there()).toEqual(before);
    await inStep();
  });

  it('leaves alone whom their coach edited since the plan', async () => {
    const { id, platformId, teamId } = await somebody();
    const elsewhere = teamId === team.id ? other.id : team.id;
    const isOn = (where: string) =>
      until(
        () => Promise.resolve(there()),
        (all) => all[platformId] === where,
        'the edit on the platform',
      );
    moveThere(platformId, null);
    await reconcile(true);
    const drawn = await plan();
    expect(drawn.confirmable.safe).toBe(1);
    await coach('PUT', `/api/teams/${elsewhere}/members/${id}`);
    await isOn(elsewhere);
    const answer = await confirm(drawn.id, { scope: 'safe', reason: 'Too late by now' });
    expect([answer.status, answer.body.code]).toEqual([409, 'WORLD_CHANGED']);
    await coach('PUT', `/api/teams/${teamId}/members/${id}`);
    await isOn(teamId);
    await inStep();
  });

  it('makes a renamed team anew over there, with everybody on it', async () => {
    const before = there();
    const current = await coach('GET', `/api/teams/${team.id}`);
    expect((await coach('POST', `/api/game-platform/teams/${team.id}/recreate`)).body.code).toBe('NO_DRIFT');
    const renamed = await coach('PATCH', `/api/teams/${team.id}`, {
      body: { name: 'Renamed Harbor' },
      headers: { 'if-match': current.headers.get('etag') ?? '' },
    });
    expect(renamed.body.drift.fields).toEqual(['name']);
    const answer = await coach('POST', `/api/game-platform/teams/${team.id}/recreate`);
    expect(answer.status).toBe(202);
    expect(await finished(coach, answer.body.jobId)).toMatchObject({ status: 'succeeded' });
    const view = await stack().dispatching(
      until(
        async () => teamViewSchema.parse((await coach('GET', `/api/teams/${team.id}`)).body),
        ({ badge }) => badge.state === 'synced',
        'the team recreated',
      ),
    );
    expect(view.drift).toBeNull();
    expect(simulated().model.platform.team(team.id).team_name).toBe('Renamed Harbor');
    expect(there()).toEqual(before);
    expect(view.members.length).toBeGreaterThan(1);
    await inStep();
  });

  it('takes an erased person off over there', async () => {
    const { id, platformId } = await somebody();
    expect((await coach('DELETE', `/api/competitors/${id}`)).status).toBe(202);
    await stack().dispatching(
      until(
        () => Promise.resolve(there()),
        (all) => !(platformId in all),
        'the person off the team there',
      ),
    );
    await inStep();
  });

  it('has made no call that AWS would have refused', () => {
    expect(stack().aws.refusals()).toEqual([]);
  });
});
