import type { SyncState } from './score-records.ts';

/** Where reading somebody begins: nothing read yet, so that the next sync reads everything. */
export const firstSyncState = (
  subject: Pick<SyncState, 'competitorId' | 'coachId' | 'gamePlatformId'>,
): SyncState => ({
  ...subject,
  cursorUnix: 0,
  lastReadAt: null,
  lastFlashReadAt: null,
  lastFailure: null,
});
