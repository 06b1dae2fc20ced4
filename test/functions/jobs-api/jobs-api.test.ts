import { describe, expect, test } from 'vitest';
import { serve } from '#shared/http/api-call.ts';
import { handlersOf, type SentRequest } from '#test/support/api-handlers.ts';
import type { Caller } from '#shared/identity/caller.ts';
import { jobDetailSchema, jobListSchema, jobRowListSchema, jobViewSchema } from '#shared/jobs/contract.ts';
import type { CancelOutcome } from '#shared/jobs/cancel-job.ts';
import type { Job, JobPart } from '#shared/jobs/job.ts';
import { listJobs } from '#shared/jobs/list-jobs.ts';
import type { ReopenOutcome } from '#shared/jobs/reopen-job.ts';
import { syncRunListSchema, SYNC_TASKS } from '#shared/score-sync/contract.ts';
import { newJob, type StartJobInput } from '#shared/jobs/start-job.ts';
import { TASK_TYPES, TASKS, type TaskType } from '#shared/composition/tasks.ts';
import { jobPosition, type JobRepository } from '#shared/jobs/job-repository.ts';
import { aJobPart } from '#test/support/records.ts';
import { recordingLog } from '../../shared/kernel/recording-log.ts';
import { createJobsApi, ROUTES } from '../../../functions/jobs-api/jobs-api.ts';

const ADMIN: Caller = {
  sub: 'admin-1',
  role: 'admin',
  name: 'Ada Admin',
  email: 'ada@example.org',
  coachId: null,
  actingAs: null,
};
const COACH: Caller = { ...ADMIN, sub: 'coach-sub', role: 'coach', coachId: 'coach_1' };

const aJob = (n: number, over: Partial<Job> = {}): Job => {
  const at = new Date(Date.UTC(2026, 10, 24, 8, n));
  const taskType: TaskType = TASK_TYPES[n % TASK_TYPES.length] ?? 'game_platform_sync';
  return { ...newJob(`job_${n}`, { taskType, payload: {}, startedBy: 'schedule:x' }, at), ...over };
};

const ESTIMATE = {
  subjects: 0,
  calls: 0,
  exact: true,
  complete: true,
  perSecond: 8,
  seconds: 0,
  leftToday: 100,
  refusal: null,
};

function start(
  jobs: readonly Job[] = [],
  parts: readonly JobPart[] = [],
  ends: { reopen?: ReopenOutcome; cancel?: CancelOutcome } = {},
) {
  const noted: string[] = [];
  const started: StartJobInput[] = [];
  const planned: string[] = [];
  const page: JobRepository['page'] = (list, { limit, before }) =>
    Promise.resolve(
      jobs
        .filter((job) => ('state' in list ? job.status === list.state : job.taskType === list.taskType))
        .filter((job) => before === null || jobPosition(job) < before)
        .toSorted((a, b) => (jobPosition(a) < jobPosition(b) ? 1 : -1))
        .slice(0, limit),
    );
  const jobsApi = createJobsApi({
    jobById: (id) => Promise.resolve(jobs.find((job) => job.id === id)),
    pageOfRows: (_jobId, { after, outcome, limit }) => {
      const rows = ['000001', '000002', '000003']
        .map((subject, index) => ({
          subject,
          outcome: index === 1 ? 'refused' : 'new',
          message: index === 1 ? 'grade: Enter a grade from 1 to 16.' : null,
          at: '2026-11-24T20:00:00.000Z',
          line: index + 2,
        }))
        .filter((row) => (after === null || row.subject > after) && (outcome ?? row.outcome) === row.outcome);
      return Promise.resolve({ rows: rows.slice(0, limit), end: rows.length <= limit });
    },
    list: (filter, options) => listJobs({ page, taskTypes: TASK_TYPES }, filter, options),
    start: (input, actor) => {
      started.push(input);
      noted.push(`${actor.sub} started job_new`);
      return Promise.resolve(newJob('job_new', input, new Date(0)));
    },
    planSoon: (id) => {
      planned.push(id);
      return Promise.reject(new Error('the queue is not there'));
    },
    pageOfParts: (jobId, { limit, after }) =>
      Promise.resolve(
        parts.filter((part) => part.jobId === jobId && part.part > (after ?? -1)).slice(0, limit),
      ),
    reopen: (id) => Promise.resolve(ends.reopen ?? { kind: 'reopened', job: aJob(0, { id }) }),
    cancel: (id) =>
      Promise.resolve(ends.cancel ?? { kind: 'cancelled', job: aJob(0, { id, status: 'cancelled' }) }),
    estimate: ({ taskType, payload }) =>
      Promise.resolve({ ...ESTIMATE, subjects: Object.keys(payload).length, refusal: taskType }),
    bulk: {
      tasks: TASKS,
      page,
      reopen: (id, actor) => {
        noted.push(`${actor.sub} retried ${id}`);
        return Promise.resolve(ends.reopen ?? { kind: 'reopened', job: aJob(0, { id }) });
      },
      cancel: (id, actor) => {
        noted.push(`${actor.sub} canceled ${id}`);
        return Promise.resolve(ends.cancel ?? { kind: 'cancelled', job: aJob(0, { id }) });
      },
    },
    syncHealth: ({ from }) => Promise.resolve({ path: 'from', message: `Not from ${from}.` }),
    dismissAdvice: () => Promise.reject(new Error('no advice here')),
    timeZone: 'America/Los_Angeles',
    nameOf: (sub) => Promise.resolve(sub === 'coach-sub' ? 'Cora Coach' : null),
    isCoach: (coachId) => Promise.resolve(coachId === 'coach_1'),
    download: (jobId) =>
      Promise.resolve({ state: 'preparing', rows: jobId.length, url: null, message: null }),
    now: () => new Date('2026-11-24T12:00:00.000Z'),
  });
  return { api: handlersOf(serve(ROUTES, jobsApi)), started, planned, noted };
}

const request = (over: Partial<SentRequest> = {}): SentRequest => ({
  routeKey: 'GET /',
  params: {},
  query: {},
  headers: {},
  body: undefined,
  rawBody: undefined,
  requestId: 'req-1',
  remainingMs: () => 10_000,
  log: recordingLog().log,
  caller: ADMIN,
  ...over,
});

describe('one job', () => {
  const own = aJob(0, {
    startedBy: 'user:coach-sub',
    counts: { total: 3, onboarded: 2 },
    planned: true,
    done: 3,
    total: 3,
  });
  const { api } = start([own, aJob(1)]);
  const get = api['GET /api/jobs/{jobId}']!;

  test('is shown to who started it and to admins', async () => {
    const params = { jobId: 'job_0' };
    for (const caller of [COACH, ADMIN]) {
      const reply = await get(request({ params, caller }));
      expect(jobViewSchema.parse(reply.body)).toMatchObject({
        progress: { done: 3, total: 3 },
        result: { onboarded: 2 },
      });
    }
  });

  test('names who started it where an admin lists or opens it', async () => {
    const detail = await api['GET /api/admin/jobs/{id}']!(request({ params: { id: 'job_0' } }));
    expect(jobDetailSchema.parse(detail.body)).toMatchObject({ startedByName: 'Cora Coach' });
    const list = await api['GET /api/admin/jobs']!(request());
    const names = jobListSchema
      .parse(list.body)
      .items.map(({ startedBy, startedByName }) => [startedBy, startedByName]);
    expect(names).toContainEqual(['user:coach-sub', 'Cora Coach']);
    expect(names).toContainEqual(['schedule:x', null]);
  });

  test.each([
    ['somebody else’s', { params: { jobId: 'job_1' }, caller: COACH }],
    ['an unknown one', { params: { jobId: 'job_9' }, caller: ADMIN }],
    [
      'another’s, for an admin who acts as a coach',
      { params: { jobId: 'job_1' }, caller: { ...ADMIN, actingAs: 'coach_1' } },
    ],
  ])('is not found: %s', async (_, over) => {
    await expect(get(request(over))).rejects.toMatchObject({ kind: 'not_found' });
  });
});

const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 9, minute)).toISOString();

describe('all that is known of a job', () => {
  const job = aJob(0, {
    status: 'failed',
    payload: { coachId: 'coach_1', full: true },
    attempts: 2,
    planned: true,
    startedAt: at(10),
    finishedAt: at(12),
    parts: 3,
    partsDone: 3,
    partsFailed: 2,
    earlier: [{ status: 'failed', startedAt: at(0), finishedAt: at(5), error: 'It broke.', partsFailed: 3 }],
  });
  const part = (n: number, over: Partial<JobPart>): JobPart =>
    aJobPart({
      jobId: job.id,
      part: n,
      taskType: job.taskType,
      status: 'failed',
      subjects: ['cmp_a', 'cmp_b'],
      attempts: 3,
      startedAt: at(11),
      finishedAt: at(12),
      error: 'The platform was away.',
      ...over,
    });
  const once = { status: 'failed' as const, attempts: 3, finishedAt: at(5), error: 'It broke.' };
  const parts = [
    part(0, { status: 'succeeded', error: null, counts: { synced: 2 }, attempts: 1, earlier: [once] }),
    part(1, { earlier: [once] }),
    part(2, { error: 'It broke.', earlier: [once] }),
  ];
  const { api } = start([job], parts);
  const detail = async (query: Record<string, string>) => {
    const reply = await api['GET /api/admin/jobs/{id}']!(request({ params: { id: 'job_0' }, query }));
    return jobDetailSchema.parse(reply.body);
  };

  test('payload, attempts with how long each took, and causes, those of parts that are failed now first', async () => {
    expect(await detail({})).toMatchObject({
      payload: { coachId: 'coach_1', full: true },
      attempts: 2,
      durationMs: 120_000,
      partCounts: { total: 3, done: 3, failed: 2 },
      earlier: [{ status: 'failed', durationMs: 300_000, error: 'It broke.', partsFailed: 3 }],
      causes: [
        { cause: 'It broke.', parts: 3, failedNow: 1 },
        { cause: 'The platform was away.', parts: 1, failedNow: 1 },
      ],
    });
  });

  test('its parts page after page', async () => {
    const first = await detail({ limit: '2' });
    expect(first.parts.items).toMatchObject([
      { number: 1, status: 'succeeded', attempts: 4, counts: { synced: 2 }, done: 2, durationMs: 60_000 },
      { number: 2, status: 'failed', attempts: 6, error: 'The platform was away.' },
    ]);
    const second = await detail({ limit: '2', cursor: first.parts.nextCursor ?? '' });
    expect(second.parts).toMatchObject({ items: [{ number: 3 }], nextCursor: null });
  });
});

describe('trying again and cancelling', () => {
  const refusal = { code: 'JOB_UNDER_WAY', detail: 'This job is under way.' };
  const params = { id: 'job_0' };

  test('are answered with where to follow the job, and with its state', async () => {
    const { api, planned } = start();
    expect(await api['POST /api/admin/jobs/{id}/retry']!(request({ params }))).toMatchObject({
      status: 202,
      body: { jobId: 'job_0' },
      headers: { location: '/api/jobs/job_0' },
    });
    expect(planned).toEqual(['job_0']);
    const reply = await api['POST /api/admin/jobs/{id}/cancel']!(request({ params }));
    expect(reply).toMatchObject({ status: 200, body: { id: 'job_0', status: 'cancelled' } });
  });

  test('are refused with a code and a sentence, and plan nothing', async () => {
    const refused = { kind: 'refused', refusal } as const;
    const { api, planned } = start([], [], { reopen: { ...refused, job: aJob(0) }, cancel: refused });
    for (const key of ['POST /api/admin/jobs/{id}/retry', 'POST /api/admin/jobs/{id}/cancel'] as const) {
      await expect(api[key]!(request({ params }))).rejects.toMatchObject({ kind: 'conflict', ...refusal });
    }
    expect(planned).toEqual([]);
  });

  test('find only jobs that are there', async () => {
    const none = { kind: 'not_found' } as const;
    const { api } = start([], [], { reopen: none, cancel: none });
    for (const key of ['POST /api/admin/jobs/{id}/retry', 'POST /api/admin/jobs/{id}/cancel'] as const) {
      await expect(api[key]!(request({ params }))).rejects.toMatchObject({ kind: 'not_found' });
    }
  });
});

describe('acting on all jobs that a filter shows', () => {
  const type = 'game_platform_sync';
  const jobs = [
    aJob(1, { taskType: type, status: 'failed' }),
    aJob(2, { taskType: type, status: 'cancelled', startedBy: 'user:ada' }),
    aJob(3, { taskType: type, status: 'succeeded' }),
    aJob(4, { taskType: type, status: 'running' }),
    aJob(5, { taskType: 'job_cleanup', status: 'failed' }),
    aJob(6, { taskType: 'privacy_erasure', status: 'pending' }),
  ];
  const count = async (query: Record<string, string>) =>
    (await start(jobs).api['GET /api/admin/jobs/bulk']!(request({ query }))).body;

  test.each([
    ['a type', { act: 'retry', type }, { count: 2, states: { failed: 1, cancelled: 1 } }],
    ['a state', { act: 'retry', status: 'failed' }, { count: 2, states: { failed: 2 } }],
    ['a type and a state', { act: 'retry', type, status: 'failed' }, { count: 1, states: { failed: 1 } }],
    ['who started them', { act: 'retry', by: 'people' }, { count: 1, states: { cancelled: 1 } }],
    ['a state that the act is not for', { act: 'retry', status: 'succeeded' }, { count: 0, states: {} }],
    ['those to be canceled', { act: 'cancel', by: 'schedules' }, { count: 1, states: { running: 1 } }],
    ['nothing', { act: 'retry' }, { count: 0, states: {} }],
  ])('counts by %s only those that it is for', async (_, query, counts) => {
    expect(await count(query)).toEqual(counts);
  });

  test('does it for those that were counted, each with its own entry, and asks for the retried to be planned', async () => {
    const { api, noted, planned } = start(jobs);
    const body = { act: 'retry', filter: { type }, expected: 2 };
    const reply = await api['POST /api/admin/jobs/bulk']!(request({ body }));
    expect(reply).toMatchObject({ status: 200, body: { done: 2, refused: [], left: 0 } });
    expect(noted).toEqual(['admin-1 retried job_1', 'admin-1 retried job_2']);
    expect(planned).toEqual(['job_1', 'job_2']);
  });

  test('names the jobs that cannot be retried after all', async () => {
    const refusal = { code: 'JOB_UNDER_WAY', detail: 'This job is under way.' };
    const { api, planned } = start(jobs, [], { reopen: { kind: 'refused', job: aJob(0), refusal } });
    const body = { act: 'retry', filter: { type, status: 'failed' }, expected: 1 };
    const reply = await api['POST /api/admin/jobs/bulk']!(request({ body }));
    expect(reply.body).toMatchObject({ done: 0, refused: [{ jobId: 'job_1', detail: refusal.detail }] });
    expect(planned).toEqual([]);
  });

  test.each([
    ['another number of jobs', { act: 'retry', filter: { type }, expected: 3 }, 'JOBS_CHANGED'],
    ['no filter', { act: 'retry', filter: {}, expected: 3 }, 'VALIDATION_FAILED'],
    ['an unknown filter', { act: 'retry', filter: { kind: type }, expected: 3 }, 'VALIDATION_FAILED'],
    ['no expected number', { act: 'retry', filter: { type } }, 'VALIDATION_FAILED'],
  ])('does nothing for %s', async (_, body, code) => {
    const { api, noted } = start(jobs);
    await expect(api['POST /api/admin/jobs/bulk']!(request({ body }))).rejects.toMatchObject({ code });
    expect(noted).toEqual([]);
  });

  test('does nothing for more jobs than may be done at once', async () => {
    const many = Array.from({ length: 101 }, (__, n) => aJob(n, { status: 'failed' }));
    const { api, noted } = start(many);
    const query = { act: 'retry', status: 'failed' };
    expect((await api['GET /api/admin/jobs/bulk']!(request({ query }))).body).toEqual({
      count: null,
      states: {},
    });
    const body = { act: 'retry', filter: { status: 'failed' }, expected: 100 };
    await expect(api['POST /api/admin/jobs/bulk']!(request({ body }))).rejects.toMatchObject({
      code: 'TOO_MANY_JOBS',
    });
    expect(noted).toEqual([]);
  });
});

describe('the rows of a job', () => {
  const { api } = start([aJob(0, { startedBy: 'user:coach-sub' })]);
  const rows = async (query: Record<string, string>, caller = COACH) => {
    const reply = await api['GET /api/jobs/{jobId}/rows']!(
      request({ params: { jobId: 'job_0' }, query, caller }),
    );
    return jobRowListSchema.parse(reply.body);
  };

  test('are told page after page, or those of one outcome only', async () => {
    const first = await rows({ limit: '2' });
    expect(first.items.map(({ line, outcome }) => [line, outcome])).toEqual([
      [2, 'new'],
      [3, 'refused'],
    ]);
    const second = await rows({ limit: '2', cursor: first.nextCursor ?? '' });
    expect(second).toMatchObject({ items: [{ subject: '000003' }], nextCursor: null });
    expect((await rows({ outcome: 'refused' })).items).toMatchObject([
      { message: 'grade: Enter a grade from 1 to 16.', competitorId: null, fields: [] },
    ]);
  });

  test('are not shown to others', async () => {
    await expect(rows({}, { ...COACH, sub: 'somebody-else' })).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('the list of jobs', () => {
  const jobs = Array.from({ length: 25 }, (_, n) =>
    aJob(n, { status: n % 4 === 0 ? 'failed' : 'succeeded' }),
  );
  const { api } = start(jobs);

  async function all(query: Record<string, string>): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Record<string, string> = cursor === null ? query : { ...query, cursor };
      const reply = await api['GET /api/admin/jobs']!(request({ query: { ...page, limit: '4' } }));
      const list = jobListSchema.parse(reply.body);
      ids.push(...list.items.map((job) => job.id));
      cursor = list.nextCursor;
    } while (cursor !== null);
    return ids;
  }
  const newestFirst = (keep: (job: Job) => boolean) =>
    jobs
      .filter(keep)
      .toReversed()
      .map((job) => job.id);

  test('holds every job once, newest first, page by page', async () => {
    expect(await all({})).toEqual(newestFirst(() => true));
  });
  test('is narrowed by state, by type, by both', async () => {
    const type = 'game_platform_totals_sweep';
    expect(await all({ status: 'failed' })).toEqual(newestFirst((job) => job.status === 'failed'));
    expect(await all({ type })).toEqual(newestFirst((job) => job.taskType === type));
    expect(await all({ type, status: 'failed' })).toEqual(
      newestFirst((job) => job.taskType === type && job.status === 'failed'),
    );
  });
  test('refuses an unknown state', async () => {
    await expect(all({ status: 'stuck' })).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('starting a job', () => {
  test('is answered 202 with its id, also when the queue cannot be reached just then', async () => {
    const { api, started, planned, noted } = start();
    const body = {
      taskType: 'game_platform_sync',
      payload: { coachId: 'coach_1', full: true },
      runAt: '2026-11-24T10:00:00+01:00',
    };
    const reply = await api['POST /api/admin/jobs']!(request({ body, idempotencyId: 'idem1' }));
    expect(reply).toMatchObject({ status: 202, body: { jobId: 'job_new' } });
    expect(started).toEqual([
      {
        taskType: 'game_platform_sync',
        payload: { coachId: 'coach_1', full: true },
        startedBy: 'user:admin-1',
        notBefore: '2026-11-24T09:00:00.000Z',
        idempotencyId: 'idem1',
      },
    ]);
    expect(planned).toEqual(['job_new']);
    expect(noted).toEqual(['admin-1 started job_new']);
  });

  test.each([
    ['an unknown type', { taskType: 'reboot' }, 'taskType'],
    ['an unknown option', { taskType: 'game_platform_sync', payload: { everyone: true } }, 'payload'],
    [
      'a coach and people',
      { taskType: 'game_platform_sync', payload: { coachId: 'c', competitorIds: ['x'] } },
      'payload.competitorIds',
    ],
    [
      'a limit of nothing',
      { taskType: 'game_platform_totals_sweep', payload: { limit: 0 } },
      'payload.limit',
    ],
    ['onboarding nobody in particular', { taskType: 'onboard_competitors' }, 'payload.competitorIds'],
  ])('is refused with the field named: %s', async (_, body, path) => {
    const { api, started } = start();
    await expect(api['POST /api/admin/jobs']!(request({ body }))).rejects.toMatchObject({
      kind: 'invalid',
      extra: { errors: [{ path }] },
    });
    expect(started).toEqual([]);
  });
});

test('an estimate is of what could be started, and starts nothing', async () => {
  const { api, started } = start();
  const body = { taskType: 'game_platform_sync', payload: { coachId: 'coach_1' } };
  const reply = await api['POST /api/admin/jobs/estimate']!(request({ body }));
  expect(reply).toMatchObject({ status: 200, body: { subjects: 2, refusal: 'game_platform_sync' } });
  await expect(
    api['POST /api/admin/jobs/estimate']!(request({ body: { taskType: 'privacy_erasure' } })),
  ).rejects.toMatchObject({ kind: 'invalid' });
  expect(started).toEqual([]);
});

describe('reading scores now', () => {
  const sync = 'POST /api/game-platform/scores/sync';

  test.each([
    ['of everyone', {}, { dryRun: false, full: false }],
    ['of a coach', { coachId: 'coach_1', full: true }, { coachId: 'coach_1', dryRun: false, full: true }],
    ['as a dry run', { dryRun: true }, { dryRun: true, full: false }],
  ])('starts the score sync: %s', async (_, body, payload) => {
    const { api, started, planned } = start();
    expect(await api[sync]!(request({ body }))).toMatchObject({ status: 202, body: { jobId: 'job_new' } });
    expect(started).toMatchObject([
      { taskType: 'game_platform_sync', payload, startedBy: 'user:admin-1', notBefore: null },
    ]);
    expect(planned).toEqual(['job_new']);
  });

  test('of a coach who is not there is not found, and what it does not know is refused', async () => {
    const { api, started } = start();
    await expect(api[sync]!(request({ body: { coachId: 'coach_9' } }))).rejects.toMatchObject({
      kind: 'not_found',
    });
    await expect(api[sync]!(request({ body: { competitorIds: ['cmp_1'] } }))).rejects.toMatchObject({
      kind: 'invalid',
    });
    expect(started).toEqual([]);
  });
});

describe('runs of the score sync', () => {
  test('leave dry runs out', async () => {
    const run = { taskType: 'game_platform_sync' };
    const { api } = start([aJob(1, run), aJob(2, { ...run, payload: { dryRun: true } })]);
    const page = syncRunListSchema.parse((await api['GET /api/admin/sync-runs']!(request())).body);
    expect(page.items.map(({ id }) => id)).toEqual(['job_1']);
  });

  const jobs = Array.from({ length: 2 * TASK_TYPES.length }, (_, n) => aJob(n));

  test('are a list of their own, newest first, page after page', async () => {
    const { api } = start(jobs);
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: Record<string, string> = { limit: '2', ...(cursor === '' ? {} : { cursor }) };
      const page = syncRunListSchema.parse((await api['GET /api/admin/sync-runs']!(request({ query }))).body);
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    const wanted = jobs.filter(({ taskType }) => (SYNC_TASKS as readonly string[]).includes(taskType));
    expect(ids).toEqual(wanted.map(({ id }) => id).toReversed());
  });

  test('can be of one type', async () => {
    const { api } = start(jobs);
    const query = { type: 'game_platform_totals_sweep' };
    const page = syncRunListSchema.parse((await api['GET /api/admin/sync-runs']!(request({ query }))).body);
    expect(page.items.map(({ taskType }) => taskType)).toEqual([
      'game_platform_totals_sweep',
      'game_platform_totals_sweep',
    ]);
  });
});

test('runs of some days are those that began on them, by the program’s calendar', async () => {
  const times = [
    '2026-11-24T07:59:00.000Z',
    '2026-11-24T08:00:00.000Z',
    '2026-11-25T07:59:00.000Z',
    '2026-11-25T08:00:00.000Z',
  ];
  const { api } = start(
    times.map((createdAt) => aJob(0, { id: `job_${createdAt}`, taskType: 'game_platform_sync', createdAt })),
  );
  const query = { from: '2026-11-24', to: '2026-11-24', limit: '2' };
  const ids: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const asked = { ...query, ...(cursor === '' ? {} : { cursor }) };
    const reply = await api['GET /api/admin/sync-runs']!(request({ query: asked }));
    const page = syncRunListSchema.parse(reply.body);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(ids).toEqual(['job_2026-11-25T07:59:00.000Z', 'job_2026-11-24T08:00:00.000Z']);
});

test('a range that sync health cannot be told of is refused with the field named', async () => {
  const { api } = start();
  const asked = api['GET /api/admin/sync-health']!(request({ query: { from: '2026-11-24' } }));
  await expect(asked).rejects.toMatchObject({ kind: 'invalid', extra: { errors: [{ path: 'from' }] } });
});
