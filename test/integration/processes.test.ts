import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningStack } from '#infra/local/state/running-stack.ts';
import { competitorListSchema } from '#shared/competitors/contract.ts';
import { keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { startSimulator } from '#test/game-platform-simulator/index.ts';
import { itemsOf } from '#test/support/dynamodb.ts';
import { FULL } from '#test/support/effort.ts';
import {
  ADMIN,
  apiOf,
  apiWithToken,
  finished,
  newStateDirectory,
  removeStateDirectory,
  runJob,
  startTestStack,
  until,
  type Api,
  type TestStack,
} from '#test/support/stack.ts';

const MAIN = fileURLToPath(new URL('../../infra/local/main.ts', import.meta.url));
const TOKEN = fileURLToPath(new URL('../../infra/local/token.ts', import.meta.url));

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function control(running: RunningStack, path: string, body?: unknown) {
  const url = `${new URL(running.gamePlatformUrl).origin}/__control${path}`;
  const post = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, body === undefined ? {} : post);
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
  return response.json();
}

/** Everybody's stored solves by the dashboard, over a range that holds everything. */
async function storedSolves(admin: Api): Promise<number> {
  const to = new Date().toISOString().slice(0, 10);
  const from = new Date(Date.now() - 300 * 86_400_000).toISOString().slice(0, 10);
  const { body } = await admin('GET', `/api/game-platform/dashboard?coachId=coach-01&from=${from}&to=${to}`);
  return body.leaderboard.totals.done;
}

/** As if the time were over for which a worker that died holds the job's parts and the people that it read. */
async function passClaims(table: Table, jobId: string): Promise<void> {
  const set = (row: Record<string, unknown>, attribute: string) =>
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: row['pk'], sk: row['sk'] },
        UpdateExpression: 'SET #until = :now',
        ExpressionAttributeNames: { '#until': attribute },
        ExpressionAttributeValues: { ':now': new Date().toISOString() },
      }),
    );
  for (const part of await itemsOf(table, keys.job(jobId).pk)) {
    if (typeof part['claimedUntil'] === 'string') await set(part, 'claimedUntil');
  }
  for (const reading of await itemsOf(table, keys.readingPartition)) await set(reading, 'until');
}

/** The stack as a person starts it: a process of its own. */
describe('The local stack as a process', () => {
  const children: ChildProcess[] = [];
  const stacks: TestStack[] = [];
  const directories: string[] = [];
  afterEach(async () => {
    await Promise.all(children.splice(0).map(end));
    await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
    for (const directory of directories.splice(0)) removeStateDirectory(directory);
  });

  const newDirectory = (): string => {
    const directory = newStateDirectory();
    directories.push(directory);
    return directory;
  };

  /** Starts it and waits for its `ready` line. */
  async function start(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ child: ChildProcess; running: RunningStack }> {
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--json', '--port', '0', ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    if (child.stdout === null) throw new Error('The process has no output.');
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line) as { event: string } & RunningStack;
      if (event.event !== 'ready') continue;
      // Nobody reads on, and a full pipe would stop the process.
      child.stdout.resume();
      return { child, running: event };
    }
    throw new Error('The stack ended before it was ready.');
  }

  it('killed while a sync runs and started again, it has lost nothing and counted nothing twice', async () => {
    const state = newDirectory();
    const first = await start(['--empty', '--state', state]);
    const admin = await apiOf(first.running, ADMIN);
    const ids: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      const { body } = await admin('POST', '/api/competitors?coachId=coach-01', {
        body: {
          firstName: `Robin${index}`,
          lastName: 'Vale',
          email: `robin${index}.vale@mail.example.net`,
          adult: false,
          guardianName: 'Ola Vale',
          guardianEmail: 'ola.vale@family.example.net',
          grade: 9,
          division: 'high_school',
          mediaReleaseDate: '2026-10-01',
        },
      });
      const { status } = await admin('POST', `/api/game-platform/competitors/${body.id}`);
      expect(status).toBe(200);
      await control(first.running, '/approvals', { synedUserId: body.id, status: 'approved' });
      for (let solve = 0; solve < 30; solve += 1) {
        await control(first.running, '/solves', { action: 'add', synedUserId: body.id });
      }
      ids.push(body.id);
    }
    // Slow enough to be killed in the middle.
    await control(first.running, '/faults', { kind: 'latency', ms: 300 });
    const { body: started } = await admin('POST', '/api/admin/jobs', {
      body: { taskType: 'game_platform_sync' },
    });
    await until(
      () => storedSolves(admin),
      (count) => count > 0,
      'the first stored solves',
    );
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    // `npm run test:long` starts a second process, and waits for the claims to end and for the minute's dispatch.
    const second = FULL ? undefined : await startTestStack({ stateDirectory: state });
    if (second !== undefined) {
      stacks.push(second);
      await passClaims(second.table, started.jobId);
    }
    const again = await apiOf(second ?? (await start(['--state', state])).running, ADMIN);
    const job = finished(again, started.jobId);
    expect((await (second?.dispatching(job) ?? job)).status).toBe('succeeded');
    await runJob(again, 'game_platform_sync', { full: true });
    expect(competitorListSchema.parse((await again('GET', '/api/competitors')).body).items).toHaveLength(12);
    const { body } = await again('GET', '/api/competitors');
    expect(body.items.map((one: { challengesSolved: number }) => one.challengesSolved)).toEqual(
      ids.map(() => 30),
    );
    expect(await storedSolves(again)).toBe(12 * 30);
  });

  it('talks to another vendor when told, starts no simulator, and tells an access token to the shell', async () => {
    const vendor = await startSimulator({ token: 'their-token' });
    const state = newDirectory();
    const { running } = await start(['--empty', '--state', state], {
      GAME_PLATFORM_API_BASE_URL: vendor.url,
      GAME_PLATFORM_API_TOKEN: 'their-token',
    });
    expect(running.gamePlatformUrl).toBe(vendor.url);
    expect(running.users.map(({ role }) => role).toSorted()).toEqual(['admin', 'coach', 'coach']);

    const shell = spawn(process.execPath, ['--import', 'tsx', TOKEN, ADMIN, '--state', state], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    shell.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    await once(shell, 'close');
    const admin = apiWithToken(running.url, printed.trim());
    const { body } = await admin('POST', '/api/competitors?coachId=coach-01', {
      body: {
        firstName: 'Robin',
        lastName: 'Vale',
        email: 'robin.vale@mail.example.net',
        adult: true,
        schoolEmail: 'robin.vale@school.example.org',
        grade: 13,
        division: 'college',
        participationAgreementDate: '2026-10-01',
      },
    });
    expect((await admin('POST', `/api/game-platform/competitors/${body.id}`)).status).toBe(200);
    expect(vendor.model.userIds()).toContain(body.id);
    await vendor.stop();
  });
});
