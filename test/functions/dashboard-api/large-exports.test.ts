import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { readCsv } from '#shared/kernel/csv/read-csv.ts';
import type { Table } from '#shared/table/table.ts';
import { keys } from '#shared/table/keys.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { buildDependencies as buildCompetitors } from '../../../functions/competitors-api/dependencies.ts';
import { buildDependencies as buildDashboard } from '../../../functions/dashboard-api/dependencies.ts';
import { buildDependencies as buildJobs } from '../../../functions/jobs-api/dependencies.ts';
import { apiOn } from '../api-harness.ts';

const newTable = useTestTables();
let table: Table;
beforeEach(async () => {
  table = await newTable();
});

/** The APIs with an answer that holds so many bytes. */
async function apis(mostBytes: number) {
  const tight =
    <A, R>(build: (given: A) => R) =>
    (given: A): R => {
      vi.stubEnv('EXPORT_ANSWER_BYTES', String(mostBytes));
      return build(given);
    };
  return {
    competitors: await apiOn(table, 'competitors-api', tight(buildCompetitors)),
    dashboard: await apiOn(table, 'dashboard-api', tight(buildDashboard)),
    jobs: await apiOn(table, 'jobs-api', buildJobs),
  };
}
const today = () => new Date().toISOString().slice(0, 10);
const auditOf = async (action: string) =>
  (await itemsOf(table, keys.audit(today(), '', '').pk)).filter((entry) => entry['action'] === action);

describe('A file that is too much for one answer', () => {
  it('becomes a job with the filters of the question and no name, noted as started for that coach', async () => {
    const { dashboard, competitors } = await apis(100);
    const query = { from: '2026-11-01', to: '2026-11-24', division: 'high_school' };
    const answer = await dashboard('GET /api/game-platform/exports/solves.csv', { query });
    expect(answer.status).toBe(202);
    const { jobId } = answer.body;
    expect(answer.headers['location']).toBe(`/api/jobs/${jobId}`);
    const jobs = createJobRepository(table);
    expect(await jobs.byId(jobId)).toMatchObject({
      taskType: 'table_export',
      status: 'pending',
      startedBy: 'user:ada',
      actingAs: null,
      payload: { file: 'solves', coachId: 'coa_a', ...query },
    });
    const roster = await competitors('GET /api/game-platform/exports/roster.csv', {
      as: 'ines',
      actAs: 'coa_b',
      query: { grade: '9', status: 'pending' },
    });
    expect(roster.status).toBe(202);
    expect(await jobs.byId(roster.body.jobId)).toMatchObject({
      startedBy: 'user:ines',
      actingAs: 'coa_b',
      payload: {
        file: 'roster',
        coachId: 'coa_b',
        division: null,
        status: 'pending',
        teamId: null,
        grade: 9,
      },
    });
    expect(await auditOf('job.start')).toMatchObject([
      { actor: 'ada', coachId: 'coa_a', subject: jobId, details: { taskType: 'table_export' } },
      { actor: 'ines', actingAs: 'coa_b', coachId: 'coa_b' },
    ]);
    // Nobody has had anything yet.
    expect(await auditOf('roster.export')).toEqual([]);
  });

  it('has the days of the default period written down, so that it is the same tomorrow', async () => {
    const { dashboard } = await apis(100);
    const { body } = await dashboard('GET /api/game-platform/exports/flash-ctf.csv', { as: 'ines' });
    const payload = (await createJobRepository(table).byId(body.jobId))?.payload;
    expect(payload).toMatchObject({
      file: 'flash-ctf',
      coachId: null,
      from: expect.any(String),
      to: expect.any(String),
    });
  });

  it('is fetched under its job by who asked for it, and by nobody else', async () => {
    const { dashboard, jobs } = await apis(100);
    const { body } = await dashboard('GET /api/game-platform/exports/leaderboard.csv');
    const download = (as: string, actAs?: string) =>
      jobs('GET /api/jobs/{jobId}/download', {
        as,
        ...(actAs === undefined ? {} : { actAs }),
        params: { jobId: body.jobId },
      });
    expect(await download('ada')).toMatchObject({ status: 200, body: { state: 'preparing', rows: 0 } });
    expect(await download('ines')).toMatchObject({ status: 200 });
    expect([(await download('ben')).status, (await download('ines', 'coa_a')).status]).toEqual([404, 404]);

    const repository = createJobRepository(table);
    const begun = await repository.begin(body.jobId, new Date().toISOString());
    if (begun === undefined) throw new Error('The job cannot be begun.');
    await repository.endPlan(begun, { rows: 7 });
    const planned = await repository.byId(body.jobId);
    if (planned === undefined) throw new Error('The job is gone.');
    await repository.finish(planned, 'succeeded', null, new Date().toISOString());
    const ready = await download('ada');
    expect(ready.body).toMatchObject({ state: 'ready', rows: 7 });
    const url = new URL(ready.body.url);
    expect(url.pathname).toBe(`/exports/files/${body.jobId}`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      'X-Amz-Expires': '120',
      'response-content-disposition': 'attachment; filename="leaderboard.csv"',
      'response-cache-control': 'no-store',
    });
    expect(await auditOf('table.export')).toMatchObject([{ actor: 'ada', coachId: 'coa_a' }]);
  });

  it('that just fits is answered at once, as before', async () => {
    const { competitors, dashboard } = await apis(5_000_000);
    const roster = await competitors('GET /api/game-platform/exports/roster.csv');
    expect(roster.status).toBe(200);
    expect([...readCsv(roster.body, ',')]).toHaveLength(1);
    const board = await dashboard('GET /api/game-platform/exports/leaderboard.csv');
    expect(board.headers).toMatchObject({ 'content-disposition': 'attachment; filename="leaderboard.csv"' });
    expect(
      (await dashboard('GET /api/game-platform/exports/solves.csv', { query: { coachId: 'coa_b' } })).status,
    ).toBe(404);
  });
});
