import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { announceRunning, findRunning } from '#infra/local/state/running-stack.ts';
import { openStateFile, resetState } from '#infra/local/state/stack-state.ts';
import { scratchDirectory } from '../emulator/lambda/scratch-function.ts';

describe('the state of a stack', () => {
  it('is kept over restarts', () => {
    const directory = scratchDirectory();
    openStateFile(directory).change({ ports: { aws: 1, login: 2 }, password: 'p' });
    openStateFile(directory).change({ seeded: true });
    expect(openStateFile(directory).read()).toEqual({
      ports: { aws: 1, login: 2 },
      password: 'p',
      physicalIds: {},
      seeded: true,
    });
  });

  it('that cannot be read is an error, never an empty one', () => {
    const directory = scratchDirectory();
    writeFileSync(join(directory, 'stack.json'), '{"ports":');
    expect(() => openStateFile(directory)).toThrow(SyntaxError);
  });

  it('is forgotten by a reset, which touches nothing else in the folder', () => {
    const directory = scratchDirectory();
    openStateFile(directory).change({ seeded: true });
    mkdirSync(join(directory, 'aws'));
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    resetState(directory);
    expect(readdirSync(directory)).toEqual(['notes.txt']);
  });
});

describe('the running stack', () => {
  const running = {
    url: 'http://127.0.0.1:1',
    gamePlatformUrl: 'http://127.0.0.1:2/api',
    mailboxUrl: 'http://127.0.0.1:3/mailbox',
    users: [{ email: 'admin@example.com', password: 'p', role: 'admin' as const, coachId: null }],
    aws: { url: 'http://127.0.0.1:4', accessKeyId: 'AKIA0', secretAccessKey: 's' },
  };

  it('is found by its folder while it runs', () => {
    const directory = scratchDirectory();
    const takeBack = announceRunning(directory, running);
    expect(findRunning(directory)).toEqual(running);
    takeBack();
    expect(existsSync(join(directory, 'running.json'))).toBe(false);
    expect(() => findRunning(directory)).toThrow(`No local stack runs with the state folder ${directory}`);
  });
});
