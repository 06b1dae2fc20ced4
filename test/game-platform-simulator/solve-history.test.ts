import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GamePlatformModel } from './model.ts';
import { drawProfile, sessionRate } from './population.ts';
import { SchoolWeek } from './school-week.ts';
import { DAY, everything, handClock, NOW, populate } from './testing.ts';

function twelve() {
  const model = new GamePlatformModel({ seed: 5, now: () => NOW });
  return { model, ids: populate(model, 12) };
}

/** Share of the hours with a solve of one student in which another, on the team told, solves too. */
function overlaps(teamOf: (index: number) => string): number {
  const model = new GamePlatformModel({ seed: 21, now: () => NOW });
  populate(model, 0);
  const [a, b] = [0, 1].map((index) => {
    const synedUserId = `pair-${index}`;
    model.enrol({
      synedUserId,
      firstName: 'Linh',
      lastName: 'Tran',
      email: `${synedUserId}@example.org`,
      teamId: teamOf(index),
      profile: 'moderate',
      enrolledAt: NOW - 2000 * DAY,
      status: 'approved',
    });
    const solves = model.platform.odlScores(synedUserId).challenge_solves;
    return new Set(solves.map((solve) => Math.floor(solve.timestamp_unix / 3600)));
  });
  return [...a!].filter((hour) => b!.has(hour)).length / a!.size;
}

/** What 120 moderate students solve in a week at some speed. */
function solvesInWeek(speed: number): number {
  const clock = handClock();
  const model = new GamePlatformModel({ seed: 5, now: clock.now });
  const ids = populate(model, 120, { days: 1, teams: 60, profile: 'moderate' });
  const count = () => ids.reduce((sum, id) => sum + model.platform.odlScores(id).total_challenges_solved, 0);
  model.setSpeed(0);
  clock.advance(DAY);
  model.setSpeed(speed);
  const before = count();
  clock.advance(7 * DAY);
  return count() - before;
}

/** What 120 keen students have solved, ODL and in a Flash CTF, before and after an hour at some speed. */
function solvedMeanwhile(speed: number) {
  const clock = handClock();
  const model = new GamePlatformModel({ seed: 5, now: clock.now });
  const ids = populate(model, 120, { profile: 'active' });
  model.scheduleFlashCtf({ name: 'Autumn Sprint', start: NOW - 3600, end: NOW + 7200 });
  const count = () =>
    ids.map((id) => {
      const { platform } = model;
      const flash = platform.flashCtfProgress(id).flash_ctfs.map((event) => event.challenges_solved);
      return [platform.odlScores(id).total_challenges_solved, flash];
    });
  const before = count();
  model.setSpeed(speed);
  clock.advance(3600);
  return { before, after: count() };
}

/** What may happen at run time between two looks. */
type Happening = 'wait' | 'faster' | 'slower' | 'leave' | 'join' | 'enrol' | 'deny';

describe('what students solve as time passes', () => {
  it('is the same for the same seed, whenever and in whatever order it is asked for', () => {
    const a = twelve();
    const b = twelve();
    for (const id of a.ids.toReversed()) {
      a.model.platform.odlScores(id);
    }
    expect(everything(a.model)).toEqual(everything(b.model));
  });

  it('differs between seeds', () => {
    const totals = [1, 2].map((seed) => {
      const model = new GamePlatformModel({ seed, now: () => NOW });
      populate(model, 10, { profile: 'active' });
      return everything(model).map(({ odl }) => odl.total_points);
    });
    expect(totals[0]).not.toEqual(totals[1]);
  });

  it('only ever grows: what was shown stays, whatever happens afterwards', () => {
    const happenings: readonly Happening[] = ['wait', 'faster', 'slower', 'leave', 'join', 'enrol', 'deny'];
    const steps = fc.array(
      fc.record({
        happening: fc.constantFrom(...happenings),
        seconds: fc.integer({ min: 0, max: 3 * DAY }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.integer(), steps, (seed, plan) => {
        const clock = handClock();
        const model = new GamePlatformModel({ seed, now: clock.now });
        const ids = populate(model, 3, { profile: 'active', days: 20 });
        const [first = ''] = ids;
        let before = ids.map((id) => model.platform.odlScores(id).challenge_solves);
        for (const { happening, seconds } of plan) {
          const member = model.platform.account(first).teamId !== null;
          const actions: Record<Happening, () => void> = {
            wait: () => {},
            faster: () => model.setSpeed(40),
            slower: () => model.setSpeed(0),
            leave: () => void model.platform.deleteAssignment(first),
            join: () => void (member || model.platform.assignTeam(first, 'team-1')),
            enrol: () => void populate(model, 5, { days: 0 }),
            deny: () => model.setStatus(first, 'denied'),
          };
          actions[happening]();
          clock.advance(seconds);
          model.setStatus(first, 'approved');
          const now = ids.map((id) => model.platform.odlScores(id).challenge_solves);
          for (const [index, shown] of before.entries()) {
            expect(now[index]!.slice(0, shown.length)).toEqual(shown);
            expect(
              now[index]!.slice(shown.length).every((solve) => solve.timestamp_unix <= clock.now()),
            ).toBe(true);
          }
          before = now;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('shows a solve from the second in which it is made', () => {
    const clock = handClock();
    const model = new GamePlatformModel({ seed: 5, now: clock.now });
    const [id = ''] = populate(model, 1, { profile: 'active' });
    const before = model.platform.odlScores(id).total_challenges_solved;
    clock.advance(20 * DAY);
    const next = model.platform.odlScores(id).challenge_solves[before]!.timestamp_unix;
    clock.advance(next - 1 - clock.now());
    expect(model.platform.odlScores(id).total_challenges_solved).toBe(before);
    clock.advance(1);
    expect(model.platform.odlScores(id).challenge_solves.at(-1)!.timestamp_unix).toBe(next);
  });

  it('goes faster with the speed and stands still at 0', () => {
    const [none, once, tenfold] = [0, 1, 10].map(solvesInWeek);
    expect(none).toBe(0);
    expect(tenfold! / once!).toBeGreaterThan(6);
    expect(tenfold! / once!).toBeLessThan(16);
  });

  it('stands still at once at 0: whoever is at it, or in a Flash CTF, stops as well', () => {
    const still = solvedMeanwhile(0);
    expect(still.after).toEqual(still.before);
    const going = solvedMeanwhile(1);
    expect(going.after).not.toEqual(going.before);
  });

  it('follows the rates, the school week and the team as laid down', () => {
    const model = new GamePlatformModel({ seed: 8, now: () => NOW });
    const ids = populate(model, 60, { days: 84, teams: 30, profile: 'active' });
    const schoolWeek = new SchoolWeek('America/Los_Angeles');
    const byHour = Array.from({ length: 24 }, () => 0);
    let solves = 0;
    for (const id of ids) {
      for (const { timestamp_unix: at } of model.platform.odlScores(id).challenge_solves) {
        solves += 1;
        const { hour } = schoolWeek.localHour(at);
        byHour[hour]! += 1;
      }
    }
    const sessions = ids.reduce((sum, id) => sum + sessionRate(8, id, 'active') * 12, 0);
    // 20 + 45 minutes at one solve every 10 minutes.
    expect(solves / sessions).toBeGreaterThan(6);
    expect(solves / sessions).toBeLessThan(7);
    const share = (from: number, to: number): number =>
      byHour.slice(from, to).reduce((sum, count) => sum + count, 0) / solves;
    expect(share(15, 23)).toBeGreaterThan(0.7);
    expect(share(2, 7)).toBeLessThan(0.05);
  });

  it('draws a tenth active, three tenths moderate, the rest inactive', () => {
    const drawn = Array.from({ length: 4000 }, (_, index) => drawProfile(1, `student-${index}`));
    const share = (profile: string): number => drawn.filter((one) => one === profile).length / drawn.length;
    expect(share('active')).toBeCloseTo(0.1, 1);
    expect(share('moderate')).toBeCloseTo(0.3, 1);
    expect(share('inactive')).toBeCloseTo(0.6, 1);
  });

  it('brings team mates together far more often than strangers', () => {
    expect(overlaps(() => 'team-1')).toBeGreaterThan(3 * overlaps((index) => `team-${index + 2}`));
  });

  it('begins with approval, which comes some time after the account', () => {
    const clock = handClock();
    const approval = { pendingAfterSeconds: 60, decidedAfterSeconds: 1800, deniedShare: 0.2 };
    const model = new GamePlatformModel({ seed: 5, now: clock.now, settings: { approval } });
    const ids = Array.from({ length: 60 }, (_, index) => `new-${index}`);
    for (const id of ids) {
      model.platform.createUser({
        first_name: 'Zara',
        last_name: 'Haddad',
        email: `${id}@example.org`,
        role: 'user',
        syned_user_id: id,
      });
    }
    const statuses = () => new Set(ids.map((id) => model.platform.user(id).metactf_user_status));
    expect(statuses()).toEqual(new Set(['user_created']));
    clock.advance(60);
    expect(statuses()).toEqual(new Set(['pending_approval']));
    clock.advance(1800);
    expect(statuses()).toEqual(new Set(['approved', 'denied']));
    expect(model.platform.user(ids[0]!).last_login_unix_timestamp).toBeNull();
  });
});
