import type { TeamView } from '#shared/teams/contract.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useActingAs } from '../../shared/identity/acting-as.ts';
import { teamKey, teamListKey, type TeamList } from '../../shared/roster/get-teams.ts';
import { competitorListKey } from '../../shared/roster/list-competitors.ts';

/** Brings a change of a team into everything that shows it. */
export function useKeepTeam() {
  const queries = useQueryClient();
  const actingAs = useActingAs();
  const lists = { queryKey: teamListKey(actingAs) };
  const again = () => {
    void queries.invalidateQueries(lists);
    void queries.invalidateQueries({ queryKey: competitorListKey(actingAs) });
    void queries.invalidateQueries({ queryKey: ['dashboard', actingAs] });
  };
  const inLists = (change: (teams: readonly TeamView[]) => readonly TeamView[]) =>
    queries.setQueriesData<TeamList>(lists, (list) => list && { teams: change(list.teams), more: list.more });
  return {
    /** The server answered with the new state, of a team that may be new. */
    now: (team: TeamView) => {
      queries.setQueryData(teamKey(actingAs, team.id), team);
      inLists((teams) =>
        teams.some(({ id }) => id === team.id)
          ? teams.map((one) => (one.id === team.id ? team : one))
          : [...teams, team],
      );
      again();
    },
    gone: (id: string) => {
      inLists((teams) => teams.filter((team) => team.id !== id));
      queries.removeQueries({ queryKey: teamKey(actingAs, id) });
      again();
    },
    /** The state may have changed: read it again. */
    again: (id: string) => {
      void queries.invalidateQueries({ queryKey: teamKey(actingAs, id) });
      again();
    },
  };
}
