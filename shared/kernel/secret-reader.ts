import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { requestTimeouts } from './aws-requests.ts';

export type SecretVersion = 'AWSCURRENT' | 'AWSPREVIOUS';

/** The text of one version of a secret; null when the secret, or that version of it, has no value. */
export type ReadSecret = (secretArn: string, version?: SecretVersion) => Promise<string | null>;

const REQUEST_TIMEOUT_MS = 3_000;

/** Tries three times in all, with backoff and jitter. */
export const createSecretsClient = (): SecretsManagerClient =>
  new SecretsManagerClient({
    maxAttempts: 3,
    requestHandler: requestTimeouts(REQUEST_TIMEOUT_MS),
  });

/** Reads from Secrets Manager. */
export function createSecretReader(client = createSecretsClient()): ReadSecret {
  return async (secretArn, version = 'AWSCURRENT') => {
    try {
      const answer = await client.send(
        new GetSecretValueCommand({ SecretId: secretArn, VersionStage: version }),
      );
      const text = answer.SecretString?.trim() ?? '';
      return text === '' ? null : text;
    } catch (error) {
      // A secret without a value, without that version, or marked for deletion.
      if (error instanceof ResourceNotFoundException || error instanceof InvalidRequestException) return null;
      throw error;
    }
  };
}
