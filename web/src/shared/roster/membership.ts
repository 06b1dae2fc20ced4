import type { TeamMember, TeamView } from '#shared/teams/contract.ts';

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
  badge: { state: 'pending', reason: 'Being saved.', remedy: null, lastSuccessAt: null },
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
export function doneWords({ name, from, to }: MembershipEdit): string {
  if (to === null) return `${name} is off ${from?.name ?? 'the team'}.`;
  return from === null ? `${name} is on ${to.name}.` : `${name} moved from ${from.name} to ${to.name}.`;
}

/** What was not done: where the competitor still is. */
export function undoneWords({ name, from }: MembershipEdit): string {
  return from === null ? `${name} was not added` : `${name} stays on ${from.name}`;
}

/** The edit that takes this one back. */
export const reversed = (edit: MembershipEdit): MembershipEdit => ({ ...edit, from: edit.to, to: edit.from });
