import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
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

/** Newest change among the files, in milliseconds since the epoch; 0 when there is none. */
export function newestChange(trees: readonly Tree[]): number {
  let newest = 0;
  for (const tree of trees) {
    for (const file of filesOf(tree)) newest = Math.max(newest, statSync(file).mtimeMs);
  }
  return newest;
}

/** Changes whenever a file is added, removed or written. */
export function fingerprint(trees: readonly Tree[], ...others: readonly string[]): string {
  const hash = createHash('sha256').update(others.join('\0'));
  for (const tree of trees) {
    for (const file of filesOf(tree)) {
      const { mtimeMs, size } = statSync(file);
      hash.update(`${file}\0${mtimeMs}\0${size}\0`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
