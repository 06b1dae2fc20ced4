import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { context, formatMessages, type BuildContext, type BuildOptions, type BuildResult } from 'esbuild';

export interface FunctionBundles {
  /**
   * Bundles again what one of the files is part of; without files, everything.
   *
   * @returns names of the functions whose code has changed
   * @throws {Error} with what does not compile; the bundles before it stay
   */
  rebuild(changed?: readonly string[]): Promise<readonly string[]>;
  stop(): Promise<void>;
}

interface Bundle {
  readonly name: string;
  readonly context: BuildContext<{ write: false; metafile: true }>;
  /** Paths of its sources below the root; undefined while it does not compile. */
  inputs: ReadonlySet<string> | undefined;
}

/** Bundles every function with the options of `esbuild.config.mjs`, and keeps what it has parsed. */
export async function openFunctionBundles(root: string): Promise<FunctionBundles> {
  const config = await import(new URL('../../../esbuild.config.mjs', import.meta.url).href);
  const optionsOf: (name: string) => BuildOptions = config.bundleOptions;
  const functionNames: () => readonly string[] = config.functionNames;
  const bundles = new Map<string, Bundle>();

  async function open(): Promise<void> {
    for (const name of functionNames()) {
      if (bundles.has(name)) continue;
      const options = { ...optionsOf(name), absWorkingDir: root, logLevel: 'silent' } as const;
      bundles.set(name, {
        name,
        context: await context({ ...options, write: false, metafile: true }),
        inputs: undefined,
      });
    }
  }

  return {
    async rebuild(changed) {
      await open();
      const paths = changed?.map((path) => relative(root, path));
      const affected = [...bundles.values()].filter(
        ({ inputs }) => paths === undefined || inputs === undefined || paths.some((path) => inputs.has(path)),
      );
      const results = await Promise.allSettled(affected.map(rebuildOne));
      const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      if (failures.length > 0) throw new Error(await textOf(failures));
      return results.flatMap((result) =>
        result.status === 'fulfilled' && result.value !== undefined ? [result.value] : [],
      );
    },
    async stop() {
      await Promise.all([...bundles.values()].map((bundle) => bundle.context.dispose()));
    },
  };
}

async function rebuildOne(bundle: Bundle): Promise<string | undefined> {
  bundle.inputs = undefined;
  const { outputFiles, metafile } = await bundle.context.rebuild();
  bundle.inputs = new Set(Object.keys(metafile.inputs));
  const fresh = outputFiles.filter(({ path, contents }) => !isSame(path, contents));
  for (const { path, contents } of fresh) {
    mkdirSync(dirname(path), { recursive: true });
    // A starting function reads the old or the new file, never a part.
    writeFileSync(join(dirname(path), '.new'), contents);
    renameSync(join(dirname(path), '.new'), path);
  }
  return fresh.length > 0 ? bundle.name : undefined;
}

function isSame(path: string, contents: Uint8Array): boolean {
  try {
    return readFileSync(path).equals(contents);
  } catch {
    return false;
  }
}

/** Each message once: functions share most of their files. */
async function textOf(failures: readonly unknown[]): Promise<string> {
  const texts = new Set<string>();
  for (const failure of failures) {
    if (!isBuildFailure(failure)) {
      texts.add(failure instanceof Error ? failure.message : String(failure));
      continue;
    }
    for (const text of await formatMessages(failure.errors, { kind: 'error' })) texts.add(text.trim());
  }
  return [...texts].join('\n\n');
}

const isBuildFailure = (failure: unknown): failure is Pick<BuildResult, 'errors'> =>
  failure instanceof Error && 'errors' in failure && Array.isArray(failure.errors);
