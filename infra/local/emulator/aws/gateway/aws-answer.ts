import { randomUUID } from 'node:crypto';

/** IAM prefixes of the services behind the gateway. */
export type ServiceName =
  | 'dynamodb'
  | 'sqs'
  | 's3'
  | 'secretsmanager'
  | 'scheduler'
  | 'ses'
  | 'cognito-idp'
  | 'cloudwatch'
  | 'sts'
  | 'ssm'
  | 'lambda'
  | 'cloudfront'
  | 'sns';

export interface AwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** An error in AWS's terms; {@link errorAnswer} puts it into the service's protocol. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  constructor(
    readonly code: string,
    message: string,
    readonly status: number = 400,
    /** More fields of the answer, for example `CancellationReasons`. */
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

interface Protocol {
  readonly contentType: string;
  /** Namespace before the error code in `__type`. */
  readonly errorNamespace: string;
}

const PROTOCOLS: Readonly<Record<ServiceName, Protocol>> = {
  dynamodb: {
    contentType: 'application/x-amz-json-1.0',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810#',
  },
  sqs: { contentType: 'application/x-amz-json-1.0', errorNamespace: 'com.amazonaws.sqs#' },
  s3: { contentType: 'application/xml', errorNamespace: '' },
  secretsmanager: { contentType: 'application/x-amz-json-1.1', errorNamespace: '' },
  scheduler: { contentType: 'application/json', errorNamespace: '' },
  ses: { contentType: 'application/json', errorNamespace: '' },
  'cognito-idp': { contentType: 'application/x-amz-json-1.1', errorNamespace: '' },
  cloudwatch: { contentType: 'application/x-amz-json-1.0', errorNamespace: '' },
  sts: { contentType: 'text/xml', errorNamespace: '' },
  ssm: { contentType: 'application/x-amz-json-1.1', errorNamespace: '' },
  lambda: { contentType: 'application/json', errorNamespace: '' },
  cloudfront: { contentType: 'text/xml', errorNamespace: '' },
  sns: { contentType: 'text/xml', errorNamespace: '' },
};

/** Services that answer in XML. S3's errors are no element of another. */
const IN_XML: ReadonlySet<ServiceName> = new Set(['s3', 'sts', 'cloudfront', 'sns']);

/** SQS errors whose name in the older query protocol differs; clients see both. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
};

export function jsonAnswer(service: ServiceName, body: unknown, status = 200): AwsAnswer {
  return {
    status,
    headers: { 'content-type': PROTOCOLS[service].contentType, 'x-amzn-requestid': randomUUID() },
    body: JSON.stringify(body),
  };
}

export function errorAnswer(service: ServiceName, error: AwsError): AwsAnswer {
  if (IN_XML.has(service)) return xmlError(service, error);
  const { contentType, errorNamespace } = PROTOCOLS[service];
  const fault = error.status >= 500 ? 'Receiver' : 'Sender';
  const queryCode = QUERY_CODES[error.code] ?? error.code;
  return {
    status: error.status,
    headers: {
      'content-type': contentType,
      'x-amzn-requestid': randomUUID(),
      'x-amzn-errortype': error.code,
      ...(service === 'sqs' ? { 'x-amzn-query-error': `${queryCode};${fault}` } : {}),
    },
    body: JSON.stringify({
      __type: `${errorNamespace}${error.code}`,
      message: error.message,
      Message: error.message,
      ...error.fields,
    }),
  };
}

const XML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
export const inXml = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (letter) => XML_ENTITIES[letter] ?? '');

/** @param body one element, with its content escaped */
export const xmlAnswer = (service: ServiceName, body: string, status = 200): AwsAnswer => ({
  status,
  headers: { 'content-type': PROTOCOLS[service].contentType, 'x-amzn-requestid': randomUUID() },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
});

/** A browser that follows a bad address of S3 shows it. */
function xmlError(service: ServiceName, { code, message, status }: AwsError): AwsAnswer {
  const requestId = randomUUID();
  const error = `<Code>${inXml(code)}</Code><Message>${inXml(message)}</Message>`;
  const id = `<RequestId>${requestId}</RequestId>`;
  const answer = xmlAnswer(
    service,
    service === 's3'
      ? `<Error>${error}${id}</Error>`
      : `<ErrorResponse><Error><Type>Sender</Type>${error}</Error>${id}</ErrorResponse>`,
    status,
  );
  return { ...answer, headers: { ...answer.headers, 'x-amz-request-id': requestId } };
}
