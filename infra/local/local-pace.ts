import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import type { SettingsRepository } from '#shared/settings/settings-repository.ts';

/** The simulator has no limit worth keeping, and nobody who tries the product wants to wait for one. */
const SIMULATOR_CALLS_PER_SECOND = 1_000;

/** Lets the simulator's calls through as fast as they come, a real vendor's as deployed; what somebody set stays. */
export async function setLocalPace(
  settings: Pick<SettingsRepository, 'syncSettings' | 'saveSyncSettings'>,
  platform: 'simulator' | 'vendor',
): Promise<void> {
  const row = await settings.syncSettings();
  const callsPerSecond =
    platform === 'simulator' ? SIMULATOR_CALLS_PER_SECOND : DEFAULT_SYNC_SETTINGS.callsPerSecond;
  if (row.changedBy !== null || row.settings.callsPerSecond === callsPerSecond) return;
  await settings.saveSyncSettings({
    ...row,
    version: row.version + 1,
    settings: { ...row.settings, callsPerSecond },
  });
}
