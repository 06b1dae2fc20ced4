import { afterEach, describe, expect, it } from 'vitest';
import { createDemoFilling, type DemoFilling } from '#infra/local/product/demo/demo-filling.ts';
import { createSeedDemo } from '#infra/local/product/demo/seed-demo.ts';
import { openStateFile } from '#infra/local/state/stack-state.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { startSimulator, type Simulator } from '#test/game-platform-simulator/index.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { allRows } from '#test/support/personal-data.ts';
import { scratchDirectory } from '../../emulator/lambda/scratch-function.ts';

const BEGUN = Date.parse('2026-11-24T20:10:00.000Z');
const DAY_MS = 86_400_000;
/** One more than can sign in. */
const COACHES = 3;

const simulators: Simulator[] = [];
afterEach(async () => {
  for (const simulator of simulators.splice(0)) await simulator.stop();
});

/** Ends the filling where it asks for the so-manieth time whether it may go on, which it does before each write. */
function endingAt(check: number): AbortSignal {
  const { signal } = new AbortController();
  let checks = 0;
  signal.throwIfAborted = () => {
    checks += 1;
    if (checks >= check) throw new Error('interrupted');
  };
  return signal;
}

describe('The filling of the demo', () => {
  const newTable = useTestTables();

  /** A machine whose stack is started again and again; each start is a day after the one before. */
  async function machine() {
    const table = await newTable();
    const simulator = await startSimulator({ token: 'demo-token', now: () => BEGUN / 1_000 });
    simulators.push(simulator);
    const directory = scratchDirectory();
    const told: number[] = [];
    let starts = 0;
    const start = (interruptedAt = Infinity): DemoFilling => {
      const at = new Date(BEGUN + starts * DAY_MS);
      starts += 1;
      const context = { table, simulator, gamePlatformToken: 'demo-token', timeZone: 'America/Los_Angeles' };
      return createDemoFilling(
        createSeedDemo({ coaches: COACHES }),
        { ...context, signal: endingAt(interruptedAt) },
        openStateFile(directory),
        { now: () => at, onProgress: ({ coaches }) => told.push(coaches) },
      );
    };
    const rows = async () =>
      (await allRows(table)).toSorted((a, b) =>
        `${String(a['pk'])} ${String(a['sk'])}` < `${String(b['pk'])} ${String(b['sk'])}` ? -1 : 1,
      );
    return { table, simulator, start, told, rows, state: () => openStateFile(directory) };
  }

  it('ends in the same rows and accounts, however often it was interrupted', async () => {
    const [whole, broken] = [await machine(), await machine()];
    await whole.start().fillUp();
    for (const at of [1, 4, 30, 21, 9])
      await expect(broken.start(at).fillUp()).rejects.toThrow('interrupted');
    await broken.start().fillUp();
    expect(await broken.rows()).toEqual(await whole.rows());
    expect(broken.simulator.model.people()).toEqual(whole.simulator.model.people());
    expect([whole.told, broken.told]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(broken.state().read()).toMatchObject({ seeded: true });
    expect(broken.state().read().demo).toBeUndefined();
  });

  it('stops where those who can sign in find everything, and later changes nothing of theirs', async () => {
    const { table, simulator, start, told, state, rows } = await machine();
    const filling = start();
    await filling.untilUsable();
    expect([told, state().read().seeded]).toEqual([[1, 2], false]);
    expect(filling.progress()).toMatchObject({ coaches: 2, of: 3, competitors: 50 });

    const teams = createTeamRepository(table);
    const team = await teams.byId('team-demo-01');
    if (team === undefined) throw new Error('No team.');
    await teams.put({ ...team, name: 'Renamed meanwhile' });
    simulator.model.reset();
    await start(3)
      .fillUp()
      .catch(() => undefined);
    await start().fillUp();
    expect((await teams.byId('team-demo-01'))?.name).toBe('Renamed meanwhile');
    expect(simulator.model.teamIds()).not.toContain('team-demo-01');
    expect((await rows()).filter(({ type }) => type === 'coach')).toHaveLength(COACHES);
    expect(state().read().seeded).toBe(true);
  });

  it('leaves alone who was put when the note of it was lost', async () => {
    const { table, start, state, rows } = await machine();
    await start().fillUp();
    const competitors = createCompetitorRepository(table);
    const person = await competitors.byId('cmp-demo-051');
    if (person === undefined) throw new Error('No competitor.');
    await competitors.put({ ...person, firstName: 'Changed' });
    const before = await rows();
    state().change({ seeded: false, demo: { startedAt: new Date(BEGUN).toISOString(), coaches: 2 } });
    await start().fillUp();
    expect(await rows()).toEqual(before);
  });
});
