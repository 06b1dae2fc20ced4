import type { CompetitorRow } from '#shared/competitors/contract.ts';
import type { TeamView } from '#shared/teams/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { messageOf } from '#web/shared/api/api-error.ts';
import { seesAllCoaches, useActingAs, useMe } from '#web/shared/identity/current-user.tsx';
import { undoneLabel, useMembership, useMembershipEdits } from '#web/shared/roster/membership.ts';
import { SyncBadge } from '#web/shared/roster/sync-badge.tsx';
import { teamsQuery } from '#web/shared/roster/teams.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { SelectInput } from '#web/shared/ui/inputs.tsx';
import { LoadFailure, Note } from '#web/shared/ui/note.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

const POLL_MS = 2_000;

/** On which team, whether the platform has it, and the way to another. */
export function TeamField({ competitor }: { competitor: CompetitorRow }) {
  const coachId = seesAllCoaches(useMe()) ? competitor.coachId : null;
  const saving = useMembershipEdits();
  const memberIn = (teams: readonly TeamView[] | undefined) =>
    teams?.flatMap((team) => team.members).find((member) => member.competitorId === competitor.id);
  const teams = useQuery({
    ...teamsQuery(useApi(), useActingAs(), coachId),
    // Without an account, nothing moves until it is there.
    refetchInterval: ({ state }) =>
      !saving &&
      competitor.gamePlatform.id !== null &&
      memberIn(state.data?.teams)?.badge.state === 'pending' &&
      POLL_MS,
  });
  const membership = useMembership();
  const [chosen, setChosen] = useState<string | null>(null);
  const now = competitor.team?.id ?? '';
  const to = chosen ?? now;
  const changes = to !== now && !membership.isPending;
  const member = memberIn(teams.data?.teams);
  const save = () => {
    const target = teams.data?.teams.find((team) => team.id === to);
    const edit = {
      competitorId: competitor.id,
      name: `${competitor.firstName} ${competitor.lastName}`,
      from: competitor.team,
      to: target ? { id: target.id, name: target.name } : null,
    };
    membership.mutate(edit, { onSettled: () => setChosen(null) });
  };
  return (
    <section className="grid gap-2" aria-label="Team">
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (changes) save();
        }}
      >
        <div className="min-w-[180px] flex-1">
          <SelectInput
            label="Team"
            value={to}
            onChange={setChosen}
            options={[
              { value: '', text: 'No team' },
              ...(competitor.team !== null && !teams.data?.teams.some((team) => team.id === now)
                ? [{ value: now, text: competitor.team.name }]
                : []),
              ...(teams.data?.teams ?? []).map((team) => ({ value: team.id, text: team.name })),
            ]}
          />
        </div>
        <Button type="submit" aria-disabled={!changes || undefined}>
          {membership.isPending
            ? 'Saving'
            : now === ''
              ? 'Put on team'
              : to === ''
                ? 'Take off team'
                : 'Move'}
        </Button>
      </form>
      {member && (
        <output className="flex flex-wrap items-center gap-2 text-12 text-text-2">
          <SyncBadge state={member.badge.state} />
          <span>
            {member.badge.state === 'synced'
              ? 'The platform has it.'
              : `${member.badge.reason ?? ''} ${member.badge.remedy ?? ''}`}
          </span>
        </output>
      )}
      {membership.isError && (
        <Note tone="error" title={undoneLabel(membership.variables)} said="at once">
          <p>{messageOf(membership.error)}</p>
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
    </section>
  );
}
