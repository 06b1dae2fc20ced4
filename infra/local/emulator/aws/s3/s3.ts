import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { buildApp } from 'fauxqs';
import type { BucketResource, Deployment, LifecycleRule } from '../../deployment.ts';
import type { ResourceNames } from '../access/resource-names.ts';
import { s3Access } from '../access/s3-access.ts';
import { AwsError, type AwsAnswer } from '../gateway/aws-answer.ts';
import type { ServiceCall, StandIn } from '../gateway/dispatcher.ts';

/** The parts of fauxqs that its package does not export. */
interface FauxS3Store {
  persistence?: object;
  readonly buckets: ReadonlyMap<
    string,
    ReadonlyMap<string, { readonly key: string; readonly lastModified: Date }>
  >;
  readonly multipartUploads: ReadonlyMap<
    string,
    { readonly uploadId: string; readonly bucket: string; readonly key: string; readonly initiated: Date }
  >;
  createBucket(name: string): void;
  deleteObject(bucket: string, key: string): void;
  abortMultipartUpload(uploadId: string): void;
}

const SWEEP_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** S3 counts whole days and then waits for the next midnight, UTC. */
const lastMomentOf = (since: Date, days: number): number =>
  Math.ceil((since.getTime() + days * DAY_MS) / DAY_MS) * DAY_MS;

/** S3 by fauxqs on files, with what it lacks: lifecycle rules, checksums, and headers that the address asks for. */
export async function startS3(
  stateDirectory: string,
  deployment: Deployment,
  names: ResourceNames,
): Promise<{ readonly standIn: StandIn; stop(): Promise<void> }> {
  const entry = import.meta.resolve('fauxqs');
  const inside = async (path: string) => import(new URL(path, entry).href);
  const [{ S3Store }, { FileS3Persistence }, { SqsStore }, { SnsStore }] = await Promise.all([
    inside('s3/s3Store.js'),
    inside('s3/fileS3Persistence.js'),
    inside('sqs/sqsStore.js'),
    inside('sns/snsStore.js'),
  ]);
  const s3Store = new S3Store();
  const persistence = new FileS3Persistence(join(stateDirectory, 's3'));
  persistence.loadS3(s3Store);
  s3Store.persistence = persistence;
  const store: FauxS3Store = s3Store;
  for (const { name } of deployment.buckets) store.createBucket(name);
  // Never on a port: its own server would listen on every interface.
  const app = buildApp({
    logger: false,
    stores: { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store },
  });
  await app.ready();
  const letGo = () => {
    for (const bucket of deployment.buckets) dropExpired(store, bucket, Date.now());
  };
  letGo();
  const sweep = setInterval(letGo, SWEEP_MS);
  sweep.unref();

  return {
    standIn: {
      access: (operation, body) => s3Access(operation, body, names),
      answer: async (call) => {
        const { method, target, headers } = restOf(call);
        checkDigest(call);
        const response = await app.inject({
          method,
          url: target,
          // Without a host it takes the first label of ours for a bucket.
          headers: { ...plainHeaders(headers), host: '127.0.0.1' },
          payload: call.rawBody,
        });
        return withAskedHeaders(
          { status: response.statusCode, headers: plainHeaders(response.headers), body: response.rawPayload },
          new URL(target, 'http://s3').searchParams,
        );
      },
    },
    stop: async () => {
      clearInterval(sweep);
      await app.close();
    },
  };
}

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] as const;

function restOf({ http }: ServiceCall) {
  const method = METHODS.find((one) => one === http?.method);
  if (http === undefined || method === undefined)
    throw new AwsError('MethodNotAllowed', 'Not a call of S3.', 405);
  return { method, target: http.target, headers: http.headers };
}

function plainHeaders(headers: Readonly<Record<string, string | number | readonly string[] | undefined>>) {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** What was sent is what arrived; fauxqs keeps the checksum and compares nothing. */
function checkDigest({ http, rawBody }: ServiceCall): void {
  const given = http?.headers['x-amz-checksum-crc32'];
  if (given === undefined) return;
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(rawBody));
  if (sum.toString('base64') === given) return;
  throw new AwsError('BadDigest', 'The CRC32 you specified did not match the calculated checksum.');
}

/** `response-content-disposition` and its like, which only a signed request may ask for. */
function withAskedHeaders(answer: AwsAnswer, query: URLSearchParams): AwsAnswer {
  if (answer.status >= 300) return answer;
  const asked = [...query]
    .filter(([name]) => name.startsWith('response-'))
    .map(([name, value]) => [name.slice('response-'.length), value]);
  return { ...answer, headers: { ...answer.headers, ...Object.fromEntries(asked) } };
}

function dropExpired(store: FauxS3Store, { name, lifecycle }: BucketResource, now: number): void {
  const over = (key: string, since: Date, daysOf: (rule: LifecycleRule) => number | undefined): boolean =>
    lifecycle.some((rule) => {
      const days = daysOf(rule);
      return days !== undefined && key.startsWith(rule.prefix) && now >= lastMomentOf(since, days);
    });
  for (const { key, lastModified } of store.buckets.get(name)?.values() ?? []) {
    if (over(key, lastModified, (rule) => rule.expirationDays)) store.deleteObject(name, key);
  }
  for (const { uploadId, bucket, key, initiated } of store.multipartUploads.values()) {
    if (bucket === name && over(key, initiated, (rule) => rule.abortUploadDays))
      store.abortMultipartUpload(uploadId);
  }
}
