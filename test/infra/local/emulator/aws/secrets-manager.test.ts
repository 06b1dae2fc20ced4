import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig, roleArn, startTestStack, type TestStack } from './deployment-fixture.ts';

let stack: TestStack;
let operator: SecretsManagerClient;
beforeAll(async () => {
  stack = await startTestStack();
  operator = new SecretsManagerClient(clientConfig(stack.aws));
});
afterAll(() => stack.remove());

const value = async (SecretId: string, VersionStage?: string): Promise<string | undefined> =>
  (await operator.send(new GetSecretValueCommand({ SecretId, VersionStage }))).SecretString;

const put = (SecretString: string) =>
  operator.send(
    new PutSecretValueCommand({
      SecretId: 'coaching/token',
      SecretString,
      ClientRequestToken: '0a1b2c3d-0000-4000-8000-000000000001',
    }),
  );
const as = (name: string) =>
  new SecretsManagerClient(clientConfig(stack.aws, stack.aws.credentialsFor(roleArn(`${name}-role`))));

describe('Secrets Manager through the gateway', () => {
  it('fills a secret of the template with what it generates or was given', async () => {
    expect(await value('coaching/token')).toBe('vendor-token');
    expect(stack.aws.secretValue('coaching/origin')).toMatch(/^[A-Za-z0-9]{40}$/);
  });

  it('keeps the value before as AWSPREVIOUS', async () => {
    const before = await value('coaching/origin');
    await operator.send(new PutSecretValueCommand({ SecretId: 'coaching/origin', SecretString: 'second' }));
    expect(await value('coaching/origin')).toBe('second');
    expect(await value('coaching/origin', 'AWSPREVIOUS')).toBe(before);
    await operator.send(new PutSecretValueCommand({ SecretId: 'coaching/origin', SecretString: 'third' }));
    expect(await value('coaching/origin', 'AWSPREVIOUS')).toBe('second');
  });

  it('takes the same version id once', async () => {
    await put('vendor-token');
    await expect(put('vendor-token')).resolves.toMatchObject({ VersionStages: ['AWSCURRENT'] });
    await expect(put('another')).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  it('says that a secret does not exist', async () => {
    await expect(value('coaching/none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('lets read only whom the template lets', async () => {
    const get = new GetSecretValueCommand({ SecretId: 'coaching/token' });
    await expect(as('worker').send(get)).resolves.toMatchObject({ SecretString: 'vendor-token' });
    await expect(as('reader').send(get)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        'because no identity-based policy allows the secretsmanager:GetSecretValue action',
      ),
    });
  });
});
