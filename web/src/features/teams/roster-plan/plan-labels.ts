import type { RosterGuard, RosterPlanRow, RosterPlanView } from '#shared/teams/contract.ts';
import { count, counted, plural } from '#shared/kernel/format.ts';

/** The words of a roster plan; pure. */

export const GUARD_NAMES: Readonly<Record<RosterGuard, string>> = {
  answer_trusted: 'The platform’s answer',
  tiny_team: 'Tiny teams',
  mass_removal: 'Mass removal',
  event_running: 'Flash CTF',
  world_unchanged: 'Nothing changed since',
  unknown_users: 'Unknown users',
};

export const WHY_LABELS: Readonly<Record<RosterPlanRow['why'], string>> = {
  missing_there: 'Missing there',
  wrong_team: 'Moves team',
  not_on_roster: 'On no roster',
  deactivated: 'Deactivated',
  erased: 'Erased on request',
};

export const nameOf = ({ name }: Pick<RosterPlanRow, 'name'>): string => name ?? 'Someone erased here';

/** What becomes of the points of somebody who is taken off a team. */
export function scoreLabel({ action, why, points, emptiesTeam }: RosterPlanRow): string {
  const some = points === null || points === 0 ? null : count(points);
  if (why === 'erased') return 'Nothing is kept here: erased on request';
  if (some === null) return 'None: no solves';
  if (action === 'move') return `${some} points stay with them here`;
  return emptiesTeam
    ? `${some} points kept as history; the team there is left without any`
    : `${some} points kept as history`;
}

/** Where somebody who is taken off a team is afterwards. */
export function thenLabel({ to, emptiesTeam }: Pick<RosterPlanRow, 'to' | 'emptiesTeam'>): string {
  if (to !== null) return to.name;
  return emptiesTeam ? 'No team; this one is empty' : 'No team';
}

interface StateLabel {
  readonly tone: 'ok' | 'pending' | 'error' | 'neutral';
  readonly text: string;
}

/** How far a row is. What only waits for an event's end is not for an admin to decide. */
export function stateLabel({ state, heldBy }: Pick<RosterPlanRow, 'state' | 'heldBy'>): StateLabel {
  if (state === 'done') return { tone: 'ok', text: 'Done' };
  if (state === 'handed_over') return { tone: 'pending', text: 'Scores first' };
  if (state === 'changed') return { tone: 'neutral', text: 'Left alone' };
  if (heldBy === 'event_running') return { tone: 'pending', text: 'After the CTF' };
  return heldBy === null ? { tone: 'neutral', text: 'Planned' } : { tone: 'error', text: 'Stopped' };
}

const isHeld = ({ state, heldBy }: RosterPlanRow): boolean =>
  heldBy !== null && (state === 'held' || state === 'planned');

/** Everybody who is taken off a team: what waits for a decision first, then by the team they leave. */
export const removalsOf = (rows: readonly RosterPlanRow[]): readonly RosterPlanRow[] =>
  rows
    .filter(({ action }) => action !== 'add')
    .toSorted(
      (a, b) =>
        Number(isHeld(b)) - Number(isHeld(a)) ||
        Number(a.action === 'move') - Number(b.action === 'move') ||
        (a.from?.name ?? '').localeCompare(b.from?.name ?? '') ||
        nameOf(a).localeCompare(nameOf(b)),
    );

/** `14: 9 leave a team for good, 5 move`. */
export function removalsSummary({ move, remove }: RosterPlanView['counts']): string {
  if (move + remove === 0) return 'none';
  const parts = [
    remove > 0 && `${count(remove)} ${remove === 1 ? 'leaves' : 'leave'} a team for good`,
    move > 0 && `${count(move)} ${move === 1 ? 'moves' : 'move'}`,
  ].filter((part) => part !== false);
  return parts.length === 1 ? parts.join('') : `${count(move + remove)}: ${parts.join(', ')}`;
}

const REASONS = [
  ['deactivated', 'deactivated'],
  ['not_on_roster', 'on no roster'],
  ['erased', 'erased'],
] as const;

/** `6 deactivated, 3 on no roster`. */
export function removalReasons(rows: readonly RosterPlanRow[]): string {
  const parts = REASONS.flatMap(([why, words]) => {
    const some = rows.filter((row) => row.action === 'remove' && row.why === why).length;
    return some === 0 ? [] : [`${count(some)} ${words}`];
  });
  return parts.length === 0 ? 'no one leaves for good' : parts.join(', ');
}

/** `1 of 5 stopped the plan`. */
export function guardsSummary(guards: RosterPlanView['guards']): string {
  const stopped = guards.filter(({ state }) => state === 'stopped').length;
  const waiting = guards.filter(({ state }) => state === 'waiting').length;
  if (stopped > 0) return `${stopped} of ${guards.length} stopped the plan`;
  return waiting > 0
    ? `${waiting} of ${guards.length} ${plural(waiting, 'waits', 'wait')}`
    : 'none stopped the plan';
}

const GUARD_ORDER = { stopped: 0, waiting: 1, noted: 2, passed: 3 } as const;

/** What found something first; what passed apart, since there is nothing to do about it. */
export function guardsApart(guards: RosterPlanView['guards']) {
  const sorted = guards.toSorted((a, b) => GUARD_ORDER[a.state] - GUARD_ORDER[b.state]);
  return {
    telling: sorted.filter(({ state }) => state !== 'passed'),
    passed: sorted.filter(({ state }) => state === 'passed'),
  };
}

interface PlanNote {
  readonly tone: 'ok' | 'accent' | 'warning' | 'error';
  readonly title: string;
  readonly text: string;
}

type Progress = Pick<RosterPlanView, 'rows' | 'dryRun' | 'confirmed'>;

/** Changes that nobody has to decide on any more, and that the platform has not confirmed yet. */
const openOf = ({ rows, dryRun, confirmed }: Progress): number =>
  rows.filter(
    ({ state }) => state === 'handed_over' || (state === 'planned' && (!dryRun || confirmed !== null)),
  ).length;

const onItsWay = (plan: Progress): string => {
  const open = openOf(plan);
  return open === 0
    ? 'The platform has confirmed what was handed over.'
    : `${counted(open, 'change')} on the way: scores are read first, then the platform is told.`;
};

const leftAlone = ({ rows }: Pick<RosterPlanView, 'rows'>): string => {
  const changed = rows.filter(({ state }) => state === 'changed').length;
  if (changed === 0) return '';
  return ` ${counted(changed, 'change')} ${changed === 1 ? 'was' : 'were'} left alone: edited since, or different there.`;
};

const differencesOf = ({ add, move, remove }: RosterPlanView['counts']): number => add + move + remove;

function stoppedNote(plan: RosterPlanView): PlanNote {
  const { counts, guards, confirmed } = plan;
  const saying = (wanted: 'stopped' | 'waiting') =>
    guards.flatMap(({ state, message }) => (state === wanted ? [message] : [])).join(' ');
  const held = counted(counts.held, 'change');
  const one = counts.held === 1;
  if (confirmed !== null) {
    return {
      tone: 'warning',
      title: 'The safe part is confirmed.',
      text: `${onItsWay(plan)} ${held} ${one ? 'stays' : 'stay'} stopped; compare again to decide on ${one ? 'it' : 'them'}.`,
    };
  }
  if (saying('stopped') === '') {
    return {
      tone: 'accent',
      title: `${held} ${one ? 'waits' : 'wait'} for the end of the Flash CTF.`,
      text: `${saying('waiting')} The rest went ahead. ${onItsWay(plan)}`.trim(),
    };
  }
  if (counts.held === differencesOf(counts)) {
    return { tone: 'error', title: 'Stopped before any change.', text: saying('stopped') };
  }
  return {
    tone: 'error',
    title: `${held} ${one ? 'waits' : 'wait'} for you.`,
    text: `${saying('stopped')} The rest went ahead. ${onItsWay(plan)}`,
  };
}

const NOTES: Readonly<Record<RosterPlanView['status'], (plan: RosterPlanView) => PlanNote>> = {
  in_step: (plan) => ({
    tone: 'ok',
    title: 'Matches.',
    text: `Everyone is where they should be on the platform: ${counted(plan.assignmentsThere, 'assignment')} compared, nothing to do.`,
  }),
  drawn: ({ counts }) => ({
    tone: 'accent',
    title: 'A plan only.',
    text: `Nothing was changed. ${counted(differencesOf(counts), 'difference')} found${
      counts.held === 0 ? '' : `; ${count(counts.held)} would be stopped`
    }.`,
  }),
  applied: (plan) => {
    const open = openOf(plan) > 0;
    return {
      tone: open ? 'accent' : 'ok',
      title: open ? 'Handed over.' : 'Done.',
      text: `${onItsWay(plan)}${leftAlone(plan)}`,
    };
  },
  stopped: stoppedNote,
  outdated: () => ({
    tone: 'warning',
    title: 'Out of date.',
    text: 'The rosters or the platform changed since, so it can no longer be confirmed. Compare again.',
  }),
};

/** What has become of the plan, in one or two sentences. */
export const planNote = (plan: RosterPlanView): PlanNote => NOTES[plan.status](plan);

/** After so long, what is still open waits for something slower. */
const LIVELY_MS = 10 * 60_000;
const SOON_MS = 3_000;
const LATER_MS = 60_000;

/** Milliseconds until the plan is read again: soon while changes come true one by one. */
export function pollPlanEvery(
  plan: (Progress & Pick<RosterPlanView, 'drawnAt'>) | null | undefined,
  now: number,
): number {
  if (!plan || openOf(plan) === 0) return LATER_MS;
  return now - Date.parse(plan.confirmed?.at ?? plan.drawnAt) < LIVELY_MS ? SOON_MS : LATER_MS;
}
