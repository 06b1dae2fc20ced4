import { randomUUID } from 'node:crypto';

/** IAM prefixes of the services behind the gateway. */
export type ServiceName =
  'dynamodb' | 'sqs' | 's3' | 'secretsmanager' | 'scheduler' | 'ses' | 'cognito-idp' | 'cloudwatch';

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
};

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
  if (service === 's3') return xmlError(error);
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
const inXml = (text: string): string => text.replaceAll(/[&<>"]/g, (letter) => XML_ENTITIES[letter] ?? '');

/** S3 speaks XML; a browser that follows a bad address shows it. */
function xmlError({ code, message, status }: AwsError): AwsAnswer {
  const requestId = randomUUID();
  return {
    status,
    headers: { 'content-type': PROTOCOLS.s3.contentType, 'x-amz-request-id': requestId },
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<Error><Code>${inXml(code)}</Code><Message>${inXml(message)}</Message><RequestId>${requestId}</RequestId></Error>`,
  };
}
