import { expect, test } from 'vitest';
import { dispatchDue, type DispatchDeps } from '#shared/jobs/dispatch-due.ts';
import type { Job, JobPart } from '#shared/jobs/job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { createLog } from '#shared/kernel/log.ts';
import { createJobRepository, type JobRepository } from '#shared/jobs/job-repository.ts';
import { useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();
const MINUTE = 60_000;
const START = Date.parse('2026-11-03T18:00:00.000Z');

const plan = () => Promise.resolve({ subjects: ['cmp_a'], next: null });

async function aWorld() {
  const repository = createJobRepository(await newTable());
  const world = { now: new Date(START), hints: [] as JobPart[], finished: [] as Job[] };
  const input = {
    taskType: 'game_platform_sync',
    payload: { competitorIds: ['cmp_a'] },
    startedBy: 'user:sub-1',
  } as const;
  await repository.create(newJob('job_1', input, world.now));

  /** A round of the dispatcher, some minutes after the job was made. */
  const dispatch = (
    minutes: number,
    jobs: Partial<JobRepository> = {},
    planner: () => Promise<{ subjects: string[]; next: null }> = plan,
  ) => {
    world.now = new Date(START + minutes * MINUTE);
    const deps: DispatchDeps = {
      jobs: { ...repository, ...jobs },
      planPage: planner,
      suspension: () => Promise.resolve(null),
      sendWakeUps: (parts) => {
        world.hints.push(...parts);
        return Promise.resolve();
      },
      onFinished: (job) => {
        world.finished.push(job);
      },
      now: () => world.now,
      log: createLog(() => undefined),
    };
    return dispatchDue(deps, () => 60_000);
  };

  /** The part is written, and nobody hears of it. */
  const addPart: JobRepository['addPart'] = async (...part) => {
    await repository.addPart(...part);
    throw new Error('Connection timed out');
  };
  return { world, dispatch, addPart, job: () => repository.byId('job_1') };
}

const broken = () => Promise.reject(new Error('This planner never works.'));

test('a job that cannot be planned is given up after half an hour, with a sentence that says so', async () => {
  const { world, dispatch, job } = await aWorld();
  await dispatch(1, {}, broken);
  await dispatch(30, {}, broken);
  expect(await job()).toMatchObject({ status: 'running' });
  await dispatch(32, {}, broken);
  expect(await job()).toMatchObject({ status: 'failed', error: expect.stringMatching(/^The job could not/) });
  expect(world.finished).toMatchObject([{ id: 'job_1', status: 'failed' }]);
});

test('a job that waited long for its first round is not given up at the first trouble', async () => {
  const { dispatch, job } = await aWorld();
  await dispatch(45, {}, broken);
  expect(await job()).toMatchObject({ status: 'running' });
  await dispatch(46);
  expect(await job()).toMatchObject({ status: 'running', planned: true, parts: 1 });
});

test('a job whose last part was written after all is not given up', async () => {
  const { world, dispatch, addPart, job } = await aWorld();
  await dispatch(1, {}, broken);
  await dispatch(40, { addPart });
  expect(await job()).toMatchObject({ status: 'running', planned: true, parts: 1 });
  await dispatch(51);
  expect(world.hints).toMatchObject([{ part: 0, subjects: ['cmp_a'] }]);
  expect(world.finished).toEqual([]);
});
