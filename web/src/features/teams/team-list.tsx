import type { TeamView } from '#shared/teams/contract.ts';
import { useApi } from '#web/shared/api/api-context.ts';
import { counted, divisionName, moment } from '#shared/kernel/format.ts';
import { matches } from '#web/shared/format/text.ts';
import { useNow } from '#web/shared/format/time.ts';
import { coachesQuery } from '#web/shared/identity/coaches.tsx';
import { useConfig } from '#web/shared/identity/config.ts';
import { seesAllCoaches, useMe } from '#web/shared/identity/current-user.tsx';
import type { MembershipEdit } from '#web/shared/roster/membership.ts';
import { SYNC_LOOKS } from '#web/shared/roster/sync-badge.tsx';
import type { TeamList as Teams } from '#web/shared/roster/teams.ts';
import { Button } from '#web/shared/ui/button.tsx';
import { CsvButton, type CsvColumn } from '#web/shared/ui/csv-button.tsx';
import { CountedFilters, SearchField, useUrlFilters } from '#web/shared/ui/filters.tsx';
import { LoadFailure } from '#web/shared/ui/note.tsx';
import { Empty, Panel, SkeletonRows } from '#web/shared/ui/panel.tsx';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { editOf, useDragged } from './member-drag.ts';
import { byTrouble, inState, TEAM_STATE_NAMES, TEAM_STATES, teamStateOf } from './team-labels.ts';
import { TeamTile } from './team-tile.tsx';

interface TeamListProps {
  readonly list: UseQueryResult<Teams>;
  readonly addressOf: (id: string) => string;
  readonly onOpen: (id: string) => void;
  readonly onMove: (edit: MembershipEdit) => void;
  readonly onCreate: () => void;
}

const csvOf = (coachOf: (team: TeamView) => string | null): readonly CsvColumn<TeamView>[] => [
  { name: 'Team', of: ({ name }) => name },
  { name: 'Coach', of: coachOf },
  { name: 'Division', of: ({ division }) => divisionName(division) },
  { name: 'Affiliation', of: ({ affiliation }) => affiliation },
  { name: 'Members', of: ({ members }) => members.length },
  { name: 'Names', of: ({ members }) => members.map(({ name }) => name).join('; ') },
  { name: 'Platform', of: ({ badge }) => SYNC_LOOKS[badge.state].word },
  { name: 'Reason', of: ({ badge }) => badge.reason },
  { name: 'Last confirmed', at: ({ badge }) => badge.lastSuccessAt },
];

/** Filter by state (in the address), search by team or member (never in the address). */
export function TeamList({ list, addressOf, onOpen, onMove, onCreate }: TeamListProps) {
  const { timeZone } = useConfig();
  const now = useNow();
  const everyones = seesAllCoaches(useMe());
  const coaches = useQuery({ ...coachesQuery(useApi()), enabled: everyones });
  const [params, setFilters] = useUrlFilters();
  const [search, setSearch] = useState('');
  const [dragged, setDragged] = useDragged();
  const state = teamStateOf(params.get('state'));
  const teams = list.data?.teams;
  const found = (teams ?? [])
    .filter(
      (team) =>
        inState(team, state) && matches(search, team.name, ...team.members.map((member) => member.name)),
    )
    .toSorted(byTrouble);
  const coachOf = (team: TeamView) =>
    everyones ? (coaches.data?.find((coach) => coach.id === team.coachId)?.name ?? null) : null;
  return (
    <Panel label="Teams" busy={list.isPending}>
      {teams?.length !== 0 && (
        <div className="panel-head">
          <CountedFilters
            label="State"
            options={TEAM_STATES.map((one) => ({
              id: one,
              text: TEAM_STATE_NAMES[one],
              count: (teams ?? []).filter((team) => inState(team, one)).length,
            }))}
            chosenId={state}
            known={teams !== undefined}
            onChoose={(one) => setFilters({ state: one === 'all' ? null : one })}
          />
          <div className="end">
            {found.length > 0 && (
              <CsvButton
                caption="Teams"
                columns={csvOf(coachOf)}
                rows={found}
                asOf={new Date(list.dataUpdatedAt).toISOString()}
                more={list.data?.more === true}
              />
            )}
            <SearchField
              label="Find a team by its name or a member"
              placeholder="Team or member"
              value={search}
              onChange={setSearch}
            />
          </div>
        </div>
      )}
      {list.isError && (
        <div className="panel-body flex-none">
          <LoadFailure
            what={teams ? 'The newest state of the teams' : 'The teams'}
            safe="Your rosters are safe."
            error={list.error}
            retrying={list.isFetching}
            onRetry={() => void list.refetch()}
          />
        </div>
      )}
      {list.isPending && <SkeletonRows label="teams" rows={6} />}
      {teams && found.length === 0 && (
        <NoTeams
          hidden={teams.length}
          onCreate={onCreate}
          onClear={() => {
            setSearch('');
            setFilters({ state: null });
          }}
        />
      )}
      {found.length > 0 && (
        <ul className="team-tiles" aria-label="Teams">
          {found.map((team) => (
            <TeamTile
              key={team.id}
              team={team}
              coach={coachOf(team)}
              moment={(iso) => moment(iso, timeZone, now)}
              address={addressOf(team.id)}
              onOpen={() => onOpen(team.id)}
              dragged={dragged}
              onDrag={setDragged}
              onDrop={(member) => onMove(editOf(member, team))}
            />
          ))}
        </ul>
      )}
      {teams && teams.length > 0 && (
        <div className="panel-foot">
          <span>as of {moment(new Date(list.dataUpdatedAt).toISOString(), timeZone, now)}</span>
          {list.data?.more === true && (
            <span className="text-warning">There are more teams than are shown. Choose one coach.</span>
          )}
          {found.length > 1 && (
            <span className="drag-hint">Drag a member onto another team to move them, or open a team.</span>
          )}
          <span className="end">{counted(found.length, 'team')} shown</span>
        </div>
      )}
    </Panel>
  );
}

/** No tile to show: because there is no team yet, or because the filter or the search hides them. */
function NoTeams({
  hidden,
  onCreate,
  onClear,
}: {
  hidden: number;
  onCreate: () => void;
  onClear: () => void;
}) {
  return hidden === 0 ? (
    <Empty
      kind="never"
      heading="h2"
      title="No teams yet"
      action={<Button onClick={onCreate}>Create your first team</Button>}
    >
      Name a team and choose its members. It reaches the platform within a minute.
    </Empty>
  ) : (
    <Empty
      kind="filtered"
      heading="h2"
      title="No team matches"
      action={<Button onClick={onClear}>Clear filter and search</Button>}
    >
      {counted(hidden, 'team')} {hidden === 1 ? 'is' : 'are'} hidden by the filter or search.
    </Empty>
  );
}
