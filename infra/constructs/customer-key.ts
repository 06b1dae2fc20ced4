import { AnyPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { logGroupPrefix } from './log-group.ts';
import { physicalName } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import { keptOnceEstablished } from './keeping.ts';

/**
 * The key that everything with personal data is encrypted with. CDK adds the statement that lets IAM policies of this
 * account grant its use; services that act without one of our roles need a statement each, and fail without a word
 * when it is missing (alarms to an encrypted topic) or fail the deployment (log groups). What each asks for is in its
 * own documentation: `test/infra/expectations/key-users.ts` names the pages.
 */
export function createCustomerKey(scope: Construct, id: string, stage: StageSettings): Key {
  const key = new Key(scope, id, {
    alias: `alias/${physicalName(stage, 'data')}`,
    description: `Coach Dashboard ${stage.name}: table, exports, queues, secrets, logs, user pool, alarms`,
    enableKeyRotation: true,
    removalPolicy: keptOnceEstablished(stage),
  });
  const logGroups = ['', '/aws/vendedlogs'].map(
    (root) => `arn:aws:logs:${stage.region}:${stage.account}:log-group:${root}${logGroupPrefix(stage)}*`,
  );
  for (const statement of [
    {
      sid: 'LogGroupsOfThisStage',
      principals: [new ServicePrincipal(`logs.${stage.region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    },
    {
      sid: 'AlarmsToTheEncryptedTopic',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      conditions: { StringEquals: { 'aws:SourceAccount': stage.account } },
    },
    ...userPoolStatements(stage),
  ])
    key.addToResourcePolicy(new PolicyStatement({ ...statement, resources: ['*'] }));
  return key;
}

/**
 * Cognito keeps people in the identity store, and both act on their own account for whoever signs in, and on the
 * caller's for `coaches-api` and operators. Any pool of the account: the key is there before the pool has an id.
 */
function userPoolStatements(stage: StageSettings) {
  const pools = `arn:aws:cognito-idp:${stage.region}:${stage.account}:userpool/*`;
  const services = [
    new ServicePrincipal('cognito-idp.amazonaws.com'),
    new ServicePrincipal('identitystore.amazonaws.com'),
  ];
  const use = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKeyWithoutPlaintext'];
  const ofPools = { StringLike: { 'kms:EncryptionContext:aws:cognito-idp:userpool-arn': pools } };
  const forPools = {
    StringEquals: { 'aws:SourceAccount': stage.account },
    ArnLike: { 'aws:SourceArn': pools },
  };
  const forCallers = {
    StringEquals: {
      'kms:ViaService': `cognito-idp.${stage.region}.amazonaws.com`,
      'kms:CallerAccount': stage.account,
    },
  };
  const callers = [new AnyPrincipal()];
  const describe = ['kms:DescribeKey'];
  return [
    { sid: 'UserPoolsUse', principals: services, actions: use, conditions: { ...forPools, ...ofPools } },
    { sid: 'UserPoolsDescribe', principals: services, actions: describe, conditions: forPools },
    {
      sid: 'CallersOfUserPoolsUse',
      principals: callers,
      actions: use,
      conditions: { ...forCallers, ...ofPools },
    },
    { sid: 'CallersOfUserPoolsDescribe', principals: callers, actions: describe, conditions: forCallers },
  ];
}
