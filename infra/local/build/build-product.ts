import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, type Tree } from './fingerprint.ts';
import { runNode } from './run-node.ts';

/** Something that is built from sources. All paths are relative to the root. */
export interface Product {
  /** What building it is called. */
  readonly title: string;
  /** Files and folders whose content decides what is built. */
  readonly sources: readonly string[];
  /** Folder of what is built. */
  readonly output: string;
  /** Files without which it is not built at all. */
  readonly needed: (root: string) => readonly string[];
  /** The program that builds it. */
  readonly program: readonly string[];
}

/** What everything built depends on: the versions of libraries, the map of imports, the compiler's options. */
export const CONFIGURATION = ['package-lock.json', 'package.json', 'tsconfig.json'];

export const FUNCTIONS: Product = {
  title: 'Build the functions',
  sources: ['functions', 'shared', 'esbuild.config.mjs', ...CONFIGURATION],
  output: 'dist/functions',
  needed: (root) =>
    readdirSync(join(root, 'functions'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${name}/index.mjs`),
  program: ['esbuild.config.mjs'],
};

export const SITE: Product = {
  title: 'Build the site',
  sources: ['web', 'shared', ...CONFIGURATION],
  output: 'dist/web',
  needed: () => ['index.html'],
  program: ['node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts'],
};

const treesOf = (root: string, paths: readonly string[]): Tree[] =>
  paths.map((path) => ({ path: join(root, path) }));

const isThere = (root: string, { output, needed }: Product): boolean =>
  needed(root).every((file) => existsSync(join(root, output, file)));

/** Beside the output, which is delivered as it is. */
const recordOf = (root: string, { output }: Product): string => join(root, `${output}.built`);

/** What was built from what. Of the output too, since other commands may have written to it. */
const recordFor = (root: string, { output }: Product, sources: string): string =>
  `${sources} ${fingerprint(treesOf(root, [output]))}\n`;

const sourcesOf = (root: string, { sources, program }: Product): string =>
  fingerprint(treesOf(root, sources), ...program);

/** True when the output is there, complete, and was built from exactly these sources by this version of Node.js. */
export function isBuilt(root: string, product: Product): boolean {
  if (!isThere(root, product)) return false;
  try {
    const record = readFileSync(recordOf(root, product), 'utf8');
    return record === recordFor(root, product, sourcesOf(root, product));
  } catch {
    return false;
  }
}

/** Builds it when it is not built from its sources as they are. Returns whether it did. */
export async function build(root: string, product: Product, signal?: AbortSignal): Promise<boolean> {
  if (isBuilt(root, product)) return false;
  const { title, program } = product;
  const record = recordOf(root, product);
  // Taken before: what is changed while it builds is built the next time.
  const sources = sourcesOf(root, product);
  rmSync(record, { force: true });
  await runNode(title, program, { directory: root, signal });
  writeFileSync(record, recordFor(root, product, sources));
  return true;
}

/** Builds it when it is missing: a template needs it, whatever is used in its place. */
export async function buildOnce(root: string, product: Product, signal?: AbortSignal): Promise<void> {
  if (!isThere(root, product)) await build(root, product, signal);
}
