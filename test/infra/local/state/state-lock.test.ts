import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockState } from '#infra/local/state/state-lock.ts';
import { scratchDirectory } from '../emulator/lambda/scratch-function.ts';

describe('the lock of a state folder', () => {
  it('keeps a second stack out, and is free again after the first', () => {
    const directory = scratchDirectory();
    const release = lockState(directory, 'a');
    expect(() => lockState(directory, 'b')).toThrow(
      `Another local stack (process ${process.pid}) uses ${directory}`,
    );
    release();
    expect(readdirSync(directory)).toEqual([]);
    lockState(directory, 'c')();
  });

  it.each([
    ['a process that was killed', () => ({ pid: spawnSync('true').pid, startedAt: '1' })],
    ['a process whose id belongs to another now', () => ({ pid: process.pid, startedAt: '1' })],
    ['half a file', () => '{"pid":'],
  ])('is taken over from %s', (_who, owner) => {
    const directory = scratchDirectory();
    const content = owner();
    writeFileSync(
      join(directory, 'lock.json'),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
    const release = lockState(directory, 'a');
    expect(existsSync(join(directory, 'lock.json'))).toBe(true);
    expect(() => lockState(directory, 'b')).toThrow('Another local stack');
    release();
  });
});
