import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { oddPartsOf } from '#shared/game-platform/quarantine.ts';
import {
  challengeSolveSchema,
  errorDetailSchema,
  flashCtfEnvelopeSchema,
  flashCtfProgressEnvelopeSchema,
  odlScoresEnvelopeSchema,
  teamAssignmentSchema,
  teamAssignmentsEnvelopeSchema,
  teamResponseSchema,
  userResponseSchema,
  validationErrorSchema,
} from '#shared/game-platform/vendor-contract.ts';
import { GamePlatformModel } from './model.ts';
import { NOW, populate, send, simulator, USER } from './testing.ts';

const TEAM = {
  syned_coach_user_id: 'coach-1',
  syned_team_id: 'team-9',
  team_name: 'Null Pointers',
  affiliation: 'Juniper Hills Academy',
  division: 'high_school',
};

/** The answer, of which every part can be read. */
function whole<S extends z.ZodType>(schema: S, answer: unknown): z.output<S> {
  expect(oddPartsOf(schema, answer)).toBeUndefined();
  return schema.parse(answer);
}

const detailOf = async (answer: Response): Promise<string> =>
  errorDetailSchema.parse(await answer.json()).detail;

describe('the answers of the simulated platform', () => {
  it('tells the index without a token', async () => {
    const answer = await send(await simulator(), 'GET /', { token: null });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toBeTypeOf('object');
  });

  it('does not mind trailing slashes', async () => {
    const platform = await simulator();
    populate(platform.model, 1);
    expect((await send(platform, 'GET ///', { token: null })).status).toBe(200);
    expect((await send(platform, 'GET /users/?syned_user_id=student-1')).status).toBe(201);
  });

  it('creates a user and answers a lookup of one with 201', async () => {
    const platform = await simulator();
    const created = await send(platform, 'POST /users', { body: USER });
    expect(created.status).toBe(201);
    const user = whole(userResponseSchema, await created.json());
    expect(user).toMatchObject({ syned_user_id: 'student-1', metactf_user_status: 'user_created' });
    const found = await send(platform, 'GET /users?syned_user_id=student-1');
    expect(found.status).toBe(201);
    expect(whole(userResponseSchema, await found.json())).toEqual(user);
  });

  it('creates a team of a known coach', async () => {
    const platform = await simulator();
    populate(platform.model, 0);
    const created = await send(platform, 'POST /teams', { body: TEAM });
    expect(created.status).toBe(201);
    expect(whole(teamResponseSchema, await created.json())).toMatchObject({ syned_team_id: 'team-9' });
  });

  it('assigns, lists, and takes an assignment away', async () => {
    const platform = await simulator();
    populate(platform.model, 1, { teamId: 'team-1' });
    await send(platform, 'POST /users', { body: { ...USER, syned_user_id: 'student-2' } });
    const ids = { syned_user_id: 'student-2', syned_team_id: 'team-1' };
    const assigned = await send(platform, 'POST /users/assign_team', { body: ids });
    expect(assigned.status).toBe(201);
    expect(teamAssignmentSchema.parse(await assigned.json())).toEqual(ids);

    const listed = await send(platform, 'GET /users/get_team_assignments');
    expect(listed.status).toBe(200);
    const all = teamAssignmentsEnvelopeSchema.parse(await listed.json());
    expect(all.total_count).toBe(2);
    expect(all.assignments).toContainEqual(ids);

    const removed = await send(platform, 'POST /users/delete_assignment', {
      body: { syned_user_id: 'student-2' },
    });
    expect(removed.status).toBe(200);
    teamAssignmentSchema.parse(await removed.json());
    const ofTeam = await send(platform, 'GET /users/get_team_assignments?syned_team_id=team-1');
    expect(teamAssignmentsEnvelopeSchema.parse(await ofTeam.json()).total_count).toBe(1);
  });

  it('shows scores and Flash CTFs of an approved user', async () => {
    const platform = await simulator();
    populate(platform.model, 1, { profile: 'active' });
    const scores = await send(platform, 'GET /scores/get_odl_scores?syned_user_id=student-1');
    expect(scores.status).toBe(200);
    const odl = whole(odlScoresEnvelopeSchema, await scores.json());
    expect(odl.total_challenges_solved).toBe(odl.challenge_solves.length);
    expect(odl.total_challenges_solved).toBeGreaterThan(20);
    const progress = await send(platform, 'GET /scores/get_flash_ctf_progress?syned_user_id=student-1');
    expect(progress.status).toBe(200);
    whole(flashCtfProgressEnvelopeSchema, await progress.json());
  });

  it('returns only solves strictly later than asked for, and totals of just those', () => {
    const model = new GamePlatformModel({ seed: 3, now: () => NOW });
    populate(model, 1, { profile: 'active' });
    const all = model.platform.odlScores('student-1').challenge_solves;
    const middle = all[Math.floor(all.length / 2)]!.timestamp_unix;
    const later = model.platform.odlScores('student-1', middle);
    expect(later.challenge_solves).toEqual(all.filter((solve) => solve.timestamp_unix > middle));
    expect(later.total_challenges_solved).toBe(later.challenge_solves.length);
    expect(later.last_accessed_unix_timestamp).toBe(
      model.platform.odlScores('student-1').last_accessed_unix_timestamp,
    );
  });

  it('keeps to the contract for any seed, user and moment', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom('active', 'moderate', 'inactive'),
        fc.boolean(),
        (seed, days, profile, collidingSolveIds) => {
          const model = new GamePlatformModel({ seed, now: () => NOW, settings: { collidingSolveIds } });
          const [id = ''] = populate(model, 1, { profile, days });
          whole(userResponseSchema, model.platform.user(id));
          const odl = whole(odlScoresEnvelopeSchema, model.platform.odlScores(id));
          const solves = odl.challenge_solves.map((solve) => challengeSolveSchema.parse(solve));
          expect(odl.total_points).toBe(solves.reduce((sum, solve) => sum + solve.challenge_points, 0));
          expect(Object.values(odl.category_points).reduce((sum, points) => sum + points, 0)).toBe(
            odl.total_points,
          );
          expect(new Set(solves.map((solve) => solve.challenge_solve_id)).size).toBe(solves.length);
          expect(new Set(solves.map((solve) => solve.challenge_id)).size).toBe(solves.length);
          const progress = whole(flashCtfProgressEnvelopeSchema, model.platform.flashCtfProgress(id));
          for (const event of progress.flash_ctfs) {
            const { challenge_solves: inEvent, ...told } = whole(flashCtfEnvelopeSchema, event);
            const parsed = inEvent!.map((solve) => challengeSolveSchema.parse(solve));
            expect(told.challenges_solved).toBe(parsed.length);
            expect(told.points_earned).toBeLessThanOrEqual(told.max_points_possible!);
            expect(told.rank).toBeGreaterThanOrEqual(1);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the refusals of the simulated platform', () => {
  it('answers a missing token with 403, as it does a user who is not approved', async () => {
    const platform = await simulator();
    populate(platform.model, 1, { status: 'pending_approval' });
    const call = 'GET /scores/get_odl_scores?syned_user_id=student-1';
    const noToken = await send(platform, call, { token: null });
    expect([noToken.status, await detailOf(noToken)]).toEqual([403, 'Not authenticated']);
    const notApproved = await send(platform, call);
    expect([notApproved.status, await detailOf(notApproved)]).toEqual([403, 'User is not approved']);
  });

  it.each([401, 403] as const)('answers a wrong token with %i, by switch', async (wrongTokenStatus) => {
    const platform = await simulator({ settings: { wrongTokenStatus } });
    const answer = await send(platform, 'GET /users?syned_user_id=a', { token: 'another' });
    expect([answer.status, await detailOf(answer)]).toEqual([wrongTokenStatus, 'Invalid token']);
  });

  it.each([
    'GET /users?syned_user_id=nobody',
    'GET /scores/get_odl_scores?syned_user_id=nobody',
    'GET /scores/get_flash_ctf_progress?syned_user_id=nobody',
  ])('answers %s with 404', async (call) => {
    const answer = await send(await simulator(), call);
    expect([answer.status, await detailOf(answer)]).toEqual([404, 'User not found']);
  });

  it('answers an unknown endpoint with 404 and an unknown method with 405', async () => {
    const platform = await simulator();
    expect((await send(platform, 'GET /users/all')).status).toBe(404);
    expect((await send(platform, 'PUT /teams', { body: {} })).status).toBe(405);
  });

  it('names every field that it does not take', async () => {
    const body = { first_name: '', email: 'no address', role: 'boss', syned_user_id: 7 };
    const answer = await send(await simulator(), 'POST /users', { body });
    expect(answer.status).toBe(422);
    const { detail } = validationErrorSchema.parse(await answer.json());
    expect(detail.map(({ loc, type }) => [loc.join('.'), type])).toEqual([
      ['body.first_name', 'string_too_short'],
      ['body.last_name', 'missing'],
      ['body.email', 'value_error'],
      ['body.role', 'enum'],
      ['body.syned_user_id', 'string_type'],
    ]);
  });

  it.each([
    ['GET /users', undefined],
    ['GET /scores/get_odl_scores?syned_user_id=a&after_time_unix=soon', undefined],
    ['POST /teams/delete', undefined],
    ['POST /teams/delete', '{"syned_team_id":'],
  ])('answers %s with a list of what is wrong', async (call, body) => {
    const answer = await send(await simulator(), call, { body });
    expect(answer.status).toBe(422);
    expect(validationErrorSchema.parse(await answer.json()).detail).toHaveLength(1);
  });

  it.each([400, 409] as const)('refuses a second creation with %i, by switch', async (existsStatus) => {
    const platform = await simulator({ settings: { existsStatus } });
    populate(platform.model, 0);
    for (const [call, body] of [
      ['POST /users', USER],
      ['POST /teams', TEAM],
    ] as const) {
      expect((await send(platform, call, { body })).status).toBe(201);
      const second = await send(platform, call, { body });
      expect(second.status).toBe(existsStatus);
      expect(await detailOf(second)).toMatch(/already exists/);
    }
  });

  it('refuses an e-mail address that it knows, in any case', async () => {
    const platform = await simulator();
    await send(platform, 'POST /users', { body: USER });
    const body = { ...USER, syned_user_id: 'student-2', email: 'Amara@Example.org' };
    const answer = await send(platform, 'POST /users', { body });
    expect([answer.status, await detailOf(answer)]).toEqual([400, 'User with this email already exists']);
  });

  it.each(['return', 'update'] as const)('can %s what was created before instead', async (how) => {
    const platform = await simulator({ settings: { userCreateRepeated: how, teamCreateRepeated: how } });
    populate(platform.model, 0);
    const first = await (await send(platform, 'POST /users', { body: USER })).json();
    const again = await send(platform, 'POST /users', { body: { ...USER, first_name: 'Amy' } });
    expect([again.status, await again.json()]).toEqual([201, first]);
    await send(platform, 'POST /teams', { body: TEAM });
    const renamed = await send(platform, 'POST /teams', { body: { ...TEAM, team_name: 'Renamed' } });
    expect(whole(teamResponseSchema, await renamed.json()).team_name).toBe(
      how === 'update' ? 'Renamed' : 'Null Pointers',
    );
  });

  it('wants the coach before the team, and user and team before the assignment', async () => {
    const platform = await simulator();
    const noCoach = await send(platform, 'POST /teams', { body: TEAM });
    expect([noCoach.status, await detailOf(noCoach)]).toEqual([404, 'Coach not found']);
    populate(platform.model, 1);
    const assign = (syned_user_id: string, syned_team_id: string) =>
      send(platform, 'POST /users/assign_team', { body: { syned_user_id, syned_team_id } });
    expect(await detailOf(await assign('nobody', 'team-1'))).toBe('User not found');
    expect(await detailOf(await assign('student-1', 'team-none'))).toBe('Team not found');
  });

  it.each([false, true])('moves a member who is assigned elsewhere, by switch: %s', async (assignMoves) => {
    const platform = await simulator({ settings: { assignMoves } });
    populate(platform.model, 1);
    await send(platform, 'POST /teams', { body: TEAM });
    const body = { syned_user_id: 'student-1', syned_team_id: 'team-9' };
    const answer = await send(platform, 'POST /users/assign_team', { body });
    expect(answer.status).toBe(assignMoves ? 201 : 400);
    const { assignments } = platform.model.platform.teamAssignments();
    expect(assignments).toEqual([
      { syned_user_id: 'student-1', syned_team_id: assignMoves ? 'team-9' : 'team-1' },
    ]);
  });

  it('deletes a team only when it is empty', async () => {
    const platform = await simulator();
    populate(platform.model, 1);
    const body = { syned_team_id: 'team-1' };
    const refused = await send(platform, 'POST /teams/delete', { body });
    expect([refused.status, await detailOf(refused)]).toEqual([400, 'Team still has members']);
    await send(platform, 'POST /users/delete_assignment', { body: { syned_user_id: 'student-1' } });
    expect((await send(platform, 'POST /teams/delete', { body })).status).toBe(200);
    expect((await send(platform, 'POST /teams/delete', { body })).status).toBe(404);
  });

  it.each([
    ['offered', 200],
    ['not_found', 404],
    ['method_not_allowed', 405],
  ] as const)('has a password reset that is %s: %i', async (passwordReset, status) => {
    const platform = await simulator({ settings: { passwordReset } });
    populate(platform.model, 1);
    const body = { syned_user_id: 'student-1' };
    const answer = await send(platform, 'POST /auth/send_password_reset_email', { body });
    expect(answer.status).toBe(status);
  });

  it.each([
    ['ok', 200],
    ['not_found', 404],
  ] as const)('takes a second removal as %s: %i', async (unassignWithoutTeam, status) => {
    const platform = await simulator({ settings: { unassignWithoutTeam } });
    populate(platform.model, 1);
    const body = { syned_user_id: 'student-1' };
    expect((await send(platform, 'POST /users/delete_assignment', { body })).status).toBe(200);
    expect((await send(platform, 'POST /users/delete_assignment', { body })).status).toBe(status);
  });
});
