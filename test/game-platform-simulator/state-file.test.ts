import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GamePlatformModel } from './model.ts';
import { DAY, everything, handClock, type HandClock, populate } from './testing.ts';

function stateFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'game-platform-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return join(folder, 'deep', 'platform.jsonl');
}

/** A model in which something of everything has happened. */
function lived(path: string, clock: HandClock): GamePlatformModel {
  const model = new GamePlatformModel({ seed: 5, now: clock.now, stateFile: path });
  const [id = ''] = populate(model, 6, { profile: 'active' });
  model.setSpeed(12);
  clock.advance(2 * DAY);
  const [first] = model.platform.odlScores(id).challenge_solves;
  const ref = { source: 'odl' as const, event: '', solveId: first!.challenge_solve_id };
  model.correctPoints(id, ref, 3);
  model.addSolve({ synedUserId: id });
  model.platform.deleteAssignment('student-2');
  model.setStatus('student-3', 'denied');
  model.scheduleFlashCtf({ name: 'Extra', start: clock.now() + 60, end: clock.now() + 3600 });
  clock.advance(DAY);
  return model;
}

describe('the state file', () => {
  it('brings everything back after a restart, the speed and the seed included', () => {
    const path = stateFile();
    const clock = handClock();
    const before = lived(path, clock);
    const after = new GamePlatformModel({ seed: 99, now: clock.now, stateFile: path });
    expect(everything(after)).toEqual(everything(before));
    expect(after.platform.teamAssignments()).toEqual(before.platform.teamAssignments());
    expect([after.speed, after.seed]).toEqual([12, 5]);
    clock.advance(40 * DAY);
    expect(everything(after)).toEqual(everything(before));
  });

  it('may end in the middle of a line, as a killed process leaves it', () => {
    const path = stateFile();
    const clock = handClock();
    const before = lived(path, clock);
    appendFileSync(path, '{"op":"membership","at":17951');
    const after = new GamePlatformModel({ now: clock.now, stateFile: path });
    expect(everything(after)).toEqual(everything(before));
    after.setStatus('student-3', 'approved');
    const again = new GamePlatformModel({ now: clock.now, stateFile: path });
    expect(everything(again)).toEqual(everything(after));
  });

  it('holds everything that was answered when the process was killed', async () => {
    const path = stateFile();
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', new URL('killed-platform.ts', import.meta.url).pathname, path],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    const answered: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      answered.push(line);
      if (answered.length === 200) {
        child.kill('SIGKILL');
      }
    }
    expect(answered.length).toBeGreaterThanOrEqual(200);
    const { platform } = new GamePlatformModel({ stateFile: path });
    // A line that the kill cut short names somebody who does not exist; all others must be there.
    const missing = answered.filter((id) => !platform.knows(id));
    expect(missing.slice(0, -1)).toEqual([]);
    expect(missing.every((id) => id === answered.at(-1))).toBe(true);
  });

  it('takes the same population a second time without changing it', () => {
    const path = stateFile();
    const clock = handClock();
    populate(new GamePlatformModel({ seed: 5, now: clock.now, stateFile: path }), 6);
    const lines = readFileSync(path, 'utf8');
    clock.advance(DAY);
    populate(new GamePlatformModel({ seed: 5, now: clock.now, stateFile: path }), 6);
    expect(readFileSync(path, 'utf8')).toBe(lines);
  });

  it('is emptied by a reset', () => {
    const path = stateFile();
    const model = lived(path, handClock());
    model.reset();
    expect(model.userIds()).toEqual([]);
    expect(new GamePlatformModel({ stateFile: path }).userIds()).toEqual([]);
  });
});
