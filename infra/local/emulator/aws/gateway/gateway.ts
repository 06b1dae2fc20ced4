import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Caller } from '../iam/authorizer.ts';
import { AwsError, errorAnswer, type AwsAnswer, type ServiceName } from './aws-answer.ts';
import type { Dispatch } from './dispatcher.ts';
import { isPresigned, presignedProblem } from './presigned.ts';
import { requestTarget, signedScope, type RequestTarget } from './request-target.ts';

const MAX_BODY_BYTES = 20 * 1024 * 1024;

export interface GatewayParts {
  readonly dispatch: Dispatch;
  readonly callerOf: (accessKeyId: string) => Caller | undefined;
  readonly secretOf: (accessKeyId: string) => string | undefined;
  readonly region: string;
  readonly now: () => number;
}

/** HTTP in front of the dispatcher. Answers 503 until it is opened. */
export function createGateway(): {
  readonly server: ReturnType<typeof createServer>;
  open(parts: GatewayParts): void;
} {
  let parts: GatewayParts | undefined;
  const server = createServer((request, response) => {
    handle(parts, request, response).catch(() => {
      response.destroy();
    });
  });
  return {
    server,
    open: (opened) => {
      parts = opened;
    },
  };
}

async function handle(
  parts: GatewayParts | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const rawBody = await readBody(request);
  const url = new URL(request.url ?? '/', 'http://gateway');
  let target: RequestTarget | undefined;
  try {
    target =
      rawBody === undefined
        ? undefined
        : requestTarget(request.method ?? 'GET', url, request.headers, rawBody);
  } catch {
    send(
      response,
      errorAnswer('secretsmanager', new AwsError('SerializationException', 'The body is not JSON.')),
    );
    return;
  }
  if (target === undefined || rawBody === undefined) {
    const message = 'The local stack has no such service.';
    send(response, errorAnswer('secretsmanager', new AwsError('UnknownOperationException', message, 404)));
    return;
  }
  if (parts === undefined) {
    const message = 'Nothing has been deployed yet.';
    send(response, errorAnswer(target.service, new AwsError('ServiceUnavailable', message, 503)));
    return;
  }
  const accessKeyId = signedScope(url, request.headers)?.accessKeyId;
  const caller = accessKeyId === undefined ? undefined : parts.callerOf(accessKeyId);
  if (caller === undefined) {
    send(response, errorAnswer(target.service, invalidCredentials(target.service, accessKeyId)));
    return;
  }
  const problem = isPresigned(url)
    ? presignedProblem({ ...parts, method: request.method ?? 'GET', url, headers: request.headers })
    : undefined;
  if (problem !== undefined) {
    send(response, errorAnswer(target.service, problem));
    return;
  }
  const { answer, finished } = await parts.dispatch({
    caller,
    ...target,
    rawBody,
    traceHeader: request.headers['x-amzn-trace-id']?.toString(),
    signal: gone.signal,
  });
  if (answer === undefined) {
    response.destroy();
    finished();
    return;
  }
  response.once('close', finished);
  send(response, answer);
}

function invalidCredentials(service: ServiceName, accessKeyId: string | undefined): AwsError {
  if (accessKeyId === undefined) {
    return new AwsError(
      'MissingAuthenticationTokenException',
      'Request is missing Authentication Token',
      403,
    );
  }
  if (service === 's3') {
    return new AwsError(
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      403,
    );
  }
  const code = service === 'sqs' ? 'InvalidClientTokenId' : 'UnrecognizedClientException';
  return new AwsError(code, 'The security token included in the request is invalid.', 403);
}

function send(response: ServerResponse, answer: AwsAnswer): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.end(answer.body);
}

/** Undefined when it is too large. */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    request.once('end', () => {
      resolve(size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks, size));
    });
    request.once('error', reject);
  });
}
