import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { context, formatMessages, type BuildContext, type BuildFailure, type BuildOptions } from 'esbuild';

export interface FunctionBundles {
  /** Folder of a function's bundle. */
  directoryOf(name: string): string;
  /**
   * Bundles again what one of the files is part of; without files, everything.
   *
   * @returns names of the functions whose code has changed
   * @throws {Error} with what does not compile; the bundles before it stay
   */
  rebuild(changed?: readonly string[]): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const OUT = 'dist/dev';

/** Bundles all functions with the options of `esbuild.config.mjs`, and keeps what it has parsed. */
export async function openFunctionBundles(root: string): Promise<FunctionBundles> {
  const config = await import(new URL('../../../esbuild.config.mjs', import.meta.url).href);
  const options: BuildOptions = config.watchOptions(OUT);
  const writeOpenApiDocument: (out: string) => Promise<void> = config.writeOpenApiDocument;
  rmSync(join(root, OUT), { recursive: true, force: true });
  let bundles: BuildContext<{ write: false; metafile: true }> | undefined;
  /** Paths of all sources below the root; undefined while one does not compile. */
  let inputs: ReadonlySet<string> | undefined;

  return {
    directoryOf: (name) => join(root, OUT, name),
    async rebuild(changed) {
      const paths = changed?.map((path) => relative(root, path));
      if (paths !== undefined && inputs !== undefined && !paths.some((path) => inputs?.has(path))) return [];
      inputs = undefined;
      bundles ??= await context({ ...options, absWorkingDir: root, write: false, metafile: true });
      const { outputFiles, metafile } = await bundles.rebuild().catch(async (error: unknown) => {
        throw isBuildFailure(error) ? new Error(await textOf(error)) : error;
      });
      inputs = new Set(Object.keys(metafile.inputs));
      const fresh = outputFiles.filter(({ path, contents }) => !isSame(path, contents));
      // A function names the shared parts that it needs by their content: those are there before it is.
      const entries = fresh.filter(({ path }) => basename(path) === 'index.mjs');
      for (const file of fresh) if (!entries.includes(file)) write(file);
      for (const file of entries) write(file);
      if (paths === undefined || paths.some((path) => basename(path) === 'contract.ts')) {
        await writeOpenApiDocument(join(root, OUT));
      }
      return entries.map(({ path }) => basename(dirname(path)));
    },
    stop: async () => bundles?.dispose(),
  };
}

/** A starting function reads the old or the new file, never a part. */
function write({ path, contents }: { readonly path: string; readonly contents: Uint8Array }): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(join(dirname(path), '.new'), contents);
  renameSync(join(dirname(path), '.new'), path);
}

function isSame(path: string, contents: Uint8Array): boolean {
  try {
    return readFileSync(path).equals(contents);
  } catch {
    return false;
  }
}

/** Each message once: functions share most of their files. */
async function textOf({ errors }: BuildFailure): Promise<string> {
  const texts = await formatMessages(errors, { kind: 'error' });
  return [...new Set(texts.map((text) => text.trim()))].join('\n\n');
}

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && 'errors' in error && Array.isArray(error.errors);
