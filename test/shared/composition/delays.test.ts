import { expect, test } from 'vitest';
import { createDelays } from '#shared/composition/call-budget.ts';
import { READS_IN_PART } from '#shared/score-sync/tasks.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { DEFAULT_SYNC_SETTINGS, UNCHANGED_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { aJobPart } from '#test/support/records.ts';

const newTable = useTestTables();
const now = () => new Date('2026-11-30T20:00:00Z');

async function delaysAt(callsPerSecond: number, taskType: string): Promise<number[]> {
  const table = await newTable();
  await createSettingsRepository(table).saveSyncSettings({
    ...UNCHANGED_SYNC_SETTINGS,
    version: 1,
    settings: { ...DEFAULT_SYNC_SETTINGS, callsPerSecond },
  });
  const delayOf = await createDelays({ table, now })(taskType);
  return [0, 1, 2, 1_000].map((number) => delayOf(aJobPart({ part: number })));
}

test('a part is begun when the calls of those before it have had their slots', async () => {
  const [first = NaN, second = NaN, third = NaN, last] = await delaysAt(10, 'game_platform_sync');
  expect(first).toBe(0);
  // Eight calls a second are for reads.
  expect(second).toBeGreaterThanOrEqual(READS_IN_PART / 8);
  expect(second).toBeLessThan((READS_IN_PART / 8) * 1.3);
  expect(Math.abs(third - 2 * second)).toBeLessThanOrEqual(1);
  // Before the dispatcher would take the message for lost.
  expect(last).toBeLessThan(600);
});

test('none waits where the rate does not bind, or where people look on', async () => {
  expect((await delaysAt(1_000, 'game_platform_sync')).slice(0, 3)).toEqual([0, 0, 0]);
  expect(await delaysAt(10, 'onboard_competitors')).toEqual([0, 0, 0, 0]);
  expect(await delaysAt(10, 'of a later release')).toEqual([0, 0, 0, 0]);
});
