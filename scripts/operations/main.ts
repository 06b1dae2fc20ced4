/** `npm run <command> -- <stage> …`: the commands of whoever operates a stage. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { sleepFor, systemClock } from '#shared/kernel/clock.ts';
import { runCommand, type Command, type World } from './command.ts';

/** Loaded by name: a command that only asks AWS something does not wait for the local stack's code. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  preflight: async () => (await import('./preflight.ts')).preflight,
  deploy: async () => (await import('./deploy.ts')).deploy,
  smoke: async () => (await import('./smoke.ts')).smoke,
  'create-admin': async () => (await import('./create-admin.ts')).createAdmin,
  'rotate-secret': async () => (await import('./rotate-secret.ts')).rotateSecret,
  backfill: async () => (await import('./backfill.ts')).backfill,
  'replay-erasures': async () => (await import('./replay-erasures.ts')).replayErasuresCommand,
  'restore-rehearsal': async () => (await import('./restore-rehearsal.ts')).restoreRehearsal,
};

/** Asks at the terminal. What is typed to a hidden question is not echoed. */
async function ask(question: string, hidden = false): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stdout.write(question);
  const lines = createInterface({
    input: process.stdin,
    output: hidden ? silent : process.stdout,
    terminal: true,
  });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    if (hidden) process.stdout.write('\n');
  }
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** npm puts the project's programs into the PATH. */
async function runProgram(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'close');
  return typeof code === 'number' ? code : 1;
}

const world: World = {
  print: (line) => console.log(line),
  ask: process.stdin.isTTY && process.stdout.isTTY ? ask : undefined,
  readInput,
  runProgram,
  now: systemClock,
  sleep: sleepFor,
};

const [, , name = '', ...args] = process.argv;
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command === undefined) {
  console.error(`There is no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}.`);
  process.exit(2);
}
// Connections that the SDK keeps open would hold the process.
process.exit(await runCommand(await command(), args, world));
