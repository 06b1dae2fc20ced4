import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import type { SettingsRepository } from '#shared/settings/settings-repository.ts';
import {
  startSimulator,
  type Simulator,
  type SimulatorOptions,
} from '#test/game-platform-simulator/index.ts';
import { keptPort } from '../emulator/ports.ts';

/**
 * The vendor's address with which the CDK app is synthesized, whatever the vendor is: so an assembly does not depend
 * on the simulator's port, and one serves every start until the sources change.
 */
export const GAME_PLATFORM_STAND_IN = 'https://game-platform.invalid';

/** The vendor that the stack talks to. */
export interface GamePlatform {
  readonly baseUrl: string;
  readonly token: string;
  /** Undefined when the vendor is another one. */
  readonly simulator: Simulator | undefined;
}

/** Base URL and token of a vendor that is not simulated. */
export interface Vendor {
  readonly baseUrl: string;
  readonly token: string;
}

/** What an earlier simulator of the same state folder had. */
export interface KeptSimulator {
  readonly port: number | undefined;
  readonly token: string | undefined;
}

/** The given vendor, else a simulator that keeps its port, token and history over restarts. */
export async function openGamePlatform(
  vendor: Vendor | undefined,
  kept: KeptSimulator,
  stateDirectory: string,
  options: Omit<SimulatorOptions, 'port' | 'token'>,
): Promise<GamePlatform> {
  if (vendor !== undefined) return { ...vendor, simulator: undefined };
  const token = kept.token ?? randomBytes(24).toString('base64url');
  const port = await keptPort(kept.port);
  const simulator = await startSimulator({
    stateFile: join(stateDirectory, 'simulator.json'),
    ...options,
    token,
    ...(port === undefined ? {} : { port }),
  });
  return { baseUrl: simulator.url, token, simulator };
}

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
