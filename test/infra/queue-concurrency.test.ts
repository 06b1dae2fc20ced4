import { expect, test } from 'vitest';
import { queueConcurrencyFor } from '#infra/stages.ts';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';

test.each([
  [DEFAULT_SYNC_SETTINGS.callsPerSecond, 2, 2],
  [25, 2, 2],
  [50, 3, 3],
  [200, 10, 10],
])('%i calls a second are made by %i roster workers, or by %i sync workers', (calls, roster, sync) => {
  expect(queueConcurrencyFor(calls, 2)).toEqual({ roster, sync, work: 2 });
});

test('Lambda takes no fewer than two', () => {
  expect(queueConcurrencyFor(2, 2)).toEqual({ roster: 2, sync: 2, work: 2 });
});
