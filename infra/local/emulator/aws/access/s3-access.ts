import { keyAccess } from './key-access.ts';
import { stringField, UnknownOperationError, type Requirement } from './requirement.ts';
import type { ResourceNames } from './resource-names.ts';

interface ObjectAccess {
  readonly action: string;
  readonly key: readonly string[];
}

/** User Guide, "Multipart upload and permissions": parts are encrypted with a data key that is decrypted for each call. */
const OBJECT_ACTIONS: Readonly<Record<string, ObjectAccess>> = {
  GetObject: { action: 'GetObject', key: ['kms:Decrypt'] },
  HeadObject: { action: 'GetObject', key: ['kms:Decrypt'] },
  PutObject: { action: 'PutObject', key: ['kms:GenerateDataKey'] },
  CreateMultipartUpload: { action: 'PutObject', key: ['kms:GenerateDataKey', 'kms:Decrypt'] },
  UploadPart: { action: 'PutObject', key: ['kms:GenerateDataKey', 'kms:Decrypt'] },
  CompleteMultipartUpload: { action: 'PutObject', key: ['kms:Decrypt'] },
  AbortMultipartUpload: { action: 'AbortMultipartUpload', key: [] },
  DeleteObject: { action: 'DeleteObject', key: [] },
};

export function s3Access(operation: string, body: unknown, names: ResourceNames): readonly Requirement[] {
  const known = OBJECT_ACTIONS[operation];
  if (known === undefined) throw new UnknownOperationError(operation);
  const name = stringField(body, 'Bucket') ?? '';
  const bucket = names.bucket(name);
  const bucketArn = bucket?.arn ?? `arn:aws:s3:::${name}`;
  const object = `${bucketArn}/${stringField(body, 'Key') ?? ''}`;
  return [
    { action: `s3:${known.action}`, resource: object },
    ...keyAccess(names, bucket?.keyArn, 's3', known.key, {
      'aws:s3:arn': bucket?.bucketKey === true ? bucketArn : object,
    }),
  ];
}
