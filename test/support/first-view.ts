import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** JavaScript of the first view after gzip, in KB of 1,024 bytes: what it should weigh at most. */
export const FIRST_VIEW_AIM_KB = 170;

const ASSETS = fileURLToPath(new URL('../../dist/web/assets', import.meta.url));

/**
 * What the dashboard needs before it shows a figure: the entry and the page with all that they import, not what is fetched
 * later. Bytes after gzip, by the name of the built file.
 */
export function firstViewScripts(): ReadonlyMap<string, number> {
  const index = readFileSync(join(ASSETS, '../index.html'), 'utf8');
  const entries = [...index.matchAll(/assets\/([\w.-]+\.js)/gu)].map(([, name = '']) => name);
  const page = readdirSync(ASSETS).find((name) => /^dashboard-page-.*\.js$/u.test(name));
  if (page === undefined) throw new Error('The site is not built.');
  const sizes = new Map<string, number>();
  const waiting = [...entries, page];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (sizes.has(name)) continue;
    const source = readFileSync(join(ASSETS, name));
    sizes.set(name, gzipSync(source).length);
    for (const [, imported = ''] of source
      .toString()
      .matchAll(/(?:from|import)\s*["'`]\.\/([^"'`/]+\.js)["'`]/gu))
      waiting.push(imported);
  }
  return sizes;
}
