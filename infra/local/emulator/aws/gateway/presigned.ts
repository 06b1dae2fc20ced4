import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './aws-answer.ts';
import { signedScope } from './request-target.ts';

/** An address that was signed to be opened without credentials. */
export const isPresigned = (url: URL): boolean => url.searchParams.has('X-Amz-Signature');

interface PresignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly region: string;
  readonly secretOf: (accessKeyId: string) => string | undefined;
  readonly now: () => number;
}

const WEEK_SECONDS = 7 * 24 * 3600;
const SKEW_MS = 15 * 60_000;

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** As RFC 3986 has it, which leaves fewer characters alone than JavaScript does. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const bad = (message: string): AwsError => new AwsError('AuthorizationQueryParametersError', message);

/**
 * Why S3 would refuse a signed address; undefined when it would not. The signature is computed here from the
 * specification (Signature Version 4, query parameters) and not by the SDK that made it.
 */
export function presignedProblem(request: PresignedRequest): AwsError | undefined {
  const { url, headers, region, secretOf, now } = request;
  const query = url.searchParams;
  const scope = signedScope(url, {});
  const stamp = query.get('X-Amz-Date') ?? '';
  const signedAt = Date.parse(
    stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  const expires = query.get('X-Amz-Expires') ?? '';
  const signed = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256')
    return bad('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  if (scope === undefined || Number.isNaN(signedAt) || !stamp.startsWith(scope.date)) {
    return bad('Error parsing the X-Amz-Credential parameter; incorrect date format.');
  }
  if (scope.region !== region || scope.service !== 's3') {
    return bad(
      `Error parsing the X-Amz-Credential parameter; the region '${scope.region}' is wrong; expecting '${region}'`,
    );
  }
  if (!/^\d+$/.test(expires) || Number(expires) > WEEK_SECONDS) {
    return bad(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  if (!signed.includes('host')) return bad('The host header must be signed.');
  if (signedAt - now() > SKEW_MS) return new AwsError('AccessDenied', 'Request is not valid yet', 403);
  if (now() > signedAt + Number(expires) * 1000)
    return new AwsError('AccessDenied', 'Request has expired', 403);

  const secret = secretOf(scope.accessKeyId) ?? '';
  const wanted = signatureOf(request, { signed, stamp, scope }, secret);
  const given = Buffer.from(query.get('X-Amz-Signature') ?? '', 'hex');
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) {
    // Everything that S3 reads must be under the signature.
    const unsigned = Object.keys(headers).find((name) => name.startsWith('x-amz-') && !signed.includes(name));
    return unsigned === undefined
      ? undefined
      : new AwsError('AccessDenied', 'There were headers present in the request which were not signed', 403);
  }
  return new AwsError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    403,
  );
}

function signatureOf(
  { method, url, headers }: PresignedRequest,
  {
    signed,
    stamp,
    scope,
  }: {
    readonly signed: readonly string[];
    readonly stamp: string;
    readonly scope: NonNullable<ReturnType<typeof signedScope>>;
  },
  secret: string,
): Buffer {
  const pairs = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  const path = url.pathname.split('/').map((part) => encoded(decodeURIComponent(part)));
  const canonical = [
    method,
    path.join('/'),
    pairs.toSorted().join('&'),
    ...signed.map((name) => `${name}:${String(headers[name] ?? '').trim()}`),
    '',
    signed.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const { date, region, service } = scope;
  const toSign = [
    'AWS4-HMAC-SHA256',
    stamp,
    `${date}/${region}/${service}/aws4_request`,
    sha256(canonical),
  ].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign);
}
