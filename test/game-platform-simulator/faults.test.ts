import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { challengeSolveSchema, userResponseSchema } from '#shared/game-platform/vendor-contract.ts';
import type { FaultInput } from './faults.ts';
import { NOW, populate, send, simulator, USER } from './testing.ts';

const SCORES = 'GET /scores/get_odl_scores';
const SCORES_OF_1 = `${SCORES}?syned_user_id=student-1`;

/** A platform with two students, and these faults on. */
async function faulty(...faults: readonly FaultInput[]) {
  const platform = await simulator();
  populate(platform.model, 2, { profile: 'active' });
  for (const fault of faults) {
    platform.faults.add(fault);
  }
  return platform;
}

interface Scores {
  readonly total_challenges_solved: number;
  readonly challenge_solves: readonly unknown[];
}
const scoresOf = async (answer: Response): Promise<Scores> => (await answer.json()) as Scores;

async function thirtyByChance(): Promise<number[]> {
  const platform = await faulty({ kind: 'serverError', probability: 0.5 });
  const statuses: number[] = [];
  for (let call = 0; call < 30; call += 1) {
    statuses.push((await send(platform, SCORES_OF_1)).status);
  }
  return statuses;
}

describe('a fault', () => {
  it('hits as often as told, after those that it lets pass', async () => {
    const platform = await faulty({ kind: 'serverError', skip: 1, times: 2 });
    const statuses: number[] = [];
    for (let call = 0; call < 5; call += 1) {
      statuses.push((await send(platform, SCORES_OF_1)).status);
    }
    expect(statuses).toEqual([200, 503, 503, 200, 200]);
    expect(platform.faults.list()).toMatchObject([{ hits: 2 }]);
  });

  it('hits one endpoint and one user only', async () => {
    const platform = await faulty({ kind: 'serverError', endpoint: SCORES, synedUserId: 'student-1' });
    expect((await send(platform, SCORES_OF_1)).status).toBe(503);
    expect((await send(platform, `${SCORES}?syned_user_id=student-2`)).status).toBe(200);
    expect((await send(platform, 'GET /users?syned_user_id=student-1')).status).toBe(201);
  });

  it('hits by chance, the same way for the same seed', async () => {
    const [first, second] = [await thirtyByChance(), await thirtyByChance()];
    expect(new Set(first)).toEqual(new Set([200, 503]));
    expect(second).toEqual(first);
  });

  it.each([
    ['json', 'application/json', '{"detail":"Internal Server Error"}'],
    ['html', 'text/html', '<html>'],
    ['empty', 'application/json', ''],
  ] as const)('can be a server error with a body that is %s', async (body, type, text) => {
    const platform = await faulty({ kind: 'serverError', status: 502, body });
    const answer = await send(platform, SCORES_OF_1);
    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toBe(type);
    expect((await answer.text()).slice(0, text.length || 1)).toBe(text);
  });

  it.each([
    ['seconds', '7'],
    ['date', new Date((NOW + 7) * 1000).toUTCString()],
    ['none', null],
  ] as const)('can be a 429 whose Retry-After is told in %s', async (retryAfter, header) => {
    const platform = await faulty({ kind: 'rateLimited', retryAfter, seconds: 7 });
    const answer = await send(platform, SCORES_OF_1);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, header]);
  });

  it('can be a refusal of the token', async () => {
    const platform = await faulty({ kind: 'wrongToken', times: 1 });
    expect((await send(platform, SCORES_OF_1)).status).toBe(401);
    expect((await send(platform, SCORES_OF_1)).status).toBe(200);
  });

  it.each([
    ['dropConnection', 404],
    ['lostAnswer', 201],
  ] as const)('can cut the connection: %s, then a lookup answers %i', async (kind, status) => {
    const platform = await simulator();
    platform.faults.add({ kind, times: 1 });
    await expect(send(platform, 'POST /users', { body: USER })).rejects.toThrow('fetch failed');
    expect((await send(platform, 'GET /users?syned_user_id=student-1')).status).toBe(status);
  });

  it.each([
    ['hang', 404],
    ['timeoutAfterSuccess', 201],
  ] as const)('can keep the caller waiting: %s, then a lookup answers %i', async (kind, status) => {
    const platform = await simulator();
    platform.faults.add({ kind, times: 1 });
    const giveUp = new AbortController();
    const waiting = send(platform, 'POST /users', { body: USER, signal: giveUp.signal }).catch(
      (error: unknown) => error,
    );
    await vi.waitFor(() => expect(platform.requests.since()).toHaveLength(1));
    giveUp.abort();
    expect(await waiting).toBe(giveUp.signal.reason);
    expect((await send(platform, 'GET /users?syned_user_id=student-1')).status).toBe(status);
  });

  it('can answer too late, having done the work at once', async () => {
    const platform = await simulator();
    platform.faults.add({ kind: 'timeoutAfterSuccess', ms: 200, times: 1 });
    const creating = send(platform, 'POST /users', { body: USER });
    await vi.waitFor(() => expect(platform.model.userIds()).toEqual(['student-1']));
    expect(platform.requests.since()).toMatchObject([{ endedAt: undefined }]);
    expect((await creating).status).toBe(201);
  });

  it('can slow calls down before they do anything', async () => {
    const platform = await simulator();
    platform.faults.add({ kind: 'latency', ms: 600_000, times: 1 });
    platform.faults.add({ kind: 'latency', ms: 1, jitterMs: 1 });
    const giveUp = new AbortController();
    const waiting = send(platform, 'POST /users', { body: USER, signal: giveUp.signal }).catch(
      (error: unknown) => error,
    );
    await vi.waitFor(() => expect(platform.requests.since()).toHaveLength(1));
    expect(platform.model.userIds()).toEqual([]);
    expect((await send(platform, 'POST /users', { body: USER })).status).toBe(201);
    giveUp.abort();
    expect(await waiting).toBe(giveUp.signal.reason);
  });

  it('can break a body off, or leave it out', async () => {
    const platform = await faulty({ kind: 'malformedJson', times: 1 });
    const broken = await send(platform, SCORES_OF_1);
    expect(broken.status).toBe(200);
    await expect(broken.json()).rejects.toThrow(SyntaxError);
    platform.faults.add({ kind: 'emptyBody', times: 1 });
    expect(await (await send(platform, SCORES_OF_1)).text()).toBe('');
  });

  it('can empty the lists of an answer that looks good', async () => {
    const platform = await faulty({ kind: 'emptyLists' });
    expect(await scoresOf(await send(platform, SCORES_OF_1))).toMatchObject({
      total_challenges_solved: 0,
      total_points: 0,
      category_points: {},
      challenge_solves: [],
    });
    const listed = await send(platform, 'GET /users/get_team_assignments');
    expect(await listed.json()).toEqual({ assignments: [], total_count: 0 });
  });

  it('can shorten the list of assignments below its count', async () => {
    const platform = await faulty({ kind: 'shortAssignments', share: 0.5 });
    const listed = await send(platform, 'GET /users/get_team_assignments');
    expect(await listed.json()).toMatchObject({ assignments: [{}], total_count: 2 });
  });

  it.each([
    ['negative_points', false],
    ['missing_time', false],
    ['text_points', false],
    ['null_record', false],
    ['markup_title', true],
  ] as const)('can make single solves odd: %s', async (how, parses) => {
    const platform = await faulty({ kind: 'malformedRecords', how, count: 2, times: 1 });
    const { challenge_solves: odd } = await scoresOf(await send(platform, SCORES_OF_1));
    const { challenge_solves: good } = await scoresOf(await send(platform, SCORES_OF_1));
    expect(odd).toHaveLength(good.length);
    expect(odd.slice(2)).toEqual(good.slice(2));
    for (const index of [0, 1]) {
      expect(odd[index]).not.toEqual(good[index]);
      expect(challengeSolveSchema.safeParse(odd[index]).success).toBe(parses);
    }
    expect(good.every((solve) => challengeSolveSchema.safeParse(solve).success)).toBe(true);
  });

  it('can tell records twice and out of order', async () => {
    const platform = await faulty();
    const { challenge_solves: good, total_challenges_solved: total } = await scoresOf(
      await send(platform, SCORES_OF_1),
    );
    platform.faults.add({ kind: 'reordered', times: 1 });
    const reordered = await scoresOf(await send(platform, SCORES_OF_1));
    expect(reordered.challenge_solves).not.toEqual(good);
    expect(new Set(reordered.challenge_solves.map((solve) => JSON.stringify(solve)))).toEqual(
      new Set(good.map((solve) => JSON.stringify(solve))),
    );
    platform.faults.add({ kind: 'duplicateRecords' });
    const doubled = await scoresOf(await send(platform, SCORES_OF_1));
    expect(doubled.challenge_solves).toHaveLength(2 * good.length);
    expect(doubled.total_challenges_solved).toBe(total);
    const listed = await send(platform, 'GET /users/get_team_assignments');
    expect(await listed.json()).toMatchObject({ assignments: [{}, {}, {}, {}], total_count: 2 });
  });

  it('reaches into the solves of Flash CTFs', async () => {
    const platform = await faulty({ kind: 'malformedRecords', how: 'null_record', count: 1, times: 1 });
    const { key, start } = platform.model.flashCtfsBetween(NOW - 3_000_000, NOW)[0]!;
    platform.model.addSolve({ synedUserId: 'student-1', source: 'flash_ctf', event: key, at: start + 60 });
    const call = 'GET /scores/get_flash_ctf_progress?syned_user_id=student-1';
    const text = await (await send(platform, call)).text();
    expect(text).toContain('"challenge_solves":[null');
  });

  it('can add unknown fields and values, which the contract takes', async () => {
    const platform = await faulty({ kind: 'unknownFields' }, { kind: 'unknownValues' });
    const user: unknown = await (await send(platform, 'GET /users?syned_user_id=student-1')).json();
    expect(user).toHaveProperty('season_badge');
    expect(userResponseSchema.parse(user).metactf_user_status).toBe('awaiting_guardian');
    const { challenge_solves: solves } = await scoresOf(await send(platform, SCORES_OF_1));
    expect(solves[0]).toHaveProperty('season_badge');
    expect(challengeSolveSchema.safeParse(solves[0]).success).toBe(true);
  });
});

describe('real throttling', () => {
  it('refuses what goes beyond the calls of one second', async () => {
    const platform = await simulator({ settings: { rateLimit: { perSecond: 5, retryAfter: 'seconds' } } });
    populate(platform.model, 1);
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const calls = Array.from({ length: 8 }, () => send(platform, SCORES_OF_1));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(3);
    vi.setSystemTime(Date.now() + 1000);
    expect((await send(platform, SCORES_OF_1)).status).toBe(200);
  });
});

describe('the request log', () => {
  it('tells who was asked about, when, and how many calls ran for the same user', async () => {
    const platform = await faulty({ kind: 'latency', ms: 40 });
    await Promise.all([
      send(platform, `${SCORES_OF_1}&after_time_unix=5`),
      send(platform, SCORES_OF_1),
      send(platform, `${SCORES}?syned_user_id=student-2`),
    ]);
    await vi.waitFor(() =>
      expect(platform.requests.since().every(({ endedAt }) => endedAt !== undefined)).toBe(true),
    );
    const log = platform.requests.since();
    expect(log.map(({ inFlight }) => inFlight).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    const ofFirst = log.filter(({ synedUserId }) => synedUserId === 'student-1');
    expect(ofFirst.map(({ inFlightForUser }) => inFlightForUser).toSorted((a, b) => a - b)).toEqual([1, 2]);
    expect(log.find(({ afterTimeUnix }) => afterTimeUnix === '5')).toMatchObject({
      method: 'GET',
      path: '/scores/get_odl_scores',
      status: 200,
      faults: ['latency'],
    });
    await send(platform, SCORES_OF_1);
    expect(platform.requests.since(log.at(-1)!.sequence)).toMatchObject([{ inFlightForUser: 1 }]);
  });

  it('holds neither names nor addresses, nor does what is logged', async () => {
    const lines: string[] = [];
    const platform = await simulator({ onLog: (line) => lines.push(line) });
    await send(platform, 'POST /users', { body: USER });
    await send(platform, 'POST /users', { body: { ...USER, email: 'nonsense' } });
    const told = JSON.stringify([platform.requests.since(), lines]);
    expect(lines).toHaveLength(2);
    expect(told).not.toMatch(/amara|nwosu|nonsense|example/i);
  });

  it('counts a call whose caller gave up for as long as it is worked on', async () => {
    const platform = await faulty({ kind: 'latency', ms: 600_000, times: 1 });
    const giveUp = new AbortController();
    const waiting = send(platform, SCORES_OF_1, { signal: giveUp.signal }).catch(() => 'gave up');
    await vi.waitFor(() => expect(platform.requests.since()).toHaveLength(1));
    giveUp.abort();
    expect(await waiting).toBe('gave up');
    await send(platform, SCORES_OF_1);
    const log = platform.requests.since();
    expect(log).toMatchObject([{ endedAt: undefined }, { inFlightForUser: 2 }]);
  });

  it('tells 0 for a call that got no answer', async () => {
    const platform = await faulty({ kind: 'lostAnswer' });
    await expect(send(platform, SCORES_OF_1)).rejects.toThrow('fetch failed');
    await vi.waitFor(() => expect(platform.requests.since()).toMatchObject([{ status: 0 }]));
  });
});
