import type { SettingsPreview, SyncEffect } from '#shared/settings/contract.ts';
import { clockTime, count, counted, duration } from '#shared/kernel/format.ts';

/** What changes of settings come to, in words. Pure. */

const seconds = (value: number): string => duration(value * 1000);
const STEP = 300;
/** `5:40 PM` of the seconds since midnight, to five minutes. */
const clock = (secondsOfDay: number): string =>
  clockTime(new Date(Math.floor(secondsOfDay / STEP) * STEP * 1000).toISOString(), 'UTC');

export const waitText = (effect: SyncEffect): string =>
  effect.longestWaitSeconds === null ? 'no competitors' : seconds(effect.longestWaitSeconds);

/** The lead of the panel: whether it can be kept, with the figures it rests on. */
export function effectSentence({ after, competitors, feasibility }: SettingsPreview): string {
  if (after === null)
    return 'No one has been counted yet. The effect shows once the next round has run, within five minutes.';
  const { callsAsked, callsLeftToReads, callsADay, stopsAfterSeconds } = after;
  const makes = `With ${counted(competitors, 'competitor')} this makes about ${count(callsAsked)} calls a day`;
  const left = `${count(callsLeftToReads)} are left for reads`;
  if (stopsAfterSeconds !== null)
    return `${makes}; ${left}, so reading stops at about ${clock(stopsAfterSeconds)} until midnight.`;
  if (callsADay < callsAsked)
    return `${makes}; the calls per second allow ${count(callsADay)}, so everyone waits longer.`;
  return feasibility.problems.length > 0
    ? `${makes}; ${left}, and the promise is not kept.`
    : `${makes}; ${left}, so it fits.`;
}

/** What cannot be kept, by the field that would have to change. */
export function problemSentence(path: string, { after, feasibility, competitors }: SettingsPreview): string {
  const needed = `Reading ${counted(competitors, 'competitor')} within the promise takes ${count(feasibility.leastDailyCalls)} reads a day`;
  switch (path) {
    case 'dailyCallBudget':
      return `${needed}; ${count(after?.callsLeftToReads ?? 0)} are left for reads.`;
    case 'callsPerSecond':
      return `${needed}, which is more than the calls per second allow.`;
    case 'slaHours':
      return 'Reads are handed out every 5 minutes, which is too seldom for this promise.';
    case 'batching':
      return `Reading everyone every 30 minutes takes ${count(after?.callsAsked ?? 0)} calls a day; ${count(after?.callsLeftToReads ?? 0)} are left for reads.`;
    case 'batchSize':
      return `A rotation would take longer than the promise. Batches of ${count(feasibility.batchSize)} are enough for everyone.`;
    default:
      return `${needed}; the adaptive reads are fewer.`;
  }
}

const KEEPS = 'Goes for what is written from now on; what is there keeps its time.';

const OWN: Readonly<Record<string, (preview: SettingsPreview, on: boolean) => string>> = {
  'processing.enabled': (_preview, on) =>
    on
      ? 'Work goes on within a minute.'
      : 'No call is made. Coaches can keep editing, and nothing is lost however long it lasts.',
  'sync.slaHours': ({ feasibility }) =>
    `Takes at least ${count(feasibility.leastDailyCalls)} reads a day. Scores older than this are shown as late.`,
  'sync.dailyCallBudget': ({ after }) =>
    after === null
      ? ''
      : `${count(after.callsLeftToReads)} for reads; about ${count(after.callsAsked)} are asked for.`,
  'sync.concurrency': () => 'Changes how fast a batch is read, not how many calls are made.',
  'sync.sweepLimit': ({ after }) =>
    after === null ? '' : `At most ${count(after.totalsADay)} totals a day.`,
  'program.seasonStart': () => 'Asked of dates that are entered from now on; those on record stay.',
  'program.inactiveDays': () => 'Alerts and report cards follow within an hour.',
};

/** What one change does; blank where there is nothing to say yet. */
export function changeEffect(path: string, preview: SettingsPreview, on: boolean): string {
  const own = OWN[path];
  if (own !== undefined) return own(preview, on);
  if (path.startsWith('program.keepDays.')) return KEEPS;
  const { now, after } = preview;
  if (now === null || after === null) return '';
  const calls =
    now.callsADay === after.callsADay
      ? 'Same number of calls'
      : `With all changes, about ${count(after.callsADay)} calls a day instead of ${count(now.callsADay)}`;
  return now.longestWaitSeconds === after.longestWaitSeconds
    ? `${calls}; the longest wait stays ${waitText(after)}.`
    : `${calls}; the longest wait is ${waitText(after)} instead of ${waitText(now)}.`;
}

interface EffectRow {
  readonly name: string;
  readonly now: string;
  readonly after: string;
  readonly worse: boolean;
}

const stops = ({ stopsAfterSeconds }: SyncEffect): string =>
  stopsAfterSeconds === null ? 'never' : `about ${clock(stopsAfterSeconds)}`;
const spare = ({ callsLeftToReads, callsADay }: SyncEffect): number => callsLeftToReads - callsADay;
const spareText = (effect: SyncEffect): string => (spare(effect) === 0 ? 'none' : count(spare(effect)));

/** The figures side by side. */
export function effectRows(now: SyncEffect, after: SyncEffect): readonly EffectRow[] {
  const longer = (after.longestWaitSeconds ?? 0) > (now.longestWaitSeconds ?? 0);
  return [
    { name: 'Calls a day', now: count(now.callsADay), after: count(after.callsADay), worse: false },
    { name: 'Longest wait', now: waitText(now), after: waitText(after), worse: longer },
    {
      name: 'Reading stops',
      now: stops(now),
      after: stops(after),
      worse: after.stopsAfterSeconds !== null,
    },
    { name: 'Spare calls', now: spareText(now), after: spareText(after), worse: spare(after) === 0 },
    {
      name: 'Totals a day, at most',
      now: count(now.totalsADay),
      after: count(after.totalsADay),
      worse: false,
    },
  ];
}

/** What the API refused of a field, where values have to go together. */
const TOGETHER: Readonly<Record<string, string>> = {
  'sync.tierMinutes.medium': 'Enter at least as many minutes as for active competitors.',
  'sync.tierMinutes.low':
    'Enter at least as many minutes as for moderately active competitors, and no more than the promise has.',
  'program.keepDays.jobs': 'Enter at least as many days as finished jobs are on the lists.',
};

export const problemOfPath = (path: string): string => TOGETHER[path] ?? 'Check this value.';
