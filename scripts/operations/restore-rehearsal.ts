import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { startLocalStack, type LocalStack } from '#infra/local/local-stack.ts';
import { createSeedDemo } from '#infra/local/product/demo/seed-demo.ts';
import { signInAsBrowser } from '#infra/local/product/sign-ins/browser-sign-in.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { chunks, mapAtOnce } from '#shared/kernel/at-once.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { BATCH_PUT_ITEMS, batchPut, type Table } from '#shared/table/table.ts';
import type { FreeCommand, World } from './command.ts';
import { replayErasures } from './replay-erasures.ts';
import { StoppedError } from './stopped.ts';

type Row = Readonly<Record<string, unknown>>;

/** The stack that is rehearsed on, and the same one over another table. */
export interface Rehearsed {
  readonly stack: LocalStack;
  readonly reopenOn: (tableName: string) => Promise<LocalStack>;
}

const COACH = 'coach-01';
const ASKED_EVERY_MS = 200;
const BATCHES_AT_ONCE = 8;
const PATIENCE_MS = 120_000;

function expectThat(holds: boolean, otherwise: string): asserts holds {
  if (!holds)
    throw new StoppedError(
      otherwise,
      'A restore would not go well either: mend this before anybody needs it.',
    );
}

async function allRows({ client, name }: Table): Promise<Row[]> {
  const rows: Row[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: name, ConsistentRead: true, ExclusiveStartKey: from }),
    );
    rows.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return rows;
}

const keysOf = ({ KeySchema: keys = [] }: Pick<TableDescription, 'KeySchema'>) => [...keys];

/** As point-in-time recovery leaves a table: keys, indexes and rows; no time to live, no backups, no tags. */
async function restoreInto(table: Table, name: string, rows: readonly Row[]): Promise<Table> {
  const { Table: described } = await table.client.send(new DescribeTableCommand({ TableName: table.name }));
  await table.client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: described?.AttributeDefinitions,
      KeySchema: keysOf(described ?? {}),
      GlobalSecondaryIndexes: (described?.GlobalSecondaryIndexes ?? []).map((index) => ({
        IndexName: index.IndexName,
        KeySchema: keysOf(index),
        Projection: index.Projection,
      })),
    }),
  );
  const restored: Table = { name, client: table.client };
  await mapAtOnce(chunks(rows, BATCH_PUT_ITEMS), BATCHES_AT_ONCE, (batch) =>
    batchPut(
      restored,
      batch.map((row) => ({ ...row })),
    ),
  );
  const { TimeToLiveDescription: ttl } = await table.client.send(
    new DescribeTimeToLiveCommand({ TableName: name }),
  );
  expectThat(ttl?.TimeToLiveStatus !== 'ENABLED', 'The restored table has a time to live.');
  return restored;
}

async function asAdmin({ url, users }: LocalStack) {
  const admin = users.find(({ role }) => role === 'admin');
  if (admin === undefined) throw new Error('The local stack has no admin.');
  const { accessToken } = await signInAsBrowser({ url, ...admin });
  return (method: 'GET' | 'DELETE', path: string): Promise<Response> =>
    fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${accessToken}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
}

async function somebody(table: Table): Promise<Competitor> {
  const people = await createCompetitorRepository(table).pageOfCoach(COACH, { limit: 200, afterId: null });
  const found = people.find(
    ({ active, teamId, gamePlatformId }) => active && teamId !== null && gamePlatformId !== null,
  );
  if (found === undefined) throw new Error(`${COACH} has nobody on a team.`);
  return found;
}

/** Erases somebody as an admin does on the site, to the end of the job. */
async function erase(stack: LocalStack, competitorId: string): Promise<void> {
  const admin = await asAdmin(stack);
  const { status } = await admin('DELETE', `/api/competitors/${competitorId}`);
  expectThat(status === 202 || status === 200, `The erasure was answered ${status}.`);
  const jobs = createJobRepository(stack.table);
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const job = await jobs.byId(`job_erase_${competitorId}`);
    if (job !== undefined && job.finishedAt !== null) {
      expectThat(job.status === 'succeeded', `The erasure ended as ${job.status}.`);
      return;
    }
    expectThat(Date.now() < until, 'The erasure did not end.');
    await new Promise((resolve) => {
      setTimeout(resolve, ASKED_EVERY_MS);
    });
  }
}

const keyOf = (row: Row): string => `${String(row['pk'])} ${String(row['sk'])}`;

/** Rows of the point of the restore that an erasure has no business with, and that are gone or changed. */
export function lostRows(
  before: readonly Row[],
  after: readonly Row[],
  about: readonly string[],
): readonly string[] {
  const now = new Map(after.map((row) => [keyOf(row), row]));
  return before
    .filter((row) => {
      const text = JSON.stringify(row);
      return !about.some((id) => text.includes(id)) && !isDeepStrictEqual(now.get(keyOf(row)), row);
    })
    .map(keyOf);
}

/**
 * A restore to a point before an erasure, from the copy of that point to the site over the restored table: who was
 * erased stays erased, and everything else is there.
 */
export async function rehearseRestore(
  { stack, reopenOn }: Rehearsed,
  { print }: Pick<World, 'print'>,
): Promise<LocalStack> {
  const done = (what: string) => print(`  done     ${what}`);
  const { table } = stack;
  const person = await somebody(table);
  const point = await allRows(table);
  done(`the point to go back to: ${point.length} rows, with the profile, team and scores of one person`);

  // The copy is of the point, whatever happens meanwhile; both take some seconds.
  const [restored] = await Promise.all([
    restoreInto(table, `${table.name}-restored`, point),
    erase(stack, person.id),
  ]);
  done('after it, that person was erased');
  const isBack = await createCompetitorRepository(restored).byId(person.id, { consistent: true });
  expectThat(isBack !== undefined, 'The copy does not hold the person, so that nothing would be tried.');
  done(`restored into ${restored.name}, a bare table: the erased person is back`);

  const replayed = await replayErasures(table, restored, systemClock);
  expectThat(replayed.erasedAgain === 1, `${replayed.erasedAgain} people were erased again, not one.`);
  const again = await replayErasures(table, restored, systemClock);
  expectThat(again.erasedAgain === 0, 'A second replay found somebody to erase.');
  done('erasures replayed: the person is gone again; a second replay finds nobody');

  const lost = lostRows(point, await allRows(restored), [person.id, person.teamId ?? person.id]);
  expectThat(lost.length === 0, `${lost.length} rows are lost or changed, the first: ${lost[0]}.`);
  done('every row that is not about that person or their team is as it was');

  const adopted = await reopenOn(restored.name);
  expectThat(adopted.table.name === restored.name, 'The stack does not use the restored table.');
  const admin = await asAdmin(adopted);
  const { status: ofPerson } = await admin('GET', `/api/competitors/${person.id}`);
  expectThat(ofPerson === 404, `The erased person is answered ${ofPerson}.`);
  const { status } = await admin('GET', `/api/game-platform/dashboard?coachId=${COACH}`);
  expectThat(status === 200, `The dashboard answers ${status}.`);
  const others = await createCompetitorRepository(adopted.table).pageOfCoach(COACH, {
    limit: 200,
    afterId: null,
  });
  expectThat(
    others.length > 0 && others.every(({ id }) => id !== person.id),
    'The list of the coach is not what it was without that person.',
  );
  done(
    `the stack runs on ${restored.name}: the dashboard answers, ${others.length} people are there, the erased one is not`,
  );
  return adopted;
}

export const restoreRehearsal: FreeCommand = {
  name: 'restore-rehearsal',
  usage: '',
  about: [
    'Rehearses a restore of the table on a local stack of its own: a copy of the table from before an erasure becomes a',
    'new table, the erasures are replayed on it, and the product runs on it. Touches no stage and needs no AWS.',
  ],
  runAlone: async (_given, world) => {
    const stateDirectory = mkdtempSync(join(tmpdir(), 'coach-dashboard-restore-'));
    const start = (tableName?: string) =>
      startLocalStack({
        stateDirectory,
        port: 0,
        seedDemo: createSeedDemo({ coaches: 2 }),
        ...(tableName === undefined ? {} : { tableName }),
      });
    let running: LocalStack | undefined;
    try {
      const stack = await start();
      running = stack;
      running = await rehearseRestore(
        {
          stack,
          reopenOn: async (tableName) => {
            await stack.stop();
            running = undefined;
            running = await start(tableName);
            return running;
          },
        },
        world,
      );
      world.print('All is well: a restore goes as docs/runbook.md tells it.');
      return true;
    } finally {
      await running?.stop();
      rmSync(stateDirectory, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};
