import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { demoUserSchema } from '../product/sign-ins/demo-people.ts';
import { writeWhole } from './stack-state.ts';

const runningStackSchema = z.object({
  url: z.url(),
  gamePlatformUrl: z.url(),
  /** Emails that would have been sent. */
  mailboxUrl: z.url(),
  users: z.array(demoUserSchema),
  /** AWS as its operator reaches it; the key opens nothing but this stack. */
  aws: z.object({ url: z.url(), accessKeyId: z.string(), secretAccessKey: z.string() }),
});
export type RunningStack = z.infer<typeof runningStackSchema>;

const FILE = 'running.json';

/** Tells other commands where the stack of this folder listens; returns how to take it back. */
export function announceRunning(directory: string, running: RunningStack): () => void {
  const file = join(directory, FILE);
  writeWhole(file, running);
  return () => rmSync(file, { force: true });
}

/** @throws {Error} when no stack runs with this folder */
export function findRunning(directory: string): RunningStack {
  const file = join(directory, FILE);
  if (!existsSync(file))
    throw new Error(`No local stack runs with the state folder ${directory}. Start one with npm start.`);
  return runningStackSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
