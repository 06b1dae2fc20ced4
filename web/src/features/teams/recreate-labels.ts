import type { TeamView } from '#shared/teams/contract.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { isUndecided } from '#web/shared/api/idempotency-key.ts';
import { counted } from '#shared/kernel/format.ts';

/** What recreating a team does, how far it is, and why it is refused; pure. */

/** What will happen, in order. */
export function recreateSteps({ name, members, drift }: TeamView): readonly string[] {
  const old = drift?.platform.name ?? name;
  return [
    members.length === 0
      ? 'No one is on the team, so no one is affected.'
      : `${counted(members.length, 'member')} ${members.length === 1 ? 'is' : 'are'} taken off ${old}. Solves and totals are read first.`,
    `${old} is deleted on the platform.`,
    `It is created again as ${name}.`,
    ...(members.length === 0
      ? []
      : [
          members.length === 1
            ? 'The member is put back.'
            : members.length === 2
              ? 'Both are put back.'
              : 'All of them are put back.',
        ]),
  ];
}

interface RecreateProgress {
  readonly tone: 'accent' | 'warning' | 'ok';
  readonly title: string;
  readonly text: string;
}

/** How far it is, from what the platform confirmed. */
export function recreateProgress({ badge, drift, members }: TeamView): RecreateProgress {
  if (badge.state === 'error') {
    return {
      tone: 'warning',
      title: 'Recreating takes longer',
      text: 'It continues automatically, and no one is forgotten. The members’ badges show who is back.',
    };
  }
  if (badge.state === 'synced' && drift === null) {
    return { tone: 'ok', title: 'Recreated', text: 'The platform now shows the team as it is here.' };
  }
  const back = members.filter((member) => member.badge.state === 'synced').length;
  return {
    tone: 'accent',
    title: 'Being recreated',
    text:
      drift !== null
        ? 'Members are taken off and the old team is deleted. You can leave this page.'
        : members.length === 0
          ? 'The team is being created again.'
          : `The team is created again; ${back} of ${counted(members.length, 'member')} ${back === 1 ? 'is' : 'are'} back on it.`,
  };
}

/** Why it is not done. */
export function recreateRefusal(error: unknown): { readonly title: string; readonly text: string } {
  if (!(error instanceof ApiError))
    return { title: 'Not recreated', text: 'Something went wrong on this page.' };
  const { code, message } = error.facts;
  if (isUndecided(error)) {
    return { title: 'No answer yet', text: `${message} It may have started. It is safe to try again.` };
  }
  if (code === 'EVENT_RUNNING') {
    return {
      title: 'Not during a Flash CTF',
      text: 'Members would be off their team for a moment, and their solves would not count for it. Do it once the event is over.',
    };
  }
  if (code === 'NO_DRIFT') {
    return {
      title: 'Nothing to recreate',
      text: 'The platform shows this team as it is here, or does not have it yet.',
    };
  }
  return { title: 'Not recreated', text: message };
}
