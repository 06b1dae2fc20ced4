import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fingerprint } from '#infra/local/build/fingerprint.ts';
import { scratchDirectory } from '../emulator/lambda/scratch-function.ts';

function tree() {
  const path = scratchDirectory();
  mkdirSync(join(path, 'left-out'));
  for (const name of ['a.ts', 'left-out/b.ts']) writeFileSync(join(path, name), 'x');
  return { path, of: () => fingerprint([{ path, without: ['left-out'] }]) };
}

describe('the fingerprint of sources', () => {
  afterEach(() => vi.restoreAllMocks());

  it('stays while nothing changes, also when only what is left out does', () => {
    const { path, of } = tree();
    const before = of();
    writeFileSync(join(path, 'left-out/b.ts'), 'other');
    expect(of()).toBe(before);
  });

  it('stays when a file is written again with what it held, as a checkout does', () => {
    const { path, of } = tree();
    const before = of();
    writeFileSync(join(path, 'a.ts'), 'x');
    utimesSync(join(path, 'a.ts'), 1_000, 1_000);
    expect(of()).toBe(before);
  });

  it.each([
    [
      'has other content of the same length and time',
      (path: string) => writeFileSync(join(path, 'a.ts'), 'y'),
    ],
    ['is added', (path: string) => writeFileSync(join(path, 'c.ts'), 'x')],
    ['is removed', (path: string) => rmSync(join(path, 'a.ts'))],
    ['has another name', (path: string) => renameSync(join(path, 'a.ts'), join(path, 'c.ts'))],
  ])('changes when a file %s', (_how, change) => {
    const { path, of } = tree();
    const before = of();
    utimesSync(join(path, 'a.ts'), 1_000, 1_000);
    change(path);
    expect(of()).not.toBe(before);
  });

  it('tells apart where one file ends and the next begins', () => {
    const { path, of } = tree();
    writeFileSync(join(path, 'b.ts'), 'yz');
    const before = of();
    writeFileSync(join(path, 'a.ts'), 'xy');
    writeFileSync(join(path, 'b.ts'), 'z');
    expect(of()).not.toBe(before);
  });

  it('changes with the version of Node.js, and with the other values', () => {
    const { path, of } = tree();
    expect(fingerprint([{ path }], 'dev')).not.toBe(fingerprint([{ path }], 'prod'));
    const before = of();
    vi.spyOn(process, 'version', 'get').mockReturnValue('v99.0.0');
    expect(of()).not.toBe(before);
  });
});
