import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, expect, it } from 'vitest';
import { createSecretReader } from '#shared/kernel/secret-reader.ts';
import { mockClient } from '#test/support/mock-client.ts';

const secrets = mockClient(SecretsManagerClient);
const readSecret = createSecretReader(new SecretsManagerClient({ region: 'us-east-1' }));
beforeEach(() => secrets.reset());

it('reads the current version unless another is asked for, without the line break of an editor', async () => {
  secrets
    .on(GetSecretValueCommand, { SecretId: 'arn:a', VersionStage: 'AWSCURRENT' })
    .resolves({ SecretString: 'new\n' });
  secrets
    .on(GetSecretValueCommand, { SecretId: 'arn:a', VersionStage: 'AWSPREVIOUS' })
    .resolves({ SecretString: 'old' });
  expect(await readSecret('arn:a')).toBe('new');
  expect(await readSecret('arn:a', 'AWSPREVIOUS')).toBe('old');
});

it.each([
  ['without a value', new ResourceNotFoundException({ message: 'no value', $metadata: {} })],
  ['marked for deletion', new InvalidRequestException({ message: 'marked for deletion', $metadata: {} })],
])('tells a secret %s as null', async (_, error) => {
  secrets.on(GetSecretValueCommand).rejects(error);
  expect(await readSecret('arn:a')).toBeNull();
});

it('tells an empty secret as null', async () => {
  secrets.on(GetSecretValueCommand).resolves({ SecretString: ' ' });
  expect(await readSecret('arn:a')).toBeNull();
});

it('passes on that it may not or cannot read', async () => {
  secrets.on(GetSecretValueCommand).rejects(new Error('AccessDenied'));
  await expect(readSecret('arn:a')).rejects.toThrow('AccessDenied');
});
