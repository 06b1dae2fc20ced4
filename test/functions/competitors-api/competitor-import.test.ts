import { beforeEach, describe, expect, test } from 'vitest';
import { competitorListSchema, type CompetitorRow } from '#shared/competitors/contract.ts';
import type { Job } from '#shared/jobs/job.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { problemOf, type Answer, type Call } from '../api-harness.ts';
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
