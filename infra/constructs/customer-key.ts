import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { logGroupPrefix } from './log-group.ts';
import { physicalName } from '../names.ts';
import type { StageSettings } from '../stages.ts';

/**
 * The key that everything with personal data is encrypted with. CDK adds the statement that lets IAM policies of this
 * account grant its use; services that act without one of our roles need a statement each, and fail without a word
 * when it is missing (alarms to an encrypted topic) or fail the deployment (log groups).
 */
export function createCustomerKey(scope: Construct, id: string, stage: StageSettings): Key {
  const key = new Key(scope, id, {
    alias: `alias/${physicalName(stage, 'data')}`,
    description: `Coach Dashboard ${stage.name}: table, exports, queues, secrets, logs, user pool, alarms`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  const logGroups = ['', '/aws/vendedlogs'].map(
    (root) => `arn:aws:logs:${stage.region}:${stage.account}:log-group:${root}${logGroupPrefix(stage)}*`,
  );
  const sameAccount = { StringEquals: { 'aws:SourceAccount': stage.account } };

  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'LogGroupsOfThisStage',
      principals: [new ServicePrincipal(`logs.${stage.region}.amazonaws.com`)],
      actions: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:DescribeKey',
      ],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsToTheEncryptedTopic',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: sameAccount,
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'UserPoolOfThisAccount',
      principals: [new ServicePrincipal('cognito-idp.amazonaws.com')],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: sameAccount,
    }),
  );
  return key;
}
