import { teamViewSchema, type TeamView } from '#shared/teams/contract.ts';
import { useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import type { ApiClient } from '../api/client.ts';
import { useActingAs } from '../identity/acting-as.ts';
import { teamKey, teamListKey, type TeamList } from './get-teams.ts';
import { competitorListKey } from './list-competitors.ts';
import { withMembership, type MembershipEdit } from './membership.ts';

const MUTATION = ['membership'] as const;

/** `PUT` or `DELETE /api/teams/{id}/members/{competitorId}`; repeating either changes nothing. */
const sendEdit = (api: ApiClient, { competitorId, from, to }: MembershipEdit): Promise<TeamView> => {
  const team = to ?? from;
  if (team === null) throw new Error('An edit needs a team.');
  const path = `/api/teams/${encodeURIComponent(team.id)}/members/${encodeURIComponent(competitorId)}`;
  return api.send(to === null ? 'DELETE' : 'PUT', path, teamViewSchema);
};

/** True while an edit of members is on its way to the server: then nothing read meanwhile may overwrite what is shown. */
export const useMembershipEdits = (): boolean => useIsMutating({ mutationKey: MUTATION }) > 0;

/** Changes members at once on screen; put back as it was when the server refuses. */
export function useMembership() {
  const api = useApi();
  const actingAs = useActingAs();
  const queries = useQueryClient();
  const lists = { queryKey: teamListKey(actingAs) };
  const inLists = (change: (teams: readonly TeamView[]) => readonly TeamView[]) =>
    queries.setQueriesData<TeamList>(lists, (list) => list && { teams: change(list.teams), more: list.more });
  return useMutation({
    mutationKey: MUTATION,
    mutationFn: (edit: MembershipEdit) => sendEdit(api, edit),
    onMutate: async (edit) => {
      await queries.cancelQueries(lists);
      const before = queries.getQueriesData<TeamList>(lists);
      inLists((teams) => withMembership(teams, edit));
      return { before };
    },
    onError: (_error, _edit, kept) => {
      for (const [key, list] of kept?.before ?? []) queries.setQueryData(key, list);
    },
    onSuccess: (saved) => inLists((teams) => teams.map((team) => (team.id === saved.id ? saved : team))),
    onSettled: async (_saved, _error, { competitorId, from, to }) => {
      // The last of several edits reads again; an earlier answer would undo what the later ones show.
      if (queries.isMutating({ mutationKey: MUTATION }) > 1) return;
      const changed = [from, to].flatMap((team) => (team === null ? [] : [teamKey(actingAs, team.id)]));
      for (const queryKey of changed) void queries.invalidateQueries({ queryKey });
      void queries.invalidateQueries({ queryKey: ['competitor', actingAs, competitorId] });
      void queries.invalidateQueries({ queryKey: competitorListKey(actingAs) });
      void queries.invalidateQueries({ queryKey: ['dashboard', actingAs] });
      await queries.invalidateQueries(lists);
    },
  });
}
