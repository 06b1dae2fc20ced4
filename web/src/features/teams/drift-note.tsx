import type { TeamView } from '#shared/teams/contract.ts';
import { RotateCcw } from 'lucide-react';
import { divisionName } from '#shared/kernel/format.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Note } from '#web/shared/ui/note.tsx';
import { recreateProgress } from './recreate-labels.ts';

interface DriftNoteProps {
  readonly team: TeamView;
  /** It was asked for here. */
  readonly recreating: boolean;
  readonly onRecreate: () => void;
}

/** What differs there since a change made here, why nobody is at fault, and the way out; then how far that is. */
export function DriftNote({ team, recreating, onRecreate }: DriftNoteProps) {
  const { drift } = team;
  if (recreating) {
    const { tone, title, text } = recreateProgress(team);
    return (
      <Note tone={tone} title={title} said="when free">
        <p>{text}</p>
      </Note>
    );
  }
  if (drift === null) return null;
  const { platform } = drift;
  const lines = {
    name: ['Name', team.name, platform.name],
    division: ['Division', divisionName(team.division), divisionName(platform.division)],
    affiliation: ['Affiliation', team.affiliation, platform.affiliation],
  } as const;
  return (
    <Note tone="warning" title="The platform shows older details">
      <p>
        The platform cannot change a team, so it keeps the original details. Leave it, or recreate the team
        there.
      </p>
      <div className="mt-1">
        <dl className="facts">
          {drift.fields.map((field) => {
            const [name, ours, theirs] = lines[field];
            return (
              <div key={field}>
                <dt>{name}</dt>
                <dd>
                  {ours} here, {theirs} there
                </dd>
              </div>
            );
          })}
        </dl>
      </div>
      <Button small className="mt-2.5" onClick={onRecreate}>
        <RotateCcw size={14} aria-hidden /> Recreate on platform
      </Button>
    </Note>
  );
}
