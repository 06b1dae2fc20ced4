import type { IncomingHttpHeaders } from 'node:http';
import { isRecord } from '../access/requirement.ts';
import type { ServiceName } from './aws-answer.ts';

/** `x-amz-target` prefixes of the JSON protocols. */
const TARGETS: Readonly<Record<string, ServiceName>> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  secretsmanager: 'secretsmanager',
  AWSCognitoIdentityProviderService: 'cognito-idp',
};

/** Path, method and operation of the REST services. */
const SCHEDULER_ROUTES: readonly {
  readonly method: string;
  readonly path: RegExp;
  readonly operation: string;
}[] = [
  { method: 'GET', path: /^\/schedules\/?$/, operation: 'ListSchedules' },
  { method: 'POST', path: /^\/schedules\/([^/]+)$/, operation: 'CreateSchedule' },
  { method: 'GET', path: /^\/schedules\/([^/]+)$/, operation: 'GetSchedule' },
  { method: 'PUT', path: /^\/schedules\/([^/]+)$/, operation: 'UpdateSchedule' },
  { method: 'DELETE', path: /^\/schedules\/([^/]+)$/, operation: 'DeleteSchedule' },
  { method: 'GET', path: /^\/schedule-groups\/?$/, operation: 'ListScheduleGroups' },
  { method: 'GET', path: /^\/schedule-groups\/([^/]+)$/, operation: 'GetScheduleGroup' },
];

export interface RequestTarget {
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
  for (const route of SCHEDULER_ROUTES) {
    const match = route.method === method ? route.path.exec(url.pathname) : null;
    if (match === null) continue;
    const body = parseBody(rawBody);
    const name = match[1] === undefined ? {} : { Name: decodeURIComponent(match[1]) };
    return {
      service: 'scheduler',
      operation: route.operation,
      body: { ...queryFields(url), ...(isRecord(body) ? body : {}), ...name },
    };
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

/** The access key id of a SigV4 `Authorization` header; undefined when the request is not signed. */
export function accessKeyOf(headers: IncomingHttpHeaders): string | undefined {
  return /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(headers.authorization ?? '')?.[1];
}
