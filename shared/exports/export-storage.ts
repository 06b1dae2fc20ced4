import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { requestTimeouts } from '#shared/kernel/aws-requests.ts';
import { OwnError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { FILES_PREFIX, SCRATCH_PREFIX } from './bucket.ts';
import { UploadGoneError, type ExportStorage } from './export-worker.ts';

const GONE: ReadonlySet<string> = new Set(['NoSuchUpload', 'InvalidPart']);

async function unlessGone<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof S3ServiceException && GONE.has(error.name))
      throw new UploadGoneError(error.name, { cause: error });
    throw error;
  }
}

/** A part of 8 MiB takes a second; a call that takes this long is tried again. */
const REQUEST_TIMEOUT_MS = 15_000;

export const createBucketClient = (): S3Client =>
  new S3Client({ maxAttempts: 3, requestHandler: requestTimeouts(REQUEST_TIMEOUT_MS) });

const fileKey = (jobId: string): string => `${FILES_PREFIX}${jobId}`;

export function createExportStorage(client: S3Client, bucket: string, newId: NewId): ExportStorage {
  return {
    async begin(jobId) {
      const { UploadId: uploadId } = await client.send(
        new CreateMultipartUploadCommand({
          Bucket: bucket,
          Key: fileKey(jobId),
          ContentType: 'text/csv; charset=utf-8',
          ChecksumAlgorithm: 'CRC32',
        }),
      );
      if (uploadId === undefined) throw new OwnError('The bucket began no upload.');
      return uploadId;
    },

    async putPart(jobId, uploadId, number, text) {
      const { ETag: etag = '', ChecksumCRC32: checksum = '' } = await unlessGone(
        client.send(
          new UploadPartCommand({
            Bucket: bucket,
            Key: fileKey(jobId),
            UploadId: uploadId,
            PartNumber: number,
            Body: Buffer.from(text),
            ChecksumAlgorithm: 'CRC32',
          }),
        ),
      );
      return { etag, checksum };
    },

    async complete(jobId, uploadId, parts) {
      await unlessGone(
        client.send(
          new CompleteMultipartUploadCommand({
            Bucket: bucket,
            Key: fileKey(jobId),
            UploadId: uploadId,
            MultipartUpload: {
              Parts: parts.map(({ etag, checksum }, index) => ({
                PartNumber: index + 1,
                ETag: etag,
                ChecksumCRC32: checksum,
              })),
            },
          }),
        ),
      );
    },

    scratchOf: (jobId) => {
      const keyOf = (name: string) => `${SCRATCH_PREFIX}${jobId}/${name}`;
      return {
        async keep(value) {
          const name = newId('scr');
          const Body = JSON.stringify(value);
          await client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(name), Body }));
          return name;
        },
        async read(name) {
          const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(name) }));
          const value: unknown = JSON.parse((await answer.Body?.transformToString()) ?? '');
          return value;
        },
      };
    },
  };
}

/** An address of the file that works without a sign-in for so long; browsers save it under the name. */
export const signedAddress = (
  client: S3Client,
  bucket: string,
  {
    jobId,
    fileName,
    seconds,
  }: { readonly jobId: string; readonly fileName: string; readonly seconds: number },
): Promise<string> =>
  getSignedUrl(
    client,
    new GetObjectCommand({
      Bucket: bucket,
      Key: fileKey(jobId),
      ResponseContentDisposition: `attachment; filename="${fileName}"`,
      ResponseCacheControl: 'no-store',
    }),
    { expiresIn: seconds },
  );
