import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSeedDemo } from '#infra/local/product/demo/seed-demo.ts';
import { createDashboardRepository } from '#shared/dashboard/dashboard-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { startSimulator, type Simulator } from '#test/game-platform-simulator/index.ts';
import { useTestTables } from '#test/support/dynamodb.ts';

const now = new Date('2026-11-24T20:10:00.000Z');
const range = {
  from: '2026-08-01',
  to: '2026-11-24',
  eventsSince: '2026-08-01T00:00:00.000Z',
  solvesSince: '2026-08-01T00:00:00.000Z',
  editsWithin: { from: '2026-08-01T00:00:00.000Z', to: '2026-11-26T00:00:00.000Z' },
};

describe('The demo data', () => {
  const newTable = useTestTables();
  let table: Table;
  let simulator: Simulator;

  beforeAll(async () => {
    table = await newTable();
    simulator = await startSimulator({ token: 'demo-token', now: () => now.getTime() / 1_000 });
  });
  afterAll(() => simulator.stop());

  const seed = async () => {
    const told = createSeedDemo({ coaches: 1 })({
      table,
      simulator,
      gamePlatformToken: 'demo-token',
      timeZone: 'America/Los_Angeles',
      startedAt: now,
      done: 0,
    });
    for await (const { usable } of told) expect(usable).toBe(true);
  };

  it('holds what the simulated platform would tell, counted as the product counts, and may be put twice', async () => {
    await seed();
    await seed();
    const facts = await createDashboardRepository(table).factsOfCoach('coach-01', range);
    expect(facts.competitors).toHaveLength(25);
    expect(facts.teams).toHaveLength(4);
    // Twenty with an account, less the one who is deactivated.
    expect(facts.syncStates).toHaveLength(19);

    const lastRead = Date.parse('2026-11-24T20:00:00.000Z') / 1_000;
    for (const { competitorId, storedOdl } of facts.stats) {
      const { challenge_solves } = simulator.model.platform.odlScores(competitorId);
      const sound = challenge_solves.filter(
        (solve) => 'timestamp_unix' in solve && solve.timestamp_unix <= lastRead,
      );
      expect(storedOdl).toBe(sound.length);
    }
    const counted = facts.days.reduce((sum, day) => sum + day.odl + day.ctf, 0);
    expect(counted).toBe(facts.stats.reduce((sum, one) => sum + one.storedOdl + one.storedCtf, 0));
    expect(counted).toBe(facts.solvesStoredAt.length);
    expect(counted).toBeGreaterThan(100);
  });

  it('has a day of score reads behind it', async () => {
    const runs = await createJobRepository(table).page(
      { taskType: 'game_platform_sync' },
      { limit: 100, before: null },
    );
    expect(runs).toHaveLength(47);
    expect(runs[0]?.counts['total']).toBe(runs[0]?.total);
  });
});
