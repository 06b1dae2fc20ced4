import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  build,
  buildOnce,
  FUNCTIONS,
  isBuilt,
  SITE,
  type Product,
} from '#infra/local/build/build-product.ts';
import { scratchDirectory } from '../emulator/lambda/scratch-function.ts';

const PRODUCT: Product = {
  title: 'Build the copy',
  sources: ['src', 'package-lock.json', 'config.json'],
  output: 'dist/copy',
  needed: () => ['a.ts'],
  program: ['build.mjs'],
};

/** Copies the source, and notes that it ran. */
const PROGRAM = `
import { appendFileSync, cpSync } from 'node:fs';
cpSync('src', 'dist/copy', { recursive: true });
appendFileSync('runs', 'x');
`;

function project(program = PROGRAM) {
  const root = scratchDirectory();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const path of ['src/a.ts', 'package-lock.json', 'config.json']) write(path, '1');
  write('build.mjs', program);
  mkdirSync(join(root, 'dist'));
  const runs = () => (existsSync(join(root, 'runs')) ? readFileSync(join(root, 'runs'), 'utf8').length : 0);
  return { root, write, runs };
}

describe('A product', () => {
  it('is built when it is missing, and not again from the same sources, however often they are written', async () => {
    const { root, write, runs } = project();
    expect(isBuilt(root, PRODUCT)).toBe(false);
    expect(await build(root, PRODUCT)).toBe(true);
    expect(isBuilt(root, PRODUCT)).toBe(true);
    write('src/a.ts', '1');
    utimesSync(join(root, 'src/a.ts'), new Date(), new Date(Date.now() + 60_000));
    expect(await build(root, PRODUCT)).toBe(false);
    expect(runs()).toBe(1);
  });

  it.each(['src/a.ts', 'src/new.ts', 'package-lock.json', 'config.json'])(
    'is built again after a change of %s, also when the file is older than the output',
    async (path) => {
      const { root, write, runs } = project();
      await build(root, PRODUCT);
      write(path, '2');
      utimesSync(join(root, path), 1_000, 1_000);
      expect(await build(root, PRODUCT)).toBe(true);
      expect(runs()).toBe(2);
    },
  );

  it.each<[string, (root: string) => void]>([
    ['changed', (root) => appendFileSync(join(root, 'dist/copy/a.ts'), '!')],
    ['deleted in part', (root) => rmSync(join(root, 'dist/copy/a.ts'))],
    ['deleted', (root) => rmSync(join(root, 'dist'), { recursive: true })],
  ])('is built again after its output was %s by another command', async (_how, change) => {
    const { root, runs } = project();
    await build(root, PRODUCT);
    change(root);
    mkdirSync(join(root, 'dist'), { recursive: true });
    expect(await build(root, PRODUCT)).toBe(true);
    expect(runs()).toBe(2);
  });

  it('that failed to build is not taken for built, though its earlier output is there', async () => {
    const { root, write } = project();
    await build(root, PRODUCT);
    write('src/a.ts', '2');
    write('build.mjs', 'throw new Error("does not compile");');
    await expect(build(root, PRODUCT)).rejects.toThrow(/Build the copy failed[\s\S]*does not compile/);
    write('src/a.ts', '1');
    write('build.mjs', PROGRAM);
    expect(isBuilt(root, PRODUCT)).toBe(false);
  });

  it('whose sources change while it is built is built again', async () => {
    const { root, runs } = project(`${PROGRAM}\nappendFileSync('src/a.ts', '2');`);
    await build(root, PRODUCT);
    expect(await build(root, PRODUCT)).toBe(true);
    expect(runs()).toBe(2);
  });

  it('that only has to be there is built when it is missing, and not when it is old', async () => {
    const { root, write, runs } = project();
    await buildOnce(root, PRODUCT);
    write('src/a.ts', '2');
    await buildOnce(root, PRODUCT);
    expect(runs()).toBe(1);
  });
});

describe.each([
  ['functions', FUNCTIONS],
  ['site', SITE],
])('The %s', (_name, { sources }) => {
  it('depend on libraries, the map of imports, the compiler and the shared sources', () => {
    expect(sources).toEqual(
      expect.arrayContaining(['package-lock.json', 'package.json', 'tsconfig.json', 'shared']),
    );
  });
});
