import { CrossStackReferences, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
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

/**
 * What must outlive every deployment: the data, the files made of it, the people who sign in, the key and the secrets.
 * None of it is exported: an export in use keeps a resource from being replaced after a restore. Other stacks know the
 * table and the bucket by name and read the rest when they are deployed.
 */
export class DataStack extends Stack {
  readonly key: Key;
  readonly signIn: SignIn;
  readonly gamePlatformToken: Secret;
  readonly originSecret: Secret;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, { ...props, terminationProtection: props.stage.established });
    const { stage } = props;
    this.key = createCustomerKey(this, 'Key', stage);
    const encrypted = { stage, encryptionKey: this.key };
    createProductTable(this, 'Table', encrypted);
    createExportBucket(this, 'Exports', encrypted);
    this.signIn = new SignIn(this, 'SignIn', encrypted);
    this.gamePlatformToken = createGamePlatformToken(this, 'GamePlatformToken', encrypted);
    this.originSecret = createOriginSecret(this, 'OriginSecret', encrypted);
    for (const kept of [this.key, this.signIn.userPool, this.gamePlatformToken, this.originSecret])
      CrossStackReferences.of(kept).produce(ReferenceStrength.WEAK);
  }
}
