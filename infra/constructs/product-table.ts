import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { INDEXES, PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import type { StageSettings } from '../stages.ts';
import { keptOnceEstablished } from './keeping.ts';

interface ProductTableProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
}

/**
 * The single table, with keys and indexes as `shared/table/keys.ts` names them. An
 * established stage keeps it when its stack goes.
 */
export function createProductTable(scope: Construct, id: string, props: ProductTableProps): void {
  const table = new Table(scope, id, {
    tableName: props.stage.tableName,
    partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
    sortKey: { name: SORT_KEY, type: AttributeType.STRING },
    timeToLiveAttribute: TTL_ATTRIBUTE,
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: props.encryptionKey,
    pointInTimeRecoverySpecification: {
      pointInTimeRecoveryEnabled: true,
      recoveryPeriodInDays: props.stage.backupRetentionDays,
    },
    deletionProtection: props.stage.established,
    removalPolicy: keptOnceEstablished(props.stage),
  });
  for (const index of Object.values(INDEXES)) {
    table.addGlobalSecondaryIndex({
      indexName: index.name,
      partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
      sortKey: { name: index.sortKey, type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
  }
}
