import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What `npm run build` made. */
export interface BuiltAssets {
  /** Absolute folder of one function's bundle. */
  functionDirectory(name: string): string;
  /** Absolute folder of the site's files. */
  readonly siteDirectory: string;
  /** The release's version, as in package.json. */
  readonly version: string;
}

/** @throws {Error} when something has not been built yet, saying what and how to build it */
export function builtAssets(directory: string): BuiltAssets {
  const built = (path: string, file: string): string => {
    if (existsSync(join(directory, path, file))) return resolve(directory, path);
    throw new Error(`${join(directory, path, file)} is missing: run \`npm run build\` first.`);
  };
  return {
    functionDirectory: (name) => built(join('functions', name), 'index.mjs'),
    siteDirectory: built('web', 'index.html'),
    version: productVersion(),
  };
}

function productVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  if (
    typeof manifest === 'object' &&
    manifest !== null &&
    'version' in manifest &&
    typeof manifest.version === 'string'
  ) {
    return manifest.version;
  }
  throw new Error('package.json has no version.');
}
