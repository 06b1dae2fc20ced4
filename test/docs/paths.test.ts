import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.local']);
const FOLDERS = /^(?:shared|functions|infra|web|test|scripts|docs)\//;
const FILE = /^[\w./-]+\.(?:ts|tsx|mjs|css)$/;
/** A name that stands for many, like `<capability>` or `*.ts`. */
const PATTERN = /[*<{…]/;

const files = globSync('**/*.*', { cwd: ROOT, exclude: (name) => NOT_OURS.has(path.basename(name)) });
const documents = files.filter((name) => name.endsWith('.md')).toSorted();

function exists(name: string): boolean {
  if (PATTERN.test(name)) return globSync(name.replaceAll(/<[^>]*>|…/g, '*'), { cwd: ROOT }).length > 0;
  return existsSync(path.join(ROOT, name));
}

/** What a document names that is not there: paths from the root, files by their last part, and relative links. */
function missingIn(document: string): string[] {
  const text = readFileSync(path.join(ROOT, document), 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  const named = [...text.matchAll(/`([^`\s]+)`/g)].map(([, name = '']) => name);
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => path.join(path.dirname(document), target));
  return [
    ...[...named.filter((name) => FOLDERS.test(name)), ...links].filter((name) => !exists(name)),
    ...named
      .filter((name) => FILE.test(name) && !FOLDERS.test(name))
      .filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`))),
  ];
}

describe('the documentation', () => {
  it.each(documents)('%s names only files and folders that exist', (document) => {
    expect(missingIn(document)).toEqual([]);
  });
});
