import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteExpired } from '#infra/local/emulator/aws/dynamodb/expiry.ts';
import { clientConfig, makeDeployment, startTestStack, type TestStack } from './deployment-fixture.ts';

let stack: TestStack;
let operator: DynamoDBClient;
beforeAll(async () => {
  stack = await startTestStack();
  operator = new DynamoDBClient(clientConfig(stack.aws));
});
afterAll(() => stack.remove());

const key = (sk: string) => ({ pk: { S: 'TTL' }, sk: { S: sk } });
const exists = async (sk: string) =>
  (await operator.send(new GetItemCommand({ TableName: 'coaching', Key: key(sk) }))).Item !== undefined;

/** The JSON protocol as the stand-in speaks it, through the gateway. */
async function call(operation: string, body: unknown): Promise<Record<string, unknown>> {
  const { accessKeyId } = stack.aws.operatorCredentials;
  const response = await fetch(stack.aws.addresses.awsUrl, {
    method: 'POST',
    headers: {
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/dynamodb/aws4_request`,
    },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
}

describe('expired items', () => {
  it('are deleted, and the others stay', async () => {
    const now = 1_800_000_000;
    const items = { past: now - 1, future: now + 1, never: undefined };
    for (const [sk, expiresAt] of Object.entries(items)) {
      const ttl = expiresAt === undefined ? {} : { expiresAt: { N: String(expiresAt) } };
      await operator.send(new PutItemCommand({ TableName: 'coaching', Item: { ...key(sk), ...ttl } }));
    }
    const [table] = makeDeployment(stack.aws.addresses).tables;
    expect(await deleteExpired(table!, now, call)).toBe(1);
    expect([await exists('past'), await exists('future'), await exists('never')]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
