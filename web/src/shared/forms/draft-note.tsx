import { moment } from '#shared/kernel/format.ts';
import { useConfig } from '../identity/config.ts';
import { useNow } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import type { useDraft } from './draft.ts';

/** Says once that typed text came back, with the way out. */
export function DraftNote({
  draft: { backFrom, reset },
}: {
  draft: Pick<ReturnType<typeof useDraft>, 'backFrom' | 'reset'>;
}) {
  const { timeZone } = useConfig();
  const now = useNow();
  if (backFrom === null) return null;
  return (
    <Note tone="accent" title={`Your text from ${moment(backFrom, timeZone, now)} is back`}>
      <p>It is not saved yet.</p>
      <Button small className="mt-2" onClick={reset}>
        Use what is saved instead
      </Button>
    </Note>
  );
}
