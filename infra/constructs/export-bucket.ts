import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { exportBucketName } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import { keptOnceEstablished } from './keeping.ts';
import { acknowledge } from './acknowledge.ts';

interface ExportBucketProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
}

/**
 * Files that were too large for one answer, for a day. S3 rounds a day up to the next midnight, so what is in here is
 * gone within two; the API offers nothing that is older than one. Other stacks know it by its name, so that no export
 * keeps it from being replaced.
 */
export function createExportBucket(scope: Construct, id: string, props: ExportBucketProps): void {
  const { stage, encryptionKey } = props;
  const bucket = new Bucket(scope, id, {
    bucketName: exportBucketName(stage),
    encryption: BucketEncryption.KMS,
    encryptionKey,
    // One call of the key for many objects.
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    lifecycleRules: [
      {
        id: 'gone-after-a-day',
        expiration: Duration.days(1),
        // Of workers that died; nobody pays for their parts.
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    removalPolicy: keptOnceEstablished(stage),
  });
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'The audit log has who fetched which file; an access log would keep their addresses as well.',
  );
}
