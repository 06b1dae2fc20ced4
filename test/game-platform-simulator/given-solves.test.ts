import { describe, expect, it } from 'vitest';
import { GamePlatformModel } from './model.ts';
import { DAY, handClock, NOW, populate } from './testing.ts';

function setUp() {
  const clock = handClock();
  const model = new GamePlatformModel({ seed: 5, now: clock.now });
  const [id = ''] = populate(model, 1, { profile: 'active' });
  return { clock, model, id, odl: () => model.platform.odlScores(id) };
}

describe('a solve in the hands of a test', () => {
  it('is added, with its place by time and in the totals', () => {
    const { model, id, odl } = setUp();
    const before = odl();
    const { solve } = model.addSolve({
      synedUserId: id,
      at: NOW - 5,
      solve: { challenge_points: 70, challenge_category: 'osint' },
    });
    expect(odl().challenge_solves.at(-1)).toEqual(solve);
    expect(odl().total_points).toBe(before.total_points + 70);
  });

  it('comes late, with its own time', () => {
    const { clock, model, id, odl } = setUp();
    const { solve } = model.addSolve({ synedUserId: id, at: NOW - 5, visibleFrom: NOW + 100 });
    expect(odl().challenge_solves).not.toContainEqual(solve);
    clock.advance(100);
    expect(odl().challenge_solves).toContainEqual(solve);

    const last = odl().challenge_solves.at(-1)!;
    const ref = { source: 'odl' as const, event: '', solveId: last.challenge_solve_id };
    model.delaySolve(id, ref, clock.now() + 50);
    expect(odl().challenge_solves).not.toContainEqual(last);
    clock.advance(50);
    expect(odl().challenge_solves).toContainEqual(last);
  });

  it('is taken back', () => {
    const { model, id, odl } = setUp();
    const before = odl();
    const victim = before.challenge_solves[3]!;
    model.revokeSolve(id, { source: 'odl', event: '', solveId: victim.challenge_solve_id });
    expect(odl().total_challenges_solved).toBe(before.total_challenges_solved - 1);
    expect(odl().total_points).toBe(before.total_points - victim.challenge_points);
  });

  it('is gone with all others after a reset, and new ones follow', () => {
    const { clock, model, id, odl } = setUp();
    model.resetScores(id);
    expect(odl()).toMatchObject({ total_challenges_solved: 0, total_points: 0, challenge_solves: [] });
    clock.advance(30 * DAY);
    expect(odl().total_challenges_solved).toBeGreaterThan(0);
  });

  it('has its points corrected', () => {
    const { model, id, odl } = setUp();
    const before = odl();
    const victim = before.challenge_solves[3]!;
    model.correctPoints(id, { source: 'odl', event: '', solveId: victim.challenge_solve_id }, 1);
    expect(odl().total_points).toBe(before.total_points - victim.challenge_points + 1);
  });

  it('can be late or revoked by chance, the same one every time', () => {
    const { clock, model, odl } = setUp();
    const all = odl().challenge_solves;
    model.changeSettings({ lateSolves: { share: 0.5, delaySeconds: 100 * DAY } });
    const early = odl().challenge_solves;
    expect(early.length).toBeGreaterThan(0.2 * all.length);
    expect(early.length).toBeLessThan(0.8 * all.length);
    expect(odl().challenge_solves).toEqual(early);
    model.changeSettings({ lateSolves: { share: 0.5, delaySeconds: 1 } });
    clock.advance(1);
    expect(odl().challenge_solves).toEqual(all);
    model.changeSettings({ lateSolves: null, revokedSolves: { share: 0.5, afterSeconds: 0 } });
    expect(odl().challenge_solves.length).toBeLessThan(0.8 * all.length);
  });

  it('vanishes with the membership, by switch', () => {
    const { clock, model, id, odl } = setUp();
    const before = odl().total_challenges_solved;
    model.platform.deleteAssignment(id);
    expect(odl().total_challenges_solved).toBe(before);
    model.platform.assignTeam(id, 'team-1');
    model.changeSettings({ scoresDropOnUnassign: true });
    model.platform.deleteAssignment(id);
    expect(odl().total_challenges_solved).toBe(0);
    clock.advance(30 * DAY);
    expect(odl().total_challenges_solved).toBeGreaterThan(0);
  });
});
