import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAws, type AwsCredentials, type LocalAws } from '#infra/local/emulator/aws/local-aws.ts';
import type {
  Deployment,
  LocalAddresses,
  PolicyStatement,
  QueueResource,
  RoleResource,
} from '#infra/local/emulator/deployment.ts';
import { firingTimesOf } from '#shared/schedules/firing-times.ts';

export const REGION = 'us-east-1';
export const ACCOUNT = '111122223333';
export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/0a1b2c3d`;
export const TABLE_ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/coaching`;
export const BUCKET = 'coaching-files';
const BUCKET_ARN = `arn:aws:s3:::${BUCKET}`;
export const POOL_ID = `${REGION}_Coaches01`;
export const CLIENT_ID = '7coachdashboardclient';
export const CALLBACK = 'http://127.0.0.1:5555/signed-in';
export const LOGOUT = 'http://127.0.0.1:5555/';
export const GROUP_ARN = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/coaching`;

export const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:alarms`;
const alarmArn = (name: string): string => `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`;

export const queueArn = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
export const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

export function statement(parts: Partial<PolicyStatement>): PolicyStatement {
  return {
    sid: undefined,
    effect: 'Allow',
    principals: undefined,
    actions: undefined,
    notActions: undefined,
    resources: undefined,
    notResources: undefined,
    conditions: {},
    ...parts,
  };
}

export function role(name: string, service: string, statements: readonly PolicyStatement[]): RoleResource {
  return {
    arn: roleArn(name),
    name,
    path: `Stack/${name}`,
    trust: [statement({ principals: { Service: [service] }, actions: ['sts:AssumeRole'] })],
    statements,
  };
}

function queue(
  name: string,
  addresses: Pick<LocalAddresses, 'awsUrl'>,
  parts: Partial<QueueResource> = {},
): QueueResource {
  return {
    name,
    arn: queueArn(name),
    url: `${addresses.awsUrl}/${ACCOUNT}/${name}`,
    keyArn: KEY_ARN,
    visibilityTimeoutSeconds: 30,
    retentionSeconds: 345_600,
    receiveWaitSeconds: 0,
    redrive: undefined,
    policy: [],
    ...parts,
  };
}

/** A worker that may do its job, a reader that may read one index, a role for the scheduler, everything encrypted. */
export function makeDeployment(addresses: Pick<LocalAddresses, 'awsUrl' | 'loginUrl'>): Deployment {
  const useKey = statement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [KEY_ARN] });
  return {
    stage: 'dev',
    region: REGION,
    accountId: ACCOUNT,
    roles: [
      role('worker-role', 'lambda.amazonaws.com', [
        useKey,
        statement({
          actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:ConditionCheckItem', 'dynamodb:Query'],
          resources: [TABLE_ARN],
        }),
        statement({
          actions: [
            'sqs:SendMessage',
            'sqs:ReceiveMessage',
            'sqs:DeleteMessage',
            'sqs:ChangeMessageVisibility',
          ],
          resources: [queueArn('work')],
        }),
        statement({ actions: ['s3:PutObject'], resources: [`${BUCKET_ARN}/files/*`] }),
        statement({
          actions: ['secretsmanager:GetSecretValue'],
          resources: [`arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:coaching/token-??????`],
        }),
      ]),
      role('reader-role', 'lambda.amazonaws.com', [
        useKey,
        statement({ actions: ['dynamodb:Query'], resources: [`${TABLE_ARN}/index/*`] }),
        statement({ actions: ['cognito-idp:AdminCreateUser'], resources: [poolArn()] }),
        statement({ actions: ['s3:GetObject'], resources: [`${BUCKET_ARN}/files/*`] }),
        statement({
          actions: ['scheduler:CreateSchedule'],
          resources: [`arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/coaching/*`],
        }),
      ]),
      role('keyless-role', 'lambda.amazonaws.com', [
        statement({ actions: ['dynamodb:GetItem'], resources: [TABLE_ARN] }),
        statement({ actions: ['sqs:SendMessage'], resources: [queueArn('work')] }),
        statement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [`${BUCKET_ARN}/*`] }),
      ]),
      {
        ...role('scheduler-role', 'scheduler.amazonaws.com', [
          useKey,
          statement({
            actions: ['sqs:SendMessage'],
            resources: [queueArn('work'), queueArn('schedule-dead')],
          }),
        ]),
        trust: [
          statement({
            principals: { Service: ['scheduler.amazonaws.com'] },
            actions: ['sts:AssumeRole'],
            conditions: {
              StringEquals: { 'aws:SourceAccount': [ACCOUNT] },
              ArnLike: { 'aws:SourceArn': [GROUP_ARN] },
            },
          }),
        ],
      },
    ],
    functions: ['worker', 'reader', 'keyless'].map((name) => ({
      logicalId: name,
      name: `coaching-${name}`,
      arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:coaching-${name}`,
      path: `Stack/${name}`,
      codeDirectory: '/nowhere',
      handler: 'index.handler',
      timeoutSeconds: 5,
      memoryMb: 256,
      tracing: false,
      logLevel: undefined,
      environment: {},
      roleArn: roleArn(`${name}-role`),
    })),
    permissions: [],
    tables: [
      {
        name: 'coaching',
        arn: TABLE_ARN,
        keyArn: KEY_ARN,
        attributes: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((name) => ({ name, type: 'S' })),
        keySchema: [
          { name: 'pk', type: 'HASH' },
          { name: 'sk', type: 'RANGE' },
        ],
        indexes: [
          {
            name: 'gsi1',
            keySchema: [
              { name: 'gsi1pk', type: 'HASH' },
              { name: 'gsi1sk', type: 'RANGE' },
            ],
            projection: 'ALL',
          },
        ],
        ttlAttribute: 'expiresAt',
      },
    ],
    queues: [
      queue('work', addresses, { redrive: { deadLetterArn: queueArn('work-dead'), maxReceiveCount: 2 } }),
      queue('work-dead', addresses, { retentionSeconds: 1_209_600 }),
      queue('schedule-dead', addresses),
      queue('closed', addresses, {
        policy: [
          statement({
            effect: 'Deny',
            principals: { AWS: ['*'] },
            actions: ['sqs:*'],
            resources: [queueArn('closed')],
            conditions: { Bool: { 'aws:SecureTransport': ['false'] } },
          }),
        ],
      }),
    ],
    eventSources: [],
    buckets: [
      {
        name: BUCKET,
        arn: BUCKET_ARN,
        keyArn: KEY_ARN,
        bucketKey: true,
        lifecycle: [{ prefix: 'files/', expirationDays: 1, abortUploadDays: 1 }],
        policy: [
          statement({
            effect: 'Deny',
            principals: { AWS: ['*'] },
            actions: ['s3:*'],
            resources: [BUCKET_ARN, `${BUCKET_ARN}/*`],
            conditions: { NumericLessThan: { 's3:TlsVersion': ['1.2'] } },
          }),
          statement({
            effect: 'Deny',
            principals: { AWS: ['*'] },
            actions: ['s3:PutObject'],
            resources: [`${BUCKET_ARN}/files/closed`],
          }),
        ],
      },
    ],
    secrets: [
      {
        name: 'coaching/token',
        arn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:coaching/token-Ab12Cd`,
        keyArn: KEY_ARN,
        value: undefined,
        generate: undefined,
      },
      {
        name: 'coaching/origin',
        arn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:coaching/origin-Ef34Gh`,
        keyArn: undefined,
        value: undefined,
        generate: { length: 40, template: undefined, key: undefined },
      },
    ],
    keys: [
      {
        arn: KEY_ARN,
        policy: [
          statement({
            principals: { AWS: [`arn:aws:iam::${ACCOUNT}:root`] },
            actions: ['kms:*'],
            resources: ['*'],
          }),
        ],
      },
    ],
    userPools: [
      {
        id: POOL_ID,
        arn: poolArn(),
        keyArn: KEY_ARN,
        issuer: `${addresses.loginUrl}/${POOL_ID}`,
        groups: ['coach', 'admin'],
        clients: [
          {
            id: CLIENT_ID,
            name: 'site',
            callbackUrls: [CALLBACK],
            logoutUrls: [LOGOUT],
            oauthFlows: ['code'],
            oauthScopes: ['openid', 'email'],
            generateSecret: false,
            accessTokenSeconds: 900,
            idTokenSeconds: 900,
            refreshTokenSeconds: 43_200,
          },
        ],
        loginUrl: addresses.loginUrl,
        domainPrefix: 'coaching',
      },
    ],
    scheduleGroups: [{ name: 'coaching', arn: GROUP_ARN }],
    topics: [{ arn: TOPIC_ARN, keyArn: KEY_ARN, policy: [], emails: ['on-call@example.com'] }],
    alarms: [{ name: 'late', arn: alarmArn('late'), alarmActions: [TOPIC_ARN], okActions: [] }],
    customResources: [],
    httpApi: { id: 'api', arn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:api`, routes: [] },
    distribution: {
      url: 'http://127.0.0.1:5555',
      id: 'E1COACHING',
      comment: 'Coaching',
      defaultRootObject: undefined,
      apiOriginHeaders: {},
      behaviors: [],
      siteFiles: [],
    },
  };
}

function poolArn(): string {
  return `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${POOL_ID}`;
}

/** Makes clients of the real SDK point at the local stack, one attempt, as one caller. */
export function clientConfig(
  aws: LocalAws,
  credentials: AwsCredentials = aws.operatorCredentials,
): { region: string; endpoint: string; credentials: AwsCredentials; maxAttempts: number } {
  return { region: REGION, endpoint: aws.addresses.awsUrl, credentials, maxAttempts: 1 };
}

export interface TestStack {
  readonly aws: LocalAws;
  readonly stateDirectory: string;
  /** Stops and starts over the same state. */
  restart(): Promise<TestStack>;
  /** Stops and takes the state away. */
  remove(): Promise<void>;
}

const portOf = (url: string): number => Number(new URL(url).port);

export async function startTestStack(
  stateDirectory: string = mkdtempSync(join(tmpdir(), 'local-aws-')),
  ports: { readonly awsPort?: number; readonly loginPort?: number } = {},
): Promise<TestStack> {
  const aws = await startLocalAws({
    stateDirectory,
    applicationName: 'Coaching',
    firingTimes: firingTimesOf,
    onLog: () => undefined,
    ...ports,
  });
  await aws.deploy(makeDeployment(aws.addresses), { 'coaching/token': 'vendor-token' });
  return {
    aws,
    stateDirectory,
    restart: async () => {
      await aws.stop();
      return startTestStack(stateDirectory, {
        awsPort: portOf(aws.addresses.awsUrl),
        loginPort: portOf(aws.addresses.loginUrl),
      });
    },
    remove: async () => {
      await aws.stop();
      rmSync(stateDirectory, { recursive: true, force: true });
    },
  };
}
