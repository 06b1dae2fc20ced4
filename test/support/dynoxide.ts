import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { INDEXES, PARTITION_KEY, SORT_KEY } from '#shared/table/keys.ts';
import { documentClientOf, type Table } from '#shared/table/table.ts';

/** DynamoDB's stand-in on this machine, for whoever runs with or without a test runner. */

const START_ATTEMPTS = 5;
const START_TIMEOUT_MS = 15_000;

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port was given.');
  return address.port;
}

async function answers(endpoint: string, stillRuns: () => boolean): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (stillRuns() && Date.now() < deadline) {
    try {
      await fetch(endpoint, { signal: AbortSignal.timeout(1_000) });
      return stillRuns();
    } catch {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
  }
  return false;
}

/** Starts dynoxide. Its port may be taken between looking and listening, so it is tried more than once. */
export async function startDynoxide(): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const manifest = createRequire(import.meta.url).resolve(
    `@dynoxide/${process.platform}-${process.arch}/package.json`,
  );
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const port = await freePort();
    const child = spawn(join(dirname(manifest), 'dynoxide'), ['serve', '--port', String(port)], {
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    const endpoint = `http://127.0.0.1:${port}`;
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    const stop = async () => {
      process.off('exit', kill);
      if (child.exitCode === null && child.signalCode === null) {
        kill();
        await ended;
      }
    };
    if (await answers(endpoint, () => child.exitCode === null)) return { endpoint, stop };
    await stop();
  }
  throw new Error(`dynoxide did not start in ${START_ATTEMPTS} attempts.`);
}

const schema = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];

/** What dynoxide wants to see of a signature without checking it; making a real one takes a sixth of a call's time. */
const SIGNATURE = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20260101T000000Z',
};

export const clientOf = (endpoint: string): DynamoDBDocumentClient =>
  documentClientOf(
    new DynamoDBClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      signer: {
        sign: (request) => Promise.resolve({ ...request, headers: { ...request.headers, ...SIGNATURE } }),
      },
      maxAttempts: 3,
    }),
  );

/** The table as the CDK app makes it: string keys, both indexes, everything projected. */
export async function createEmptyTable(client: DynamoDBDocumentClient): Promise<Table> {
  const name = `test-${randomBytes(4).toString('hex')}`;
  const { gsi1, gsi2 } = INDEXES;
  const attributes = [
    PARTITION_KEY,
    SORT_KEY,
    gsi1.partitionKey,
    gsi1.sortKey,
    gsi2.partitionKey,
    gsi2.sortKey,
  ];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributes.map((attribute) => ({ AttributeName: attribute, AttributeType: 'S' })),
      KeySchema: schema(PARTITION_KEY, SORT_KEY),
      GlobalSecondaryIndexes: [gsi1, gsi2].map((index) => ({
        IndexName: index.name,
        KeySchema: schema(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: 'ALL' as const },
      })),
    }),
  );
  return { name, client };
}

export interface Dynoxide {
  readonly endpoint: string;
  readonly client: DynamoDBDocumentClient;
  readonly stop: () => Promise<void>;
}

/** A process of its own, without tables, and a client for it. */
export async function openDynoxide(): Promise<Dynoxide> {
  const { endpoint, stop } = await startDynoxide();
  const client = clientOf(endpoint);
  return {
    endpoint,
    client,
    stop: async () => {
      client.destroy();
      await stop();
    },
  };
}
