import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { competitorListSchema } from '#shared/competitors/contract.ts';
import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import { createBudgetRepository } from '#shared/game-platform/budget/budget-repository.ts';
import { closedBreaker, type Breaker } from '#shared/game-platform/budget/budget-state.ts';
import { keys } from '#shared/table/keys.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { itemsOf } from '#test/support/dynamodb.ts';
import { busiest } from '#test/shared/game-platform/budget/budget-world.ts';
import { FULL } from '#test/support/effort.ts';
import { ADMIN, apiOf, COACH, finished, until, useLocalStack, type Api } from '#test/support/stack.ts';

/** Longer than a worker keeps settings and switch in mind. */
const SETTINGS_SEEN_MS = 11_000;
/** What a worker has leased already it may use up, and a call takes a moment to arrive. */
const LEASED_MS = 1_300;
/** How long the breaker rests in `npm test`, after what its test does meanwhile. */
const REST_MS = 5_000;

const sleep = (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/**
 * The vendor's budget, shared by functions that know nothing of each other. What counts is the simulator's log. In
 * `npm test`, workers that know the new settings take the place of those that would see them within ten seconds, the
 * minute's dispatch comes every second, and the breaker's time is cut short; `npm run test:long` waits for all that.
 */
describe('The call budget', () => {
  const stack = useLocalStack();
  let admin: Api;
  let coach: Api;
  let readable: string[];
  let mover: { readonly id: string; readonly teamIds: readonly string[] };
  let moves = 0;

  beforeAll(async () => {
    simulator().model.setSpeed(0);
    [coach, admin] = await Promise.all([apiOf(stack(), COACH), apiOf(stack(), ADMIN)]);
    const { items } = competitorListSchema.parse((await coach('GET', '/api/competitors?limit=200')).body);
    const people = items.filter((one) => one.active && one.gamePlatform.accountStatus === 'approved');
    readable = people.map(({ id }) => id).slice(0, 20);
    const teams = (await coach('GET', '/api/teams')).body.items.map(({ id }: { id: string }) => id);
    const id = people.find(({ team }) => team !== null)?.id;
    if (id === undefined) throw new Error('The demo has nobody on a team.');
    mover = { id, teamIds: teams.slice(0, 2) };
    // Something of the day's calls is spent before the budget is made small.
    await finished(admin, await startSync());
  });
  afterEach(() => {
    simulator().faults.clear();
  });

  function simulator() {
    const { simulator: running } = stack().gamePlatform;
    if (running === undefined) throw new Error('These tests need the simulator.');
    return running;
  }
  const state = () => createBudgetRepository(stack().table).state();
  /** Changes settings and waits until every worker has them. */
  const set = async (change: Partial<SyncSettings>): Promise<void> => {
    const settings = createSettingsRepository(stack().table);
    const row = await settings.syncSettings();
    const next = { ...row, version: row.version + 1, settings: { ...row.settings, ...change } };
    expect(await settings.saveSyncSettings(next)).toBe(true);
    if (FULL) await sleep(SETTINGS_SEEN_MS);
    else stack().renewFunctions();
  };
  /** The job's end, and whatever else has to wait for the dispatcher. */
  const ended = <T>(work: Promise<T>): Promise<T> => (FULL ? work : stack().dispatching(work));
  const withBreaker = async (change: (breaker: Breaker) => Breaker): Promise<void> => {
    const budget = createBudgetRepository(stack().table);
    for (;;) {
      const row = await budget.state();
      if (row === undefined) throw new Error('No call was made yet.');
      const next = { ...row, version: row.version + 1, breaker: change(row.breaker) };
      if ((await budget.replace(next, null)) === null) return;
    }
  };
  /** Lets an open breaker end its rest soon. */
  const endRestSoon = (): Promise<void> =>
    withBreaker((breaker) => {
      if (breaker.kind !== 'open') throw new Error('The breaker is not open.');
      return { ...breaker, until: Date.now() + REST_MS };
    });
  const startSync = async (): Promise<string> => {
    const payload = { competitorIds: readable };
    const started = await admin('POST', '/api/admin/jobs', {
      body: { taskType: 'game_platform_sync', payload },
    });
    expect(started.status).toBe(202);
    return started.body.jobId;
  };
  const teamOnPlatform = () =>
    simulator()
      .model.platform.teamAssignments()
      .assignments.find((one) => one.syned_user_id === mover.id)?.syned_team_id;
  /** A coach moves somebody; resolves when the platform has it. */
  const move = async (): Promise<void> => {
    moves += 1;
    const current = teamOnPlatform();
    const teamId = mover.teamIds.find((id) => id !== current);
    const answer = await coach('PUT', `/api/teams/${teamId}/members/${mover.id}`);
    expect(answer.status).toBe(200);
    await until(
      () => Promise.resolve(teamOnPlatform()),
      (there) => there === teamId,
      `move ${moves} on the platform`,
    );
  };
  const requests = () => simulator().requests.since();
  const startsOf = () => requests().map(({ startedAt }) => startedAt);

  it('keeps a low rate over two functions together', async () => {
    await set({ callsPerSecond: 4 });
    simulator().requests.clear();
    const jobId = await startSync();
    await ended(Promise.all([finished(admin, jobId), move()]));
    expect(requests().length).toBeGreaterThan(readable.length);
    // Five seconds at once: on a busy machine a request is heard late, and two then seem to come together.
    expect(busiest(startsOf(), 5_000)).toBeLessThanOrEqual(20);
    await set({ callsPerSecond: 1_000 });
  });

  it('keeps the silence everywhere that the platform asked one for', async () => {
    simulator().requests.clear();
    const seconds = FULL ? 8 : 4;
    simulator().faults.add({
      kind: 'rateLimited',
      endpoint: 'GET /scores/get_odl_scores',
      times: 1,
      retryAfter: 'seconds',
      seconds,
    });
    const jobId = await startSync();
    const asked = await until(
      () => Promise.resolve(requests().find(({ status }) => status === 429)?.endedAt),
      (endedAt) => endedAt !== undefined,
      'the request for silence',
    );
    const from = asked ?? 0;
    const both = Promise.all([finished(admin, jobId), move()]);
    if (!FULL) {
      // A member who is woken while workers still keep the silence sleeps on for two minutes.
      await sleep(from + seconds * 1_000 - Date.now());
      stack().renewFunctions();
    }
    await ended(both);
    const during = startsOf().filter((at) => at > from + LEASED_MS && at < from + seconds * 1_000);
    expect(during).toEqual([]);
    expect((await admin('GET', `/api/jobs/${jobId}`)).body).toMatchObject({ status: 'succeeded' });
  });

  it('lets reads wait when their share of the day is spent, while rosters go on', async () => {
    const spent = (await state())?.spent ?? 0;
    expect(spent).toBeGreaterThan(50);
    await set({ dailyCallBudget: 2 * spent, rosterReserve: { perSecond: 0.2, perDay: 0.5 } });
    simulator().requests.clear();
    const jobId = await startSync();
    await move();
    await sleep(3_000);
    const reads = new Set(readable.filter((id) => id !== mover.id));
    expect(requests().filter(({ synedUserId }) => reads.has(synedUserId ?? ''))).toEqual([]);
    expect((await admin('GET', `/api/jobs/${jobId}`)).body.finishedAt).toBeNull();
    const parts = (await itemsOf(stack().table, keys.job(jobId).pk)).filter(({ sk }) =>
      String(sk).startsWith('PART#'),
    );
    expect(parts.map(({ attempts, status }) => ({ attempts, status }))).toEqual([
      { attempts: 0, status: 'pending' },
    ]);

    await set({ dailyCallBudget: 1_000_000 });
    const job = await ended(finished(admin, jobId));
    expect(job.result).toMatchObject({ total: readable.length, failed: 0 });
  });

  it('stops all calls when the platform keeps failing, and goes on after one trial', async () => {
    simulator().requests.clear();
    // The answers of the tests before would weigh against these failures for a minute.
    await withBreaker(() => closedBreaker(Date.now()));
    simulator().faults.add({ kind: 'serverError', status: 500 });
    const jobId = await startSync();
    await until(state, (row) => row?.breaker.kind === 'open', 'the open breaker');
    if (!FULL) await endRestSoon();
    const opened = await state();
    const { breaker } = opened ?? {};
    if (breaker?.kind !== 'open') throw new Error('The breaker is not open.');
    simulator().faults.clear();
    await ended(finished(admin, jobId));
    const calls = requests();
    const resting = calls.filter(
      ({ startedAt }) => startedAt > breaker.since + LEASED_MS && startedAt < breaker.until,
    );
    expect(resting).toEqual([]);
    const [trial, next] = calls.filter(({ startedAt }) => startedAt >= breaker.until);
    expect(trial?.status).toBeLessThan(300);
    expect(next?.startedAt).toBeGreaterThanOrEqual(trial?.endedAt ?? Number.POSITIVE_INFINITY);
    expect(await state()).toMatchObject({ breaker: { kind: 'closed' } });
  });
});
