import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { originSecretName } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import { keptOnceEstablished } from './keeping.ts';
import { acknowledge } from './acknowledge.ts';

interface ProductSecretProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
}

/** The vendor's bearer token. The template gives it no value: an operator puts it, and until then syncing pauses. */
export function createGamePlatformToken(scope: Construct, id: string, props: ProductSecretProps): Secret {
  const secret = new Secret(scope, id, {
    secretName: `coach-dashboard/${props.stage.name}/game-platform-token`,
    description: 'Bearer token of the game platform, put here by an operator',
    encryptionKey: props.encryptionKey,
    removalPolicy: keptOnceEstablished(props.stage),
  });
  if (!(secret.node.defaultChild instanceof CfnSecret)) throw new Error('A secret without its resource.');
  secret.node.defaultChild.generateSecretString = undefined;
  acknowledge(
    secret,
    'AwsSolutions-SMG4',
    'The vendor hands out its tokens by hand, so nothing here could rotate them; the runbook tells how to replace one.',
  );
  return secret;
}

/** What CloudFront sends along, so that the API can tell a request that came through it from one that went round it. */
export function createOriginSecret(scope: Construct, id: string, props: ProductSecretProps): Secret {
  const secret = new Secret(scope, id, {
    secretName: originSecretName(props.stage),
    description: 'Value of the header that CloudFront adds to requests for the API',
    encryptionKey: props.encryptionKey,
    generateSecretString: { passwordLength: 48, excludePunctuation: true },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  acknowledge(
    secret,
    'AwsSolutions-SMG4',
    'Rotating it means updating the distribution as well; the runbook does both, and the API takes the previous value too.',
  );
  return secret;
}
