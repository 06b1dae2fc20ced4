import { expect, it } from 'vitest';
import { parseDocument, principalsOf, usesOf, type Statement } from '../support/policies.ts';
import type { SynthesizedStage } from '../support/synthesized-stage.ts';

/** A service that uses our key, and what its documentation asks for: not what we once wrote. */
interface KeyUser {
  readonly service: string;
  /** Guide and title of the page. */
  readonly documentation: string;
  /** What the key's own policy must say. */
  readonly keyPolicy: readonly Statement[];
  /** What whoever calls the service needs of the key, by the calls that it may make. */
  readonly callers: readonly { readonly may: RegExp; readonly key: readonly string[] }[];
}

function keyUsers({ name, settings }: SynthesizedStage, exportBucketArn: string): readonly KeyUser[] {
  const { account, region } = settings;
  const fromAccount = { 'aws:SourceAccount': account };
  const viaCognito = {
    'kms:ViaService': `cognito-idp.${region}.amazonaws.com`,
    'kms:CallerAccount': account,
  };
  const pools = `arn:aws:cognito-idp:${region}:${account}:userpool/*`;
  const ofPools = { 'kms:EncryptionContext:aws:cognito-idp:userpool-arn': pools };
  const cognito = { Service: ['cognito-idp.amazonaws.com', 'identitystore.amazonaws.com'] };
  const ofUserPool = ['Decrypt', 'Encrypt', 'GenerateDataKeyWithoutPlaintext', 'ReEncrypt*'].map(
    (action) => `kms:${action}`,
  );
  return [
    {
      service: 'KMS',
      documentation: 'KMS Developer Guide, "Default key policy": IAM policies of the account grant the rest',
      keyPolicy: [allow({ AWS: `arn:aws:iam::${account}:root` }, ['kms:*'])],
      callers: [],
    },
    {
      service: 'CloudWatch Logs',
      documentation: 'CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using KMS"',
      keyPolicy: [
        allow(
          { Service: `logs.${region}.amazonaws.com` },
          ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
          {
            ArnLike: {
              'kms:EncryptionContext:aws:logs:arn': ['', '/aws/vendedlogs'].map(
                (root) => `arn:aws:logs:${region}:${account}:log-group:${root}/coach-dashboard/${name}/*`,
              ),
            },
          },
        ),
      ],
      // Log events are encrypted by the service.
      callers: [],
    },
    {
      service: 'CloudWatch alarms to SNS',
      documentation: 'SNS Developer Guide, "Managing encryption keys": event sources from AWS services',
      keyPolicy: [
        allow({ Service: 'cloudwatch.amazonaws.com' }, ['kms:Decrypt', 'kms:GenerateDataKey*'], {
          StringEquals: fromAccount,
        }),
      ],
      callers: [{ may: /^sns:Publish /, key: ['kms:Decrypt', 'kms:GenerateDataKey'] }],
    },
    {
      service: 'Cognito',
      documentation: 'Cognito Developer Guide, "Data protection": customer managed key policy',
      keyPolicy: [
        allow(cognito, ofUserPool, {
          ArnLike: { 'aws:SourceArn': pools },
          StringEquals: fromAccount,
          StringLike: ofPools,
        }),
        allow(cognito, ['kms:DescribeKey'], {
          ArnLike: { 'aws:SourceArn': pools },
          StringEquals: fromAccount,
        }),
        allow({ AWS: '*' }, ['kms:DescribeKey'], { StringEquals: viaCognito }),
        allow({ AWS: '*' }, ofUserPool, { StringEquals: viaCognito, StringLike: ofPools }),
      ],
      // The key's policy lets them in itself.
      callers: [],
    },
    {
      service: 'DynamoDB',
      documentation: 'DynamoDB Developer Guide, "Authorizing use of your customer managed key"',
      keyPolicy: [],
      callers: [
        {
          may: /^dynamodb:/,
          key: [
            'kms:Decrypt',
            'kms:DescribeKey',
            'kms:Encrypt',
            'kms:GenerateDataKey',
            'kms:GenerateDataKeyWithoutPlaintext',
            'kms:ReEncryptFrom',
            'kms:ReEncryptTo',
          ],
        },
      ],
    },
    {
      service: 'SQS, also for the role of schedules and for event sources of Lambda',
      documentation: 'SQS Developer Guide, "Configure KMS permissions"',
      keyPolicy: [],
      callers: [
        { may: /^sqs:SendMessage /, key: ['kms:Decrypt', 'kms:GenerateDataKey'] },
        { may: /^sqs:ReceiveMessage /, key: ['kms:Decrypt'] },
      ],
    },
    {
      service: 'Secrets Manager',
      documentation: 'Secrets Manager User Guide, "Permissions for the KMS key"',
      // CDK's, with what the default policy of Secrets Manager's own key has; the callers' policies still decide.
      keyPolicy: [
        allow(
          { AWS: `arn:aws:iam::${account}:root` },
          [
            'kms:CreateGrant',
            'kms:Decrypt',
            'kms:DescribeKey',
            'kms:Encrypt',
            'kms:GenerateDataKey*',
            'kms:ReEncrypt*',
          ],
          { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } },
        ),
      ],
      callers: [
        { may: /^secretsmanager:GetSecretValue /, key: ['kms:Decrypt'] },
        {
          may: /^secretsmanager:(PutSecretValue|UpdateSecret) /,
          key: ['kms:Decrypt', 'kms:GenerateDataKey'],
        },
      ],
    },
    {
      service: 'S3',
      documentation:
        'S3 User Guide, "Uploading an object using multipart upload": an upload in parts needs both',
      keyPolicy: [],
      callers: [
        { may: new RegExp(`^s3:PutObject ${exportBucketArn}/`), key: ['kms:Decrypt', 'kms:GenerateDataKey'] },
        { may: new RegExp(`^s3:GetObject ${exportBucketArn}/`), key: ['kms:Decrypt'] },
      ],
    },
  ];
}

const allow = (
  principal: Readonly<Record<string, string | readonly string[]>>,
  actions: readonly string[],
  conditions?: Statement['Condition'],
): Statement => ({
  Effect: 'Allow',
  Principal: principal,
  Action: [...actions],
  Resource: ['*'],
  ...(conditions === undefined ? {} : { Condition: conditions }),
});

/** Without the name, in an order of its own. */
const comparable = ({ Effect, Principal, Action, Resource, Condition }: Statement): Statement => ({
  Effect,
  Principal,
  Action: Action.toSorted(),
  Resource,
  Condition,
});

export function keyUse(stage: SynthesizedStage): void {
  const key = () => stage.only('AWS::KMS::Key');
  const users = () => {
    const exportBucket = stage.ofType('AWS::S3::Bucket').find(({ path }) => path.includes('/Exports/'));
    if (exportBucket === undefined) throw new Error('There is no bucket for exports.');
    return keyUsers(stage, exportBucket.arn);
  };

  it('is what the documentation of each service asks of the key’s policy, and nothing else', () => {
    const statements = parseDocument(key().properties['KeyPolicy']).map(comparable);
    const expected = users().flatMap(({ keyPolicy }) => keyPolicy.map(comparable));
    expect(new Set(statements)).toEqual(new Set(expected));
    expect(statements).toHaveLength(expected.length);
  });

  it('is granted to each role for the calls that it makes, and for nothing else', () => {
    for (const principal of principalsOf(stage)) {
      const uses = usesOf(principal);
      const needed = users()
        .flatMap(({ callers }) => callers)
        .filter(({ may }) => uses.some((use) => may.test(use)))
        .flatMap((caller) => caller.key);
      const granted = uses.filter((use) => use.startsWith('kms:'));
      expect([...new Set(granted)].toSorted(), principal.role.path).toEqual(
        [...new Set(needed)].map((action) => `${action} ${key().arn}`).toSorted(),
      );
    }
  });

  it('covers everything that is encrypted with it by a service of the list', () => {
    const { arn } = key();
    const holders = stage.resources
      .filter(
        ({ type, properties }) => type !== 'AWS::IAM::Policy' && JSON.stringify(properties).includes(arn),
      )
      .map(({ type }) => type);
    expect([...new Set(holders)].toSorted()).toEqual([
      'AWS::Cognito::UserPool',
      'AWS::DynamoDB::Table',
      'AWS::KMS::Alias',
      'AWS::Logs::LogGroup',
      'AWS::S3::Bucket',
      'AWS::SNS::Topic',
      'AWS::SQS::Queue',
      'AWS::SecretsManager::Secret',
    ]);
  });
}
