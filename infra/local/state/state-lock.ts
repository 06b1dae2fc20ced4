import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { processStat } from '../processes.ts';

/** Who holds a state folder. A process id alone may belong to somebody else after a restart of the machine. */
const ownerSchema = z.object({ pid: z.number(), startedAt: z.string() });
type Owner = z.infer<typeof ownerSchema>;

/** Empty where there is no /proc. */
const startOf = (pid: number): string => processStat(pid)?.startedAt ?? '';

function isAlive({ pid, startedAt }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return startOf(pid) === startedAt;
}

function readOwner(file: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Takes the state folder for this process, also from one that was killed.
 *
 * @returns gives the folder free again
 * @throws {Error} when a running process holds it
 */
export function lockState(directory: string, nonce: string): () => void {
  const file = join(directory, 'lock.json');
  const mine = join(directory, `lock-${nonce}.json`);
  writeFileSync(mine, JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) }));
  try {
    // A hard link is made or refused as a whole, and never shows a half-written file.
    for (let attempt = 0; !tryLink(mine, file); attempt += 1) {
      const owner = readOwner(file);
      if (attempt > 0 || (owner !== undefined && isAlive(owner))) {
        throw new Error(
          `Another local stack (process ${owner?.pid ?? 'unknown'}) uses ${directory}. Stop it, or give another folder with --state.`,
        );
      }
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(file, { force: true });
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}
