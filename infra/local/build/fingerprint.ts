import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Tree {
  /** File or folder. */
  readonly path: string;
  /** Names of folders that are left out. */
  readonly without?: readonly string[];
}

function* filesOf({ path, without = [] }: Tree): Generator<string> {
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) {
    yield path;
    return;
  }
  const entries = readdirSync(path, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (without.includes(entry.name)) continue;
    yield* filesOf({ path: join(path, entry.name), without });
  }
}

/**
 * Changes whenever a file is added, removed, moved or has other content, and with the version of Node.js; not when a
 * file is written with what it held before.
 */
export function fingerprint(trees: readonly Tree[], ...others: readonly string[]): string {
  const hash = createHash('sha256').update([process.version, ...others].join('\0'));
  for (const tree of trees) {
    for (const file of filesOf(tree)) {
      const content = readFileSync(file);
      hash.update(`\0${file}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
