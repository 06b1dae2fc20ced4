import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, newestChange } from '#infra/local/build/fingerprint.ts';
import { scratchDirectory } from '../emulator/lambda/scratch-function.ts';

function tree() {
  const path = scratchDirectory();
  mkdirSync(join(path, 'left-out'));
  for (const name of ['a.ts', 'left-out/b.ts']) {
    writeFileSync(join(path, name), 'x');
    utimesSync(join(path, name), 1_000, 1_000);
  }
  return { path, of: () => fingerprint([{ path, without: ['left-out'] }]) };
}

describe('the fingerprint of sources', () => {
  it('stays while nothing changes, also when only what is left out does', () => {
    const { path, of } = tree();
    const before = of();
    writeFileSync(join(path, 'left-out/b.ts'), 'other');
    expect(of()).toBe(before);
  });

  it.each([
    ['written', (path: string) => writeFileSync(join(path, 'a.ts'), 'y')],
    ['added', (path: string) => writeFileSync(join(path, 'c.ts'), 'y')],
  ])('changes when a file is %s', (_how, change) => {
    const { path, of } = tree();
    const before = of();
    change(path);
    expect(of()).not.toBe(before);
  });

  it('depends on the other values too', () => {
    const { path } = tree();
    expect(fingerprint([{ path }], 'dev')).not.toBe(fingerprint([{ path }], 'prod'));
  });
});

describe('the newest change', () => {
  it('is that of the newest file, and 0 where there is none', () => {
    const { path } = tree();
    utimesSync(join(path, 'a.ts'), 2_000, 2_000);
    expect(newestChange([{ path }])).toBe(2_000_000);
    expect(newestChange([{ path: join(path, 'nowhere') }])).toBe(0);
  });
});
