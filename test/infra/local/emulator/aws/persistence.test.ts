import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { signInWithPassword } from './sign-in-client.ts';
import { startLocalAws } from '#infra/local/emulator/aws/local-aws.ts';
import { firingTimesOf } from '#shared/schedules/firing-times.ts';
import {
  ACCOUNT,
  CALLBACK,
  CLIENT_ID,
  clientConfig,
  makeDeployment,
  POOL_ID,
  queueArn,
  REGION,
  roleArn,
  startTestStack,
  type TestStack,
} from './deployment-fixture.ts';

const KEY = { pk: { S: 'KEPT' }, sk: { S: 'A' } };
const PASSWORD = 'Correct-Horse-7';
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const url = (awsUrl: string, name: string): string => `${awsUrl}/${ACCOUNT}/${name}`;

async function refresh(loginUrl: string, refreshToken: string): Promise<Response> {
  return fetch(`${loginUrl}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: CLIENT_ID,
      refresh_token: refreshToken,
    }),
  });
}

describe('a stop and a start', () => {
  it('keep everything, under the same keys', async () => {
    const before = await startTestStack();
    let stack: TestStack = before;
    cleanups.push(() => stack.remove());
    const config = clientConfig(before.aws);
    await new DynamoDBClient(config).send(new PutItemCommand({ TableName: 'coaching', Item: KEY }));
    const sqs = new SQSClient(config);
    const queueUrl = url(before.aws.addresses.awsUrl, 'work');
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'received before' }));
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 600 }));
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'delayed', DelaySeconds: 600 }));
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'waiting' }));
    await new SecretsManagerClient(config).send(
      new PutSecretValueCommand({ SecretId: 'coaching/token', SecretString: 'rotated' }),
    );
    await new SchedulerClient(config).send(
      new CreateScheduleCommand({
        Name: 'nightly',
        GroupName: 'coaching',
        ScheduleExpression: 'cron(15 3 * * ? *)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: queueArn('work'), RoleArn: roleArn('scheduler-role') },
      }),
    );
    const cognito = new CognitoIdentityProviderClient(config);
    const who = { UserPoolId: POOL_ID, Username: 'kept@example.org' };
    await cognito.send(new AdminCreateUserCommand({ ...who, MessageAction: 'SUPPRESS' }));
    await cognito.send(new AdminSetUserPasswordCommand({ ...who, Password: PASSWORD, Permanent: true }));
    const { refreshToken } = await signInWithPassword({
      loginUrl: before.aws.addresses.loginUrl,
      clientId: CLIENT_ID,
      redirectUri: CALLBACK,
      scopes: ['openid'],
      email: 'kept@example.org',
      password: PASSWORD,
    });
    const jwks = `${before.aws.addresses.loginUrl}/${POOL_ID}/.well-known/jwks.json`;
    const keysBefore: unknown = await (await fetch(jwks)).json();
    const generated = before.aws.secretValue('coaching/origin');

    stack = await before.restart();
    expect(stack.aws.operatorCredentials).toEqual(before.aws.operatorCredentials);
    const again = clientConfig(stack.aws);
    const item = await new DynamoDBClient(again).send(
      new GetItemCommand({ TableName: 'coaching', Key: KEY }),
    );
    expect(item.Item).toEqual(KEY);
    expect(stack.aws.queues().find(({ name }) => name === 'work')).toMatchObject({
      visible: 1,
      inFlight: 1,
      delayed: 1,
    });
    const secret = await new SecretsManagerClient(again).send(
      new GetSecretValueCommand({ SecretId: 'coaching/token' }),
    );
    expect(secret.SecretString).toBe('rotated');
    expect(stack.aws.secretValue('coaching/origin')).toBe(generated);
    const schedule = new GetScheduleCommand({ Name: 'nightly', GroupName: 'coaching' });
    await expect(new SchedulerClient(again).send(schedule)).resolves.toMatchObject({ State: 'ENABLED' });
    expect(await (await fetch(jwks)).json()).toEqual(keysBefore);
    expect((await refresh(stack.aws.addresses.loginUrl, refreshToken)).status).toBe(200);
  });

  it('refuse a table with other keys', async () => {
    const stack = await startTestStack();
    cleanups.push(() => rmSync(stack.stateDirectory, { recursive: true, force: true }));
    await stack.aws.stop();
    const aws = await startLocalAws({
      stateDirectory: stack.stateDirectory,
      applicationName: 'Coaching',
      firingTimes: firingTimesOf,
      onLog: () => undefined,
    });
    cleanups.push(() => aws.stop());
    const deployment = makeDeployment(aws.addresses);
    const tables = deployment.tables.map((table) => ({ ...table, keySchema: table.keySchema.slice(0, 1) }));
    await expect(aws.deploy({ ...deployment, tables }, {})).rejects.toThrow(
      'Table coaching exists with the keys pk HASH, sk RANGE; the template wants pk HASH.',
    );
  });

  it('add an index that the template has gained', async () => {
    const stack = await startTestStack();
    await new DynamoDBClient(clientConfig(stack.aws)).send(
      new PutItemCommand({ TableName: 'coaching', Item: { ...KEY, extra: { S: 'E' } } }),
    );
    await stack.aws.stop();
    const aws = await startLocalAws({
      stateDirectory: stack.stateDirectory,
      applicationName: 'Coaching',
      firingTimes: firingTimesOf,
      onLog: () => undefined,
    });
    cleanups.push(() => rmSync(stack.stateDirectory, { recursive: true, force: true }));
    cleanups.push(() => aws.stop());
    const deployment = makeDeployment(aws.addresses);
    const tables = deployment.tables.map((table) => ({
      ...table,
      attributes: [...table.attributes, { name: 'extra', type: 'S' }],
      indexes: [
        ...table.indexes,
        { name: 'gsi9', keySchema: [{ name: 'extra', type: 'HASH' as const }], projection: 'ALL' },
      ],
    }));
    await expect(aws.deploy({ ...deployment, tables }, {})).resolves.toBeUndefined();
  });

  it('never share a state folder, nor a port', async () => {
    const stack = await startTestStack();
    cleanups.push(() => stack.remove());
    const second = startLocalAws({
      stateDirectory: stack.stateDirectory,
      applicationName: 'Coaching',
      firingTimes: firingTimesOf,
      onLog: () => undefined,
    });
    await expect(second).rejects.toThrow(/in use by another local stack/);
    const other = mkdtempSync(join(tmpdir(), 'local-aws-'));
    cleanups.push(() => rmSync(other, { recursive: true, force: true }));
    const awsPort = Number(new URL(stack.aws.addresses.awsUrl).port);
    const taken = startLocalAws({
      stateDirectory: other,
      awsPort,
      applicationName: 'Coaching',
      firingTimes: firingTimesOf,
      onLog: () => undefined,
    });
    await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('answer 503 to everything in between', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'local-aws-'));
    const aws = await startLocalAws({
      stateDirectory: directory,
      applicationName: 'Coaching',
      firingTimes: firingTimesOf,
      onLog: () => undefined,
    });
    cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
    cleanups.push(() => aws.stop());
    const get = new GetItemCommand({ TableName: 'coaching', Key: KEY });
    const failure = new DynamoDBClient(clientConfig(aws)).send(get);
    await expect(failure).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    expect((await fetch(`${aws.addresses.loginUrl}/login`)).status).toBe(503);
  });
});

interface StackProcess {
  readonly child: ChildProcess;
  readonly config: {
    region: string;
    endpoint: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  readonly awsUrl: string;
}

async function spawnStack(directory: string): Promise<StackProcess> {
  const script = fileURLToPath(new URL('./stack-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(() => {
    child.kill('SIGKILL');
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const told = JSON.parse(line.toString()) as {
    awsUrl: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  return {
    child,
    awsUrl: told.awsUrl,
    config: { region: REGION, endpoint: told.awsUrl, credentials: told.credentials },
  };
}

const isRunning = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

describe('kill -9', () => {
  it('loses nothing that was answered, and leaves no process behind', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'local-aws-'));
    cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
    const first = await spawnStack(directory);
    const sqs = new SQSClient(first.config);
    const dynamodb = new DynamoDBClient(first.config);
    for (let index = 0; index < 20; index += 1) {
      await Promise.all([
        sqs.send(
          new SendMessageCommand({ QueueUrl: url(first.awsUrl, 'work'), MessageBody: `message ${index}` }),
        ),
        dynamodb.send(
          new PutItemCommand({ TableName: 'coaching', Item: { ...KEY, sk: { S: `row ${index}` } } }),
        ),
      ]);
    }
    const database = Number(readFileSync(join(directory, 'dynamodb.pid'), 'utf8'));
    expect(isRunning(database)).toBe(true);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    await expect.poll(() => isRunning(database), { timeout: 5_000 }).toBe(false);

    const stack = await startTestStack(directory);
    cleanups.push(() => stack.aws.stop());
    expect(stack.aws.queues().find(({ name }) => name === 'work')).toMatchObject({ visible: 20 });
    const get = new GetItemCommand({ TableName: 'coaching', Key: { ...KEY, sk: { S: 'row 19' } } });
    const found = await new DynamoDBClient(clientConfig(stack.aws)).send(get);
    expect(found.Item).toBeDefined();
  });

  it('of the database alone is mended', async () => {
    const stack = await startTestStack();
    cleanups.push(() => stack.remove());
    const patient = new DynamoDBClient({ ...clientConfig(stack.aws), maxAttempts: 8 });
    await patient.send(new PutItemCommand({ TableName: 'coaching', Item: KEY }));
    process.kill(Number(readFileSync(join(stack.stateDirectory, 'dynamodb.pid'), 'utf8')), 'SIGKILL');
    const found = await patient.send(new GetItemCommand({ TableName: 'coaching', Key: KEY }));
    expect(found.Item).toEqual(KEY);
  });
});
