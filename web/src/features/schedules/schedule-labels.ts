import { TASKS } from '#shared/composition/tasks.ts';
import type { TaskDefinition } from '#shared/jobs/task-definition.ts';
import { comingMoment, counted, listNames, moment, zoneName } from '#shared/kernel/format.ts';
import { capitalized } from '#shared/kernel/text.ts';
import type { ScheduleView } from '#shared/schedules/contract.ts';
import type { Tone } from '#web/shared/ui/badge.tsx';
import { taskName } from '#web/shared/jobs/start-options.ts';
import { dependsOnZone, expressionInWords } from './when.ts';

/** Schedules in words, and which of them a filter lets through; pure. */

const KNOWN = new Map<string, TaskDefinition>(Object.entries(TASKS));

/** `Score sync`; `Monthly full check` of an admin's own. */
export function scheduleTitle({
  name,
  builtIn,
  taskType,
}: Pick<ScheduleView, 'name' | 'builtIn' | 'taskType'>) {
  if (!builtIn) return capitalized(name.replaceAll('-', ' '));
  return taskType === null ? 'Start waiting jobs' : taskName(taskType);
}

/** What it does, in a sentence or a few words. */
export function scheduleAbout(
  { builtIn, taskType, payload }: Pick<ScheduleView, 'builtIn' | 'taskType' | 'payload'>,
  coachName: (id: string) => string | undefined = () => undefined,
): string {
  if (taskType === null) return 'Starts jobs whose time has come, and sends work again that no one took.';
  if (builtIn) return KNOWN.get(taskType)?.labels.about ?? taskName(taskType);
  const coach = payload['coachId'];
  const said = [
    taskName(taskType),
    typeof coach === 'string' ? (coachName(coach) ?? 'one coach') : '',
    payload['full'] === true ? 'everything again' : '',
    payload['dryRun'] === true ? 'dry run' : '',
  ];
  return said.filter((part) => part !== '').join(', ');
}

/** `Every day at 3:15 AM, Pacific Time`; the zone only where it matters. */
export function scheduleTimes({
  expression,
  timezone,
}: Pick<ScheduleView, 'expression' | 'timezone'>): string {
  const words = expressionInWords(expression);
  return dependsOnZone(expression) ? `${words}, ${zoneName(timezone)}` : words;
}

type LastRun = NonNullable<ScheduleView['lastRun']>;

const STATES: Readonly<
  Record<NonNullable<LastRun['status']>, { readonly tone: Tone; readonly text: string }>
> = {
  pending: { tone: 'pending', text: 'Waiting to start' },
  running: { tone: 'accent', text: 'Running' },
  succeeded: { tone: 'ok', text: 'Done' },
  failed: { tone: 'error', text: 'Failed' },
  cancelled: { tone: 'neutral', text: 'Canceled' },
};

/** How the last run went. */
export function lastRunState({ status, result, jobId }: LastRun): {
  readonly tone: Tone;
  readonly text: string;
} {
  if (status === null)
    return { tone: jobId === null ? 'ok' : 'neutral', text: jobId === null ? 'Done' : 'Ran' };
  const left = status === 'succeeded' && (result?.['skippedOverlap'] ?? 0) > 0;
  return left ? { tone: 'neutral', text: 'Left to the run before it' } : STATES[status];
}

interface FilterOption {
  readonly id: string;
  readonly text: string;
  readonly holds: (schedule: ScheduleView) => boolean;
}

const ALL: FilterOption = { id: 'all', text: 'All', holds: () => true };
const FILTERS: readonly FilterOption[] = [
  ALL,
  { id: 'built-in', text: 'Built in', holds: ({ builtIn }) => builtIn },
  { id: 'own', text: 'Yours', holds: ({ builtIn }) => !builtIn },
  { id: 'off', text: 'Off', holds: ({ enabled }) => !enabled },
];

export const scheduleFilterOf = (id: string | null): FilterOption =>
  FILTERS.find((filter) => filter.id === id) ?? ALL;

export const countedScheduleFilters = (schedules: readonly ScheduleView[]) =>
  FILTERS.map(({ id, text, holds }) => ({ id, text, count: schedules.filter(holds).length }));

/** `9 schedules: 7 on time, 1 did not run, 1 off.` */
export function schedulesSummary(schedules: readonly ScheduleView[]): string {
  const missed = schedules.filter(({ didNotRun }) => didNotRun !== null).length;
  const off = schedules.filter(({ enabled }) => !enabled).length;
  const parts = [
    `${schedules.length - missed - off} on time`,
    ...(missed === 0 ? [] : [`${missed} did not run`]),
    ...(off === 0 ? [] : [`${off} off`]),
  ];
  return `${counted(schedules.length, 'schedule')}: ${parts.join(', ')}.`;
}

const MOST_NAMED = 4;

/** What did not run, for the note above the list; null: nothing. */
export function missedNote(
  schedules: readonly ScheduleView[],
  timeZone: string,
  now: Date,
): { readonly title: string; readonly text: string } | null {
  const missed = schedules.filter(({ didNotRun }) => didNotRun !== null);
  const [one] = missed;
  const expected = one?.didNotRun?.expectedAt;
  if (one === undefined || expected === undefined) return null;
  if (missed.length > 1) {
    const names = listNames(missed.map(scheduleTitle), MOST_NAMED);
    return {
      title: `${missed.length} schedules did not run`,
      text: `${names}: nothing started at their last time, so the clock or its messages failed. Run them by hand, or wait for their next time.`,
    };
  }
  const next = one.nextRuns[0];
  const until =
    next === undefined ? '' : ` The next run is ${comingMoment(next.at, timeZone, now).replace(/^T/, 't')}.`;
  return {
    title: `${scheduleTitle(one)} did not run at ${moment(expected, timeZone, now)}`,
    text: `Nothing started then, so the clock or its message failed.${until}`,
  };
}
