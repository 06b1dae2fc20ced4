import { beforeAll, describe, expect, it } from 'vitest';
import { createSeedDemo } from '#infra/local/product/demo/seed-demo.ts';
import { readCsv } from '#shared/kernel/csv/read-csv.ts';
import { FULL } from '#test/support/effort.ts';
import { allRows } from '#test/support/personal-data.ts';
import { ADMIN, apiOf, runJob, useLocalStack, type Api } from '#test/support/stack.ts';

/** What is shown and exported, against what the platform itself says of each person, added up here and nowhere else. */

const FROM = 60;
const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' });
const dayOf = (seconds: number): string => dayFormat.format(seconds * 1000);

interface Sums {
  odl: number;
  ctf: number;
  points: number;
}
const none = (): Sums => ({ odl: 0, ctf: 0, points: 0 });

const totalOf = (people: Iterable<Sums>): Sums => {
  const total = none();
  for (const one of people) {
    total.odl += one.odl;
    total.ctf += one.ctf;
    total.points += one.points;
  }
  return total;
};

const sumIn = (rows: readonly Record<string, string>[], column: string): number =>
  rows.reduce((sum, row) => sum + Number(row[column]), 0);

describe('Figures on screen and in files', () => {
  const stack = useLocalStack(FULL ? { seedDemo: createSeedDemo({ coaches: 3 }) } : {});
  let admin: Api;
  let from: string;
  let to: string;
  beforeAll(async () => {
    // From here on only what the test gives is solved.
    model().setSpeed(0);
    admin = await apiOf(stack(), ADMIN);
    from = dayOf(model().now() - FROM * 86_400);
    to = dayOf(model().now());
  });

  function model() {
    const { simulator } = stack().gamePlatform;
    if (simulator === undefined) throw new Error('These tests need the simulator.');
    return simulator.model;
  }

  /** The platform's own word on everybody who counts, by coach and person. */
  async function truth(): Promise<Map<string, Map<string, Sums>>> {
    const coaches = new Map<string, Map<string, Sums>>();
    for (const row of await allRows(stack().table)) {
      if (row['type'] !== 'competitor' || row['active'] !== true) continue;
      const id = String(row['id']);
      const coachId = String(row['coachId']);
      const of = coaches.get(coachId) ?? new Map<string, Sums>();
      coaches.set(coachId, of.set(id, sumsOf(id)));
    }
    return coaches;
  }

  function sumsOf(id: string): Sums {
    const sums = none();
    const { platform } = model();
    if (!platform.knows(id) || platform.user(id).metactf_user_status !== 'approved') return sums;
    const add = (
      kind: 'odl' | 'ctf',
      solves: readonly { timestamp_unix: number; challenge_points: number }[],
    ) => {
      for (const { timestamp_unix: at, challenge_points: points } of solves) {
        if (dayOf(at) < from || dayOf(at) > to) continue;
        sums[kind] += 1;
        sums.points += points;
      }
    };
    add('odl', platform.odlScores(id).challenge_solves);
    for (const ctf of platform.flashCtfProgress(id).flash_ctfs) add('ctf', ctf.challenge_solves);
    return sums;
  }

  async function file(name: string, coachId: string): Promise<Record<string, string>[]> {
    const query = `coachId=${coachId}&from=${from}&to=${to}`;
    const { status, body } = await admin('GET', `/api/game-platform/exports/${name}.csv?${query}`);
    expect(status).toBe(200);
    // Above the head is a line that says as of when.
    const [, head, ...lines] = [...readCsv(body.slice(1), ',')].map(({ cells }) => cells);
    return lines.map((cells) => Object.fromEntries(cells.map((cell, n) => [head?.[n] ?? '', cell])));
  }

  /** Compares every place where the sums of a coach, or of all, are told. Returns for how many coaches. */
  async function expectAgreement(): Promise<number> {
    const coaches = await truth();
    for (const [coachId, people] of coaches) {
      const total = totalOf(people.values());
      const done = total.odl + total.ctf;
      const { body } = await admin(
        'GET',
        `/api/game-platform/dashboard?coachId=${coachId}&from=${from}&to=${to}`,
      );
      expect(body.kpis.solved).toMatchObject({ value: done, odl: total.odl, ctf: total.ctf });
      expect(body.leaderboard.totals).toEqual({ ...total, done });
      expect(body.timeline.days.reduce((sum: number, day: { solves: number }) => sum + day.solves, 0)).toBe(
        done,
      );
      const shown: [string, Sums][] = body.leaderboard.rows.map(
        (row: Sums & { competitorId: string }): [string, Sums] => [
          row.competitorId,
          { odl: row.odl, ctf: row.ctf, points: row.points },
        ],
      );
      for (const [id, sums] of shown) expect([id, sums]).toEqual([id, people.get(id)]);
      // Whoever is not on the leaderboard has no account there.
      expect(totalOf(shown.map(([, sums]) => sums))).toEqual(total);

      const leaderboard = await file('leaderboard', coachId);
      expect({
        odl: sumIn(leaderboard, 'ODL solved'),
        ctf: sumIn(leaderboard, 'CTF solved'),
        points: sumIn(leaderboard, 'Points'),
      }).toEqual(total);
      const solves = await file('solves', coachId);
      expect({
        odl: solves.filter(({ Kind: kind }) => kind === 'ODL').length,
        ctf: solves.filter(({ Kind: kind }) => kind === 'CTF').length,
        points: sumIn(solves, 'Points'),
      }).toEqual(total);
    }

    await runJob(admin, 'dashboard_rollup');
    const everybody = totalOf([...coaches.values()].map((people) => totalOf(people.values())));
    const { body } = await admin('GET', `/api/game-platform/dashboard?from=${from}&to=${to}`);
    const done = everybody.odl + everybody.ctf;
    expect(body.kpis.solved).toMatchObject({ value: done, odl: everybody.odl, ctf: everybody.ctf });
    expect(body.leaderboard.totals).toEqual({ ...everybody, done });
    return coaches.size;
  }

  it('are what the platform says, for each coach and for all', async () => {
    await runJob(admin, 'game_platform_sync', { full: true });
    expect(await expectAgreement()).toBe(FULL ? 3 : 2);
  });

  it('still are after solves that came late, were withdrawn and were corrected', async () => {
    const now = model().now();
    for (const people of (await truth()).values()) {
      const able = [...people].filter(([, sums]) => sums.odl >= 6).map(([id]) => id);
      expect(able.length).toBeGreaterThan(0);
      for (const id of able.slice(0, 3)) {
        const [first, second] = model().platform.odlScores(id).challenge_solves.slice(-2);
        const refOf = (solve: typeof first) => ({
          source: 'odl' as const,
          event: '',
          solveId: solve?.challenge_solve_id ?? 0,
        });
        model().revokeSolve(id, refOf(first));
        model().correctPoints(id, refOf(second), (second?.challenge_points ?? 0) + 5);
        model().addSolve({ synedUserId: id, at: now - 20 * 86_400 });
      }
    }
    await runJob(admin, 'game_platform_sync', { full: true });
    expect(await expectAgreement()).toBe(FULL ? 3 : 2);
  });
});
