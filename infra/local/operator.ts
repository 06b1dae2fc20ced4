import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Table } from '#shared/table/table.ts';
import type { LocalAws } from './aws/local-aws.ts';
import type { Deployment } from './deployment.ts';

/** AWS as the operator of this stack sees it: everything is allowed. */
export interface Operator {
  readonly table: Table;
  readonly cognito: CognitoIdentityProviderClient;
  putSecret(name: string, value: string): Promise<void>;
}

export function createOperator(aws: LocalAws, { region, tables }: Deployment): Operator {
  const [table] = tables;
  if (table === undefined) throw new Error('The CDK app has no table.');
  const settings = { region, endpoint: aws.addresses.awsUrl, credentials: aws.operatorCredentials };
  const secrets = new SecretsManagerClient(settings);
  return {
    table: {
      name: table.name,
      client: DynamoDBDocumentClient.from(new DynamoDBClient(settings), {
        marshallOptions: { removeUndefinedValues: true },
      }),
    },
    cognito: new CognitoIdentityProviderClient(settings),
    async putSecret(name, value) {
      if (aws.secretValue(name) === value) return;
      await secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString: value }));
    },
  };
}
