import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly directory: string;
  /** Ends the program early; that is an error too. */
  readonly signal?: AbortSignal | undefined;
  /** On top of this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs a Node program to its end, with its output kept for the error.
 *
 * @throws {Error} with the last lines of output when it fails
 */
export async function runNode(what: string, args: readonly string[], options: RunOptions): Promise<void> {
  const { directory, signal, environment } = options;
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  const ended = Promise.withResolvers<number | null>();
  child.once('error', ended.reject);
  child.once('close', ended.resolve);
  const code = await ended.promise;
  if (code === 0) return;
  const lines = Buffer.concat(output).toString('utf8').trimEnd().split('\n').slice(-OUTPUT_LINES);
  throw new Error(`${what} failed (exit ${String(code)}):\n${lines.join('\n')}`);
}

const OUTPUT_LINES = 60;
