import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fingerprint } from './fingerprint.ts';
import { runNode } from './run-node.ts';

export interface SynthesizeOptions {
  readonly root: string;
  readonly stage: string;
  readonly gamePlatformApiBaseUrl: string;
  /** Another table than the stage's. */
  readonly tableName?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly background?: boolean;
}

export interface Synthesized {
  /** Folder of the cloud assembly; never changed afterwards. */
  readonly directory: string;
  /** False when nothing had changed since an earlier time. */
  readonly fresh: boolean;
}

const PROGRAM = fileURLToPath(new URL('synthesize-program.ts', import.meta.url));
/**
 * Three quarters of the time would go into CDK's offline validation of every template. `cdk synth` and the template
 * tests do that.
 */
const WITHOUT_VALIDATION = { CDK_VALIDATION: 'false' };
/** A stack that still runs from an older assembly keeps it for a day. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

/**
 * Synthesizes one stage of the CDK app, in a process of its own, because the CDK library would stay in memory for
 * as long as the stack runs. The same sources and built files give the assembly that is already there.
 */
export async function synthesize({
  root,
  stage,
  gamePlatformApiBaseUrl,
  tableName,
  signal,
  background,
}: SynthesizeOptions): Promise<Synthesized> {
  const id = fingerprint(
    [
      { path: join(root, 'infra'), without: ['local'] },
      { path: join(root, 'shared') },
      { path: join(root, 'dist/functions') },
      { path: join(root, 'dist/web') },
      { path: join(root, 'package-lock.json') },
    ],
    stage,
    gamePlatformApiBaseUrl,
    ...(tableName === undefined ? [] : [tableName]),
  );
  const assemblies = join(root, 'dist/assemblies');
  const directory = join(assemblies, `${stage}-${id}`);
  if (existsSync(join(directory, 'manifest.json'))) return { directory, fresh: false };
  mkdirSync(assemblies, { recursive: true });
  removeOld(assemblies);
  const unfinished = `${directory}.${process.pid}`;
  await runNode(
    'Synthesizing the CDK app',
    [
      '--import',
      'tsx',
      PROGRAM,
      JSON.stringify({ stage, outdir: unfinished, gamePlatformApiBaseUrl, tableName }),
    ],
    { directory: root, signal, background, environment: WITHOUT_VALIDATION },
  );
  try {
    renameSync(unfinished, directory);
  } catch (error) {
    // Somebody else was quicker with the same sources.
    if (!existsSync(join(directory, 'manifest.json'))) throw error;
    rmSync(unfinished, { recursive: true, force: true });
  }
  return { directory, fresh: true };
}

function removeOld(assemblies: string): void {
  for (const name of readdirSync(assemblies)) {
    const path = join(assemblies, name);
    if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
