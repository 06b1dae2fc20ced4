import type { IncomingHttpHeaders } from 'node:http';
import { isRecord } from '../access/requirement.ts';
import type { ServiceName } from './aws-answer.ts';
import type { RestRequest } from './dispatcher.ts';

/** `x-amz-target` prefixes of the JSON protocols. */
const TARGETS: Readonly<Record<string, ServiceName>> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  secretsmanager: 'secretsmanager',
  AWSCognitoIdentityProviderService: 'cognito-idp',
  GraniteServiceVersion20100801: 'cloudwatch',
  AmazonSSM: 'ssm',
};

/** Path, method and operation of the REST services; what the path names is a field of the body. */
const REST_ROUTES: readonly {
  readonly service: ServiceName;
  readonly method: string;
  readonly path: RegExp;
  readonly operation: string;
  /** @default Name */
  readonly named?: string;
}[] = [
  { service: 'scheduler', method: 'GET', path: /^\/schedules\/?$/, operation: 'ListSchedules' },
  { service: 'scheduler', method: 'POST', path: /^\/schedules\/([^/]+)$/, operation: 'CreateSchedule' },
  { service: 'scheduler', method: 'GET', path: /^\/schedules\/([^/]+)$/, operation: 'GetSchedule' },
  { service: 'scheduler', method: 'PUT', path: /^\/schedules\/([^/]+)$/, operation: 'UpdateSchedule' },
  { service: 'scheduler', method: 'DELETE', path: /^\/schedules\/([^/]+)$/, operation: 'DeleteSchedule' },
  { service: 'scheduler', method: 'GET', path: /^\/schedule-groups\/?$/, operation: 'ListScheduleGroups' },
  {
    service: 'scheduler',
    method: 'GET',
    path: /^\/schedule-groups\/([^/]+)$/,
    operation: 'GetScheduleGroup',
  },
  { service: 'ses', method: 'POST', path: /^\/v2\/email\/outbound-emails$/, operation: 'SendEmail' },
  { service: 'ses', method: 'GET', path: /^\/v2\/email\/account$/, operation: 'GetAccount' },
  {
    service: 'ses',
    method: 'GET',
    path: /^\/v2\/email\/identities\/([^/]+)$/,
    operation: 'GetEmailIdentity',
    named: 'EmailIdentity',
  },
  {
    service: 'lambda',
    method: 'GET',
    path: /^\/2016-08-19\/account-settings\/?$/,
    operation: 'GetAccountSettings',
  },
  {
    service: 'cloudfront',
    method: 'GET',
    path: /^\/2020-05-31\/distribution$/,
    operation: 'ListDistributions',
  },
];

/** Services that are called by a form, which says the operation. */
const FORMS: ReadonlySet<string> = new Set<ServiceName>(['sts', 'sns']);
const isForm = (service: string): service is ServiceName => FORMS.has(service);

export interface RequestTarget {
  readonly http?: RestRequest;
  readonly service: ServiceName;
  readonly operation: string;
  readonly body: unknown;
}

/**
 * Which operation a request means; undefined when it is none that the stack has.
 *
 * @throws {SyntaxError} when the body is not JSON
 */
export function requestTarget(
  method: string,
  url: URL,
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
): RequestTarget | undefined {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const [prefix = '', operation = ''] = target.split('.');
    const service = TARGETS[prefix];
    return service === undefined ? undefined : { service, operation, body: parseBody(rawBody) };
  }
  const scope = signedScope(url, headers)?.service ?? '';
  if (scope === 's3') return s3Target(method, url, headers);
  if (isForm(scope)) {
    const { Action: operation = '', ...fields } = Object.fromEntries(
      new URLSearchParams(rawBody.toString('utf8')),
    );
    return { service: scope, operation, body: fields };
  }
  for (const { service, method: wanted, path, operation, named = 'Name' } of REST_ROUTES) {
    const match = wanted === method ? path.exec(url.pathname) : null;
    if (match === null) continue;
    const body = parseBody(rawBody);
    const name = match[1] === undefined ? {} : { [named]: decodeURIComponent(match[1]) };
    return { service, operation, body: { ...queryFields(url), ...(isRecord(body) ? body : {}), ...name } };
  }
  return undefined;
}

/** `groupName` is the one query parameter whose name differs from that of the body. */
function queryFields(url: URL): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...url.searchParams].map(([name, value]) => [
      name === 'groupName' || name === 'ScheduleGroup' ? 'GroupName' : name,
      value,
    ]),
  );
}

function parseBody(rawBody: Buffer): unknown {
  if (rawBody.length === 0) return {};
  const body: unknown = JSON.parse(rawBody.toString('utf8'));
  return body;
}

/** Sub-resources and parameters that make another operation of a method; `x-id` and its like make none. */
const S3_OPERATIONS: readonly {
  readonly method: string;
  /** Parameters that the operation is known by, all of them. */
  readonly by: readonly string[];
  readonly operation: string;
}[] = [
  { method: 'PUT', by: ['partNumber', 'uploadId'], operation: 'UploadPart' },
  { method: 'POST', by: ['uploads'], operation: 'CreateMultipartUpload' },
  { method: 'POST', by: ['uploadId'], operation: 'CompleteMultipartUpload' },
  { method: 'DELETE', by: ['uploadId'], operation: 'AbortMultipartUpload' },
  { method: 'PUT', by: [], operation: 'PutObject' },
  { method: 'GET', by: [], operation: 'GetObject' },
  { method: 'HEAD', by: [], operation: 'HeadObject' },
  { method: 'DELETE', by: [], operation: 'DeleteObject' },
];
/** Of signatures, the SDK's own name of the operation, and what the answer's headers are to be. */
const NO_OPERATION = /^(x-id|x-amz-.*|response-.*)$/i;

function s3Target(method: string, url: URL, headers: IncomingHttpHeaders): RequestTarget {
  const [bucket = '', ...key] = url.pathname.slice(1).split('/');
  const query = url.searchParams;
  const telling = [...query.keys()].filter((name) => !NO_OPERATION.test(name));
  const known = S3_OPERATIONS.find(
    ({ method: verb, by }) =>
      verb === method && by.length === telling.length && by.every((name) => telling.includes(name)),
  );
  const copies = headers['x-amz-copy-source'] !== undefined;
  const ofObject = known !== undefined && key.join('') !== '' && !copies;
  return {
    service: 's3',
    operation: ofObject ? known.operation : (query.get('x-id') ?? [method, ...telling].join(' ')),
    body: { Bucket: decodeURIComponent(bucket), Key: decodeURIComponent(key.join('/')) },
    http: { method, target: url.pathname + url.search, headers },
  };
}

export interface SignedScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** Who signed a request for what, by header or, for a link, in the address; undefined when it is not signed. */
export function signedScope(url: URL, headers: IncomingHttpHeaders): SignedScope | undefined {
  const inHeader = /^AWS4-HMAC-SHA256 Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1];
  const credential = inHeader ?? url.searchParams.get('X-Amz-Credential') ?? '';
  const [accessKeyId = '', date = '', region = '', service = ''] = credential.split('/');
  return accessKeyId === '' ? undefined : { accessKeyId, date, region, service };
}
