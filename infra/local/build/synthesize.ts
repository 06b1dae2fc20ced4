import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOCAL_SETTINGS } from '../local-settings.ts';
import { CONFIGURATION } from './build-product.ts';
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
  /**
   * What is built meanwhile. The CDK library is loaded at once then, half of the time of a synthesis: something new is
   * about to be there.
   */
  readonly after?: Promise<unknown> | undefined;
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
export async function synthesize(options: SynthesizeOptions): Promise<Synthesized> {
  const { root, stage, gamePlatformApiBaseUrl, tableName, after } = options;
  const loaded = after === undefined ? undefined : startProgram(options);
  try {
    await after;
    const id = fingerprint(
      [
        { path: join(root, 'infra'), without: ['local'] },
        { path: join(root, 'shared') },
        { path: join(root, 'dist/functions') },
        { path: join(root, 'dist/web') },
        { path: PROGRAM },
        ...CONFIGURATION.map((file) => ({ path: join(root, file) })),
      ],
      stage,
      gamePlatformApiBaseUrl,
      JSON.stringify(LOCAL_SETTINGS),
      ...(tableName === undefined ? [] : [tableName]),
    );
    const assemblies = join(root, 'dist/assemblies');
    const directory = join(assemblies, `${stage}-${id}`);
    if (existsSync(join(directory, 'manifest.json'))) return { directory, fresh: false };
    mkdirSync(assemblies, { recursive: true });
    removeOld(assemblies);
    const unfinished = `${directory}.${process.pid}`;
    const program = loaded ?? startProgram(options);
    await program.write({ stage, outdir: unfinished, gamePlatformApiBaseUrl, tableName });
    try {
      renameSync(unfinished, directory);
    } catch (error) {
      // Somebody else was quicker with the same sources.
      if (!existsSync(join(directory, 'manifest.json'))) throw error;
      rmSync(unfinished, { recursive: true, force: true });
    }
    return { directory, fresh: true };
  } finally {
    loaded?.end();
  }
}

interface Program {
  /** Tells the program what to write where, and waits for it. */
  write(assembly: Readonly<Record<string, string | undefined>>): Promise<void>;
  /** Ends one that was told nothing. */
  end(): void;
}

function startProgram({ root, signal, background }: SynthesizeOptions): Program {
  const input = Promise.withResolvers<string>();
  const giveUp = new AbortController();
  const running = runNode('Synthesize the CDK app', ['--import', 'tsx', PROGRAM], {
    directory: root,
    signal: signal === undefined ? giveUp.signal : AbortSignal.any([signal, giveUp.signal]),
    background,
    environment: WITHOUT_VALIDATION,
    input: input.promise,
  });
  // Who waits for `write` hears of it; who does not has ended it.
  running.catch(() => undefined);
  return {
    write(assembly) {
      input.resolve(JSON.stringify(assembly));
      return running;
    },
    end: () => giveUp.abort(),
  };
}

function removeOld(assemblies: string): void {
  for (const name of readdirSync(assemblies)) {
    const path = join(assemblies, name);
    if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
