import { join } from 'node:path';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { firingTimesOf } from '#shared/schedules/firing-times.ts';
import { documentClientOf, type Table } from '#shared/table/table.ts';
import { startLocalAws, type LocalAws, type SentMessage } from './emulator/aws/local-aws.ts';
import type { Deployment } from './emulator/deployment.ts';
import { keptPort } from './emulator/ports.ts';
import type { OnStackEvent } from './stack-events.ts';
import type { StackState } from './state/stack-state.ts';

/** Starts the stand-ins on the ports they had, so that tokens and stored addresses hold; told with every refusal. */
export async function openAws(
  stateDirectory: string,
  ports: StackState['ports'],
  onEvent: OnStackEvent,
  mailDomains: readonly string[],
  onMessage: (message: SentMessage) => void = () => undefined,
): Promise<LocalAws> {
  const [awsPort, loginPort] = await Promise.all([keptPort(ports.aws), keptPort(ports.login)]);
  const aws = await startLocalAws({
    stateDirectory: join(stateDirectory, 'aws'),
    ...(awsPort === undefined ? {} : { awsPort }),
    ...(loginPort === undefined ? {} : { loginPort }),
    applicationName: 'Coach Dashboard',
    firingTimes: firingTimesOf,
    mailDomains,
    onLog: (entry) => onEvent({ event: 'log', ...entry }),
    onMessage,
  });
  aws.onRefusal((refusal) => onEvent({ event: 'refusal', ...refusal }));
  return aws;
}

export const portsOf = ({ addresses }: LocalAws) => ({
  aws: Number(new URL(addresses.awsUrl).port),
  login: Number(new URL(addresses.loginUrl).port),
});

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
    table: { name: table.name, client: documentClientOf(new DynamoDBClient(settings)) },
    cognito: new CognitoIdentityProviderClient(settings),
    async putSecret(name, value) {
      if (aws.secretValue(name) === value) return;
      await secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString: value }));
    },
  };
}
