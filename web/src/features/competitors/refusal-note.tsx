import type { CompetitorView } from '#shared/competitors/competitor-view.ts';
import { moment } from '../../shared/format/time.ts';
import { useNow } from '../../shared/format/use-now.ts';
import { useConfig } from '../../shared/identity/get-config.ts';
import { Note } from '../../shared/ui/note.tsx';

/** The platform's last refusal and what to do about it. */
export function RefusalNote({ competitor }: { competitor: CompetitorView }) {
  const { timeZone } = useConfig();
  const now = useNow();
  const { refusal } = competitor.gamePlatform;
  if (refusal === null) return null;
  return (
    <Note tone="error" title="Why isn’t this one syncing?">
      <p>{refusal.message}</p>
      <p>{refusal.remedy}</p>
      <p className="text-12 text-text-2">Refused {moment(refusal.at, timeZone, now)}</p>
    </Note>
  );
}
