import type { Clock } from '#shared/kernel/clock.ts';
import type { SyncSettings, SyncSettingsRow } from './sync-settings.ts';

/** A change is seen by every worker within this time, and costs one read in it. */
const CACHED_MS = 10_000;

/** The sync settings, at most ten seconds old. */
export function createCachedSyncSettings(deps: {
  readonly settings: { readonly syncSettings: () => Promise<SyncSettingsRow> };
  readonly now: Clock;
}): () => Promise<SyncSettings> {
  let known: SyncSettings | undefined;
  let knownUntil = 0;
  return async () => {
    const now = deps.now().getTime();
    if (known === undefined || now >= knownUntil) {
      known = (await deps.settings.syncSettings()).settings;
      knownUntil = now + CACHED_MS;
    }
    return known;
  };
}
