import { beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '#shared/jobs/contract.ts';
import { syncHealthSchema } from '#shared/score-sync/contract.ts';
import { flashEventId } from '#shared/score-sync/solve-mapping.ts';
import { keys } from '#shared/table/keys.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { itemsOf } from '#test/support/dynamodb.ts';
import { ADMIN, apiOf, finished, runJob, until, useLocalStack, type Api } from '#test/support/stack.ts';

/** What the vendor does to scores afterwards, against the synthesized app. */
describe('Score sync', () => {
  const stack = useLocalStack();
  let admin: Api;
  let people: string[];
  beforeAll(async () => {
    // From here on only what a test gives is solved.
    model().setSpeed(0);
    admin = await apiOf(stack(), ADMIN);
    const { body } = await admin('GET', '/api/competitors?status=complete&limit=200');
    people = body.items
      .filter(
        (one: { gamePlatform: { accountStatus: string }; active: boolean }) =>
          one.gamePlatform.accountStatus === 'approved' && one.active,
      )
      .map((one: { id: string }) => one.id)
      .slice(0, 22);
    await read({ full: true });
  });

  function model() {
    const { simulator } = stack().gamePlatform;
    if (simulator === undefined) throw new Error('These tests need the simulator.');
    return simulator.model;
  }
  const read = (options: { full?: boolean; of?: string[] } = {}): Promise<JobView> =>
    runJob(admin, 'game_platform_sync', {
      competitorIds: options.of ?? people,
      full: options.full ?? false,
    });
  const rowsOf = (id: string) => itemsOf(stack().table, keys.competitorPartition(id));
  const standing = async (id: string, source: 'odl' | 'ctf' = 'odl') =>
    (await rowsOf(id)).filter(
      (row) => row['type'] === 'solve' && row['source'] === source && row['revokedAt'] === undefined,
    );
  const statsOf = async (id: string) => (await rowsOf(id)).find((row) => row['type'] === 'stats');
  /** A competitor with enough solves that one of them is no mass of them. */
  const solver = async (place: number): Promise<string> => {
    const solvers = people.filter((id) => model().platform.odlScores(id).total_challenges_solved >= 6);
    const id = solvers[place];
    if (id === undefined) throw new Error('The demo has too few people who solved something.');
    return id;
  };
  const inStep = async (id: string) => {
    const { total_challenges_solved: solves, total_points: points } = model().platform.odlScores(id);
    expect(await standing(id)).toHaveLength(solves);
    expect(await statsOf(id)).toMatchObject({ storedOdl: solves, storedOdlPoints: points });
  };

  it('counts one new solve among 22 people as one synced and 21 skipped', async () => {
    await read();
    model().addSolve({ synedUserId: people[3] ?? '', at: model().now() - 60 });
    expect((await read()).result).toEqual({ total: 22, synced: 1, skipped: 21, failed: 0 });
  });

  it('says why a competitor was read, lists the run, and shows the calls that it took', async () => {
    const [id = ''] = people;
    const job = await read({ of: [id] });
    const { lastRead } = (await admin('GET', `/api/competitors/${id}`)).body;
    expect(lastRead.because).toMatch(/^Read because [a-z ]+\.$/);
    expect(lastRead.at >= job.createdAt).toBe(true);
    const { items } = (await admin('GET', '/api/admin/sync-runs?limit=200')).body;
    expect(items.find((run: { id: string }) => run.id === job.id)).toMatchObject({
      status: 'succeeded',
      counts: { total: 1 },
      errorShare: 0,
    });
    const health = syncHealthSchema.parse((await admin('GET', '/api/admin/sync-health')).body);
    const calls = health.calls.days.at(-1)?.byPurpose ?? [];
    expect(calls.find(({ purpose }) => purpose === 'score_sync')?.calls).toBeGreaterThan(0);
  });

  it('keeps solves of one id in two Flash CTFs and in ODL, at the same second', async () => {
    const id = people[0] ?? '';
    const now = model().now();
    const at = now - 5 * 86_400;
    const events = ['One', 'Two'].map((name) =>
      model().scheduleFlashCtf({ name: `Collision ${name}`, start: at - 600, end: at + 600 }),
    );
    const solve = { challenge_solve_id: 4711 };
    model().addSolve({ synedUserId: id, at, solve });
    for (const { key } of events)
      model().addSolve({ synedUserId: id, source: 'flash_ctf', event: key, at, solve });
    await read({ of: [id], full: true });
    const stored = (await rowsOf(id)).filter((row) => row['type'] === 'solve' && row['solveId'] === 4711);
    expect(new Set(stored.map((row) => row['sk'])).size).toBe(3);
    expect(new Set(stored.map((row) => row['solvedAt'])).size).toBe(1);
  });

  it('finds a solve that came late, far behind the cursor, by the totals', async () => {
    const id = await solver(0);
    await read({ of: [id] });
    model().addSolve({ synedUserId: id, at: model().now() - 30 * 86_400 });
    // A newer one flags the totals.
    model().addSolve({ synedUserId: id, at: model().now() - 10 });
    await read({ of: [id] });
    const sweep = await runJob(admin, 'game_platform_totals_sweep', { limit: 1000 });
    expect(sweep.result?.['healed']).toBeGreaterThanOrEqual(1);
    await inStep(id);
  });

  it('withdraws and corrects what the platform withdraws and corrects, keeps the history, and informs the coach', async () => {
    const id = await solver(1);
    await read({ of: [id], full: true });
    const [first, second] = model().platform.odlScores(id).challenge_solves;
    const refOf = (solve: typeof first) => ({
      source: 'odl' as const,
      event: '',
      solveId: solve?.challenge_solve_id ?? 0,
    });
    model().revokeSolve(id, refOf(first));
    model().correctPoints(id, refOf(second), (second?.challenge_points ?? 0) + 5);
    const job = await read({ of: [id], full: true });
    expect(job.result).toEqual({ total: 1, synced: 0, corrected: 1, skipped: 0, failed: 0 });
    await inStep(id);

    const history = (await rowsOf(id)).filter((row) => row['type'] === 'solve_history');
    expect(
      new Set(
        history.map((row) => `${String(row['kind'])} ${String(row['solveId'])} ${String(row['jobId'])}`),
      ),
    ).toEqual(
      new Set([
        `corrected ${second?.challenge_solve_id} ${job.id}`,
        `revoked ${first?.challenge_solve_id} ${job.id}`,
      ]),
    );
    const coachId = String((await statsOf(id))?.['coachId']);
    const lines = (await itemsOf(stack().table, `ACTIVITY#${coachId}`)).filter(
      (line) => line['actor'] === `job:${job.id}`,
    );
    expect(new Set(lines.map((line) => line['kind']))).toEqual(
      new Set(['solves_corrected', 'solves_withdrawn']),
    );
  });

  it('does not believe at once a platform that forgot a competitor', async () => {
    const id = await solver(2);
    await read({ of: [id], full: true });
    const before = (await standing(id)).length;
    model().resetScores(id);
    for (let again = 0; again < 2; again += 1) await read({ of: [id], full: true });
    expect(await standing(id)).toHaveLength(before);
    expect(await statsOf(id)).toMatchObject({ storedOdl: before, heldOdl: { count: before } });
  });

  it('has everyone’s Flash CTFs read once a sentinel was seen in a new one, and reads it again as it grows', async () => {
    const now = model().now();
    const event = model().scheduleFlashCtf({ name: 'Surprise', start: now - 600, end: now + 7200 });
    const eventId = flashEventId('Surprise', now - 600);
    for (const id of people)
      model().addSolve({ synedUserId: id, source: 'flash_ctf', event: event.key, at: now });
    await runJob(admin, 'game_platform_flash_ctf_sync');
    await until(
      async () => (await admin('GET', `/api/jobs/job_flash-${eventId}`)).status,
      (status) => status === 200,
      'the job for the new event',
    );
    // Which would come within a minute.
    stack().dispatch();
    await finished(admin, `job_flash-${eventId}`);
    const resultOf = async (id: string) =>
      (await rowsOf(id)).find((row) => row['type'] === 'flash_result' && row['eventId'] === eventId);
    for (const id of people) expect(await resultOf(id)).toMatchObject({ solved: expect.any(Number) });

    const id = people[5] ?? '';
    model().addSolve({ synedUserId: id, source: 'flash_ctf', event: event.key, at: model().now() });
    const shown = () =>
      model()
        .platform.flashCtfProgress(id)
        .flash_ctfs.find((one) => one.flash_ctf_name === 'Surprise');
    const before = shown();
    await read({ of: [id], full: true });
    const result = await resultOf(id);
    expect(result).toMatchObject({ solved: shown()?.challenges_solved });
    // Others go on solving, so that the rank may have moved since it was read.
    const ranks = [before?.rank ?? 0, shown()?.rank ?? 0];
    expect(result?.['rank']).toBeGreaterThanOrEqual(Math.min(...ranks));
    expect(result?.['rank']).toBeLessThanOrEqual(Math.max(...ranks));
  });

  it('switched off in the middle calls no one; switched on again it ends, with nothing lost or dead-lettered', async () => {
    const settings = createSettingsRepository(stack().table);
    const by = { changedAt: null, changedBy: null };
    await settings.saveProcessing({ enabled: false, reason: 'Vendor maintenance', ...by });
    stack().renewFunctions();
    const { simulator } = stack().gamePlatform;
    simulator?.requests.clear();
    model().addSolve({ synedUserId: people[7] ?? '', at: model().now() - 5 });
    const started = await admin('POST', '/api/admin/jobs', {
      body: { taskType: 'game_platform_sync', payload: { competitorIds: people } },
    });
    const job = await until(
      async (): Promise<JobView> => (await admin('GET', `/api/jobs/${started.body.jobId}`)).body,
      ({ progress }) => progress.total === 22,
      'the plan of the job',
    );
    expect(job).toMatchObject({ status: 'running', progress: { done: 0 } });
    expect(simulator?.requests.since()).toEqual([]);

    await settings.saveProcessing({ enabled: true, reason: null, ...by });
    stack().renewFunctions();
    stack().dispatch();
    expect((await finished(admin, job.id)).result).toMatchObject({ total: 22, synced: 1, failed: 0 });
  });

  it('has made no call that AWS would have refused, and no error', () => {
    expect(stack().aws.refusals()).toEqual([]);
    expect(stack().events.filter((event) => event.event === 'log' && event.level === 'error')).toEqual([]);
  });
});
