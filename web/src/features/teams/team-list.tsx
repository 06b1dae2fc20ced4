import type { TeamView } from '#shared/teams/contract.ts';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../shared/api/api-context.ts';
import { matches } from '../../shared/format/matches.ts';
import { counted } from '../../shared/format/numbers.ts';
import { moment } from '../../shared/format/time.ts';
import { useNow } from '../../shared/format/use-now.ts';
import { useConfig } from '../../shared/identity/get-config.ts';
import { coachesQuery } from '../../shared/identity/get-coaches.ts';
import { seesAllCoaches, useMe } from '../../shared/identity/get-me.ts';
import type { TeamList as Teams } from '../../shared/roster/get-teams.ts';
import type { MembershipEdit } from '../../shared/roster/membership.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Empty } from '../../shared/ui/empty.tsx';
import { LoadFailure } from '../../shared/ui/load-failure.tsx';
import { Panel } from '../../shared/ui/panel.tsx';
import { SearchField } from '../../shared/ui/search-field.tsx';
import { SkeletonRows } from '../../shared/ui/skeleton.tsx';
import { useUrlFilters } from '../../shared/ui/use-url-filters.ts';
import { editOf, type DraggedMember } from './member-drag.ts';
import { TeamTile } from './team-tile.tsx';
import { byTrouble, inState, TEAM_STATES, TEAM_STATE_NAMES, teamStateOf } from './team-words.ts';

interface TeamListProps {
  readonly list: UseQueryResult<Teams>;
  readonly addressOf: (id: string) => string;
  readonly onOpen: (id: string) => void;
  readonly onMove: (edit: MembershipEdit) => void;
  readonly onCreate: () => void;
}

/** Filter by state (in the address), search by team or member (never in the address). */
export function TeamList({ list, addressOf, onOpen, onMove, onCreate }: TeamListProps) {
  const { timeZone } = useConfig();
  const now = useNow();
  const everyones = seesAllCoaches(useMe());
  const coaches = useQuery({ ...coachesQuery(useApi()), enabled: everyones });
  const [params, setFilters] = useUrlFilters();
  const [search, setSearch] = useState('');
  const [dragged, setDragged] = useState<DraggedMember | null>(null);
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
      {teams && teams.length > 0 && (
        <div className="panel-head">
          <fieldset className="segments" aria-label="State">
            {TEAM_STATES.map((option) => (
              <button
                key={option}
                type="button"
                aria-pressed={option === state}
                onClick={() => setFilters({ state: option === 'all' ? null : option })}
              >
                {TEAM_STATE_NAMES[option]}{' '}
                <span className="text-muted">{teams.filter((team) => inState(team, option)).length}</span>
              </button>
            ))}
          </fieldset>
          <div className="end">
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
      {teams?.length === 0 && (
        <Empty
          kind="never"
          heading="h2"
          title="No teams yet"
          action={<Button onClick={onCreate}>Create your first team</Button>}
        >
          Name a team and choose its members. It reaches the platform within a minute, by itself.
        </Empty>
      )}
      {teams && teams.length > 0 && found.length === 0 && (
        <Empty
          kind="filtered"
          heading="h2"
          title="No team matches"
          action={
            <Button
              onClick={() => {
                setSearch('');
                setFilters({ state: null });
              }}
            >
              Clear filter and search
            </Button>
          }
        >
          {counted(teams.length, 'team')} {teams.length === 1 ? 'is' : 'are'} hidden by the filter or the
          search.
        </Empty>
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
            <span className="text-warning">More teams are there than are shown. Choose one coach.</span>
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
