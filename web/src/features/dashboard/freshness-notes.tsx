import type { DashboardView } from '#shared/dashboard/contract.ts';
import { counted } from '../../shared/format/numbers.ts';
import { duration } from '../../shared/format/time.ts';
import { Note } from '../../shared/ui/note.tsx';

/** What the age of the figures means, where it is not simply fresh. */
export function FreshnessNotes({ freshness }: { freshness: DashboardView['freshness'] }) {
  const { state, late, expected, promiseSeconds } = freshness;
  if (state === 'paused') {
    return (
      <Note tone="accent" title="Sync is paused by the programme">
        Keep editing. Everything you change is stored and goes out when sync is on again.
      </Note>
    );
  }
  if (state === 'stale') {
    return (
      <Note tone="warning" title="Scores are late">
        {late} of {counted(expected, 'competitor')} {late === 1 ? 'was' : 'were'} last read more than{' '}
        {duration(promiseSeconds * 1000)} ago, or never. They may have solved more than is shown. We keep
        trying.
      </Note>
    );
  }
  return null;
}
