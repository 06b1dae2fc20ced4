import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { competitorListSchema } from '#shared/competitors/contract.ts';
import { teamViewSchema } from '#shared/teams/contract.ts';
import { ADMIN, apiOf, COACH, runJob, until, useLocalStack, type Api } from '#test/support/stack.ts';

/** Longer than the stand-ins' and the simulator's servers keep a connection open that nobody uses. */
const LONGER_THAN_CONNECTIONS_MS = 7_000;

const AS_ADMIN = [
  '/api/me',
  '/api/admin/jobs',
  '/api/admin/schedules',
  '/api/admin/settings',
  '/api/admin/coaches',
  '/api/game-platform/freshness',
];
const AS_COACH = ['/api/me', '/api/competitors', '/api/teams', '/api/game-platform/dashboard'];

/** Lambda stops a function between its invocations: timers stand still, connections break, and the clock jumps. */
describe('Functions that are frozen between invocations', () => {
  const stack = useLocalStack({ freezesIdle: true });
  let coach: Api;
  let admin: Api;
  beforeAll(async () => {
    [coach, admin] = await Promise.all([apiOf(stack(), COACH), apiOf(stack(), ADMIN)]);
  });

  const askEverything = async () => {
    const answers: [string, number][] = [];
    for (const path of AS_ADMIN) answers.push([path, (await admin('GET', path)).status]);
    for (const path of AS_COACH) answers.push([path, (await coach('GET', path)).status]);
    return answers;
  };
  const failures = () =>
    stack().events.filter((event) => event.event === 'functionLog' && event.line.includes('"errorType"'));

  let membership = '';
  async function putOnATeam(): Promise<void> {
    const { items } = competitorListSchema.parse((await coach('GET', '/api/competitors?limit=200')).body);
    const free = items.find((one) => one.team === null && one.active && one.gamePlatform.id !== null);
    const teams = (await coach('GET', '/api/teams')).body.items.map((one: unknown) =>
      teamViewSchema.parse(one),
    );
    const team = teams.find(({ members }: { members: readonly unknown[] }) => members.length < 5);
    if (free === undefined || team === undefined) throw new Error('The demo has nobody to put on a team.');
    membership = `/api/teams/${team.id}/members/${free.id}`;
    expect((await coach('PUT', membership)).status).toBe(200);
    await confirmed();
  }

  const confirmed = () =>
    until(
      async () => teamViewSchema.parse((await coach('GET', membership.replace(/\/members.*/, ''))).body),
      ({ badge, leaving }) => badge.state === 'synced' && leaving.length === 0,
      'the platform to have the team as it is here',
    );

  it('answer and work after connections have broken meanwhile', async () => {
    await askEverything();
    await putOnATeam();
    await sleep(LONGER_THAN_CONNECTIONS_MS);
    expect(await askEverything()).toEqual([...AS_ADMIN, ...AS_COACH].map((path) => [path, 200]));
    expect((await coach('DELETE', membership)).status).toBe(200);
    await confirmed();
    expect(await runJob(admin, 'game_platform_sync')).toMatchObject({ status: 'succeeded' });
    expect(failures()).toEqual([]);
  });

  it('answer after the clock has jumped by minutes', async () => {
    stack().functions.passFrozenTime(8 * 60_000);
    expect(await askEverything()).toEqual([...AS_ADMIN, ...AS_COACH].map((path) => [path, 200]));
    expect(failures()).toEqual([]);
  });
});
