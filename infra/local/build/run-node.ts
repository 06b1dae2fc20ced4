import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

export interface RunOptions {
  readonly directory: string;
  /** Ends the program early; that is an error too. */
  readonly signal?: AbortSignal | undefined;
  /** Leaves the processors to whoever waits for something. @default false */
  readonly background?: boolean | undefined;
  /** On top of this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the program reads from its standard input, as soon as it is known; it runs until then without it. */
  readonly input?: Promise<string>;
}

/**
 * Runs a Node program to its end, with its output kept for the error.
 *
 * @throws {Error} with the last lines of output when it fails
 */
export async function runNode(what: string, args: readonly string[], options: RunOptions): Promise<void> {
  const { directory, signal, background = false, environment, input } = options;
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that what the program starts ends with it.
    detached: true,
    ...(signal === undefined ? {} : { signal }),
  });
  if (background && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const end = () => endGroup(child.pid);
  signal?.addEventListener('abort', end);
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => output.push(chunk));
  // One that has ended already says so by its code.
  child.stdin?.on('error', () => undefined);
  void input?.then((text) => child.stdin?.end(text));
  const ended = Promise.withResolvers<number | null>();
  child.once('error', ended.reject);
  child.once('close', ended.resolve);
  const code = await ended.promise.finally(() => signal?.removeEventListener('abort', end));
  if (code === 0) return;
  const lines = Buffer.concat(output).toString('utf8').trimEnd().split('\n').slice(-OUTPUT_LINES);
  throw new Error(`${what} failed (exit ${String(code)}):\n${lines.join('\n')}`);
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid);
  } catch {
    // It has ended already.
  }
}

const OUTPUT_LINES = 60;
