import { readFileSync } from 'node:fs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInAsBrowser } from '#infra/local/product/sign-ins/browser-sign-in.ts';
import { meViewSchema } from '#shared/identity/contract.ts';
import {
  apiWithToken,
  newStateDirectory,
  removeStateDirectory,
  startTestStack,
  type TestStack,
} from '#test/support/stack.ts';
import { runCommand, type Command, type World } from '../../scripts/operations/command.ts';
import { createAdmin } from '../../scripts/operations/create-admin.ts';
import { deploy } from '../../scripts/operations/deploy.ts';
import { preflight } from '../../scripts/operations/preflight.ts';
import { rotateSecret } from '../../scripts/operations/rotate-secret.ts';
import { smoke } from '../../scripts/operations/smoke.ts';

/** The commands of operators, on the local stack: what AWS would be asked is asked of its stand-ins. */
describe('Operations', () => {
  const stateDirectory = newStateDirectory();
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startTestStack({ stateDirectory, empty: true });
  });
  afterAll(async () => {
    await stack.stop();
    removeStateDirectory(stateDirectory);
  });

  /** Runs a command as an operator types it, without a terminal; its exit code and what it printed. */
  async function run(command: Command, args: readonly string[], over: Partial<World> = {}) {
    const lines: string[] = [];
    const code = await runCommand(command, ['local', '--state', stateDirectory, ...args], {
      print: (line) => lines.push(...line.split('\n')),
      ask: undefined,
      readInput: () => Promise.resolve(''),
      runProgram: () => Promise.reject(new Error('No program may run here.')),
      environment: {},
      now: () => new Date(),
      sleep: () => Promise.resolve(),
      ...over,
    });
    if (process.env['SHOW'] !== undefined) console.log(command.name, args, code, '\n' + lines.join('\n'));
    return { code, lines, text: lines.join('\n') };
  }
  const secret = async (name: string): Promise<string | undefined> => {
    const client = new SecretsManagerClient({
      region: stack.deployment.region,
      endpoint: stack.aws.addresses.awsUrl,
      credentials: stack.aws.operatorCredentials,
    });
    return (await client.send(new GetSecretValueCommand({ SecretId: `coach-dashboard/dev/${name}` })))
      .SecretString;
  };

  it('preflight finds everything that a deployment needs', async () => {
    const { code, text } = await run(preflight, []);
    expect(text).toContain('All is well.');
    expect(code).toBe(0);
  });

  it('smoke', async () => {
    const { code, text } = await run(smoke, ['--yes']);
    expect(text).toContain('All is well.');
    expect(code).toBe(0);
  });
});
