import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FunctionResource } from '#infra/local/emulator/deployment.ts';

/** A folder that is gone after the test. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coach-dashboard-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A deployed function with this module as its code. */
export function scratchFunction(code: string, changes: Partial<FunctionResource> = {}): FunctionResource {
  const codeDirectory = scratchDirectory();
  writeFileSync(join(codeDirectory, 'index.mjs'), code);
  return {
    logicalId: 'Worker',
    name: 'worker',
    arn: 'arn:aws:lambda:us-east-1:111122223333:function:worker',
    path: 'App/Worker',
    codeDirectory,
    handler: 'index.handler',
    timeoutSeconds: 5,
    memoryMb: 128,
    environment: { TABLE_NAME: 'rows' },
    tracing: false,
    logLevel: undefined,
    roleArn: 'arn:aws:iam::111122223333:role/worker',
    ...changes,
  };
}
