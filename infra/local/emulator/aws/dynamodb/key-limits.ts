import type { TableResource } from '../../deployment.ts';
import { isRecord, stringField } from '../access/requirement.ts';
import { AwsError } from '../gateway/aws-answer.ts';

/** Bytes that DynamoDB takes for a key, of a table or an index ("Service, account, and table quotas"). */
const LIMITS = { HASH: 2_048, RANGE: 1_024 } as const;
type KeyType = keyof typeof LIMITS;

const tooLong = (type: KeyType): AwsError =>
  new AwsError(
    'ValidationException',
    'One or more parameter values were invalid: ' +
      `Size of ${type === 'HASH' ? 'hashkey' : 'rangekey'} has exceeded the maximum size limit of ${LIMITS[type]} bytes`,
  );

/** The attributes that are keys, of the table or of an index; of two uses the shorter one counts. */
export function keyTypes(table: Pick<TableResource, 'keySchema' | 'indexes'>): ReadonlyMap<string, KeyType> {
  const uses = [table.keySchema, ...table.indexes.map(({ keySchema }) => keySchema)].flat();
  const longestFirst = uses.toSorted((one, other) => LIMITS[other.type] - LIMITS[one.type]);
  return new Map(longestFirst.map(({ name, type }) => [name, type]));
}

/** `attribute = :value`, `attribute BETWEEN :a AND :b`, `begins_with(attribute, :value)`. */
const USE = /(#?[\w.]+)\s*(?:[<>]?=|[<>]|,|BETWEEN)\s*(:\w+)(?:\s+AND\s+(:\w+))?/gi;

/**
 * Refuses keys that are too long in whatever a call writes or looks for, as DynamoDB does and its stand-in does not
 * for indexes. Numbers are never too long, so only strings are measured.
 * @throws AwsError ValidationException
 */
export function checkKeyLengths(request: unknown, types: ReadonlyMap<string, KeyType>): void {
  const check = (name: string, value: unknown): void => {
    const type = types.get(name);
    if (type === undefined || !isRecord(value) || typeof value['S'] !== 'string') return;
    if (Buffer.byteLength(value['S']) > LIMITS[type]) throw tooLong(type);
  };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      node.forEach(visit);
      return;
    }
    if (!isRecord(node)) return;
    const items = ['Item', 'Key', 'ExclusiveStartKey'].map((field) => node[field]);
    for (const item of [...items, ...(Array.isArray(node['Keys']) ? node['Keys'] : [])]) {
      if (isRecord(item)) for (const [name, value] of Object.entries(item)) check(name, value);
    }
    const names = isRecord(node['ExpressionAttributeNames']) ? node['ExpressionAttributeNames'] : {};
    const values = isRecord(node['ExpressionAttributeValues']) ? node['ExpressionAttributeValues'] : {};
    for (const field of ['KeyConditionExpression', 'UpdateExpression']) {
      for (const [, name = '', ...used] of (stringField(node, field) ?? '').matchAll(USE)) {
        for (const value of used)
          if (value !== undefined) check(stringField(names, name) ?? name, values[value]);
      }
    }
    for (const [field, inner] of Object.entries(node)) if (field !== 'Item') visit(inner);
  };
  visit(request);
}
