import { writeRoute } from '#web/shared/api/call-route.ts';
import { teamRoutes, type TeamMember, type TeamView } from '#shared/teams/contract.ts';
import { useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import type { ApiClient } from '../api/client.ts';
import { useActingAs } from '../identity/current-user.tsx';
import { competitorListKey } from './competitors.ts';
import { teamKey, type TeamList, teamListKey } from './teams.ts';

/** Who goes from where to where; at least one end is a team. */
export interface MembershipEdit {
  readonly competitorId: string;
  readonly name: string;
  readonly from: TeamRef | null;
  readonly to: TeamRef | null;
}

export interface TeamRef {
  readonly id: string;
  readonly name: string;
}

const underWay = ({ competitorId, name }: MembershipEdit): TeamMember => ({
  competitorId,
  name,
  badge: { state: 'pending', reason: 'Saving.', remedy: null, lastSuccessAt: null },
  approved: false,
  lastEditSeconds: null,
});

/**
 * The teams as they will be once the edit is saved. Only the lists of members change: what the platform has is the
 * server's to say.
 */
export function withMembership<T extends Pick<TeamView, 'id' | 'members'>>(
  teams: readonly T[],
  edit: MembershipEdit,
): readonly T[] {
  return teams.map((team) => {
    const isMember = team.members.some((member) => member.competitorId === edit.competitorId);
    if (team.id === edit.to?.id)
      return isMember ? team : { ...team, members: [...team.members, underWay(edit)] };
    if (!isMember) return team;
    return { ...team, members: team.members.filter((member) => member.competitorId !== edit.competitorId) };
  });
}

/** What was done, in words, and what follows by itself. */
export function doneLabel({ name, from, to }: MembershipEdit): string {
  if (to === null) return `${name} is off ${from?.name ?? 'the team'}.`;
  return from === null ? `${name} is on ${to.name}.` : `${name} moved from ${from.name} to ${to.name}.`;
}

/** What was not done: where the competitor still is. */
export function undoneLabel({ name, from }: MembershipEdit): string {
  return from === null ? `${name} was not added` : `${name} stays on ${from.name}`;
}

/** The edit that takes this one back. */
export const reversed = (edit: MembershipEdit): MembershipEdit => ({ ...edit, from: edit.to, to: edit.from });

const MUTATION = ['membership'] as const;

/** `PUT` or `DELETE /api/teams/{id}/members/{competitorId}`; repeating either changes nothing. */
const sendEdit = (api: ApiClient, { competitorId, from, to }: MembershipEdit): Promise<TeamView> => {
  const team = to ?? from;
  if (team === null) throw new Error('An edit needs a team.');
  return writeRoute(api, to === null ? teamRoutes.removeMember : teamRoutes.addMember, {
    params: { id: team.id, competitorId },
  });
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
      void queries.invalidateQueries({ queryKey: ['activity', actingAs] });
      await queries.invalidateQueries(lists);
    },
  });
}
