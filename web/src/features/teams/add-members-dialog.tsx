import type { CompetitorRow } from '#shared/competitors/contract.ts';
import type { TeamView } from '#shared/teams/contract.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { matches } from '#web/shared/format/text.ts';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import { useAllCompetitors } from '#web/shared/roster/competitors.ts';
import { type MembershipEdit, undoneLabel, useMembership } from '#web/shared/roster/membership.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { SearchField } from '#web/shared/ui/filters.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { SkeletonRows } from '#web/shared/ui/panel.tsx';
import { useState } from 'react';

interface AddMembersDialogProps {
  readonly team: TeamView;
  readonly onClose: () => void;
}

/** Those without a team first; who is on another team is offered as a move, and said so. */
const byTeam = (a: CompetitorRow, b: CompetitorRow): number =>
  Number(a.team !== null) - Number(b.team !== null) ||
  a.lastName.localeCompare(b.lastName) ||
  a.firstName.localeCompare(b.firstName);

export function AddMembersDialog({ team, onClose }: AddMembersDialogProps) {
  const { list, loaded } = useAllCompetitors(seesAllCoaches(useMe()) ? team.coachId : null);
  const [search, setSearch] = useState('');
  const [failed, setFailed] = useState<{ edit: MembershipEdit; error: unknown } | null>(null);
  // Whoever was added here stays in the list, so that the focus is not lost.
  const [added, setAdded] = useState<ReadonlySet<string>>(new Set());
  const membership = useMembership();
  const members = new Set(team.members.map((member) => member.competitorId));
  const others = loaded
    ?.filter((one) => one.active && one.onHold === null && (!members.has(one.id) || added.has(one.id)))
    .toSorted(byTeam);
  const found = others?.filter((one) => matches(search, one.firstName, one.lastName, one.team?.name ?? null));
  const add = (one: CompetitorRow) => {
    const name = `${one.firstName} ${one.lastName}`;
    const edit = { competitorId: one.id, name, from: one.team, to: { id: team.id, name: team.name } };
    setFailed(null);
    setAdded(new Set(added).add(one.id));
    membership.mutate(edit, { onError: (error) => setFailed({ edit, error }) });
  };
  return (
    <Dialog title={`Add to ${team.name}`} onClose={onClose}>
      <SearchField
        label="Find a competitor to add"
        placeholder="Name or team"
        value={search}
        onChange={setSearch}
      />
      {failed && (
        <Note tone="error" title={undoneLabel(failed.edit)} said="at once">
          <p>{messageOf(failed.error)}</p>
        </Note>
      )}
      {list.isError && (
        <LoadFailure
          what={loaded ? 'Some competitors' : 'The competitors'}
          error={list.error}
          retrying={list.isFetching}
          onRetry={() => void list.refetch()}
        />
      )}
      {list.isPending && <SkeletonRows label="competitors" rows={4} />}
      {found && others && (
        <ul
          className="max-h-[min(400px,50dvh)] overflow-auto rounded-2 border border-line"
          aria-label="Competitors"
        >
          {found.map((one) => (
            <li key={one.id} className="flex items-center gap-3 border-line px-3 py-2 not-first:border-t">
              <span className="grid min-w-0 flex-1">
                <span className="name">
                  <bdi>
                    {one.firstName} {one.lastName}
                  </bdi>
                </span>
                <span className="text-12 text-muted">
                  {members.has(one.id) ? `On ${team.name}` : placeOf(one)}
                </span>
              </span>
              {members.has(one.id) ? (
                <Button small aria-disabled aria-label={`Added: ${one.firstName} ${one.lastName}`}>
                  Added
                </Button>
              ) : (
                <Button
                  small
                  onClick={() => add(one)}
                  aria-label={`${one.team === null ? 'Add' : 'Move here'}: ${one.firstName} ${one.lastName}`}
                >
                  {one.team === null ? 'Add' : 'Move here'}
                </Button>
              )}
            </li>
          ))}
          {found.length === 0 && (
            <li className="px-3 py-2 text-13 text-text-2">
              {others.length === 0
                ? 'Everyone is already on this team, or there are no competitors yet.'
                : 'No one matches the search.'}
            </li>
          )}
        </ul>
      )}
      <div className="flex flex-wrap items-center justify-end gap-3">
        <output className="text-13 text-text-2">
          {membership.isSuccess && `${membership.variables.name} is on the team.`}
        </output>
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  );
}

const placeOf = ({ team, gamePlatform }: CompetitorRow): string => {
  const place = team === null ? 'No team yet' : `On ${team.name}, moves here`;
  return gamePlatform.id === null ? `${place}; not on the platform yet` : place;
};
