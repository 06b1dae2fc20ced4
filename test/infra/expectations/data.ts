import { expect, it } from 'vitest';
import * as z from 'zod';
import { INDEXES, PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseDocument } from '../support/policies.ts';
import type { SynthesizedStage } from '../support/synthesized-stage.ts';

export function data(stage: SynthesizedStage): void {
  const keyArn = () => stage.only('AWS::KMS::Key').arn;
  const exportBucket = () => {
    const found = stage.ofType('AWS::S3::Bucket').find(({ path }) => path.includes('/Exports/'));
    if (found === undefined) throw new Error('There is no bucket for exports.');
    return found;
  };

  it('keep the table as the keys file describes it, encrypted and backed up', () => {
    const table = stage.only('AWS::DynamoDB::Table');
    expect(table.properties).toMatchObject({
      TableName: stage.settings.tableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: PARTITION_KEY, KeyType: 'HASH' },
        { AttributeName: SORT_KEY, KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: Object.values(INDEXES).map((index) => ({
        IndexName: index.name,
        KeySchema: [
          { AttributeName: index.partitionKey, KeyType: 'HASH' },
          { AttributeName: index.sortKey, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      })),
      TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: stage.settings.backupRetentionDays,
      },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keyArn() },
    });
  });

  it('keep exports encrypted, private and for a day, and half-written ones no longer', () => {
    const bucket = exportBucket();
    // With the account in it, the name is nobody else's.
    const { account } = stage.settings;
    expect(bucket.properties['BucketName']).toBe(`coach-dashboard-${stage.name}-exports-${account}`);
    expect(bucket.properties).not.toHaveProperty('VersioningConfiguration');
    expect(bucket.properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn() },
          },
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LifecycleConfiguration: {
        Rules: [
          expect.objectContaining({
            Status: 'Enabled',
            ExpirationInDays: 1,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          }),
        ],
      },
    });
    expect(Object.keys(Object(bucket.properties['LifecycleConfiguration']).Rules[0])).not.toContain('Prefix');
  });

  it('take requests for exports over TLS 1.2 only, and let nobody in by the bucket’s own policy', () => {
    const bucket = exportBucket();
    const policies = stage
      .ofType('AWS::S3::BucketPolicy')
      .filter(({ properties }) => properties['Bucket'] === bucket.properties['BucketName']);
    expect(policies).toHaveLength(1);
    const statements = parseDocument(policies[0]?.properties['PolicyDocument']);
    expect(statements.map(({ Effect }) => Effect)).toEqual(['Deny', 'Deny']);
    for (const Condition of [
      { Bool: { 'aws:SecureTransport': 'false' } },
      { NumericLessThan: { 's3:TlsVersion': 1.2 } },
    ]) {
      expect(statements).toContainEqual(
        expect.objectContaining({
          Condition,
          Action: ['s3:*'],
          Resource: [bucket.arn, `${bucket.arn}/*`],
          Principal: { AWS: '*' },
        }),
      );
    }
  });

  it('encrypt queues, secrets, the topic and the user pool with the same key', () => {
    for (const { path, properties } of stage.ofType('AWS::SQS::Queue')) {
      expect(properties['KmsMasterKeyId'], path).toBe(keyArn());
    }
    for (const { path, properties } of stage.ofType('AWS::SecretsManager::Secret')) {
      expect(properties['KmsKeyId'], path).toBe(keyArn());
    }
    for (const { path, properties } of stage.ofType('AWS::SNS::Topic')) {
      expect(properties['KmsMasterKeyId'], path).toBe(keyArn());
    }
    expect(stage.only('AWS::Cognito::UserPool').properties['KeyConfiguration']).toEqual({
      KeyType: 'CUSTOMER_MANAGED_KEY',
      KmsKeyArn: keyArn(),
    });
  });

  it('rotate the key', () => {
    const key = stage.only('AWS::KMS::Key');
    expect(key.properties).toMatchObject({ EnableKeyRotation: true });
  });

  it('name every encrypted log group so that the key policy covers it', () => {
    for (const { path, properties } of stage.ofType('AWS::Logs::LogGroup')) {
      if (properties['KmsKeyId'] === undefined) continue;
      expect(properties['LogGroupName'], path).toMatch(
        new RegExp(`^(/aws/vendedlogs)?/coach-dashboard/${stage.name}/`),
      );
    }
  });

  it("leave the vendor's token to an operator and generate the origin secret", () => {
    const secretSchema = z.object({
      Name: z.string(),
      GenerateSecretString: z.unknown().optional(),
      SecretString: z.unknown().optional(),
    });
    const secrets = stage
      .ofType('AWS::SecretsManager::Secret')
      .map(({ properties }) => secretSchema.parse(properties));
    expect(secrets).toEqual([
      {
        Name: `coach-dashboard/${stage.name}/game-platform-token`,
        GenerateSecretString: undefined,
        SecretString: undefined,
      },
      {
        Name: `coach-dashboard/${stage.name}/origin-verify`,
        GenerateSecretString: { PasswordLength: 48, ExcludePunctuation: true },
        SecretString: undefined,
      },
    ]);
  });

  it('take requests to queues and topic over TLS only', () => {
    const policies = [...stage.ofType('AWS::SQS::QueuePolicy'), ...stage.ofType('AWS::SNS::TopicPolicy')];
    expect(policies).toHaveLength(
      stage.ofType('AWS::SQS::Queue').length + stage.ofType('AWS::SNS::Topic').length,
    );
    for (const { path, properties } of policies) {
      expect(parseDocument(properties['PolicyDocument']), path).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });
}
