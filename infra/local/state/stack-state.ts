import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const stackStateSchema = z.object({
  /** Kept, so that tokens, issuers and stored addresses hold over a restart. */
  ports: z.object({ aws: z.number(), login: z.number(), simulator: z.number() }).partial().default({}),
  /** Password of the demo sign-ins. */
  password: z.string().optional(),
  /** Token that the simulator takes. */
  simulatorToken: z.string().optional(),
  /** Physical ids of custom resources by logical id. */
  physicalIds: z.record(z.string(), z.string()).default({}),
  /** Demo data is in the table, or was left out by `--empty`. */
  seeded: z.boolean().default(false),
  /** The demo while it is being put: when it was begun, and how many coaches are complete. */
  demo: z.object({ startedAt: z.iso.datetime(), coaches: z.int() }).optional(),
});
export type StackState = z.infer<typeof stackStateSchema>;

const FILE = 'stack.json';

/** Everything that a stack puts into its folder; `--reset` removes these and nothing else. */
const OWN_ENTRIES = [
  FILE,
  'aws',
  'logs',
  'assembly',
  'running.json',
  'simulator.json',
  'traces.jsonl',
  'traces.jsonl.1',
];

export interface StateFile {
  read(): StackState;
  change(change: Partial<StackState>): StackState;
}

/** Opens the state of a folder; an unreadable file is an error, never an empty state. */
export function openStateFile(directory: string): StateFile {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, FILE);
  let state = stackStateSchema.parse(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
  return {
    read: () => state,
    change(change) {
      state = { ...state, ...change };
      writeWhole(file, state);
      return state;
    },
  };
}

/** Writes a JSON file so that a crash leaves the old or the new one. */
export function writeWhole(file: string, content: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** Forgets everything that a stack kept in the folder; the caller holds its lock. */
export function resetState(directory: string): void {
  for (const entry of OWN_ENTRIES) rmSync(join(directory, entry), { recursive: true, force: true });
}
