import { resolve } from 'node:path';
import { parseStartCommand, type StartCommand } from './command-line.ts';
import { createSeedDemo } from './product/demo/seed-demo.ts';
import { startDev } from './dev/dev.ts';
import { startLocalStack, type LocalStackOptions } from './local-stack.ts';
import { watchParents } from './processes.ts';
import { reportJson, reportProse, reportTrace } from './report.ts';

/** How long an orderly end may take before the process ends anyway. */
const STOP_TIMEOUT_MS = 10_000;
/** One Ctrl-C may come twice: from the terminal, and handed on by npm or tsx. */
const ECHO_MS = 500;

/** Starts the stack and keeps it until Ctrl-C or SIGTERM; the second of these ends at once. */
export async function run(args: readonly string[]): Promise<void> {
  let stack: { stop(): Promise<void> } | undefined;
  const starting = new AbortController();
  const started = performance.now();

  let stoppingSince: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    const code = signal === 'SIGINT' ? 130 : 143;
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > ECHO_MS) process.exit(code);
      return;
    }
    stoppingSince = performance.now();
    starting.abort();
    setTimeout(() => process.exit(code), STOP_TIMEOUT_MS).unref();
    if (stack !== undefined) void stack.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  watchParents(() => stop('SIGTERM'));

  try {
    const command = parseStartCommand(args, process.env);
    stack = await startFrom(command, starting.signal);
    if (!command.json) console.log(`Started in ${((performance.now() - started) / 1_000).toFixed(1)} s.\n`);
  } catch (error) {
    if (starting.signal.aborted) process.exit(0);
    const message = error instanceof Error ? error.message : String(error);
    if (args.includes('--json')) reportJson({ event: 'failed', message });
    console.error(`\nThe local stack did not start: ${message}`);
    process.exit(1);
  }
}

function startFrom(
  { json, verbose, watch, reset, stateDirectory, port, empty, freeze, vendor }: StartCommand,
  signal: AbortSignal,
): Promise<{ stop(): Promise<void> }> {
  const options: LocalStackOptions = {
    stateDirectory: resolve(stateDirectory),
    signal,
    reset,
    empty,
    freezesIdle: freeze,
    seedDemo: createSeedDemo(),
    seedsBehind: true,
    onEvent: json ? reportJson : reportProse,
    ...(verbose ? { onTrace: reportTrace } : {}),
    ...(port === undefined ? {} : { port }),
    ...(vendor === undefined ? {} : { vendor }),
  };
  return watch ? startDev(options) : startLocalStack(options);
}
