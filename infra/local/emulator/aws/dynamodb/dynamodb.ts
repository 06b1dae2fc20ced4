import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Deployment, TableResource } from '../../deployment.ts';
import { dynamodbAccess } from '../access/dynamodb-access.ts';
import { isRecord } from '../access/requirement.ts';
import type { ResourceNames } from '../access/resource-names.ts';
import type { AwsAnswer } from '../gateway/aws-answer.ts';
import type { StandIn } from '../gateway/dispatcher.ts';
import type { LocalAwsLog } from '../local-aws.ts';
import { createOrCheckTable, type CallDynamo } from './tables.ts';
import { checkKeyLengths, keyTypes } from './key-limits.ts';
import { startExpiry } from './expiry.ts';
import { startDynoxide } from './dynoxide-process.ts';

export interface DynamoDb {
  readonly standIn: StandIn;
  stop(): Promise<void>;
}

const MAX_CONNECTIONS = 128;

/** DynamoDB by dynoxide, a child process on a port of its own that only this process talks to. */
export async function startDynamoDb(
  directory: string,
  deployment: Deployment,
  names: ResourceNames,
  onLog: (entry: LocalAwsLog) => void,
): Promise<DynamoDb> {
  let child = await startDynoxide(directory);
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
  const forward = (operation: string, body: Buffer | string, signal?: AbortSignal): Promise<AwsAnswer> =>
    send(agent, child.port, operation, body, signal);
  const call: CallDynamo = async (operation, body) => {
    const response = await forward(operation, JSON.stringify(body));
    const answer: unknown = JSON.parse(response.body.toString());
    if (response.status !== 200) throw new Error(`${operation}: ${JSON.stringify(answer)}`);
    return isRecord(answer) ? answer : {};
  };

  let stopping = false;
  // A process that someone killed comes back over the same file; calls in between fail as a server error, to be retried.
  const keepAlive = async (): Promise<void> => {
    for (;;) {
      await child.ended;
      if (stopping) return;
      onLog({
        level: 'error',
        source: 'dynamodb',
        message: 'The process ended by itself; starting it again.',
      });
      child = await startDynoxide(directory);
    }
  };
  keepAlive().catch(() => {
    onLog({ level: 'error', source: 'dynamodb', message: 'The process could not be started again.' });
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    expiry.stop();
    agent.destroy();
    await child.stop();
  };
  const expiry = startExpiry(deployment.tables, call);
  try {
    for (const table of deployment.tables) await createOrCheckTable(table, call);
  } catch (error) {
    await stop();
    throw error;
  }

  const types = new Map(deployment.tables.flatMap((table) => [...keyTypes(table)]));
  return {
    standIn: {
      access: (operation, body) => dynamodbAccess(operation, body, names),
      answer: ({ operation, rawBody, body, signal }) => {
        checkKeyLengths(body, types);
        return forward(operation, withTableNames(rawBody, body, deployment.tables), signal);
      },
    },
    stop,
  };
}

function send(
  agent: Agent,
  port: number,
  operation: string,
  body: Buffer | string,
  signal: AbortSignal | undefined,
): Promise<AwsAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        agent,
        ...(signal === undefined ? {} : { signal }),
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: '/',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'content-length': Buffer.byteLength(body),
          'x-amz-target': `DynamoDB_20120810.${operation}`,
          authorization:
            'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
          'x-amz-date': '20260101T000000Z',
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
        });
        response.once('error', reject);
        response.once('end', () => {
          resolve({
            status: response.statusCode ?? 500,
            headers: passedOn(response.headers),
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

function passedOn(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const name of ['content-type', 'x-amzn-requestid', 'x-amz-crc32']) {
    const value = headers[name];
    if (typeof value === 'string') kept[name] = value;
  }
  return kept;
}

/** Dynoxide knows tables by name only; a call may give the ARN. */
function withTableNames(
  rawBody: Buffer | string,
  body: unknown,
  tables: readonly TableResource[],
): Buffer | string {
  if (!rawBody.includes('arn:aws:dynamodb:')) return rawBody;
  const byArn = new Map(tables.map((table) => [table.arn, table.name]));
  return JSON.stringify(body, (key, value: unknown) =>
    key === 'TableName' && typeof value === 'string' ? (byArn.get(value) ?? value) : value,
  );
}
