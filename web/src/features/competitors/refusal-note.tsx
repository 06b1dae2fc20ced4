import type { CompetitorRow } from '#shared/competitors/contract.ts';
import { moment } from '#shared/kernel/format.ts';
import { useNow } from '#web/shared/format/time.ts';
import { useSwitchedOff } from '#web/shared/identity/coaches.tsx';
import { useConfig } from '#web/shared/identity/config.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { canLink } from './competitor-labels.ts';
import { LinkAccount } from './link-account.tsx';

interface RefusalNoteProps {
  readonly competitor: CompetitorRow;
  readonly onEdit: () => void;
}

/** The platform's last refusal and what to do about it. */
export function RefusalNote({ competitor, onEdit }: RefusalNoteProps) {
  const { timeZone } = useConfig();
  const now = useNow();
  const [linking, setLinking] = useState(false);
  const switchedOff = useSwitchedOff(competitor.coachId);
  const { refusal } = competitor.gamePlatform;
  if (refusal === null) return null;
  const linkable = canLink(competitor) && switchedOff === null;
  return (
    <>
      <Note tone="error" title="Why isn’t this one syncing?">
        <p>{refusal.message}</p>
        <p>{refusal.remedy}</p>
        <p className="text-12 text-text-2">Refused {moment(refusal.at, timeZone, now)}</p>
        {linkable && !linking && (
          <div className="mt-2.5 flex flex-wrap gap-2">
            <Button small look="primary" onClick={() => setLinking(true)}>
              <Link2 size={14} aria-hidden /> Link the other account
            </Button>
            <Button small onClick={onEdit}>
              Use another email
            </Button>
          </div>
        )}
      </Note>
      {linkable && linking && <LinkAccount competitor={competitor} onCancel={() => setLinking(false)} />}
    </>
  );
}
