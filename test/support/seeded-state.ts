import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { runNode } from '#infra/local/build/run-node.ts';
import { openStateFile } from '#infra/local/state/stack-state.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** State folder of a stopped stack with the demo of the two coaches who can sign in. */
    seededState: string;
  }
}

const PROGRAM = fileURLToPath(new URL('seed-state.ts', import.meta.url));

/** Vitest's global setup: fills one state folder with the demo, which takes longer than most tests, for all files to copy. */
export async function setup({ provide }: TestProject): Promise<() => void> {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'coach-dashboard-seeded-'));
  await runNode('Seeding the demo', ['--import', 'tsx', PROGRAM, stateDirectory], {
    directory: process.cwd(),
  });
  provide('seededState', stateDirectory);
  return () => rmSync(stateDirectory, { recursive: true, force: true });
}

/**
 * Gives a new stack the table, users and platform of the seeded one. Its ports are its own. Its schedules begin when it
 * starts, or one file would see the score sync fire and the next would not; what they fired when they were made is
 * done with.
 */
export function copySeededState(from: string, to: string): void {
  for (const entry of ['aws', 'simulator.json', 'stack.json']) {
    cpSync(join(from, entry), join(to, entry), { recursive: true });
  }
  openStateFile(to).change({ ports: {} });
  const database = new DatabaseSync(join(to, 'aws', 'aws.db'));
  database.exec(`
    UPDATE documents
      SET json = json_set(json, '$.CreationDate', unixepoch(), '$.LastModificationDate', unixepoch())
      WHERE collection = 'schedules';
    DELETE FROM messages;
  `);
  database.close();
}
