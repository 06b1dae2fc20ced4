import { keyAccess } from './key-access.ts';
import { isRecord, stringField, UnknownOperationError, type Requirement } from './requirement.ts';
import type { ResourceNames } from './resource-names.ts';

/** Reads and writes of items, by the kind of body they have. */
const SINGLE_TABLE = new Set(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem']);
const SEARCHES = new Set(['Query', 'Scan']);
const BATCHES = new Set(['BatchGetItem', 'BatchWriteItem']);
const TRANSACTION_PARTS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};
const TABLE_ADMINISTRATION = new Set([
  'DescribeTable',
  'CreateTable',
  'UpdateTable',
  'DeleteTable',
  'DescribeTimeToLive',
  'UpdateTimeToLive',
]);

/**
 * Developer Guide, "IAM and transactions" and "DynamoDB API permissions": a transaction needs the permission of each of
 * its parts and none of its own; a query of an index needs the index, not the table.
 */
export function dynamodbAccess(
  operation: string,
  body: unknown,
  names: ResourceNames,
): readonly Requirement[] {
  if (operation === 'ListTables') return [{ action: 'dynamodb:ListTables', resource: '*' }];
  if (TABLE_ADMINISTRATION.has(operation)) return [needs(operation, tableOf(body), names)];
  const parts = itemAccess(operation, body);
  const tables = new Set(parts.map((part) => part.table));
  return [
    ...parts.map((part) => needs(part.action, part.table, names, part.index)),
    ...[...tables].flatMap((table) => ofKey(table, names)),
  ];
}

interface ItemAccess {
  readonly action: string;
  readonly table: string;
  readonly index?: string | undefined;
}

function itemAccess(operation: string, body: unknown): readonly ItemAccess[] {
  if (SINGLE_TABLE.has(operation)) return [{ action: operation, table: tableOf(body) }];
  if (SEARCHES.has(operation)) {
    return [{ action: operation, table: tableOf(body), index: stringField(body, 'IndexName') }];
  }
  if (BATCHES.has(operation)) {
    const requests = isRecord(body) && isRecord(body['RequestItems']) ? body['RequestItems'] : {};
    return Object.keys(requests).map((table) => ({ action: operation, table }));
  }
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems') {
    const items = isRecord(body) && Array.isArray(body['TransactItems']) ? body['TransactItems'] : [];
    return items.flatMap((item: unknown) =>
      isRecord(item)
        ? Object.entries(item).flatMap(([kind, part]) => {
            const action = TRANSACTION_PARTS[kind];
            return action === undefined ? [] : [{ action, table: tableOf(part) }];
          })
        : [],
    );
  }
  throw new UnknownOperationError(operation);
}

function tableOf(part: unknown): string {
  return stringField(part, 'TableName') ?? '';
}

function needs(action: string, table: string, names: ResourceNames, index?: string): Requirement {
  const arn =
    names.table(table)?.arn ?? (table.startsWith('arn:') ? table : names.arn('dynamodb', `table/${table}`));
  return { action: `dynamodb:${action}`, resource: index === undefined ? arn : `${arn}/index/${index}` };
}

/** "Using a customer managed key": DynamoDB decrypts the table's key for whoever reads or writes. */
function ofKey(table: string, names: ResourceNames): readonly Requirement[] {
  const resource = names.table(table);
  if (resource === undefined) return [];
  return keyAccess(names, resource.keyArn, 'dynamodb', ['kms:Decrypt'], {
    'aws:dynamodb:tablename': resource.name,
    'aws:dynamodb:subscriberid': names.accountId,
  });
}
