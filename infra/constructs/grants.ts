import type { UserPool } from 'aws-cdk-lib/aws-cognito';
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { FILES_PREFIX, SCRATCH_PREFIX } from '#shared/exports/bucket.ts';
import { INDEXES } from '#shared/table/keys.ts';
import { exportBucketName, tableArn } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import { acknowledge } from './acknowledge.ts';

/**
 * Rights, action by action. CDK's own grants are wider than anything here needs (`grantReadWriteData` includes Scan
 * and every index), and each principal that uses an encrypted resource needs its key as well.
 */

type ItemAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem';

/** The table itself, or one of its indexes. */
type Queried = 'table' | keyof typeof INDEXES;

/** What the code behind a function does with the table; a refusal of the local stack names what is missing here. */
export interface TableUse {
  /** Parts of transactions count as the action they are. */
  readonly items: readonly ItemAction[];
  readonly queries: readonly Queried[];
}

export function grantTable(grantee: IGrantable, stage: StageSettings, key: IKey, use: TableUse): void {
  const table = tableArn(stage);
  allow(
    grantee,
    use.items.map((action) => `dynamodb:${action}`),
    [table],
  );
  if (use.queries.length > 0) {
    allow(
      grantee,
      ['dynamodb:Query'],
      use.queries.map((queried) => (queried === 'table' ? table : `${table}/index/${INDEXES[queried].name}`)),
    );
  }
  grantKey(grantee, key, [
    'kms:Encrypt',
    'kms:Decrypt',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:DescribeKey',
  ]);
}

export function grantSend(grantee: IGrantable, queue: IQueue, key: IKey): void {
  allow(grantee, ['sqs:SendMessage'], [queue.queueArn]);
  grantKey(grantee, key, ['kms:GenerateDataKey', 'kms:Decrypt']);
}

/** What an event source needs of the function's role. */
export function grantConsume(grantee: IGrantable, queue: IQueue, key: IKey): void {
  allow(
    grantee,
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    [queue.queueArn],
  );
  grantKey(grantee, key, ['kms:Decrypt']);
}

/** Looking at dead letters, putting them back, and taking them away. */
export function grantDeadLetters(grantee: IGrantable, queue: IQueue, key: IKey): void {
  allow(
    grantee,
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
    [queue.queueArn],
  );
  grantKey(grantee, key, ['kms:Decrypt']);
}

/** How much lies in a queue. */
export function grantMeasure(grantee: IGrantable, queue: IQueue): void {
  allow(grantee, ['sqs:GetQueueAttributes'], [queue.queueArn]);
}

/** Emails from this one address of the verified domain. */
export function grantSendMail(
  grantee: IGrantable,
  { region, account }: StageSettings,
  { from, verifiedDomain }: NonNullable<StageSettings['noticeMail']>,
): void {
  allow(grantee, ['ses:SendEmail'], [`arn:aws:ses:${region}:${account}:identity/${verifiedDomain}`], {
    StringEquals: { 'ses:FromAddress': from },
  });
}

/** How much lay in queues. Metrics are no resources: the right is for all of them or none. */
export function grantMetrics(grantee: IGrantable): void {
  allow(grantee, ['cloudwatch:GetMetricData'], ['*']);
}

/** Calls about people of the user pool, each named. */
export function grantSignIns(
  grantee: IGrantable,
  userPool: UserPool,
  actions: readonly `Admin${string}`[],
): void {
  allow(
    grantee,
    actions.map((action) => `cognito-idp:${action}`),
    [userPool.userPoolArn],
  );
}

export function grantReadSecret(grantee: IGrantable, secret: Secret, key: IKey): void {
  allow(grantee, ['secretsmanager:GetSecretValue'], [secret.secretArn]);
  grantKey(grantee, key, ['kms:Decrypt']);
}

/** Writing files, with what is needed again meanwhile. S3 decrypts the parts of an upload to join them. */
export function grantWriteExports(grantee: IGrantable & IConstruct, stage: StageSettings, key: IKey): void {
  allowObjects(grantee, stage, 's3:PutObject', [FILES_PREFIX, SCRATCH_PREFIX]);
  allowObjects(grantee, stage, 's3:GetObject', [SCRATCH_PREFIX]);
  grantKey(grantee, key, ['kms:GenerateDataKey', 'kms:Decrypt']);
}

/** Addresses of finished files: whoever opens one acts with the rights of who signed it. */
export function grantReadExports(grantee: IGrantable & IConstruct, stage: StageSettings, key: IKey): void {
  allowObjects(grantee, stage, 's3:GetObject', [FILES_PREFIX]);
  grantKey(grantee, key, ['kms:Decrypt']);
}

function allowObjects(
  grantee: IGrantable & IConstruct,
  stage: StageSettings,
  action: string,
  prefixes: readonly string[],
): void {
  const objects = prefixes.map((prefix) => `arn:aws:s3:::${exportBucketName(stage)}/${prefix}*`);
  allow(grantee, [action], objects);
  for (const object of objects) {
    acknowledge(grantee, `AwsSolutions-IAM5[Resource::${object}]`, 'A file is named by the id of its job.');
  }
}

function grantKey(grantee: IGrantable, key: IKey, actions: readonly string[]): void {
  allow(grantee, actions, [key.keyArn]);
}

export function allow(
  grantee: IGrantable,
  actions: readonly string[],
  resources: readonly string[],
  conditions: Readonly<Record<string, unknown>> = {},
): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }),
  );
}
