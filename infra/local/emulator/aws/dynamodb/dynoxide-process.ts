import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DynoxideProcess {
  readonly port: number;
  /** Resolves when it has ended, by itself or by {@link stop}. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 10_000;

/**
 * Runs the binary under a shell that waits for the end of its own input: when this process dies, however that may be,
 * the pipe closes and the shell kills the binary. A line on the pipe asks it to end. A process group of its own keeps Ctrl-C from reaching it before us.
 */
const SUPERVISOR = `
exec 3<&0
"$@" </dev/null 3<&- & child=$!
echo "$child"
( if read -r _ <&3; then kill "$child"; else kill -9 "$child"; fi 2>/dev/null ) & watch=$!
exec 3<&-
wait "$child"
kill "$watch" 2>/dev/null
`;

/** @throws {Error} when there is no binary for this system, or it does not answer in time */
export async function startDynoxide(directory: string): Promise<DynoxideProcess> {
  const binary = dynoxideBinary();
  const pidFile = join(directory, 'dynamodb.pid');
  const databasePath = join(directory, 'dynamodb.db');
  await endOrphan(pidFile, databasePath);

  const port = await freePort();
  const shell = spawn(
    '/bin/sh',
    ['-c', SUPERVISOR, 'dynoxide', binary, 'serve', '--port', String(port), '--db-path', databasePath],
    { stdio: ['pipe', 'pipe', 'ignore'], detached: true },
  );
  shell.stdout.once('data', (line: Buffer) => {
    writeFileSync(pidFile, line.toString().split('\n')[0] ?? '');
  });
  shell.stdout.resume();
  shell.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    shell.once('close', () => {
      resolve();
    });
    shell.once('error', () => {
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    shell.stdin.end('end\n');
    await ended;
    rmSync(pidFile, { force: true });
  };

  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(port))) {
    if (shell.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`The DynamoDB stand-in did not start on ${databasePath}.`);
    }
    await sleep(15);
  }
  return { port, ended, stop };
}

function dynoxideBinary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  const manifest = findPackageJSON(name, import.meta.url);
  if (manifest === undefined)
    throw new Error(`${name} is not installed; the local stack has no DynamoDB without it.`);
  return join(dirname(manifest), 'dynoxide');
}

/** A binary that outlived an earlier run (its shell was killed as well) would go on holding the database. */
async function endOrphan(pidFile: string, databasePath: string): Promise<void> {
  let pid: number;
  try {
    pid = Number(readFileSync(pidFile, 'utf8'));
  } catch {
    return;
  }
  const isOurs = (): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(databasePath);
    } catch {
      return false;
    }
  };
  for (let attempt = 0; attempt < 100 && isOurs(); attempt += 1) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
    await sleep(10);
  }
  rmSync(pidFile, { force: true });
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('No free port.'));
        else resolve(address.port);
      });
    });
  });
}
