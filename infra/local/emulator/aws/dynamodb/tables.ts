import type { TableResource } from '../../deployment.ts';
import { isRecord } from '../access/requirement.ts';

/** One call of DynamoDB's JSON protocol; throws for anything but 200. */
export type CallDynamo = (operation: string, body: unknown) => Promise<Readonly<Record<string, unknown>>>;

type Index = TableResource['indexes'][number];

/**
 * Makes the table, or adds the indexes that it lacks.
 *
 * @throws {Error} when it exists with another key schema, which AWS would answer by replacing it
 */
export async function createOrCheckTable(table: TableResource, call: CallDynamo): Promise<void> {
  const { TableNames: existing } = await call('ListTables', {});
  if (!Array.isArray(existing) || !existing.includes(table.name)) {
    await call('CreateTable', {
      TableName: table.name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributeDefinitions(table),
      KeySchema: keySchema(table.keySchema),
      ...(table.indexes.length === 0 ? {} : { GlobalSecondaryIndexes: table.indexes.map(indexDefinition) }),
    });
  } else {
    await addIndexes(table, call);
  }
}

async function addIndexes(table: TableResource, call: CallDynamo): Promise<void> {
  const { Table: description } = await call('DescribeTable', { TableName: table.name });
  const found = isRecord(description) ? description : {};
  refuseOtherKeys(`Table ${table.name}`, found['KeySchema'], table.keySchema);
  const indexes = Array.isArray(found['GlobalSecondaryIndexes'])
    ? found['GlobalSecondaryIndexes'].filter(isRecord)
    : [];
  for (const index of table.indexes) {
    const there = indexes.find((candidate) => candidate['IndexName'] === index.name);
    if (there !== undefined) {
      refuseOtherKeys(`Index ${index.name} of table ${table.name}`, there['KeySchema'], index.keySchema);
      continue;
    }
    await call('UpdateTable', {
      TableName: table.name,
      AttributeDefinitions: attributeDefinitions(table),
      GlobalSecondaryIndexUpdates: [{ Create: indexDefinition(index) }],
    });
  }
}

function refuseOtherKeys(what: string, found: unknown, wanted: Index['keySchema']): void {
  const parts = Array.isArray(found) ? found.filter(isRecord) : [];
  const actual = describe(parts.map((key) => ({ name: key['AttributeName'], type: key['KeyType'] })));
  if (actual === describe(wanted)) return;
  throw new Error(
    `${what} exists with the keys ${actual}; the template wants ${describe(wanted)}. Start with --reset.`,
  );
}

function describe(schema: readonly { readonly name: unknown; readonly type: unknown }[]): string {
  return schema
    .map((key) => `${String(key.name)} ${String(key.type)}`)
    .toSorted()
    .join(', ');
}

function attributeDefinitions(table: TableResource): readonly unknown[] {
  return table.attributes.map((attribute) => ({
    AttributeName: attribute.name,
    AttributeType: attribute.type,
  }));
}

function keySchema(keys: Index['keySchema']): readonly unknown[] {
  const inOrder = keys.toSorted(
    (one, other) => Number(one.type === 'RANGE') - Number(other.type === 'RANGE'),
  );
  return inOrder.map((key) => ({ AttributeName: key.name, KeyType: key.type }));
}

function indexDefinition(index: Index): unknown {
  return {
    IndexName: index.name,
    KeySchema: keySchema(index.keySchema),
    Projection: { ProjectionType: index.projection },
  };
}
