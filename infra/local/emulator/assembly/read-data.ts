import * as z from 'zod';
import type {
  AlarmResource,
  BucketResource,
  QueueResource,
  ScheduleGroupResource,
  SecretResource,
  TableResource,
  TopicResource,
} from '../deployment.ts';
import { keyFinder } from './read-identity.ts';
import { policyDocumentSchema } from './policies.ts';
import type { AssemblyResources } from './resource-view.ts';

const keySchema = z
  .array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
  .transform((keys) => keys.map(({ AttributeName, KeyType }) => ({ name: AttributeName, type: KeyType })));

const encryptionSchema = z.object({ KMSMasterKeyId: z.string().optional() }).optional();

export function readTables(resources: AssemblyResources): TableResource[] {
  const findKey = keyFinder(resources);
  return resources.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map((view) => {
    const table = view.read({
      AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
      KeySchema: keySchema,
      GlobalSecondaryIndexes: z
        .array(
          z.object({
            IndexName: z.string(),
            KeySchema: keySchema,
            Projection: z.object({ ProjectionType: z.string() }),
          }),
        )
        .default([]),
      TimeToLiveSpecification: z
        .object({ AttributeName: z.string().optional(), Enabled: z.boolean() })
        .optional(),
      SSESpecification: encryptionSchema,
      Replicas: z.array(z.object({ SSESpecification: encryptionSchema })).default([]),
    });
    const ttl = table.TimeToLiveSpecification;
    return {
      name: view.ref(),
      arn: view.attribute('Arn'),
      keyArn: findKey(
        table.SSESpecification?.KMSMasterKeyId ?? table.Replicas[0]?.SSESpecification?.KMSMasterKeyId,
      ),
      attributes: table.AttributeDefinitions.map(({ AttributeName, AttributeType }) => ({
        name: AttributeName,
        type: AttributeType,
      })),
      keySchema: table.KeySchema,
      indexes: table.GlobalSecondaryIndexes.map((index) => ({
        name: index.IndexName,
        keySchema: index.KeySchema,
        projection: index.Projection.ProjectionType,
      })),
      ttlAttribute: ttl?.Enabled === true ? ttl.AttributeName : undefined,
    };
  });
}

/** Where the template is silent, SQS's own defaults hold: 30 s, 4 days, short polling. */
export function readQueues(resources: AssemblyResources): QueueResource[] {
  const findKey = keyFinder(resources);
  const policies = resources
    .ofType('AWS::SQS::QueuePolicy')
    .map((view) => view.read({ Queues: z.array(z.string()), PolicyDocument: policyDocumentSchema }));
  return resources.ofType('AWS::SQS::Queue').map((view) => {
    const queue = view.read({
      KmsMasterKeyId: z.string().optional(),
      VisibilityTimeout: z.number().default(30),
      MessageRetentionPeriod: z.number().default(345_600),
      ReceiveMessageWaitTimeSeconds: z.number().default(0),
      RedrivePolicy: z
        .object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() })
        .optional(),
    });
    const url = view.ref();
    return {
      name: view.attribute('QueueName'),
      arn: view.attribute('Arn'),
      url,
      keyArn: findKey(queue.KmsMasterKeyId),
      visibilityTimeoutSeconds: queue.VisibilityTimeout,
      retentionSeconds: queue.MessageRetentionPeriod,
      receiveWaitSeconds: queue.ReceiveMessageWaitTimeSeconds,
      redrive:
        queue.RedrivePolicy === undefined
          ? undefined
          : {
              deadLetterArn: queue.RedrivePolicy.deadLetterTargetArn,
              maxReceiveCount: queue.RedrivePolicy.maxReceiveCount,
            },
      policy: policies
        .filter(({ Queues }) => Queues.includes(url))
        .flatMap(({ PolicyDocument }) => PolicyDocument),
    };
  });
}

const lifecycleRuleSchema = z
  .strictObject({
    Id: z.string().optional(),
    Status: z.enum(['Enabled', 'Disabled']),
    Prefix: z.string().default(''),
    ExpirationInDays: z.number().optional(),
    AbortIncompleteMultipartUpload: z.object({ DaysAfterInitiation: z.number() }).optional(),
  })
  .transform((rule) => ({
    enabled: rule.Status === 'Enabled',
    prefix: rule.Prefix,
    expirationDays: rule.ExpirationInDays,
    abortUploadDays: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
  }));

/** A lifecycle rule that says more than the stand-in does is an error, not a gap. */
export function readBuckets(resources: AssemblyResources): BucketResource[] {
  const findKey = keyFinder(resources);
  const policies = resources
    .ofType('AWS::S3::BucketPolicy')
    .map((view) => view.read({ Bucket: z.string(), PolicyDocument: policyDocumentSchema }));
  return resources.ofType('AWS::S3::Bucket').map((view) => {
    const { BucketEncryption: encryption, LifecycleConfiguration: lifecycle } = view.read({
      BucketEncryption: z
        .object({
          ServerSideEncryptionConfiguration: z.array(
            z.object({
              BucketKeyEnabled: z.boolean().default(false),
              ServerSideEncryptionByDefault: z.object({ KMSMasterKeyID: z.string().optional() }),
            }),
          ),
        })
        .optional(),
      LifecycleConfiguration: z.object({ Rules: z.array(lifecycleRuleSchema) }).optional(),
    });
    const [rule] = encryption?.ServerSideEncryptionConfiguration ?? [];
    const name = view.ref();
    return {
      name,
      arn: view.attribute('Arn'),
      keyArn: findKey(rule?.ServerSideEncryptionByDefault.KMSMasterKeyID),
      bucketKey: rule?.BucketKeyEnabled ?? false,
      lifecycle: (lifecycle?.Rules ?? []).filter(({ enabled }) => enabled),
      policy: policies
        .filter(({ Bucket }) => Bucket === name)
        .flatMap(({ PolicyDocument }) => PolicyDocument),
    };
  });
}

export function readSecrets(resources: AssemblyResources): SecretResource[] {
  const findKey = keyFinder(resources);
  return resources.ofType('AWS::SecretsManager::Secret').map((view) => {
    const secret = view.read({
      Name: z.string().optional(),
      KmsKeyId: z.string().optional(),
      SecretString: z.string().optional(),
      GenerateSecretString: z
        .object({
          PasswordLength: z.number().default(32),
          SecretStringTemplate: z.string().optional(),
          GenerateStringKey: z.string().optional(),
        })
        .optional(),
    });
    const arn = view.ref();
    const generate = secret.GenerateSecretString;
    return {
      name: secret.Name ?? arn.replace(/^.*:secret:(.*)-[^-]{6}$/, '$1'),
      arn,
      keyArn: findKey(secret.KmsKeyId),
      value: secret.SecretString,
      generate:
        generate === undefined
          ? undefined
          : {
              length: generate.PasswordLength,
              template: generate.SecretStringTemplate,
              key: generate.GenerateStringKey,
            },
    };
  });
}

export function readScheduleGroups(resources: AssemblyResources): ScheduleGroupResource[] {
  return resources
    .ofType('AWS::Scheduler::ScheduleGroup')
    .map((view) => ({ name: view.ref(), arn: view.attribute('Arn') }));
}

export function readTopics(resources: AssemblyResources): TopicResource[] {
  const findKey = keyFinder(resources);
  const policies = resources
    .ofType('AWS::SNS::TopicPolicy')
    .map((view) => view.read({ Topics: z.array(z.string()), PolicyDocument: policyDocumentSchema }));
  const subscriptions = resources
    .ofType('AWS::SNS::Subscription')
    .map((view) =>
      view.read({ TopicArn: z.string(), Protocol: z.string(), Endpoint: z.string().default('') }),
    );
  return resources.ofType('AWS::SNS::Topic').map((view) => {
    const arn = view.ref();
    return {
      arn,
      keyArn: findKey(view.read({ KmsMasterKeyId: z.string().optional() }).KmsMasterKeyId),
      policy: policies
        .filter(({ Topics }) => Topics.includes(arn))
        .flatMap(({ PolicyDocument }) => PolicyDocument),
      emails: subscriptions
        .filter(({ TopicArn, Protocol }) => TopicArn === arn && Protocol === 'email')
        .map(({ Endpoint }) => Endpoint),
    };
  });
}

export function readAlarms(resources: AssemblyResources): AlarmResource[] {
  return resources.ofType('AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm').map((view) => {
    const actions = z.array(z.string()).default([]);
    const { AlarmActions, OKActions } = view.read({ AlarmActions: actions, OKActions: actions });
    return {
      name: view.ref(),
      arn: view.attribute('Arn'),
      alarmActions: AlarmActions,
      okActions: OKActions,
    };
  });
}
