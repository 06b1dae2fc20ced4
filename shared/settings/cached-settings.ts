import type { Clock } from '#shared/kernel/clock.ts';
import type { ProgramSettings, SyncSettings, SyncSettingsRow } from './sync-settings.ts';

/** A change is seen by every worker within this time, and costs one read in it. */
const CACHED_MS = 10_000;

interface Deps {
  readonly settings: { readonly syncSettings: () => Promise<SyncSettingsRow> };
  readonly now: Clock;
}

/** The sync settings, at most ten seconds old. */
export function createCachedSyncSettings(deps: Deps): () => Promise<SyncSettings> {
  const row = createCachedRow(deps);
  return async () => (await row()).settings;
}

/** What holds for the program, at most ten seconds old. */
export function createCachedProgramSettings(deps: Deps): () => Promise<ProgramSettings> {
  const row = createCachedRow(deps);
  return async () => (await row()).program;
}

/** The first day of the season, at most ten seconds old; null: none is set. */
export function createCachedSeasonStart(deps: Deps): () => Promise<string | null> {
  const program = createCachedProgramSettings(deps);
  return async () => (await program()).seasonStart;
}

function createCachedRow(deps: Deps): () => Promise<SyncSettingsRow> {
  let known: SyncSettingsRow | undefined;
  let knownUntil = 0;
  return async () => {
    const now = deps.now().getTime();
    if (known === undefined || now >= knownUntil) {
      known = await deps.settings.syncSettings();
      knownUntil = now + CACHED_MS;
    }
    return known;
  };
}
