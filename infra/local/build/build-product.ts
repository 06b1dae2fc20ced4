import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { newestChange, type Tree } from './fingerprint.ts';
import { runNode } from './run-node.ts';

const inRoot = (root: string, ...paths: readonly string[]): Tree[] =>
  paths.map((path) => ({ path: join(root, path) }));

/** True when the output is missing or older than one of its sources. */
function isStale(outputs: readonly string[], sources: readonly Tree[]): boolean {
  if (outputs.some((output) => !existsSync(output))) return true;
  const oldest = Math.min(...outputs.map((output) => statSync(output).mtimeMs));
  return newestChange(sources) > oldest;
}

const bundlesOf = (root: string): string[] =>
  readdirSync(join(root, 'functions'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(root, 'dist/functions', name, 'index.mjs'));

/** Bundles the functions when one is missing: a template needs them, whatever runs in their place. */
export async function buildFunctionsOnce(root: string, signal?: AbortSignal): Promise<void> {
  if (!bundlesOf(root).every((path) => existsSync(path))) await buildFunctions(root, signal);
}

/** Bundles the functions when their bundles are missing or older than the sources. Returns whether it did. */
export async function buildFunctions(root: string, signal?: AbortSignal): Promise<boolean> {
  const outputs = bundlesOf(root);
  const sources = inRoot(root, 'functions', 'shared', 'esbuild.config.mjs', 'package-lock.json');
  if (!isStale(outputs, sources)) return false;
  await runNode('Building the functions', ['esbuild.config.mjs'], { directory: root, signal });
  return true;
}

/** Builds the site when it is missing: a template needs one, whoever serves it. */
export async function buildSiteOnce(root: string, signal?: AbortSignal): Promise<void> {
  if (!existsSync(join(root, 'dist/web/index.html'))) await buildSite(root, signal);
}

/** Builds the site when it is missing or older than its sources. Returns whether it did. */
export async function buildSite(root: string, signal?: AbortSignal): Promise<boolean> {
  const sources = inRoot(root, 'web', 'shared', 'package-lock.json');
  if (!isStale([join(root, 'dist/web/index.html')], sources)) return false;
  await runNode(
    'Building the site',
    ['node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts'],
    { directory: root, signal },
  );
  return true;
}
