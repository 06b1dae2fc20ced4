import { SendMessageBatchCommand, SQSClient, type SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RouteKeyOf } from '#shared/http/routes.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import {
  editTimesViewSchema,
  rosterPlanViewSchema,
  teamListSchema,
  teamViewSchema,
  type TeamView,
} from '#shared/teams/contract.ts';
import type { RosterWakeUp } from '#shared/teams/rosters/roster-entry.ts';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createEditTimesRepository } from '#shared/teams/rosters/edit-times-repository.ts';
import { createFlashRepository } from '#shared/score-sync/flash-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { keys } from '#shared/table/keys.ts';
import { createRosterPlanRepository } from '#shared/teams/rosters/roster-plan-repository.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { aCompetitor, CREATED_AT } from '#test/support/competitors.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { buildDependencies } from '../../../functions/teams-api/dependencies.ts';
import { apiOn, problemOf, type Answer, type Call } from '../api-harness.ts';
import { mockClient } from '#test/support/mock-client.ts';

const newTable = useTestTables();
const sqs = mockClient(SQSClient);
const FOXES = { name: 'Packet Foxes', affiliation: 'Harbor Middle School', division: 'high_school' };

let table: Table;
let wakeUps: RosterWakeUp[];
let call: (route: RouteKeyOf<'teams-api'>, call?: Call) => Promise<Answer>;

/** The function as it is wired for Lambda, on a table with two coaches and an admin; only the queue is a stub. */
beforeEach(async () => {
  table = await newTable();
  call = await apiOn(table, 'teams-api', buildDependencies);
  const competitors = createCompetitorRepository(table);
  await competitors.put(aCompetitor({ id: 'cmp_1', coachId: 'coa_a', gamePlatformId: 'cmp_1' }));
  await competitors.put(aCompetitor({ id: 'cmp_new', coachId: 'coa_a' }));
  await competitors.put(aCompetitor({ id: 'cmp_off', coachId: 'coa_a', active: false }));
  await competitors.put(
    aCompetitor({ id: 'cmp_held', coachId: 'coa_a', gamePlatformId: 'cmp_held', mediaReleaseDate: null }),
  );
  await competitors.put(aCompetitor({ id: 'cmp_b', coachId: 'coa_b', gamePlatformId: 'cmp_b' }));
  wakeUps = [];
  sqs.reset();
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries = [] }: SendMessageBatchCommandInput) => {
    wakeUps.push(...Entries.map(({ MessageBody = '' }) => JSON.parse(MessageBody) as RosterWakeUp));
    return {};
  });
});

const ADD = 'PUT /api/teams/{id}/members/{competitorId}';
const REMOVE = 'DELETE /api/teams/{id}/members/{competitorId}';

async function newTeam(name = FOXES.name, as = 'ada'): Promise<TeamView> {
  const { status, body } = await call('POST /api/teams', { as, body: { ...FOXES, name } });
  expect(status).toBe(201);
  return teamViewSchema.parse(body);
}
const teamOf = ({ body }: Answer): TeamView => teamViewSchema.parse(body);

describe('Teams', () => {
  test('are made, on their way to the platform, with a trace for coach and audit', async () => {
    const team = await newTeam();
    expect(team).toMatchObject({ ...FOXES, version: 1, coachId: 'coa_a', members: [], drift: null });
    expect(team.badge).toMatchObject({ state: 'pending', lastSuccessAt: null });
    expect(wakeUps).toEqual([{ kind: 'team', teamId: team.id }]);
    const activity = await createActivityRepository(table).ofCoach('coa_a', { limit: 5 });
    expect(activity.items).toMatchObject([{ kind: 'team_created', details: { teamId: team.id } }]);
    const audit = await itemsOf(table, keys.audit(team.createdAt.slice(0, 10), '', '').pk);
    expect(audit).toMatchObject([{ action: 'team.create', subject: team.id, actor: 'ada' }]);
  });

  test('are listed for their coach; for an admin of all, or of one coach, page by page', async () => {
    await newTeam('Packet Foxes');
    await newTeam('Byte Owls');
    await newTeam('Null Larks', 'ben');
    const names = async (input: Call) => {
      const { body } = await call('GET /api/teams', input);
      return teamListSchema.parse(body).items.map((team) => team.name);
    };
    expect(await names({})).toEqual(['Packet Foxes', 'Byte Owls']);
    expect(await names({ as: 'ines' })).toEqual(['Packet Foxes', 'Byte Owls', 'Null Larks']);
    expect(await names({ as: 'ines', query: { coachId: 'coa_b' } })).toEqual(['Null Larks']);
    const first = teamListSchema.parse(
      (await call('GET /api/teams', { as: 'ines', query: { limit: '2' } })).body,
    );
    expect(first.items).toHaveLength(2);
    const cursor = first.nextCursor ?? '';
    expect(await names({ as: 'ines', query: { limit: '2', cursor } })).toEqual(['Null Larks']);
  });

  test('are nobody else’s: every route answers 404 to another coach', async () => {
    const { id } = await newTeam();
    const input = { as: 'ben', id, competitorId: 'cmp_b' };
    const answers = [
      await call('GET /api/teams/{id}', input),
      await call('PATCH /api/teams/{id}', { ...input, body: { name: 'X' }, ifMatch: '"1"' }),
      await call('DELETE /api/teams/{id}', input),
      await call(ADD, input),
      await call(REMOVE, input),
      await call('POST /api/game-platform/teams/{id}/sync', input),
      await call('POST /api/game-platform/teams/{id}/recreate', input),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404, 404]);
  });

  test('change with the version that was seen, and say what the platform has meanwhile', async () => {
    const { id } = await newTeam();
    const confirmed = { teamId: 7, ...FOXES, confirmedAt: CREATED_AT };
    await createTeamRepository(table).saveProgress(id, { platform: confirmed }, null);
    const body = { name: 'Byte Owls', division: 'college' };
    expect(problemOf(await call('PATCH /api/teams/{id}', { id, body }))).toEqual([428, 'IF_MATCH_REQUIRED']);
    const answer = await call('PATCH /api/teams/{id}', { id, body, ifMatch: '"1"' });
    expect(answer.headers['etag']).toBe('"2"');
    expect(teamOf(answer)).toMatchObject({
      ...body,
      version: 2,
      drift: { fields: ['name', 'division'], platform: FOXES },
    });
    const stale = await call('PATCH /api/teams/{id}', { id, body: { name: 'X' }, ifMatch: '"1"' });
    expect(problemOf(stale)).toEqual([412, 'STALE_VERSION']);
    expect(stale.headers['etag']).toBe('"2"');
    expect(teamOf(await call('PATCH /api/teams/{id}', { id, body, ifMatch: '"2"' })).version).toBe(2);
  });

  test('are refused with a line per field', async () => {
    const { status, body } = await call('POST /api/teams', { body: { name: ' ', division: 'elite', x: 1 } });
    expect(status).toBe(422);
    expect(
      problemSchema
        .parse(body)
        .errors?.map((error) => error.path)
        .toSorted(),
    ).toEqual(['affiliation', 'division', 'name', 'x']);
    expect(problemOf(await call('POST /api/teams', { as: 'ines', body: FOXES }))).toEqual([
      422,
      'COACH_REQUIRED',
    ]);
  });

  test('go when they are empty, at once for everybody here', async () => {
    const { id } = await newTeam();
    await call(ADD, { id, competitorId: 'cmp_1' });
    expect(problemOf(await call('DELETE /api/teams/{id}', { id }))).toEqual([409, 'TEAM_HAS_MEMBERS']);
    await call(REMOVE, { id, competitorId: 'cmp_1' });
    wakeUps.length = 0;
    expect((await call('DELETE /api/teams/{id}', { id })).status).toBe(204);
    expect(wakeUps).toEqual([{ kind: 'team', teamId: id }]);
    expect((await call('GET /api/teams/{id}', { id })).status).toBe(404);
    expect((await call(ADD, { id, competitorId: 'cmp_1' })).status).toBe(404);
    expect(teamListSchema.parse((await call('GET /api/teams')).body).items).toEqual([]);
  });

  test('are pushed on request, as a job', async () => {
    const { id } = await newTeam();
    const { status, body } = await call('POST /api/game-platform/teams/{id}/sync', { id });
    expect(status).toBe(202);
    expect(wakeUps.at(-1)).toEqual({ kind: 'plan_job', jobId: (body as { jobId: string }).jobId });
  });

  test('are pushed with a trace for the audit that names both an admin and whom they act as', async () => {
    const { id } = await newTeam();
    const by = { as: 'ines', actAs: 'coa_a' };
    const { body } = await call('POST /api/game-platform/teams/{id}/sync', { id, ...by });
    const audited = await itemsOf(table, `AUDIT#${new Date().toISOString().slice(0, 10)}`);
    expect(audited.filter(({ action }) => action === 'team.sync')).toMatchObject([
      {
        subject: id,
        coachId: 'coa_a',
        actor: 'ines',
        actingAs: 'coa_a',
        details: { taskType: 'team_sync', jobId: body.jobId },
      },
    ]);
  });
});

/** A team of another name than the platform has. */
async function renamed(): Promise<string> {
  const { id } = await newTeam();
  const confirmed = { teamId: 7, ...FOXES, confirmedAt: CREATED_AT };
  await createTeamRepository(table).saveProgress(id, { platform: confirmed }, null);
  await call('PATCH /api/teams/{id}', { id, body: { name: 'Byte Owls' }, ifMatch: '"1"' });
  return id;
}

describe('A team that was renamed', () => {
  const RECREATE = 'POST /api/game-platform/teams/{id}/recreate';

  test('is recreated on request, as a job, and says so', async () => {
    const id = await renamed();
    const { status, body } = await call(RECREATE, { id });
    expect(status).toBe(202);
    expect(wakeUps.at(-1)).toEqual({ kind: 'plan_job', jobId: (body as { jobId: string }).jobId });
    const team = teamOf(await call('GET /api/teams/{id}', { id }));
    expect(team.badge).toMatchObject({ state: 'pending', reason: expect.stringContaining('recreated') });
    expect((await call(RECREATE, { id })).status).toBe(202);
    const { items } = await createActivityRepository(table).ofCoach('coa_a', { limit: 10 });
    expect(items.filter(({ kind }) => kind === 'team_recreated')).toMatchObject([
      { details: { teamId: id, fields: ['name'] } },
    ]);
    const audited = await itemsOf(table, `AUDIT#${new Date().toISOString().slice(0, 10)}`);
    expect(audited.filter(({ action }) => action === 'job.start')).toContainEqual(
      expect.objectContaining({ subject: body.jobId, coachId: 'coa_a', actor: 'ada' }),
    );
  });

  test('is left alone where there is nothing to mend', async () => {
    const { id } = await newTeam();
    expect(problemOf(await call(RECREATE, { id }))).toEqual([409, 'NO_DRIFT']);
  });

  test('is left alone while a Flash CTF is on', async () => {
    const id = await renamed();
    const hour = 3_600_000;
    await createFlashRepository(table).saveEvent({
      eventId: 'evt',
      name: 'Flash CTF',
      startsAt: new Date(Date.now() - hour).toISOString(),
      endsAt: new Date(Date.now() + hour).toISOString(),
      firstSeenAt: new Date().toISOString(),
    });
    expect(problemOf(await call(RECREATE, { id }))).toEqual([409, 'EVENT_RUNNING']);
  });
});

describe('The roster plan', () => {
  const CONFIRM = 'POST /api/admin/roster-plan/{planId}/confirm';

  test('is null before the first, and unknown ones cannot be confirmed', async () => {
    expect(await call('GET /api/admin/roster-plan', { as: 'ines' })).toMatchObject({
      status: 200,
      body: { plan: null },
    });
    const body = { scope: 'safe', reason: 'It is so' };
    const answer = await call(CONFIRM, { as: 'ines', params: { planId: 'plan_none' }, body });
    expect(problemOf(answer)).toEqual([404, 'NOT_FOUND']);
  });

  test('is shown to admins and confirmed by them, with a reason and the number of removals', async () => {
    const drawnAt = new Date().toISOString();
    const { id } = await newTeam();
    await createRosterPlanRepository(table).save(
      {
        id: 'plan_1',
        jobId: 'job_1',
        drawnAt,
        dryRun: false,
        assignmentsThere: 1,
        assignmentsHere: 0,
        counts: { add: 0, move: 0, remove: 1, inStep: 0, underway: 0, unknownUsers: 0, held: 1 },
        facts: {
          answer: { trusted: true, confirmedHere: 0, missing: 0, lastThere: null, setAside: 0 },
          massRemoval: { removals: 1, limit: 10 },
          tinyTeams: [{ teamId: id, leaving: 1, members: 1 }],
          event: null,
        },
        unknown: [],
        confirmable: { safe: 0, all: 1 },
        removals: 1,
        confirmed: null,
      },
      [
        {
          competitorId: 'cmp_1',
          coachId: 'coa_a',
          platformId: 'cmp_1',
          action: 'remove',
          why: 'not_on_roster',
          fromTeamId: id,
          toTeamId: null,
          emptiesTeam: true,
          heldBy: 'tiny_team',
          seen: null,
        },
      ],
      null,
    );
    expect((await call('GET /api/admin/roster-plan')).status).toBe(403);
    const shown = rosterPlanViewSchema.parse((await call('GET /api/admin/roster-plan', { as: 'ines' })).body);
    expect(shown.plan).toMatchObject({
      id: 'plan_1',
      status: 'stopped',
      rows: [{ name: 'Mira Okafor', from: { name: 'Packet Foxes' }, state: 'held' }],
    });
    const confirm = (body: object) => call(CONFIRM, { as: 'ines', params: { planId: 'plan_1' }, body });
    expect(problemOf(await confirm({ scope: 'all', removals: 1 }))).toEqual([422, 'VALIDATION_FAILED']);
    const reason = 'It is so';
    expect(problemOf(await confirm({ scope: 'all', reason, removals: 2 }))).toEqual([422, 'REMOVALS_DIFFER']);
    expect(problemOf(await confirm({ scope: 'safe', reason }))).toEqual([409, 'NOTHING_TO_CONFIRM']);
    const { status, body } = await confirm({ scope: 'all', reason, removals: 1 });
    expect(status).toBe(202);
    const { jobId } = body as { jobId: string };
    expect(wakeUps.at(-1)).toEqual({ kind: 'plan_job', jobId });
    expect(await createJobRepository(table).byId(jobId)).toMatchObject({
      taskType: 'roster_reconcile',
      payload: { planId: 'plan_1' },
      startedBy: 'user:ines',
    });
    expect(problemOf(await confirm({ scope: 'all', reason, removals: 1 }))).toEqual([409, 'PLAN_OUTDATED']);
    const after = rosterPlanViewSchema.parse((await call('GET /api/admin/roster-plan', { as: 'ines' })).body);
    expect(after.plan).toMatchObject({ status: 'applied', confirmed: { by: 'Ines', reason, scope: 'all' } });
  });
});

describe('Members', () => {
  test('come and raise the team’s version; the worker is asked to look', async () => {
    const { id } = await newTeam();
    wakeUps.length = 0;
    const answer = await call(ADD, { id, competitorId: 'cmp_1' });
    expect(teamOf(answer)).toMatchObject({
      version: 2,
      members: [{ competitorId: 'cmp_1', name: 'Mira Okafor', badge: { state: 'pending' } }],
    });
    expect(wakeUps).toEqual([{ kind: 'roster', competitorId: 'cmp_1' }]);
    expect(await createRosterRepository(table).byId('cmp_1')).toMatchObject({
      wantedTeamId: id,
      confirmedTeamId: null,
      editedBy: 'ada',
    });
    const again = await call(ADD, { id, competitorId: 'cmp_1' });
    expect(teamOf(again).version).toBe(2);
    expect(wakeUps).toHaveLength(1);
  });

  test('move from another team of the same coach: both versions rise, nobody is on two', async () => {
    const foxes = await newTeam('Packet Foxes');
    const owls = await newTeam('Byte Owls');
    await call(ADD, { id: foxes.id, competitorId: 'cmp_1' });
    await call(ADD, { id: owls.id, competitorId: 'cmp_1' });
    const after = async (id: string) => teamOf(await call('GET /api/teams/{id}', { id }));
    expect(await after(foxes.id)).toMatchObject({ version: 3, members: [] });
    expect(await after(owls.id)).toMatchObject({ version: 2, members: [{ competitorId: 'cmp_1' }] });
    const competitor = await createCompetitorRepository(table).byId('cmp_1');
    expect(competitor).toMatchObject({ teamId: owls.id, version: 3 });
    const { items } = await createActivityRepository(table).ofCoach('coa_a', { limit: 1 });
    expect(items).toMatchObject([
      { kind: 'member_moved', competitorId: 'cmp_1', details: { fromTeamId: foxes.id } },
    ]);
  });

  test('who moved or left is told as leaving until the platform has it', async () => {
    const { id } = await newTeam();
    await call(ADD, { id, competitorId: 'cmp_1' });
    const rosters = createRosterRepository(table);
    const entry = await rosters.byId('cmp_1');
    if (entry === undefined) throw new Error('There is no wish.');
    const team = { teamId: 7, ...FOXES, confirmedAt: CREATED_AT };
    await createTeamRepository(table).saveProgress(id, { platform: team }, null);
    await rosters.confirm(entry, id, new Date());
    expect(teamOf(await call('GET /api/teams/{id}', { id })).badge.state).toBe('synced');
    const left = teamOf(await call(REMOVE, { id, competitorId: 'cmp_1' }));
    expect(left).toMatchObject({
      members: [],
      leaving: [{ competitorId: 'cmp_1', badge: { state: 'pending' } }],
      badge: { state: 'pending' },
    });
  });

  test('without an account wait for it, and do not make the team wait', async () => {
    const { id } = await newTeam();
    wakeUps.length = 0;
    const team = { teamId: 7, ...FOXES, confirmedAt: CREATED_AT };
    await createTeamRepository(table).saveProgress(id, { platform: team }, null);
    expect(teamOf(await call(ADD, { id, competitorId: 'cmp_new' }))).toMatchObject({
      badge: { state: 'synced' },
      members: [{ badge: { state: 'pending', reason: expect.stringContaining('no account') } }],
    });
    expect(wakeUps).toEqual([]);
  });

  test.each([
    ['of another coach', 'cmp_b', [404, 'NOT_FOUND']],
    ['that do not exist', 'cmp_none', [404, 'NOT_FOUND']],
    ['that are deactivated', 'cmp_off', [409, 'COMPETITOR_INACTIVE']],
    ['that are on hold', 'cmp_held', [409, 'ON_HOLD']],
    ['that are on hold', 'cmp_held', [409, 'ON_HOLD']],
  ])('%s are refused', async (_who, competitorId, expected) => {
    const { id } = await newTeam();
    expect(problemOf(await call(ADD, { id, competitorId }))).toEqual(expected);
  });

  test('an admin may not put one coach’s competitor on another’s team', async () => {
    const { id } = await newTeam();
    expect((await call(ADD, { as: 'ines', id, competitorId: 'cmp_b' })).status).toBe(404);
    expect((await call(ADD, { as: 'ines', id, competitorId: 'cmp_1' })).status).toBe(200);
  });

  test('an old version of the team is refused where one is given', async () => {
    const { id } = await newTeam();
    await call(ADD, { id, competitorId: 'cmp_1' });
    const answer = await call(ADD, { id, competitorId: 'cmp_new', ifMatch: '"1"' });
    expect(problemOf(answer)).toEqual([412, 'STALE_VERSION']);
  });

  test('many at once all come, one after the other', async () => {
    const { id } = await newTeam();
    const competitors = createCompetitorRepository(table);
    const ids = ['cmp_w', 'cmp_x', 'cmp_y', 'cmp_z'];
    for (const one of ids) await competitors.put(aCompetitor({ id: one, coachId: 'coa_a' }));
    const answers = await Promise.all(ids.map((competitorId) => call(ADD, { id, competitorId })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const team = teamOf(await call('GET /api/teams/{id}', { id }));
    expect(team.version).toBe(5);
    expect(team.members.map((member) => member.competitorId).toSorted()).toEqual(ids);
  });
});

test('How long edits took is told to coaches and admins, over everybody', async () => {
  await createEditTimesRepository(table).count(14, new Date('2026-11-20T12:00:00.000Z'));
  for (const as of ['ada', 'ines']) {
    const { status, body } = await call('GET /api/game-platform/edit-times', { as });
    expect(status).toBe(200);
    expect(editTimesViewSchema.parse(body)).toEqual({
      months: [{ month: '2026-11', edits: 1, p50: 20, p95: 20, p99: 20, withinPromise: 1 }],
    });
  }
});
