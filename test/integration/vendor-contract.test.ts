import { beforeAll, describe, expect, it } from 'vitest';
import { STAGES } from '#infra/stages.ts';
import { competitorListSchema, type CompetitorRow } from '#shared/competitors/contract.ts';
import { BATCH_SIZES } from '#shared/jobs/task-definition.ts';
import { SYNC_CONCURRENCY } from '#shared/score-sync/sync-worker.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import type { FaultInput } from '#test/game-platform-simulator/faults.ts';
import {
  ADMIN,
  apiOf,
  COACH,
  finished,
  OTHER_COACH,
  runJob,
  until,
  useLocalStack,
  type Api,
} from '#test/support/stack.ts';
import { contractBreaches, type KnownBefore } from '#test/support/vendor-contract.ts';

/** What goes wrong on the way; each so many times, so that all comes to an end. */
const TROUBLES: readonly FaultInput[] = [
  { kind: 'latency', ms: 5, jitterMs: 60 },
  { kind: 'rateLimited', retryAfter: 'seconds', seconds: 1, probability: 0.1, times: 8 },
  { kind: 'rateLimited', retryAfter: 'date', seconds: 2, probability: 0.1, times: 8 },
  { kind: 'rateLimited', retryAfter: 'seconds', seconds: 1, times: 2, endpoint: 'POST /users/assign_team' },
  { kind: 'rateLimited', retryAfter: 'seconds', seconds: 6, skip: 40, times: 1 },
  { kind: 'serverError', probability: 0.06, times: 10 },
  { kind: 'serverError', status: 502, body: 'html', times: 1, endpoint: 'POST /users/delete_assignment' },
  { kind: 'lostAnswer', times: 1, endpoint: 'POST /users' },
  { kind: 'lostAnswer', times: 1, endpoint: 'POST /teams' },
  { kind: 'lostAnswer', skip: 2, times: 2, endpoint: 'POST /users/assign_team' },
  { kind: 'timeoutAfterSuccess', ms: 6_000, skip: 1, times: 1, endpoint: 'POST /users' },
  { kind: 'timeoutAfterSuccess', ms: 6_000, skip: 5, times: 1, endpoint: 'POST /users/assign_team' },
  { kind: 'timeoutAfterSuccess', ms: 6_000, skip: 12, times: 1, endpoint: 'GET /scores/get_odl_scores' },
  { kind: 'dropConnection', probability: 0.03, times: 4 },
  { kind: 'dropConnection', skip: 3, times: 1, endpoint: 'GET /users' },
];

/** The onboarding function makes one call at a time, a roster worker one for each of its messages, a sync worker several. */
const API_INSTANCES = 4;
const { roster, sync } = STAGES.dev.queueConcurrency;
const LIMITS = {
  inFlight: roster * BATCH_SIZES.roster + sync * SYNC_CONCURRENCY + API_INSTANCES,
  restAfterTimeout: 950,
  // A block of slots reaches a second ahead; the rest is a busy machine's.
  pauseKnownWithin: 3_000,
};

const peopleOf = async (api: Api): Promise<CompetitorRow[]> =>
  competitorListSchema.parse((await api('GET', '/api/competitors?limit=200')).body).items;
const ok = async (api: Api, method: string, path: string, body?: unknown) => {
  const answer = await api(method, path, body === undefined ? {} : { body });
  expect(answer.status, `${method} ${path}`).toBeLessThan(300);
  return answer.body;
};

const newTeam = async (api: Api, name: string): Promise<string> => {
  const body = { name, affiliation: 'Harbor Middle School', division: 'high_school' };
  return (await ok(api, 'POST', '/api/teams', body)).id;
};

/** One coach's afternoon: accounts, teams, members that come, move and leave, and a team that goes. */
async function afternoonOf(api: Api): Promise<void> {
  const people = await peopleOf(api);
  const free = people.filter((one) => one.team === null && one.active && one.gamePlatform.id !== null);
  const placed = people.filter((one) => one.team !== null && one.active);
  const late = people.filter((one) => one.status === 'compliance' && one.gamePlatform.refusal === null);
  const [first, second, short] = await Promise.all(
    ['Night Heron Society', 'Second Watch', 'Short Lived'].map((name) => newTeam(api, name)),
  );
  const put = (id: string, team = '') => ok(api, 'PUT', `/api/teams/${team}/members/${id}`);
  for (const { id } of late) await put(id, first);
  const { jobId } = await ok(api, 'POST', '/api/game-platform/competitors/onboard', {});
  for (const { id } of free) await put(id, second);
  for (const { id } of placed.slice(0, 3)) await put(id, first);
  for (const { id } of placed.slice(3, 5)) await put(id, short);
  for (const { id, team } of placed.slice(5, 7))
    await ok(api, 'DELETE', `/api/teams/${team?.id}/members/${id}`);
  await finished(api, jobId);
  for (const { id } of placed.slice(3, 5)) await put(id, second);
  await ok(api, 'DELETE', `/api/teams/${short}`);
}

describe('Everything that a whole run asks of the Game Platform', () => {
  const stack = useLocalStack();
  let coaches: Api[];
  let before: KnownBefore;
  let since: number;
  let troubles: readonly string[];

  const simulated = () => {
    const { simulator } = stack().gamePlatform;
    if (simulator === undefined) throw new Error('The stack runs without a simulator.');
    return simulator;
  };
  const assignments = (): Map<string, string> =>
    new Map(
      simulated()
        .model.platform.teamAssignments()
        .assignments.flatMap((one) =>
          one.syned_team_id === null ? [] : [[one.syned_user_id, one.syned_team_id]],
        ),
    );
  /** Ids of what is not yet on the platform as it is wanted. */
  const waiting = async (): Promise<string[]> => {
    const ever = new Date('2100-01-01T00:00:00.000Z');
    const ids: string[] = [];
    for await (const entry of createRosterRepository(stack().table).pendingDue(ever))
      ids.push(entry.competitorId);
    for await (const team of createTeamRepository(stack().table).pendingDue(ever)) ids.push(team.id);
    return ids;
  };
  beforeAll(async () => {
    const { model, requests, faults } = simulated();
    const admin = await apiOf(stack(), ADMIN);
    coaches = await Promise.all([COACH, OTHER_COACH].map((email) => apiOf(stack(), email)));
    before = { users: new Set(model.userIds()), teams: new Set(model.teamIds()), assignments: assignments() };
    since = requests.since().at(-1)?.sequence ?? 0;
    const added = new Set(TROUBLES.map((fault) => faults.add(fault)));

    const jobs = ['game_platform_sync', 'game_platform_totals_sweep', 'profile_refresh'];
    const reading = (async () => {
      for (const taskType of jobs) await runJob(admin, taskType);
    })();
    await Promise.all([...coaches.map(afternoonOf), reading]);
    await until(waiting, (ids) => ids.length === 0, 'everything on the platform');
    await runJob(admin, 'game_platform_sync');
    troubles = faults
      .list()
      .filter(({ id, hits }) => added.has(id) && hits > 0)
      .map(({ fault }) => fault.kind);
    faults.clear();
  });

  it('met every kind of trouble', () => {
    expect(new Set(troubles)).toEqual(new Set(TROUBLES.map(({ kind }) => kind)));
  });

  it('used every endpoint that changes something, and those that read', () => {
    const asked = new Set(
      simulated()
        .requests.since(since)
        .map(({ method, path }) => `${method} ${path}`),
    );
    expect([...asked]).toEqual(
      expect.arrayContaining([
        'GET /users',
        'POST /users',
        'POST /teams',
        'POST /teams/delete',
        'POST /users/assign_team',
        'POST /users/delete_assignment',
        'GET /users/get_team_assignments',
        'GET /scores/get_odl_scores',
        'GET /scores/get_flash_ctf_progress',
      ]),
    );
  });

  it('keeps the contract with the platform', () => {
    const requests = simulated().requests.since(since);
    expect(requests.length).toBeGreaterThan(100);
    expect(contractBreaches(requests, before, LIMITS)).toEqual([]);
  });

  it('leaves the same teams on both sides', async () => {
    const here = new Map<string, string>();
    const competitors = createCompetitorRepository(stack().table);
    for (const api of coaches) {
      const ids = (await peopleOf(api)).map(({ id }) => id);
      for (const { id, teamId, gamePlatformId } of (await competitors.byIds(ids)).values()) {
        if (teamId !== null && gamePlatformId !== null) here.set(id, teamId);
      }
    }
    expect(assignments()).toEqual(here);
  });
});
