import type { CompetitorView } from '#shared/competitors/contract.ts';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { moment } from '../../shared/format/time.ts';
import { useNow } from '../../shared/format/use-now.ts';
import { useConfig } from '../../shared/identity/get-config.ts';
import { useSwitchedOff } from '../../shared/identity/onboarding-switch.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Note } from '../../shared/ui/note.tsx';
import { canLink } from './competitor-words.ts';
import { LinkAccount } from './link-account.tsx';

interface RefusalNoteProps {
  readonly competitor: CompetitorView;
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
              Use another e-mail
            </Button>
          </div>
        )}
      </Note>
      {linkable && linking && <LinkAccount competitor={competitor} onCancel={() => setLinking(false)} />}
    </>
  );
}
