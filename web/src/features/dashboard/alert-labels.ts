import type { Alert } from '#shared/alerts/contract.ts';

/** The words and the place of an alert's one button; the place is where the act is done. */

const TEXTS: Readonly<Record<Alert['action']['code'], { readonly one: string; readonly many: string }>> = {
  record_release: { one: 'Record release', many: 'Record releases' },
  settle_refusal: { one: 'See what to do', many: 'Go through them' },
  add_to_platform: { one: 'Add to Game Platform', many: 'Add them' },
  complete_profile: { one: 'Complete profile', many: 'Complete profiles' },
  reset_password: { one: 'Reset password', many: 'Reset passwords' },
  look_at_competitors: { one: 'Show competitor', many: 'Show competitors' },
  look_at_team: { one: 'Show team', many: 'Show teams' },
  recreate_team: { one: 'Recreate team', many: 'Show teams' },
};

const placeOf = (page: string, target: Alert['action']['target']): string =>
  target === null ? page : `${page}/${encodeURIComponent(target.id)}`;

export function buttonOf({ action, actor, cause, coachId, subjectKind }: Alert): {
  readonly text: string;
  readonly to: string;
} {
  const { one, many } = TEXTS[action.code];
  const text = action.target === null ? many : one;
  if (subjectKind === 'team') return { text, to: placeOf('/teams', action.target) };
  if (actor === 'program' || cause === 'idle') return { text, to: placeOf('/competitors', action.target) };
  return { text, to: `/competitors/go-through?${new URLSearchParams({ coach: coachId, cause }).toString()}` };
}
