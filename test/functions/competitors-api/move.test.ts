import { beforeEach, expect, test } from 'vitest';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { moveViewSchema } from '#shared/moves/contract.ts';
import { rollOverViewSchema } from '#shared/season/contract.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { aTeam } from '#test/support/records.ts';
import { problemOf, type Answer } from '../api-harness.ts';
import { competitorsApiOn, type CompetitorsApiHarness } from './harness.ts';
import { workerOn } from './work.ts';

const newTable = useTestTables();
let api: CompetitorsApiHarness;
let work: ReturnType<typeof workerOn>;
beforeEach(async () => {
  api = await competitorsApiOn(await newTable());
  work = workerOn(api.table);
});
const as = 'ines';
const plan = (body: object): Promise<Answer> => api.call('POST /api/admin/competitors/move', { as, body });
const apply = (jobId: string): Promise<Answer> =>
  api.call('POST /api/admin/competitors/move/{jobId}/apply', { as, params: { jobId } });
const view = async (jobId: string) =>
  moveViewSchema.parse(
    (await api.call('GET /api/admin/competitors/move/{jobId}', { as, params: { jobId } })).body,
  );
const rollOver = (body: object): Promise<Answer> =>
  api.call('POST /api/admin/season/roll-over', { as, body });
const applyRollOver = (jobId: string): Promise<Answer> =>
  api.call('POST /api/admin/season/roll-over/{jobId}/apply', { as, params: { jobId } });
const rollOverView = async (jobId: string) =>
  rollOverViewSchema.parse(
    (await api.call('GET /api/admin/season/roll-over/{jobId}', { as, params: { jobId } })).body,
  );
const personOf = async (id: string) => createCompetitorRepository(api.table).byId(id, { consistent: true });

async function twoPeople() {
  const mira = await api.created({}, { firstName: 'Mira', lastName: 'Okafor', grade: 9 });
  const juno = await api.created({}, { firstName: 'Juno', lastName: 'Vale', grade: 12 });
  return { mira, juno };
}

test('a coach’s whole list is planned, applied by its id once, and read with names', async () => {
  const { mira, juno } = await twoPeople();
  const answer = await plan({ fromCoachId: 'coa_a', toCoachId: 'coa_b', dryRun: true });
  expect(answer.status).toBe(202);
  const planned = await work(answer.body.jobId);
  expect(planned).toMatchObject({ status: 'succeeded', total: 2, counts: { move: 2 } });
  expect(await view(planned.id)).toMatchObject({
    to: { id: 'coa_b', name: 'Ben' },
    planId: null,
    appliedBy: null,
    items: expect.arrayContaining([
      expect.objectContaining({
        competitorId: mira.id,
        name: 'Mira Okafor',
        outcome: 'move',
        teamEffect: 'none',
      }),
    ]),
  });
  expect((await personOf(mira.id))?.coachId).toBe('coa_a');

  const applied = await apply(planned.id);
  expect(applied.status).toBe(202);
  expect((await apply(planned.id)).body).toEqual(applied.body);
  expect(await work(applied.body.jobId)).toMatchObject({ status: 'succeeded', counts: { moved: 2 } });
  for (const { id } of [mira, juno]) expect((await personOf(id))?.coachId).toBe('coa_b');
  expect(await view(planned.id)).toMatchObject({ appliedBy: applied.body.jobId });
  const gone = await api.call('GET /api/competitors/{id}', { id: mira.id });
  expect(gone.status).toBe(404);
  expect((await api.call('GET /api/competitors/{id}', { as: 'ben', id: mira.id })).status).toBe(200);
});

test('a plan of a list that somebody was added to, or of people whose team changed, is refused as changed', async () => {
  const { mira } = await twoPeople();
  const whole = await work((await plan({ fromCoachId: 'coa_a', toCoachId: 'coa_b' })).body.jobId);
  const one = await work((await plan({ competitorIds: [mira.id], toCoachId: 'coa_b' })).body.jobId);
  await api.created({}, { firstName: 'Zoë', lastName: 'Quill' });
  expect(problemOf(await apply(whole.id))).toEqual([409, 'CHANGED_SINCE_DRY_RUN']);
  await createTeamRepository(api.table).put(aTeam({ id: 'team_x', coachId: 'coa_a', members: [mira.id] }));
  const person = await personOf(mira.id);
  if (person !== undefined)
    await createCompetitorRepository(api.table).put({ ...person, teamId: 'team_x', version: 2 });
  expect(problemOf(await apply(one.id))).toEqual([409, 'CHANGED_SINCE_DRY_RUN']);
  expect((await personOf(mira.id))?.coachId).toBe('coa_a');
});

test.each<[string, object, readonly [number, string]]>([
  ['nobody', { toCoachId: 'coa_b' }, [422, 'VALIDATION_FAILED']],
  [
    'people and a list',
    { competitorIds: ['cmp_1'], fromCoachId: 'coa_a', toCoachId: 'coa_b' },
    [422, 'VALIDATION_FAILED'],
  ],
  [
    'a move without a plan',
    { competitorIds: ['cmp_1'], toCoachId: 'coa_b', dryRun: false },
    [422, 'VALIDATION_FAILED'],
  ],
  ['a list that goes nowhere', { fromCoachId: 'coa_a', toCoachId: 'coa_a' }, [422, 'SAME_COACH']],
  ['an unknown coach', { competitorIds: ['cmp_1'], toCoachId: 'coa_none' }, [404, 'NOT_FOUND']],
])('a request that names %s is refused', async (_title, body, problem) => {
  expect(problemOf(await plan(body))).toEqual(problem);
});

test('a coach who is switched off is given nobody', async () => {
  const { coaches } = createIdentityRepository(api.table);
  const ben = await coaches.byId('coa_b');
  if (ben !== undefined) await coaches.put({ ...ben, enabled: false });
  expect(problemOf(await plan({ competitorIds: ['cmp_1'], toCoachId: 'coa_b' }))).toEqual([
    422,
    'COACH_SWITCHED_OFF',
  ]);
});

test('moves and roll-overs are an admin’s, and an unfinished plan cannot be applied', async () => {
  const asCoach = await api.call('POST /api/admin/competitors/move', {
    body: { competitorIds: ['cmp_1'], toCoachId: 'coa_b' },
  });
  expect(asCoach.status).toBe(403);
  expect((await api.call('POST /api/admin/season/roll-over', { body: {} })).status).toBe(403);
  const { body } = await plan({ competitorIds: ['cmp_1'], toCoachId: 'coa_b' });
  expect(problemOf(await apply(body.jobId))).toEqual([409, 'DRY_RUN_NOT_FINISHED']);
  expect(problemOf(await applyRollOver(body.jobId))).toEqual([404, 'NOT_FOUND']);
  expect(problemOf(await apply('job_nothing'))).toEqual([404, 'NOT_FOUND']);
});

test('a roll-over is planned, applied by its id, and begins the season; one into an earlier season is refused', async () => {
  const { mira, juno } = await twoPeople();
  await api.created({ as: 'ben' }, { firstName: 'Zoë', lastName: 'Quill' });
  const planned = await work((await rollOver({ seasonStart: '2027-08-16' })).body.jobId);
  expect(planned).toMatchObject({ status: 'succeeded', counts: { up: 1, archived: 1, left: 1, season: 1 } });
  expect(await rollOverView(planned.id)).toMatchObject({
    coach: null,
    seasonStart: '2027-08-16',
    seasonNow: null,
    items: expect.arrayContaining([
      expect.objectContaining({ subject: mira.id, name: 'Mira Okafor', gradeFrom: 9, gradeTo: 10 }),
      expect.objectContaining({ subject: juno.id, outcome: 'archived' }),
    ]),
  });
  const applied = await applyRollOver(planned.id);
  expect(await work(applied.body.jobId)).toMatchObject({
    status: 'succeeded',
    counts: { up: 1, archived: 1, season: 1 },
  });
  expect((await applyRollOver(planned.id)).body).toEqual(applied.body);
  expect(await personOf(mira.id)).toMatchObject({ grade: 10 });
  expect(await personOf(juno.id)).toMatchObject({ active: false });
  expect((await createSettingsRepository(api.table).syncSettings()).program.seasonStart).toBe('2027-08-16');
  expect(problemOf(await rollOver({ seasonStart: '2026-08-16' }))).toEqual([422, 'VALIDATION_FAILED']);
  // Archived, they can be brought back.
  const back = await api.call('PATCH /api/competitors/{id}', {
    id: juno.id,
    ifMatch: '"2"',
    body: { active: true },
  });
  expect(back.status).toBe(200);
});

test('a roll-over of one coach leaves the others’ people alone', async () => {
  const { mira } = await twoPeople();
  const zoe = await api.created({ as: 'ben' }, { firstName: 'Zoë', lastName: 'Quill', grade: 9 });
  const planned = await work((await rollOver({ coachId: 'coa_a', seasonStart: '2027-08-16' })).body.jobId);
  await work((await applyRollOver(planned.id)).body.jobId);
  expect(await personOf(mira.id)).toMatchObject({ grade: 10 });
  expect(await personOf(zoe.id)).toMatchObject({ grade: 9, version: 1 });
  // The whole program follows, and whoever was rolled over stays as they are.
  const all = await work((await rollOver({ seasonStart: '2027-08-16' })).body.jobId);
  expect(all.counts).toMatchObject({ up: 1, left: 2 });
});

test('an erasure of somebody who was moved takes the uploads of the coach before away, too', async () => {
  const { mira } = await twoPeople();
  const upload = await api.call('POST /api/competitors/import', {
    query: { dryRun: 'true' },
    text: 'first_name,last_name\nMira,Okafor\n',
    headers: { 'content-type': 'text/csv' },
  });
  await work(upload.body.jobId);
  const planned = await work((await plan({ competitorIds: [mira.id], toCoachId: 'coa_b' })).body.jobId);
  await work((await apply(planned.id)).body.jobId);
  const erased = await api.call('DELETE /api/competitors/{id}', { as: 'ben', id: mira.id });
  expect(erased.status).toBe(202);
  expect(await work(erased.body.jobId)).toMatchObject({ status: 'succeeded', counts: { uploads: 1 } });
  expect(await view(planned.id)).toMatchObject({ items: [{ competitorId: mira.id, name: null }] });
});
