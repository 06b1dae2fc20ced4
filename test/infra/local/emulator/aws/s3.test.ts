import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, clientConfig, roleArn, startTestStack, type TestStack } from './deployment-fixture.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.remove());

const as = (name: string): S3Client =>
  new S3Client(clientConfig(stack.aws, stack.aws.credentialsFor(roleArn(`${name}-role`))));
const operator = (): S3Client => new S3Client(clientConfig(stack.aws));
const at = (Key: string) => ({ Bucket: BUCKET, Key });
const textOf = async (Key: string, client = operator()): Promise<string | undefined> =>
  (await client.send(new GetObjectCommand(at(Key)))).Body?.transformToString();
const signedBy = (name: string, Key: string, expiresIn = 60): Promise<string> =>
  getSignedUrl(
    as(name),
    new GetObjectCommand({ ...at(Key), ResponseContentDisposition: `attachment; filename="it's (1).csv"` }),
    { expiresIn },
  );
const signedAt = (offsetMs: number) =>
  getSignedUrl(as('reader'), new GetObjectCommand(at('files/ü (1)')), {
    expiresIn: 60,
    signingDate: new Date(Date.now() + offsetMs),
  });
const codeOf = async (response: Response): Promise<[number, string | undefined]> => [
  response.status,
  /<Code>(.+)<\/Code>/.exec(await response.text())?.[1],
];

describe('S3 through the gateway', () => {
  it('joins an upload in parts, and takes its parts under the rights of an object', async () => {
    const worker = as('worker');
    const { UploadId } = await worker.send(
      new CreateMultipartUploadCommand({
        ...at('files/a b'),
        ContentType: 'text/csv',
        ChecksumAlgorithm: 'CRC32',
      }),
    );
    const texts = ['ü'.repeat(2_700_000), 'the end'];
    const Parts = [];
    for (const [index, text] of texts.entries()) {
      const PartNumber = index + 1;
      const { ETag, ChecksumCRC32 } = await worker.send(
        new UploadPartCommand({ ...at('files/a b'), UploadId, PartNumber, Body: Buffer.from(text) }),
      );
      Parts.push({ PartNumber, ETag, ChecksumCRC32 });
    }
    const whole = { ...at('files/a b'), UploadId, MultipartUpload: { Parts } };
    await worker.send(new CompleteMultipartUploadCommand(whole));
    expect(await textOf('files/a b')).toBe(texts.join(''));
    await expect(worker.send(new CompleteMultipartUploadCommand(whole))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
  });

  it('lets each do what its role and the key allow, below the prefix, and nothing that the bucket forbids', async () => {
    const put = (Key: string) => new PutObjectCommand({ ...at(Key), Body: 'x' });
    await expect(as('worker').send(put('files/one'))).resolves.toBeDefined();
    await expect(as('reader').send(new HeadObjectCommand(at('files/one')))).resolves.toBeDefined();
    const refused = [
      () => as('worker').send(put('elsewhere/one')),
      () => as('worker').send(put('files/closed')),
      () => as('worker').send(new GetObjectCommand(at('files/one'))),
      () => as('reader').send(put('files/one')),
      // Without the key, an object of an encrypted bucket is neither written nor read.
      () => as('keyless').send(put('files/one')),
      () => as('keyless').send(new GetObjectCommand(at('files/one'))),
    ];
    for (const call of refused) {
      await expect(call()).rejects.toMatchObject({
        name: 'AccessDenied',
        $metadata: { httpStatusCode: 403 },
      });
    }
    expect(stack.aws.refusals().map(({ caller, action }) => `${caller} ${action}`)).toEqual(
      expect.arrayContaining(['coaching-worker s3:PutObject', 'coaching-keyless kms:GenerateDataKey']),
    );
  });

  it('refuses calls that it does not know, by name', async () => {
    await expect(operator().send(new GetObjectTaggingCommand(at('files/one')))).rejects.toThrow(
      's3:GET tagging is not part of the local stack.',
    );
    await expect(operator().send(new ListObjectsV2Command({ Bucket: BUCKET }))).rejects.toThrow(
      's3:GET list-type is not part of the local stack.',
    );
  });

  it('refuses a body that is not what was summed up', async () => {
    const put = new PutObjectCommand({ ...at('files/one'), Body: 'x', ChecksumCRC32: 'AAAAAA==' });
    await expect(operator().send(put)).rejects.toMatchObject({ name: 'BadDigest' });
  });
});

describe('A signed address', () => {
  beforeAll(async () => {
    await operator().send(new PutObjectCommand({ ...at('files/ü (1)'), Body: 'a,b\r\n' }));
  });

  it('gives the file to whoever has it, as a download with the name that was signed', async () => {
    const response = await fetch(await signedBy('reader', 'files/ü (1)'));
    expect(response.headers.get('content-disposition')).toContain('attachment; filename=');
    expect(await response.text()).toBe('a,b\r\n');
  });

  it('is worth as much as the rights of who signed it', async () => {
    expect(await codeOf(await fetch(await signedBy('worker', 'files/ü (1)')))).toEqual([403, 'AccessDenied']);
    expect(await codeOf(await fetch(await signedBy('keyless', 'files/ü (1)')))).toEqual([
      403,
      'AccessDenied',
    ]);
    expect(await codeOf(await fetch(await signedBy('reader', 'files/none')))).toEqual([404, 'NoSuchKey']);
  });

  it('is refused when anything of it was changed', async () => {
    const signed = await signedBy('reader', 'files/ü (1)');
    const changed = (name: string, value: string): string => {
      const url = new URL(signed);
      url.searchParams.set(name, value);
      return url.href;
    };
    for (const url of [
      signed.replace('%20%281%29', '%20%282%29'),
      changed('X-Amz-Expires', '61'),
      changed('response-content-disposition', 'inline'),
      changed('X-Amz-Signature', 'a'.repeat(64)),
      changed('X-Amz-Signature', 'a'),
      `${signed}&response-content-type=text%2Fhtml`,
    ]) {
      expect(url).not.toBe(signed);
      expect(await codeOf(await fetch(url))).toEqual([403, 'SignatureDoesNotMatch']);
    }
    expect(await codeOf(await fetch(signed, { method: 'DELETE' }))).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await codeOf(await fetch(signed, { headers: { 'x-amz-meta-a': 'b' } }))).toEqual([
      403,
      'AccessDenied',
    ]);
    expect(
      await codeOf(await fetch(changed('X-Amz-Credential', 'AKIANOBODY/20261130/us-east-1/s3/aws4_request'))),
    ).toEqual([403, 'InvalidAccessKeyId']);
    expect(await codeOf(await fetch(changed('X-Amz-Expires', '604801')))).toEqual([
      400,
      'AuthorizationQueryParametersError',
    ]);
    expect(await codeOf(await fetch(new URL(signed).origin + new URL(signed).pathname))).toEqual([
      404,
      undefined,
    ]);
  });

  it('is over when its time is over, and not begun before', async () => {
    // Far from the end of its minute: signing takes whole seconds, and a busy machine takes its time.
    expect((await fetch(await signedAt(-20_000))).status).toBe(200);
    const late = await fetch(await signedAt(-61_000));
    expect(late.status).toBe(403);
    expect(await late.text()).toContain('Request has expired');
    expect(await (await fetch(await signedAt(20 * 60_000))).text()).toContain('Request is not valid yet');
  });
});

describe('Objects', () => {
  it('outlive a restart, and uploads go on after it', async () => {
    const { UploadId } = await operator().send(new CreateMultipartUploadCommand(at('files/two')));
    const part = { ...at('files/two'), UploadId, PartNumber: 1 };
    const { ETag } = await operator().send(new UploadPartCommand({ ...part, Body: 'before' }));
    await operator().send(new PutObjectCommand({ ...at('files/kept'), Body: 'kept' }));
    stack = await stack.restart();
    expect(await textOf('files/kept')).toBe('kept');
    await operator().send(
      new CompleteMultipartUploadCommand({
        ...at('files/two'),
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    );
    expect(await textOf('files/two')).toBe('before');
  });

  it('go with the midnight after their day, below the prefix of the rule, and so do uploads', async () => {
    const { UploadId } = await operator().send(new CreateMultipartUploadCommand(at('files/three')));
    for (const Key of ['files/old', 'other/old'])
      await operator().send(new PutObjectCommand({ ...at(Key), Body: 'x' }));
    await stack.aws.stop();
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60_000).toISOString();
    for (const path of filesBelow(join(stack.stateDirectory, 's3'))) {
      if (!/(old\.meta|\.upload)\.json$/.test(path)) continue;
      const meta = JSON.parse(readFileSync(path, 'utf8'));
      writeFileSync(path, JSON.stringify({ ...meta, lastModified: twoDaysAgo, initiated: twoDaysAgo }));
    }
    stack = await stack.restart();
    await expect(textOf('files/old')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await textOf('other/old')).toBe('x');
    expect(await textOf('files/kept')).toBe('kept');
    await expect(
      operator().send(new UploadPartCommand({ ...at('files/three'), UploadId, PartNumber: 1, Body: 'x' })),
    ).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});

const filesBelow = (directory: string): string[] =>
  readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
