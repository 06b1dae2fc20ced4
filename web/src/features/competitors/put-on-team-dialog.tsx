import type { CompetitorRow } from '#shared/competitors/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { counted } from '#shared/kernel/format.ts';
import { seesAllCoaches, useActingAs, useMe } from '#web/shared/identity/current-user.tsx';
import { doneLabel, type MembershipEdit, undoneLabel, useMembership } from '#web/shared/roster/membership.ts';
import { teamsQuery } from '#web/shared/roster/teams.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { Dialog } from '#web/shared/ui/dialog.tsx';
import { SelectInput } from '#web/shared/ui/inputs.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { putLabel } from './bulk-labels.ts';

interface PutOnTeamDialogProps {
  readonly people: readonly CompetitorRow[];
  readonly onClose: () => void;
}

interface Ending {
  readonly edit: MembershipEdit;
  /** Null: it worked. */
  readonly error: string | null;
}

/** Several competitors of one coach go on one team, one after another, each with its result. */
export function PutOnTeamDialog({ people, onClose }: PutOnTeamDialogProps) {
  const all = seesAllCoaches(useMe());
  const owners = new Set(people.map(({ coachId }) => coachId));
  const oneCoach = owners.size === 1;
  const teams = useQuery({
    ...teamsQuery(useApi(), useActingAs(), all ? ([...owners][0] ?? null) : null),
    enabled: oneCoach,
  });
  const membership = useMembership();
  const [teamId, setTeamId] = useState('');
  const [endings, setEndings] = useState<readonly Ending[]>([]);
  /** How many there are to save, once it has begun. */
  const [total, setTotal] = useState<number | null>(null);
  const team = teams.data?.teams.find(({ id }) => id === teamId);
  const inactive = people.filter(({ active }) => !active).length;
  const held = people.filter(({ active, onHold }) => active && onHold !== null).length;
  const wanted = people.filter((one) => one.active && one.onHold === null && one.team?.id !== teamId);
  const moves = wanted.filter((one) => one.team !== null).length;
  const over = total !== null && endings.length === total;
  const pressable = team !== undefined && wanted.length > 0 && total === null;
  const put = async () => {
    if (team === undefined) return;
    setTotal(wanted.length);
    for (const one of wanted) {
      const edit: MembershipEdit = {
        competitorId: one.id,
        name: `${one.firstName} ${one.lastName}`,
        from: one.team,
        to: { id: team.id, name: team.name },
      };
      // One at a time: every edit raises the team's version.
      const error = await membership.mutateAsync(edit).then(
        () => null,
        (failure: unknown) => messageOf(failure),
      );
      setEndings((before) => [...before, { edit, error }]);
    }
  };
  return (
    <Dialog title={`Put ${counted(people.length, 'competitor')} on a team`} onClose={onClose}>
      {!oneCoach && (
        <Note tone="warning" title="They belong to several coaches">
          A team has one coach. Choose competitors of the same coach.
        </Note>
      )}
      {teams.isError && (
        <LoadFailure
          what="The teams"
          error={teams.error}
          retrying={teams.isFetching}
          onRetry={() => void teams.refetch()}
        />
      )}
      {oneCoach && total === null && (
        <>
          <SelectInput
            label="Team"
            value={teamId}
            onChange={setTeamId}
            options={[
              { value: '', text: teams.isPending ? 'Loading the teams' : 'Choose a team' },
              ...(teams.data?.teams ?? []).map(({ id, name }) => ({ value: id, text: name })),
            ]}
          />
          {team && (
            <p className="text-13 text-text-2">
              {putLabel({ team: team.name, count: wanted.length, moves, inactive, held })}
            </p>
          )}
        </>
      )}
      <output className="text-13 text-text-2 empty:hidden">
        {total !== null && `${endings.filter(({ error }) => error === null).length} of ${total} saved.`}
      </output>
      {endings.length > 0 && (
        <ul className="grid gap-1 text-13 text-text-2" aria-label="Result">
          {endings.map(({ edit, error }) => (
            <li key={edit.competitorId} className={error === null ? '' : 'text-error'}>
              {error === null ? doneLabel(edit) : `${undoneLabel(edit)}. ${error}`}
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{total === null ? 'Cancel' : 'Close'}</Button>
        {!over && (
          <Button
            look="primary"
            aria-disabled={!pressable || undefined}
            onClick={() => {
              if (pressable) void put();
            }}
          >
            {total === null ? 'Put on team' : 'Saving'}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
