import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { createCustomerKey } from '../constructs/customer-key.ts';
import { createExportBucket } from '../constructs/export-bucket.ts';
import { createGamePlatformToken, createOriginSecret } from '../constructs/product-secrets.ts';
import { createProductTable } from '../constructs/product-table.ts';
import { SignIn } from '../constructs/sign-in.ts';
import type { StageSettings } from '../stages.ts';

interface DataStackProps extends StackProps {
  readonly stage: StageSettings;
}

/** What must outlive every deployment: the data, the files made of it, the people who sign in, the key and the secrets. */
export class DataStack extends Stack {
  readonly key: Key;
  readonly table: Table;
  readonly signIn: SignIn;
  readonly gamePlatformToken: Secret;
  readonly originSecret: Secret;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, { ...props, terminationProtection: props.stage.terminationProtection });
    const { stage } = props;
    this.key = createCustomerKey(this, 'Key', stage);
    const encrypted = { stage, encryptionKey: this.key };
    this.table = createProductTable(this, 'Table', encrypted);
    createExportBucket(this, 'Exports', encrypted);
    this.signIn = new SignIn(this, 'SignIn', encrypted);
    this.gamePlatformToken = createGamePlatformToken(this, 'GamePlatformToken', encrypted);
    this.originSecret = createOriginSecret(this, 'OriginSecret', encrypted);
  }
}
