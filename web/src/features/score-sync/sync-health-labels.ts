import type { AdviceView, SyncHealthView, SyncRunView } from '#shared/score-sync/contract.ts';
import { addDays, hourOf } from '#shared/kernel/days.ts';
import { count, counted, duration, moment, percent, timeOfDay } from '#shared/kernel/format.ts';
import { capitalized } from '#shared/kernel/text.ts';
import { fieldOf, shownValue, valueText } from '#web/shared/settings/setting-fields.ts';

/** What the Sync health page says and draws. Pure. */

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

const SPANS = { today: 1, week: 7, month: 30 } as const;
export const PERIODS: readonly { readonly value: string; readonly text: string }[] = [
  { value: 'today', text: 'Today' },
  { value: 'week', text: 'Last 7 days' },
  { value: 'month', text: 'Last 30 days' },
  { value: 'days', text: 'Other days' },
];

const isDay = (text: string | null): text is string => text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);

/** The period of the address, the last seven days unless it says otherwise; days that make no sense are those. */
export function periodOf(params: URLSearchParams, today: string): DayRange & { readonly id: string } {
  const [from, to] = [params.get('from'), params.get('to')];
  const last = isDay(to) && to < today ? to : today;
  if (isDay(from) && from <= last) return { id: 'days', from, to: last };
  const id = params.get('period');
  const known = id === 'today' || id === 'month' ? id : 'week';
  return { id: known, from: addDays(today, 1 - SPANS[known]), to: today };
}

// --- Runs

const TASK_NAMES: Readonly<Record<string, string>> = {
  game_platform_sync: 'Score sync',
  game_platform_totals_sweep: 'Totals',
  game_platform_flash_ctf_sync: 'Flash CTF',
};
export const taskName = ({ taskType }: Pick<SyncRunView, 'taskType'>): string =>
  TASK_NAMES[taskType] ?? 'Other';

export type RunKind = 'failed' | 'some_failed' | 'news' | 'empty' | 'none' | 'running';

/** What a run came to: its own failure first, then that of some of its reads, then what was new. */
export function runKind({
  status,
  errorShare,
  emptyShare,
}: Pick<SyncRunView, 'status' | 'errorShare' | 'emptyShare'>): RunKind {
  if (status === 'failed') return 'failed';
  if (status === 'pending' || status === 'running') return 'running';
  if (errorShare === null || emptyShare === null) return 'none';
  if (errorShare > 0) return 'some_failed';
  return newShare({ errorShare, emptyShare }) > 0 ? 'news' : 'empty';
}

const KIND_WORDS: Readonly<Record<RunKind, string>> = {
  failed: 'failed',
  some_failed: 'some reads failed',
  news: 'new solves',
  empty: 'nothing new',
  none: 'no one was due',
  running: 'running',
};
export const runWords = (run: SyncRunView): string =>
  run.status === 'cancelled' ? 'canceled' : KIND_WORDS[runKind(run)];

const TINY = 1e-9;
/** Of those asked, the share that showed something new. */
export function newShare({ errorShare, emptyShare }: Pick<SyncRunView, 'errorShare' | 'emptyShare'>): number {
  if (errorShare === null || emptyShare === null) return 0;
  const share = 1 - errorShare - emptyShare;
  return share > TINY ? share : 0;
}

/** How many were asked, how many of them showed nothing new or something, and how many could not be read. */
export function runFigures({ counts, errorShare, emptyShare }: SyncRunView) {
  const { total = 0, left = 0, notDue = 0, failed = 0 } = counts;
  const asked = Math.max(0, total - left - notDue);
  const empty = Math.round((emptyShare ?? 0) * asked);
  const bad = errorShare === null ? 0 : failed;
  return { asked, empty, changed: Math.max(0, asked - empty - bad), failed: bad };
}

/** When a run began, or was to. */
export const beganAt = (run: Pick<SyncRunView, 'startedAt' | 'createdAt'>): string =>
  run.startedAt ?? run.createdAt;

export interface RunBlock {
  readonly run: SyncRunView;
  /** Minutes after the full hour. */
  readonly from: number;
  readonly minutes: number;
}
export interface RunHour {
  /** `00` to `23`. */
  readonly hour: string;
  readonly blocks: readonly RunBlock[];
}

/** Long enough to be seen. */
const LEAST_MINUTES = 2.2;
const GAP = 0.4;
const HOUR_MINUTES = 60;

/**
 * The runs of a day by hour, each beginning at its minute; runs that overlap stand side by side, and what does not fit
 * into the hour any more is at its end.
 */
export function runHours(runs: readonly SyncRunView[], timeZone: string): readonly RunHour[] {
  const sorted = runs.toSorted((a, b) => beganAt(a).localeCompare(beganAt(b)));
  const byHour = Map.groupBy(sorted, (run) => hourOf(new Date(beganAt(run)), timeZone));
  return [...byHour].map(([hour, some]) => ({ hour, blocks: sideBySide(some) }));
}

function sideBySide(runs: readonly SyncRunView[]): readonly RunBlock[] {
  let free = 0;
  const blocks = runs.map((run) => {
    const began = (Date.parse(beganAt(run)) % (HOUR_MINUTES * 60_000)) / 60_000;
    const minutes = Math.max(LEAST_MINUTES, (run.durationMs ?? 0) / 60_000);
    const from = Math.max(free, began);
    free = from + minutes + GAP;
    return { run, from, minutes };
  });
  // From the end on, whoever reaches beyond the hour moves to the left.
  let limit = HOUR_MINUTES;
  return blocks
    .toReversed()
    .map(({ run, from, minutes }) => {
      const inside = Math.max(0, Math.min(from, limit - minutes));
      limit = inside - GAP;
      return { run, from: inside, minutes };
    })
    .toReversed();
}

const HOUR_KEYS = Array.from({ length: 24 }, (_, hour) => (hour < 10 ? `0${hour}` : String(hour)));

/** Hours up to the last one that has passed, as many as are shown. */
export const hoursShown = (lastHour: number, most: number): readonly string[] =>
  HOUR_KEYS.slice(0, lastHour + 1).slice(-most);

export const hourName = (hour: string | number): string => timeOfDay(Number(hour), 0);

export interface RunSums {
  readonly runs: number;
  readonly failed: number;
  readonly withErrors: number;
  readonly withNews: number;
  readonly reading: number;
}

export function runSums(runs: readonly SyncRunView[]): RunSums {
  const kinds = runs.map(runKind);
  const of = (...wanted: readonly RunKind[]) => kinds.filter((kind) => wanted.includes(kind)).length;
  return {
    runs: runs.length,
    failed: of('failed'),
    withErrors: of('some_failed'),
    withNews: runs.filter((run) => newShare(run) > 0).length,
    reading: runs.filter(({ errorShare }) => errorShare !== null).length,
  };
}

export function runsFinding(runs: readonly SyncRunView[], when: string): string {
  if (runs.length === 0) return `No runs ${when}.`;
  const { failed, withErrors, withNews } = runSums(runs);
  const bad =
    failed + withErrors === 0
      ? 'none failed'
      : [
          failed > 0 ? `${count(failed)} failed` : null,
          withErrors > 0 ? `${count(withErrors)} had reads that failed` : null,
        ]
          .filter(Boolean)
          .join(', ');
  return `${counted(runs.length, 'run')} ${when}: ${count(withNews)} with new solves, ${bad}.`;
}

export const runTook = ({ durationMs, status }: Pick<SyncRunView, 'durationMs' | 'status'>): string =>
  durationMs === null ? (status === 'running' ? 'running' : 'not ended') : duration(durationMs);

/** The alarm of the program. */
export const ERROR_ALARM = 0.1;
const ERRORS_SHOWN = 48;

/** The last runs that asked anyone, oldest first. */
export const errorRuns = (runs: readonly SyncRunView[]): readonly SyncRunView[] =>
  runs
    .filter(({ errorShare }) => errorShare !== null)
    .slice(0, ERRORS_SHOWN)
    .toReversed();

export function errorsFinding(runs: readonly SyncRunView[]): string {
  const shares = runs.map(({ errorShare }) => errorShare ?? 0);
  const worst = Math.max(0, ...shares);
  if (runs.length === 0) return 'No run has asked anyone.';
  if (worst === 0) return `No read failed in ${counted(runs.length, 'run')}.`;
  const over = shares.filter((share) => share >= ERROR_ALARM).length;
  return `At most ${percent(worst)} of a run’s reads failed; ${over === 0 ? 'no run' : counted(over, 'run')} reached the alarm at ${percent(ERROR_ALARM)}.`;
}

// --- Waits between reads

const ARM_NAMES: Readonly<Record<string, string>> = {
  adaptive: 'Adaptive',
  tiers: 'Prioritized',
  rotation: 'Rotation',
  all: 'Everyone each time',
};
export const armName = (arm: string): string => ARM_NAMES[arm] ?? arm;
export const ARM_COLORS: Readonly<Record<string, string>> = {
  adaptive: 'var(--s1)',
  tiers: 'var(--s6)',
  rotation: 'var(--s-base)',
  all: 'var(--s3)',
};

const TIER_NAMES = { high: 'Active', medium: 'Moderately active', low: 'Inactive' } as const;
const MINUTES_PER_HOUR = 60;

const span = (minutes: number): string =>
  minutes < MINUTES_PER_HOUR ? `${minutes} min` : `${minutes / MINUTES_PER_HOUR} hr`;

export interface WaitBin {
  /** `30 min`: the longest wait in it; of the last one, what the one before ends with. */
  readonly upTo: string;
  readonly words: string;
  /** All of it is longer than promised. */
  readonly late: boolean;
  readonly total: number;
  readonly byArm: readonly { readonly arm: string; readonly reads: number }[];
}
export interface TierWaits {
  readonly tier: keyof typeof TIER_NAMES;
  readonly name: string;
  readonly reads: number;
  readonly late: number;
  readonly bins: readonly WaitBin[];
}

const readsIn = (bins: readonly WaitBin[]): number => bins.reduce((all, { total }) => all + total, 0);

/** A histogram for each tier that was read: how long people had waited, by variant. */
export function tierWaits({ bounds, groups, slaHours }: SyncHealthView['lag']): readonly TierWaits[] {
  const tiers = ['high', 'medium', 'low'] as const;
  return tiers.map((tier) => {
    const own = groups.filter((group) => group.tier === tier);
    const bins = bounds.map((bound, index) => {
      const before = Number(bounds[index - 1] ?? 0);
      const more = bound === 'more';
      const byArm = own.map(({ arm, reads }) => ({ arm, reads: reads[index] ?? 0 }));
      return {
        upTo: more ? 'more' : span(Number(bound)),
        words: more
          ? `more than ${span(before)}`
          : index === 0
            ? `up to ${span(Number(bound))}`
            : `${span(before)} to ${span(Number(bound))}`,
        late: before >= slaHours * MINUTES_PER_HOUR,
        total: byArm.reduce((sum, { reads }) => sum + reads, 0),
        byArm,
      };
    });
    return {
      tier,
      name: TIER_NAMES[tier],
      reads: readsIn(bins),
      late: readsIn(bins.filter(({ late }) => late)),
      bins,
    };
  });
}

export function waitsFinding({ name, reads, late, bins }: TierWaits): string {
  if (reads === 0) return `${name}: no reads.`;
  const longest = bins.findLast(({ total }) => total > 0)?.words ?? '';
  return `${name}: ${counted(reads, 'read')}, the longest waits ${longest}, ${late === 0 ? 'none late' : `${count(late)} late`}.`;
}

// --- Calls

type Purpose = SyncHealthView['calls']['days'][number]['byPurpose'][number]['purpose'];

const PURPOSE_NAMES: Readonly<Record<Purpose, string>> = {
  score_sync: 'Score reads',
  flash: 'Flash CTF',
  totals: 'Totals',
  profile: 'Profiles',
  backfill: 'Full re-reads',
  onboarding: 'Adding people',
  roster: 'Rosters',
  reconcile: 'Roster comparison',
  interactive: 'Asked for by people',
};
export const purposeName = (purpose: Purpose): string => PURPOSE_NAMES[purpose];

/** Nine purposes are too many to tell apart by color. */
export const CALL_GROUPS: readonly {
  readonly name: string;
  readonly color: string;
  readonly purposes: readonly Purpose[];
}[] = [
  { name: 'Score reads', color: 'var(--s-base)', purposes: ['score_sync'] },
  { name: 'Totals', color: 'var(--s6)', purposes: ['totals'] },
  { name: 'Flash CTF', color: 'var(--s2)', purposes: ['flash'] },
  {
    name: 'Rosters, accounts and people’s requests',
    color: 'var(--s3)',
    purposes: ['roster', 'onboarding', 'interactive'],
  },
  {
    name: 'Re-reads, profiles, comparisons',
    color: 'var(--s5)',
    purposes: ['backfill', 'profile', 'reconcile'],
  },
];
export const UNSPLIT = { name: 'Purpose not kept', color: 'var(--line-control)' };

export interface CallBar {
  /** `5:00 PM`, or a day. */
  readonly key: string;
  readonly name: string;
  readonly total: number;
  /** As many as there are groups. */
  readonly groups: readonly number[];
  readonly unsplit: number;
  /** Still to come. */
  readonly ahead: number;
}

const groupsOf = (calls: readonly { readonly purpose: Purpose; readonly calls: number }[]) =>
  CALL_GROUPS.map(({ purposes }) =>
    calls.reduce((sum, each) => sum + (purposes.includes(each.purpose) ? each.calls : 0), 0),
  );

export function hourBars({ hours, forecast }: SyncHealthView['calls']): readonly CallBar[] {
  if (hours === null) return [];
  const ahead = forecast?.day === hours.day ? forecast.byHour : [];
  return hours.byHour.map(({ total, byPurpose }, hour) => ({
    key: String(hour),
    name: hourName(hour),
    total,
    groups: groupsOf(byPurpose ?? []),
    unsplit: byPurpose === null ? total : 0,
    ahead: ahead[hour] ?? 0,
  }));
}

export function dayBars(
  { days, forecast }: SyncHealthView['calls'],
  nameOf: (day: string) => string,
): readonly CallBar[] {
  return days.map(({ day, total, byPurpose }) => ({
    key: day,
    name: nameOf(day),
    total,
    groups: groupsOf(byPurpose),
    unsplit: 0,
    ahead: forecast?.day === day ? Math.max(0, forecast.calls - total) : 0,
  }));
}

/** Of today: spent, to come, kept back and what is left, as parts of the day's calls. */
export function callLedger({ budget, days, forecast }: SyncHealthView['calls'], day: string) {
  const spent = days.find((one) => one.day === day)?.total ?? 0;
  const toCome = forecast?.day === day ? Math.max(0, forecast.calls - spent) : 0;
  const left = Math.max(0, budget.perDay - spent);
  const kept = Math.min(budget.keptPerDay, left);
  return { spent, toCome, kept, left, spare: Math.max(0, left - kept - toCome), of: budget.perDay };
}

export function forecastWords({ forecast, budget }: SyncHealthView['calls']): string {
  if (forecast === null) return 'No forecast now: processing is off, or too little of today is known.';
  const based =
    forecast.earlierDays === 0
      ? 'today’s pace'
      : `today and the same hours of ${forecast.earlierDays === 1 ? 'the day' : `${count(forecast.earlierDays)} days`} before`;
  const left = budget.perDay - budget.keptPerDay;
  const beyond = forecast.calls > left ? ' That is more than reads may use.' : '';
  return `About ${count(forecast.calls)} by midnight, based on ${based}.${beyond}`;
}

const WAITS: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  BREAKER_OPEN: {
    title: 'The Game Platform is failing',
    text: 'Calls wait, and one is tried again',
  },
  THROTTLED: {
    title: 'The Game Platform asked us to slow down',
    text: 'Calls go on',
  },
  DAY_SPENT: {
    title: 'Today’s calls are used up',
    text: 'Reads go on',
  },
};

/** Why reads get no call; null for a wait of a moment. */
export function waitsNote(
  waits: SyncHealthView['calls']['waits'],
  timeZone: string,
  now: Date,
): { readonly title: string; readonly text: string } | null {
  const known = waits === null ? undefined : WAITS[waits.code];
  if (waits === null || known === undefined || Date.parse(waits.until) <= now.getTime()) return null;
  return {
    title: known.title,
    text: `${known.text} at ${moment(waits.until, timeZone, now)}. Nothing is lost meanwhile.`,
  };
}

// --- The promise

export type DayState = 'kept' | 'nearly' | 'broken' | 'none';
const NEARLY = 0.005;

/** Whether everyone was read in time on a day. */
export function dayState({ reads, late }: Pick<SyncHealthView['days'][number], 'reads' | 'late'>): DayState {
  if (reads === 0) return 'none';
  if (late === 0) return 'kept';
  return late / reads < NEARLY ? 'nearly' : 'broken';
}

export const DAY_STATE_WORDS: Readonly<Record<DayState, string>> = {
  kept: 'kept',
  nearly: 'fewer than 1 in 200 late',
  broken: 'broken',
  none: 'no reads',
};

/** Every day of the period, with those that have no figures. */
export function promiseDays({ days, period }: Pick<SyncHealthView, 'days' | 'period'>) {
  const known = new Map(days.map((one) => [one.day, one]));
  const found: { day: string; reads: number; late: number; state: DayState }[] = [];
  for (let day = period.from; day <= period.to; day = addDays(day, 1)) {
    const { reads, late } = known.get(day) ?? { reads: 0, late: 0 };
    found.push({ day, reads, late, state: dayState({ reads, late }) });
  }
  return found;
}

/** How many were read within the promise; null where the round did not say. */
export const readInTime = ({
  competitors,
  late,
  unread,
}: Pick<NonNullable<SyncHealthView['round']>, 'competitors' | 'late' | 'unread'>): number | null =>
  late === null || unread === null ? null : Math.max(0, competitors - late - unread);

/** A round that did not come for so long has been missed. */
const ROUND_LATE_MS = 16 * 60_000;

export const roundIsLate = ({ round, processing }: SyncHealthView, now: Date): boolean =>
  processing.enabled && round !== null && now.getTime() - Date.parse(round.at) > ROUND_LATE_MS;

/** Whether anything was ever read, or tried. */
export const neverSynced = ({ round, days, calls }: SyncHealthView): boolean =>
  round === null && days.length === 0 && calls.days.every(({ total }) => total === 0);

const FAILURES: Readonly<Record<string, string>> = {
  NOT_APPROVED: 'The platform shows no scores before it approves the account.',
  USER_UNKNOWN: 'The platform does not know the account. Check its id.',
  OWN_FAULT: 'The last try failed on our side. It is tried again.',
  TOKEN_MISSING: 'The platform’s access is missing, so nothing is read.',
  TOKEN_REFUSED: 'The platform refused our access, so nothing is read.',
};

/** Why a competitor was not read for so long. */
export function oldReadReason(
  {
    lastReadAt,
    failure,
  }: Pick<NonNullable<SyncHealthView['round']>['oldest'][number], 'lastReadAt' | 'failure'>,
  { slaHours, enabled, now }: { readonly slaHours: number; readonly enabled: boolean; readonly now: Date },
): string {
  if (!enabled) return 'Processing is off.';
  if (failure !== null)
    return FAILURES[failure.code] ?? 'The platform did not answer the last try. It is tried again.';
  if (lastReadAt === null) return 'New: the first read comes with one of the next rounds.';
  const hours = (now.getTime() - Date.parse(lastReadAt)) / 3_600_000;
  return hours > slaHours
    ? 'Late without an error: the reads do not keep up.'
    : 'Waits for its turn, inside the promise.';
}

// --- Advice

const valueOf = (path: string, value: number | boolean | null): string => {
  const field = fieldOf(path);
  return value === null || field === undefined ? 'the default' : valueText(path, shownValue(field, value));
};

/** `Batch size, from 50 to 70`. */
export function changeWords({ path, from, to }: NonNullable<AdviceView['change']>): string {
  const label = fieldOf(path)?.label ?? path;
  return `${label}: ${valueOf(path, from)} to ${valueOf(path, to)}`;
}

const plainOf = (value: number | boolean | null) => (typeof value === 'number' ? count(value) : '');

export function adviceTitle({ code, change }: Pick<AdviceView, 'code' | 'change'>): string {
  switch (change?.path) {
    case 'sync.batchSize': {
      const verb = Number(change.to) > Number(change.from) ? 'Grow' : 'Shrink';
      return `${verb} the batch from ${plainOf(change.from)} to ${plainOf(change.to)}`;
    }
    case 'sync.concurrency':
      return `Read ${plainOf(change.to)} at once instead of ${plainOf(change.from)}`;
    case 'sync.adaptive.dailyReads':
      return `Read less often: ${plainOf(change.to)} adaptive reads a day`;
    case 'sync.adaptive.on':
      return 'Switch on adaptive reading';
    case 'sync.adaptive.share':
      return 'Read everyone adaptively';
    case 'sync.batching':
      return 'Switch on batching';
    case 'sync.callsPerSecond':
      return `Allow ${plainOf(change.to)} calls a second instead of ${plainOf(change.from)}`;
    case 'sync.dailyCallBudget':
      return `Allow ${plainOf(change.to)} calls a day`;
    case undefined:
      return NO_CHANGE[code];
    default:
      return capitalized(fieldOf(change?.path ?? '')?.label ?? code);
  }
}

const NO_CHANGE: Readonly<Record<AdviceView['code'], string>> = {
  errors: 'Many reads fail',
  late: 'Some reads came late',
  budget: 'The day’s calls nearly run out',
  empty: 'Most reads show nothing new',
};

const WHY: Readonly<Record<AdviceView['code'], string>> = {
  errors: 'Reads began to fail. Asking for less at once gives the platform room to recover.',
  late: 'Someone waited longer than promised, and the reads have no room to catch up.',
  budget: 'When the calls are used up, reads stop until midnight. Check first that the platform allows more.',
  empty: 'Most reads come back empty, so fewer or larger ones find as much.',
};
const WHY_NO_CHANGE: Readonly<Record<AdviceView['code'], string>> = {
  errors: 'There is no setting left that would ask for less. Look at the failed runs.',
  late: 'The settings keep the promise on an ordinary day, so an outage or a pause was the likely cause. It passes by itself.',
  budget: 'The calls a day are at their limit. Read less often, or ask the platform for more.',
  empty: 'No setting would save calls without making people wait longer.',
};

export const adviceWhy = ({ code, change }: Pick<AdviceView, 'code' | 'change'>): string =>
  change === null ? WHY_NO_CHANGE[code] : WHY[code];

/** What it is based on, with the rule. */
export function adviceBasis(
  { code, basis }: Pick<AdviceView, 'code' | 'basis'>,
  { slaHours, perDay }: { readonly slaHours: number; readonly perDay: number },
): string {
  const reads = counted(basis.reads, 'read');
  switch (code) {
    case 'errors':
      return `${count(basis.found)} of the last day’s ${reads} failed, ${percent(basis.share)}; before, ${percent(basis.before ?? 0)}. The rule speaks up at 10%, or at three times as many as before.`;
    case 'late':
      return `${count(basis.found)} of ${reads} in 7 days came after more than ${counted(slaHours, 'hour')}.`;
    case 'budget':
      return `the fullest of 7 days: ${count(basis.found)} of ${count(perDay)} calls, ${percent(basis.share)}. The rule speaks up at 85%.`;
    case 'empty':
      return `${reads} in 7 days: ${percent(basis.share)} showed nothing new. The rule speaks up above 80%.`;
    default:
      return code satisfies never;
  }
}
