import { beforeEach, expect, test } from 'vitest';
import { createPlatformGauge } from '#shared/composition/call-budget.ts';
import { createBudgetRepository } from '#shared/game-platform/budget/budget-repository.ts';
import { emptyDay, type Breaker } from '#shared/game-platform/budget/budget-state.ts';
import { METRICS, STOPPED_BY } from '#shared/kernel/metric-names.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { useTestTables } from '#test/support/dynamodb.ts';

const NOW = new Date('2026-11-30T20:00:00Z');
const newTable = useTestTables();
let table: Table;
beforeEach(async () => {
  table = await newTable();
});

async function measured(): Promise<Readonly<Record<string, number>>> {
  const seen: Record<string, number> = {};
  const metrics = {
    add: (name: string, value: number) => {
      seen[name] = value;
    },
  };
  await createPlatformGauge({ table, timeZone: 'UTC', now: () => NOW, metrics })();
  return seen;
}

const saveBreaker = (breaker: Breaker) =>
  createBudgetRepository(table).replace(
    {
      version: 1,
      by: 'worker',
      nextReads: 0,
      nextRoster: 0,
      sharing: { from: 0, until: 0 },
      quietUntil: 0,
      breaker,
      spent: 250,
      today: emptyDay('2026-11-30'),
    },
    null,
  );
const openBreaker: Breaker = { kind: 'open', since: 0, until: NOW.getTime() + 60_000, openings: 1 };

const switchOff = () =>
  createSettingsRepository(table).saveProcessing({
    enabled: false,
    reason: 'The platform is being moved.',
    changedAt: NOW.toISOString(),
    changedBy: 'adm_1',
  });

test('before the first call, with processing on, nothing is said to stop the calls', async () => {
  expect(await measured()).toEqual({
    [METRICS.gamePlatformBudgetUsed]: 0,
    [METRICS.gamePlatformStopped]: STOPPED_BY.nothing,
  });
});

test('an open breaker is what stops the calls, beside the share of the budget that is used', async () => {
  await saveBreaker(openBreaker);
  const seen = await measured();
  expect(seen[METRICS.gamePlatformStopped]).toBe(STOPPED_BY.breaker);
  expect(seen[METRICS.gamePlatformBudgetUsed]).toBeGreaterThan(0);
});

test('processing that an admin switched off counts for more than the breaker', async () => {
  await saveBreaker(openBreaker);
  await switchOff();
  expect((await measured())[METRICS.gamePlatformStopped]).toBe(STOPPED_BY.admin);
});
