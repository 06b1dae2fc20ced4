import type { RosterEntry } from './roster-entry.ts';

/** What the next call to the platform is decided from. */
export interface RosterFacts {
  readonly entry: Pick<
    RosterEntry,
    'wantedTeamId' | 'wantedAt' | 'confirmedTeamId' | 'confirmedAt' | 'doubtTeamId'
  >;
  /** The id the platform knows the competitor by; null: no account yet. */
  readonly platformId: string | null;
  /** Their release is not in force: nothing of theirs is sent to the platform. */
  readonly onHold: boolean;
  /** The wanted team; null when none is wanted. */
  readonly wantedTeam: 'gone' | 'not_on_platform' | 'being_recreated' | 'on_platform' | null;
  /** The team over there is to be recreated too, as the wanted one is. */
  readonly leavesRecreated: boolean;
}

export type RosterStep =
  /** Nothing to do, and the entry says so. */
  | { readonly kind: 'none' }
  /** What is wanted is what there is; only the entry has yet to say so. */
  | { readonly kind: 'close' }
  /** Nothing can be done before there is an account. */
  | { readonly kind: 'wait_for_account' }
  /** Nothing is sent before a release is in force again. */
  | { readonly kind: 'wait_for_release' }
  /** Ask whether the competitor is on this team: the end of an earlier call is not known. */
  | { readonly kind: 'settle'; readonly platformId: string; readonly teamId: string }
  /** The wanted team does not exist any more. */
  | { readonly kind: 'team_gone' }
  /** The wanted team has to be made, or recreated, first. */
  | { readonly kind: 'create_team'; readonly teamId: string }
  /** Take the competitor off this team, their scores read once more before. */
  | { readonly kind: 'unassign'; readonly platformId: string; readonly teamId: string }
  | { readonly kind: 'assign'; readonly platformId: string; readonly teamId: string };

/**
 * Pure: from what is wanted and known to the one next call. Doubt comes first, since everything after it would build
 * on a guess; the new team is made before the old one is left, so that a refused team leaves nobody without one; and
 * a person is taken off before they are put on, since the platform may not move. Nobody stays on a team that is to be
 * recreated; of two such teams, those who go from one to the other would else wait for each other. Somebody on hold is put on no team, and no team is made for them: that would send their data without
 * consent. They can be taken off one, since that leaves the platform with less of them.
 */
export function nextStep({
  entry,
  platformId,
  onHold,
  wantedTeam,
  leavesRecreated,
}: RosterFacts): RosterStep {
  const { wantedTeamId, confirmedTeamId, doubtTeamId, confirmedAt, wantedAt } = entry;
  if (platformId === null) return wantedTeamId === null ? { kind: 'none' } : { kind: 'wait_for_account' };
  if (doubtTeamId !== null) return { kind: 'settle', platformId, teamId: doubtTeamId };
  const recreated = wantedTeam === 'being_recreated';
  if (wantedTeamId === confirmedTeamId && recreated && confirmedTeamId !== null) {
    return { kind: 'unassign', platformId, teamId: confirmedTeamId };
  }
  if (wantedTeamId === confirmedTeamId) {
    const told = confirmedAt !== null && confirmedAt >= wantedAt;
    return { kind: told ? 'none' : 'close' };
  }
  if (onHold && wantedTeamId !== null) {
    return confirmedTeamId === null
      ? { kind: 'wait_for_release' }
      : { kind: 'unassign', platformId, teamId: confirmedTeamId };
  }
  if (leavesRecreated && confirmedTeamId !== null) {
    return { kind: 'unassign', platformId, teamId: confirmedTeamId };
  }
  if (wantedTeamId !== null && wantedTeam !== 'on_platform') {
    return recreated || wantedTeam === 'not_on_platform'
      ? { kind: 'create_team', teamId: wantedTeamId }
      : { kind: 'team_gone' };
  }
  if (confirmedTeamId !== null) return { kind: 'unassign', platformId, teamId: confirmedTeamId };
  return wantedTeamId === null ? { kind: 'close' } : { kind: 'assign', platformId, teamId: wantedTeamId };
}
