import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { requestTimeouts } from '#shared/kernel/aws-requests.ts';

test('a request that is not answered in time fails, after as many tries as the client makes', async () => {
  let tries = 0;
  const silent = createServer(() => {
    tries += 1;
  });
  await new Promise<void>((resolve) => {
    silent.listen(0, '127.0.0.1', resolve);
  });
  const client = new DynamoDBClient({
    region: 'us-west-2',
    endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    maxAttempts: 2,
    requestHandler: requestTimeouts(50),
  });
  await expect(client.send(new ListTablesCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(tries).toBe(2);
  client.destroy();
  silent.closeAllConnections();
  silent.close();
});

const ROOT = path.resolve(import.meta.dirname, '../../..');
const BUILDER = 'shared/kernel/aws-requests.ts';
const MAKES_CLIENT = /new \w+Client\((?!Error)/;

test('every client of AWS has its timeouts from the one place that has them throw', () => {
  const files = globSync(['shared/**/*.ts', 'functions/**/*.ts'], { cwd: ROOT }).filter(
    (file) => file !== BUILDER,
  );
  const textOf = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
  const clients = files.filter(
    (file) => textOf(file).includes('@aws-sdk/') && MAKES_CLIENT.test(textOf(file)),
  );
  expect(clients.length).toBeGreaterThan(5);
  expect(clients.filter((file) => !textOf(file).includes('requestTimeouts('))).toEqual([]);
  expect(files.filter((file) => /\brequestTimeout:/.test(textOf(file)))).toEqual([]);
});
