import type { TeamView } from '#shared/teams/team-view.ts';
import { divisionName } from '../../shared/format/divisions.ts';
import { Note } from '../../shared/ui/note.tsx';

/** What differs there since a change made here, and why nobody is at fault. */
export function DriftNote({ team }: { team: TeamView }) {
  const { drift } = team;
  if (drift === null) return null;
  const { platform } = drift;
  const lines = {
    name: ['Name', team.name, platform.name],
    division: ['Division', divisionName(team.division), divisionName(platform.division)],
    affiliation: ['Affiliation', team.affiliation, platform.affiliation],
  } as const;
  return (
    <Note tone="warning" title="The platform shows older details">
      <p>The platform has no way to change a team, so it keeps what it was made with.</p>
      <dl className="facts mt-1">
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
    </Note>
  );
}
