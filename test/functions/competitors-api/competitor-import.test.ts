import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { competitorListSchema, type CompetitorRow } from '#shared/competitors/contract.ts';
import type { Job } from '#shared/jobs/job.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { buildDependencies as buildTeams } from '../../../functions/teams-api/dependencies.ts';
import { apiOn, problemOf, type Answer, type Call } from '../api-harness.ts';
import { competitorsApiOn, type CompetitorsApiHarness } from './harness.ts';
import { rowsOf, workerOn } from './work.ts';

const newTable = useTestTables();
let api: CompetitorsApiHarness;
let work: ReturnType<typeof workerOn>;
beforeEach(async () => {
  api = await competitorsApiOn(await newTable());
  work = workerOn(api.table);
});

const HEADER = 'first_name,last_name,email,grade';
const upload = (text: string, call: Call = {}): Promise<Answer> =>
  api.call('POST /api/competitors/import', {
    query: { dryRun: 'true' },
    text,
    headers: { 'content-type': 'text/csv' },
    ...call,
  });
async function dryRun(text: string, call: Call = {}): Promise<Job> {
  const answer = await upload(text, call);
  expect(answer.status).toBe(202);
  return work(answer.body.jobId);
}
const apply = (jobId: string, call: Call = {}): Promise<Answer> =>
  api.call('POST /api/competitors/import/{jobId}/apply', { params: { jobId }, ...call });
const people = async (as = 'ada'): Promise<CompetitorRow[]> =>
  competitorListSchema.parse((await api.call('GET /api/competitors', { as, query: { limit: '200' } })).body)
    .items;

test('a dry run tells each row and writes nothing; its apply does exactly that, once', async () => {
  const known = await api.created({}, { firstName: 'Mira', lastName: 'Okafor', email: 'mira@example.org' });
  const same = await api.created({}, { firstName: 'Juno', lastName: 'Vale', email: 'juno@example.org' });
  const file = [
    HEADER,
    'Mira,Okafor,mira@example.org,9',
    'Juno,Vale,JUNO@example.org,',
    'Zoë,"Quill, Jr.",zoe@example.org,10',
    'Bad,Row,not-an-address,99',
    'Zoë,Again,zoe@example.org,11',
  ].join('\r\n');
  const job = await dryRun(file);
  expect(job).toMatchObject({
    status: 'succeeded',
    total: 5,
    done: 5,
    counts: { new: 1, changed: 1, unchanged: 1, refused: 2 },
  });
  expect(JSON.stringify(job)).not.toContain('Quill');
  const rows = await rowsOf(api.table, job.id);
  expect(rows.map(({ outcome, line }) => [line, outcome])).toEqual([
    [2, 'changed'],
    [3, 'unchanged'],
    [4, 'new'],
    [5, 'refused'],
    [6, 'refused'],
  ]);
  expect(rows[0]).toMatchObject({ competitorId: known.id, fields: ['grade'] });
  expect(rows[1]).toMatchObject({ competitorId: same.id });
  expect(rows[3]?.message).toMatch(/email: .*grade: Enter a grade from 1 to 16/);
  expect(rows[4]?.message).toContain('Line 4');
  expect(await people()).toHaveLength(2);

  const applied = await apply(job.id);
  expect(applied.status).toBe(202);
  expect((await apply(job.id)).body).toEqual(applied.body);
  const done = await work(applied.body.jobId);
  expect(done).toMatchObject({ status: 'succeeded', counts: job.counts });
  expect((await people()).map(({ firstName, grade }) => [firstName, grade])).toEqual(
    expect.arrayContaining([
      ['Mira', 9],
      ['Juno', null],
      ['Zoë', 10],
    ]),
  );
  expect(await people()).toHaveLength(3);
  expect((await work(applied.body.jobId)).counts).toEqual(done.counts);
  expect(await people()).toHaveLength(3);
  // Asked once more, it is still the job that is there.
  expect((await apply(job.id)).body).toEqual(applied.body);
});

test('an apply refuses once the records are others than those of the dry run', async () => {
  const known = await api.created({}, { firstName: 'Mira', lastName: 'Okafor', email: 'mira@example.org' });
  const job = await dryRun(`${HEADER}\nMira,Okafor,mira@example.org,9\n`);
  await api.call('PATCH /api/competitors/{id}', {
    id: known.id,
    headers: { 'if-match': '"1"' },
    body: { grade: 8 },
  });
  expect(problemOf(await apply(job.id))).toEqual([409, 'CHANGED_SINCE_DRY_RUN']);
  expect((await people())[0]?.grade).toBe(8);
});

test('a dry run belongs to whoever started it, and to admins', async () => {
  const job = await dryRun(`${HEADER}\nZoë,Quill,,\n`);
  expect(problemOf(await apply(job.id, { as: 'ben' }))).toEqual([404, 'NOT_FOUND']);
  expect(problemOf(await apply('job_nothing'))).toEqual([404, 'NOT_FOUND']);
  expect((await apply(job.id, { as: 'ines' })).status).toBe(202);
});

test('an upload and its apply are audited once, with who did it and on whose behalf', async () => {
  const by = { as: 'ines', actAs: 'coa_a' };
  const job = await dryRun(`${HEADER}\nZoë,Quill,,\n`, by);
  const applied = await apply(job.id, by);
  expect((await apply(job.id, by)).body).toEqual(applied.body);
  const audited = await itemsOf(api.table, `AUDIT#${new Date().toISOString().slice(0, 10)}`);
  const started = audited.filter(({ action }) => String(action).startsWith('import.'));
  const details = { taskType: 'competitor_import' };
  const about = { coachId: 'coa_a', actor: 'ines', actingAs: 'coa_a', details };
  expect(started).toHaveLength(2);
  expect(started).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ...about, action: 'import.upload', subject: job.id }),
      expect.objectContaining({ ...about, action: 'import.apply', subject: applied.body.jobId }),
    ]),
  );
});

test('an unfinished dry run cannot be applied', async () => {
  const { body } = await upload(`${HEADER}\nZoë,Quill,,\n`);
  expect(problemOf(await apply(body.jobId))).toEqual([409, 'DRY_RUN_NOT_FINISHED']);
});

test('an admin says for whom, and a coach imports for nobody else', async () => {
  const file = `${HEADER}\nZoë,Quill,,\n`;
  expect(problemOf(await upload(file, { as: 'ines' }))).toEqual([422, 'COACH_REQUIRED']);
  const query = { dryRun: 'true', coachId: 'coa_b' };
  expect(problemOf(await upload(file, { query }))).toEqual([404, 'NOT_FOUND']);
  const job = await dryRun(file, { as: 'ines', query });
  await work((await apply(job.id, { as: 'ines' })).body.jobId);
  expect(await people('ben')).toHaveLength(1);
  expect(await people('ada')).toHaveLength(0);
});

const reasonOf = async (text: string, call: Call = {}) => problemOf(await upload(text, call));

describe('a file that cannot be imported', () => {
  test('is refused with what to do', async () => {
    expect(await reasonOf(`${HEADER}\nMira,Okafor,,`, { query: {} })).toEqual([422, 'VALIDATION_FAILED']);
    expect(await reasonOf('')).toEqual([422, 'FILE_EMPTY']);
    expect(await reasonOf(`${HEADER}\n`)).toEqual([422, 'FILE_EMPTY']);
    expect(await reasonOf('first_name,emial\nMira,x')).toEqual([422, 'COLUMNS_NOT_KNOWN']);
    expect(await reasonOf(`${HEADER}\n"Mira,Okafor`)).toEqual([422, 'CSV_UNREADABLE']);
    expect(await reasonOf(`${HEADER}\nZo\uFFFD,Quill,,`)).toEqual([422, 'ENCODING_LOST']);
    expect(await reasonOf(`${HEADER}\n${'A,B,,\n'.repeat(10_001)}`)).toEqual([422, 'TOO_MANY_ROWS']);
    expect(await reasonOf('x'.repeat(5 * 1024 * 1024 + 1))).toEqual([413, 'TOO_LARGE']);
  });
});

test('the roster that was exported comes back unchanged', async () => {
  await api.created({}, { firstName: '=Mira', lastName: 'O"Kafor', email: 'mira@example.org', grade: 9 });
  const { body } = await api.call('GET /api/game-platform/exports/roster.csv');
  expect((await dryRun(body)).counts).toEqual({ unchanged: 1 });
});

const addTeam = async (name: string, as = 'ada') => {
  const teams = await apiOn(api.table, 'teams-api', buildTeams);
  const body = { name, division: 'high_school', affiliation: 'Harbor' };
  return (await teams('POST /api/teams', { as, body })).body;
};
const teamsOf = async (coachId: string) =>
  (await createTeamRepository(api.table).ofCoach(coachId)).map(
    ({ name, members, division, affiliation }) => ({
      name,
      members: members.length,
      division,
      affiliation,
    }),
  );

const reading = (more: Record<string, string>) => ({ query: { dryRun: 'true', ...more } });

const packed = (bytes: Uint8Array): Call => ({
  ...reading({ encoding: 'utf-16le' }),
  bytes: gzipSync(bytes),
  headers: { 'content-type': 'application/gzip' },
});

describe('the column “team”', () => {
  const TEAMS = 'first_name,last_name,email,team';
  test('puts new people on teams and moves others, old and new told, each audited', async () => {
    const [foxes, owls] = [await addTeam('Packet Foxes'), await addTeam('Null Owls')];
    const known = await api.created({}, { firstName: 'Mira', lastName: 'Okafor', email: 'mira@example.org' });
    const first = await dryRun(`${TEAMS}\nMira,Okafor,mira@example.org,null owls\n`);
    await work((await apply(first.id)).body.jobId);
    const job = await dryRun(
      `${TEAMS}\nMira,Okafor,mira@example.org,Packet Foxes\nZoë,Quill,zoe@example.org,packet FOXES\nJuno,Vale,,\n`,
    );
    const [moved] = await rowsOf(api.table, job.id);
    expect(moved).toMatchObject({ outcome: 'changed', fields: ['team'] });
    const done = await work((await apply(job.id)).body.jobId);
    expect(done).toMatchObject({ status: 'succeeded', counts: { changed: 1, new: 2 } });
    expect(await teamsOf('coa_a')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'Packet Foxes', members: 2 }),
        expect.objectContaining({ name: 'Null Owls', members: 0 }),
      ]),
    );
    const audited = await itemsOf(api.table, `AUDIT#${new Date().toISOString().slice(0, 10)}`);
    expect(audited).toContainEqual(
      expect.objectContaining({
        action: 'team.move_member',
        subject: known.id,
        details: { teamId: foxes.id, fromTeamId: owls.id },
      }),
    );
    expect((await work(done.id)).counts).toEqual(done.counts);
  });

  test('with a name that no team has refuses the row unless somebody answered', async () => {
    const foxes = await addTeam('Packet Foxes');
    await addTeam('Secret Squids', 'ben');
    const file = [
      TEAMS,
      'Zoë,Quill,zoe@example.org,Packet Foxs',
      'Juno,Vale,juno@example.org,Secret Squids',
      'Mo,Li,mo@example.org,Robotics B',
      'Ana,Reyes,ana@example.org,robotics b',
      'Ben,Cho,ben@example.org,Nobody',
    ].join('\n');
    const refused = await rowsOf(api.table, (await dryRun(file)).id);
    expect(refused.map(({ outcome, message }) => [outcome, message?.startsWith('team: ')])).toEqual(
      Array.from({ length: 5 }, () => ['refused', true]),
    );
    expect(JSON.stringify(refused)).not.toContain('Robotics');

    const teams = `2:use:${foxes.id},4:create:middle_school,6:leave_out`;
    const job = await dryRun(file, { query: { dryRun: 'true', teams } });
    expect(job.counts).toMatchObject({ new: 4, refused: 1 });
    const done = await work((await apply(job.id)).body.jobId);
    expect(done).toMatchObject({ status: 'succeeded', counts: { new: 4, refused: 1 } });
    expect(await teamsOf('coa_a')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'Packet Foxes', members: 1 }),
        { name: 'Robotics B', members: 2, division: 'middle_school', affiliation: 'Harbor Middle School' },
      ]),
    );
    expect(await teamsOf('coa_b')).toEqual([expect.objectContaining({ members: 0 })]);
    // Once more, it changes nothing: the names are known now.
    const again = await dryRun(file, { query: { dryRun: 'true', teams } });
    expect(again.counts).toMatchObject({ unchanged: 4 });
  });

  test('with another coach’s team as the answer refuses the row', async () => {
    const squids = await addTeam('Secret Squids', 'ben');
    const file = `${TEAMS}\nZoë,Quill,zoe@example.org,Squids\n`;
    const query = { dryRun: 'true', teams: `2:use:${squids.id}` };
    expect((await dryRun(file, { query })).counts).toEqual({ refused: 1 });
  });

  test('of more people than one transaction holds fills the team, and a retry adds nobody twice', async () => {
    await addTeam('Packet Foxes');
    const rows = Array.from({ length: 40 }, (_, i) => `First${i},Last${i},s${i}@example.org,Packet Foxes`);
    const job = await dryRun([TEAMS, ...rows].join('\n'));
    const done = await work((await apply(job.id)).body.jobId);
    expect(done.counts).toMatchObject({ new: 40 });
    expect(await teamsOf('coa_a')).toMatchObject([{ members: 40 }]);
  });
});

describe('how a file is read', () => {
  test('can be told: columns by their numbers, the separator, the line of the header', async () => {
    const file = 'Roster\nA;B;C\nVale;Juno;9\n';
    expect(await reasonOf(file)).toEqual([422, 'COLUMNS_NOT_KNOWN']);
    const told = { separator: 'semicolon', headerLine: '2', columns: 'firstName:1,lastName:0,grade:2' };
    const job = await dryRun(file, reading(told));
    await work((await apply(job.id)).body.jobId);
    expect(await people()).toMatchObject([{ firstName: 'Juno', lastName: 'Vale', grade: 9 }]);
  });

  test('is refused when one column is chosen twice, is not there, or no name is', async () => {
    const file = `${HEADER}\nMira,Okafor,,9`;
    for (const columns of ['firstName:0,lastName:0', 'firstName:0,lastName:9', 'firstName:0,grade:3'])
      expect(await reasonOf(file, reading({ columns }))).toEqual([422, 'COLUMNS_NOT_KNOWN']);
    for (const [name, text] of [
      ['columns', 'firstName:0,firstName:1'],
      ['columns', 'password:0'],
      ['teams', '2:drop'],
      ['teams', '2:create:kindergarten'],
    ] as const)
      expect(await reasonOf(file, reading({ [name]: text }))).toEqual([422, 'VALIDATION_FAILED']);
  });

  test('a packed file is taken in its own encoding, up to the same 5 MB, and no bomb is unpacked', async () => {
    const cell = 'x'.repeat(222);
    const rows = Array.from({ length: 9_900 }, (_, i) => `José${i}\tNúñez\ts${i}@example.org\t${cell}`);
    const text = Buffer.from(['first_name\tlast_name\temail\tnote', ...rows].join('\n'), 'utf16le');
    expect(text.length).toBeGreaterThan(5_000_000);
    const { status, body } = await upload('', packed(text));
    expect([status, body.code]).toEqual([202, undefined]);
    expect(problemOf(await upload('', packed(Buffer.alloc(50_000_000))))).toEqual([413, 'TOO_LARGE']);
    expect(problemOf(await upload('', { ...packed(text), bytes: Buffer.from([0x1f, 0x8b, 1, 2]) }))).toEqual([
      422,
      'CSV_UNREADABLE',
    ]);
  });
});

test('a preview tells what each change overwrites, what is missing, and whose an address is; the look is noted', async () => {
  const known = await api.created(
    {},
    {
      firstName: 'Mira',
      lastName: 'Okafor',
      email: 'mira@example.org',
      guardianEmail: 'old@example.org',
      grade: 8,
    },
  );
  const job = await dryRun(
    [
      'first_name,last_name,email,grade,guardian_email',
      'Mira,Okafor,mira@example.org,9,new@example.org',
      'Mirella,Okafor,mira@example.org,9,',
      'Zoë,Quill,zoe@example.org,10,',
    ].join('\n'),
  );
  const preview = (call: Call = {}) =>
    api.call('GET /api/competitors/import/{jobId}/preview', { params: { jobId: job.id }, ...call });
  const { body } = await preview();
  expect(body.items).toMatchObject([
    {
      line: 2,
      outcome: 'changed',
      changes: expect.arrayContaining([
        { field: 'grade', from: '8', to: '9' },
        { field: 'guardianEmail', from: 'old@example.org', to: 'new@example.org' },
      ]),
    },
    { line: 3, outcome: 'refused', competitor: { id: known.id, name: 'Mira Okafor' }, changes: [] },
    { line: 4, outcome: 'new', missing: ['division', 'guardianName', 'guardianEmail', 'mediaReleaseDate'] },
  ]);
  expect(problemOf(await preview({ as: 'ben' }))).toEqual([404, 'NOT_FOUND']);
  const page = await preview({ query: { limit: '1', outcome: 'new' } });
  expect(page.body).toMatchObject({ items: [{ line: 4 }], nextCursor: null });
  const audited = await itemsOf(api.table, `AUDIT#${new Date().toISOString().slice(0, 10)}`);
  expect(audited).toContainEqual(expect.objectContaining({ action: 'competitor.read', subject: known.id }));
  const kept = JSON.stringify(await rowsOf(api.table, job.id));
  expect(kept).not.toContain('example.org');
});
