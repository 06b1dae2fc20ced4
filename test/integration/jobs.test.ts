import { beforeAll, describe, expect, it } from 'vitest';
import { jobDetailSchema, type JobDetailView } from '#shared/jobs/contract.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { keys } from '#shared/table/keys.ts';
import { itemsOf } from '#test/support/dynamodb.ts';
import { ADMIN, apiOf, COACH, finished, runJob, useLocalStack, type Api } from '#test/support/stack.ts';

/** The life of jobs, through the synthesized app with its rights. */
describe('Jobs', () => {
  const stack = useLocalStack();
  let admin: Api;
  let coach: Api;
  beforeAll(async () => {
    admin = await apiOf(stack(), ADMIN);
    coach = await apiOf(stack(), COACH);
  });

  const detail = async (id: string): Promise<JobDetailView> =>
    jobDetailSchema.parse((await admin('GET', `/api/admin/jobs/${id}`)).body);

  it('one is canceled before it begins, refused a second time, and does its work when tried again', async () => {
    const runAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body } = await admin('POST', '/api/admin/jobs', {
      body: { taskType: 'game_platform_sync', runAt },
    });
    const path = `/api/admin/jobs/${body.jobId}`;
    expect((await admin('POST', `${path}/cancel`)).body).toMatchObject({ status: 'cancelled' });
    expect(await admin('POST', `${path}/cancel`)).toMatchObject({ status: 409, body: { code: 'JOB_OVER' } });
    expect((await admin('POST', `${path}/retry`)).status).toBe(202);
    expect(await finished(admin, body.jobId)).toMatchObject({ status: 'succeeded' });
    const { earlier, attempts, parts, payload } = await detail(body.jobId);
    expect({ earlier, attempts }).toMatchObject({ earlier: [{ status: 'cancelled' }], attempts: 1 });
    expect(parts.items[0]).toMatchObject({ number: 1, status: 'succeeded' });
    expect(payload).toMatchObject({ full: false });
    expect(await admin('POST', `${path}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'JOB_SUCCEEDED' },
    });
  });

  it('one that failed is tried again in its own record, and tells both ends', async () => {
    // As a fault of ours would have left it.
    const jobs = createJobRepository(stack().table);
    const input = {
      taskType: 'game_platform_totals_sweep',
      payload: { limit: 5 },
      startedBy: 'user:ada',
    } as const;
    const now = new Date();
    await jobs.create(newJob('job_failed-1', input, now));
    await jobs.begin('job_failed-1', now.toISOString());
    const running = await jobs.byId('job_failed-1');
    if (running === undefined) throw new Error('The job is not there.');
    await jobs.fail(running, 'The job could not be divided into parts.', now.toISOString());
    expect((await admin('POST', '/api/admin/jobs/job_failed-1/retry')).status).toBe(202);
    expect(await finished(admin, 'job_failed-1')).toMatchObject({ status: 'succeeded', attempts: 2 });
    const { earlier } = await detail('job_failed-1');
    expect(earlier).toMatchObject([{ status: 'failed', error: 'The job could not be divided into parts.' }]);
  });

  it('a dry run of the score sync lists whom it would read, and why', async () => {
    const { status, body } = await admin('POST', '/api/game-platform/scores/sync', {
      body: { coachId: 'coach-01', dryRun: true },
    });
    expect(status).toBe(202);
    const job = await finished(admin, body.jobId);
    expect(job).toMatchObject({ taskType: 'game_platform_sync', status: 'succeeded' });
    const { items } = (await admin('GET', `/api/jobs/${body.jobId}/rows?limit=200`)).body;
    expect(job.result).toMatchObject({ total: items.length, wouldRead: items.length });
    expect(items[0]).toMatchObject({ outcome: 'would_read', message: /call/ });
  });

  it('“sync now” reads scores, totals and account of one person', async () => {
    const { body } = await coach('GET', '/api/competitors?status=complete&limit=200');
    const one = body.items.find(
      (person: { active: boolean; gamePlatform: { accountStatus: string } }) =>
        person.active && person.gamePlatform.accountStatus === 'approved',
    );
    const started = await coach('POST', `/api/game-platform/competitors/${one.id}/sync`);
    expect(started.status).toBe(202);
    const job = await finished(coach, started.body.jobId);
    expect(job).toMatchObject({ taskType: 'competitor_refresh', status: 'succeeded' });
    expect(job.result).toMatchObject({ total: 1, failed: 0 });
    expect(Object.keys(job.result ?? {}).some((name) => name.startsWith('account_'))).toBe(true);
  });

  it('an account that the platform has already is found by a dry run, then taken over, and none is made', async () => {
    const added = await coach('POST', '/api/competitors', {
      body: {
        firstName: 'Tove',
        lastName: 'Lindqvist',
        email: 'tove.lindqvist@mail.example.org',
        adult: false,
        guardianName: 'Ida Lindqvist',
        guardianEmail: 'ida.lindqvist@family.example.org',
        grade: 10,
        division: 'high_school',
        mediaReleaseDate: '2026-10-01',
      },
    });
    const { id } = added.body;
    const { baseUrl, token } = stack().gamePlatform;
    const me = await coach('GET', '/api/me');
    const coaches = await itemsOf(stack().table, 'COACHES');
    const coachRow = coaches.find((row) => row['id'] === me.body.coachId);
    const made = await fetch(`${baseUrl.replace(/\/$/, '')}/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        first_name: 'Tove',
        last_name: 'Lindqvist',
        email: 'tove.lindqvist@mail.example.org',
        role: 'user',
        syned_user_id: id,
        syned_coach_user_id: coachRow?.['gamePlatformId'],
      }),
    });
    expect(made.ok).toBe(true);
    const payload = { competitorIds: [id] };
    const dry = await runJob(admin, 'external_id_backfill', { ...payload, dryRun: true });
    expect(dry.result).toMatchObject({ total: 1, found: 1 });
    expect((await coach('GET', `/api/competitors/${id}`)).body.gamePlatform.id).toBeNull();

    const job = await runJob(admin, 'external_id_backfill', payload);
    expect(job.result).toMatchObject({ total: 1, takenOver: 1, unknown: 0 });
    expect((await detail(job.id)).forecast).toMatchObject({ calls: 1, days: 1 });
    expect((await admin('GET', `/api/jobs/${job.id}/rows`)).body.items).toMatchObject([
      { subject: id, outcome: 'takenOver' },
    ]);
    expect((await coach('GET', `/api/competitors/${id}`)).body).toMatchObject({
      status: 'complete',
      gamePlatform: { id },
    });
  });

  it('old ones are archived, and their rows with them', async () => {
    const jobs = createJobRepository(stack().table);
    const old = new Date(Date.now() - 20 * 86_400_000);
    const input = { taskType: 'onboard_competitors', payload: {}, startedBy: 'user:ada' } as const;
    const finishedAt = old.toISOString();
    await jobs.create({ ...newJob('job_old', input, old), status: 'succeeded', planned: true, finishedAt });
    await jobs.saveRow('job_old', 'cmp_1', { outcome: 'onboarded', message: null, at: finishedAt });
    const job = await runJob(admin, 'job_cleanup');
    expect(job.status).toBe('succeeded');
    expect(job.result?.['archived']).toBeGreaterThan(0);
    const rows = await itemsOf(stack().table, keys.jobPartition('job_old'));
    expect(rows.every((row) => typeof row['expiresAt'] === 'number' && !('gsi1pk' in row))).toBe(true);
    expect(await detail('job_old')).toMatchObject({ archivedAt: expect.any(String) as unknown });
  });
});
