import { Agent, request } from 'node:http';
import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import type { Command } from './edges.ts';

/**
 * The document client's work without its layers: some 2,000 calls a seed are made, and of a call's millisecond the SDK
 * takes most. What it adds, retries above all, is among the table's troubles.
 */

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function toAttribute(value: unknown): unknown {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  if (isObject(value)) return { M: toMap(value) };
  throw new TypeError(`A value of type ${typeof value} has no place here.`);
}

const toMap = (record: unknown): Json =>
  Object.fromEntries(
    Object.entries(Object(record))
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toAttribute(value)]),
  );

function fromAttribute(attribute: unknown): unknown {
  const [[type, value] = []] = Object.entries(Object(attribute));
  switch (type) {
    case 'S':
    case 'BOOL':
      return value;
    case 'N':
      return Number(value);
    case 'NULL':
      return null;
    case 'L':
      return (value as unknown[]).map(fromAttribute);
    case 'M':
      return fromMap(value);
    default:
      throw new TypeError(`Attributes of type ${type} are not known here.`);
  }
}

const fromMap = (record: unknown): Json =>
  Object.fromEntries(
    Object.entries(Object(record)).map(([name, attribute]) => [name, fromAttribute(attribute)]),
  );

/** Attributes by which requests and answers hold a record, a list of records, or lists of records by table. */
const RECORDS = new Set([
  'Item',
  'Key',
  'ExpressionAttributeValues',
  'ExclusiveStartKey',
  'Attributes',
  'LastEvaluatedKey',
]);
const LISTS = new Set(['Keys', 'Items']);

function translated(value: unknown, one: (record: unknown) => Json): unknown {
  if (Array.isArray(value)) return value.map((part) => translated(part, one));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => {
      if (part === undefined) return [name, part];
      if (RECORDS.has(name)) return [name, one(part)];
      if (LISTS.has(name) && Array.isArray(part)) return [name, part.map(one)];
      if (name === 'Responses' && isObject(part))
        return [
          name,
          Object.fromEntries(
            Object.entries(part).map(([table, list]) => [table, (list as unknown[]).map(one)]),
          ),
        ];
      return [name, translated(part, one)];
    }),
  );
}

const TARGETS: Readonly<Record<string, string>> = {
  GetCommand: 'GetItem',
  PutCommand: 'PutItem',
  UpdateCommand: 'UpdateItem',
  DeleteCommand: 'DeleteItem',
  QueryCommand: 'Query',
  BatchGetCommand: 'BatchGetItem',
  BatchWriteCommand: 'BatchWriteItem',
  TransactWriteCommand: 'TransactWriteItems',
  ScanCommand: 'Scan',
};

function errorOf(text: string): Error {
  const body = Object(JSON.parse(text)) as Readonly<Record<string, unknown>>;
  const name = String(body['__type']).split('#').at(-1) ?? '';
  const told = body['message'] ?? body['Message'];
  const message = typeof told === 'string' ? told : '';
  const $metadata = {};
  if (name === 'ConditionalCheckFailedException')
    return new ConditionalCheckFailedException({ message, $metadata });
  if (name === 'TransactionCanceledException') {
    const CancellationReasons = body['CancellationReasons'] as { Code?: string }[];
    return new TransactionCanceledException({ message, $metadata, CancellationReasons });
  }
  return new DynamoDBServiceException({ name, message, $fault: 'client', $metadata });
}

export type SendCommand = (command: Command) => Promise<unknown>;

/** Sends commands of the document client to DynamoDB's stand-in. */
export function leanClient(endpoint: string): SendCommand {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const exchange = (target: string, body: string) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
        'x-amz-target': `DynamoDB_20120810.${target}`,
        'x-amz-date': '20260101T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      };
      const call = request(endpoint, { method: 'POST', agent, headers }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() });
        });
        answer.on('error', reject);
      });
      call.on('error', reject);
      call.end(body);
    });
  return async (command) => {
    const name = command.constructor.name;
    const target = TARGETS[name];
    if (target === undefined) throw new Error(`${name} is not known here.`);
    const { status, text } = await exchange(target, JSON.stringify(translated(command.input, toMap)));
    if (status !== 200) throw errorOf(text);
    return translated(JSON.parse(text), fromMap);
  };
}
