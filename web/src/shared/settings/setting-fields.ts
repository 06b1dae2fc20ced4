import { count, percent, plainDay } from '#shared/kernel/format.ts';

/** The settings as people see them: a field each, by its path in the API, and its value in words. Pure. */

export type FieldKind = 'switch' | 'whole' | 'percent' | 'day';

/** What a field of a form holds. */
export type SettingValue = string | boolean;

export interface SettingField {
  readonly path: string;
  readonly label: string;
  readonly hint: string;
  readonly kind: FieldKind;
  readonly unit?: string;
  /** Of whole numbers and percents. */
  readonly min?: number;
  readonly max?: number;
  /** An empty field has a meaning. */
  readonly optional?: boolean;
  /** Does nothing while this switch is off. */
  readonly under?: readonly string[];
}

export interface SettingSection {
  readonly title: string;
  readonly detail?: string;
  readonly fields: readonly SettingField[];
}

export const PROCESSING: SettingField = {
  path: 'processing.enabled',
  label: 'Processing',
  hint: 'Off, no call is made to the Game Platform.',
  kind: 'switch',
};

const BATCHING = 'sync.batching';
const minutes = (tier: 'high' | 'medium' | 'low', who: string): SettingField => ({
  path: `sync.tierMinutes.${tier}`,
  label: `Minutes between reads, ${who}`,
  hint: `How often ${who} competitors are read by prioritization.`,
  kind: 'whole',
  unit: 'minutes',
  min: 5,
  max: 1_440,
  under: [BATCHING],
});
const kept = (path: string, label: string, hint: string, min: number, max: number): SettingField => ({
  path: `program.keepDays.${path}`,
  label,
  hint,
  kind: 'whole',
  unit: 'days',
  min,
  max,
});

export const SECTIONS: readonly SettingSection[] = [
  {
    title: 'How scores are read',
    fields: [
      {
        path: BATCHING,
        label: 'Batching',
        hint: 'Off, everyone is read every 30 minutes, and what is below in this section does nothing.',
        kind: 'switch',
      },
      {
        path: 'sync.adaptive.on',
        label: 'Adaptive reading',
        hint: 'Reads when new solves are likely. Comes before prioritization.',
        kind: 'switch',
        under: [BATCHING],
      },
      {
        path: 'sync.adaptive.share',
        label: 'Share read adaptively',
        hint: 'Always the same competitors, so that freshness can be compared.',
        kind: 'percent',
        unit: '%',
        min: 0,
        max: 100,
        under: [BATCHING, 'sync.adaptive.on'],
      },
      {
        path: 'sync.adaptive.dailyReads',
        label: 'Adaptive reads a day',
        hint: 'Empty: 18 for each competitor, as far as the calls a day go.',
        kind: 'whole',
        unit: 'reads',
        min: 1,
        max: 10_000_000,
        optional: true,
        under: [BATCHING, 'sync.adaptive.on'],
      },
      {
        path: 'sync.prioritisation.on',
        label: 'Prioritization',
        hint: 'Active competitors are read more often. Everyone outside both shares is read in rotation.',
        kind: 'switch',
        under: [BATCHING],
      },
      {
        path: 'sync.prioritisation.share',
        label: 'Share prioritized',
        hint: 'Competitors who are read adaptively count for this share too.',
        kind: 'percent',
        unit: '%',
        min: 0,
        max: 100,
        under: [BATCHING, 'sync.prioritisation.on'],
      },
      minutes('high', 'active'),
      minutes('medium', 'moderately active'),
      minutes('low', 'inactive'),
      {
        path: 'sync.batchSize',
        label: 'Batch size',
        hint: 'Competitors in one batch of the rotation; a batch is read every 5 minutes.',
        kind: 'whole',
        unit: 'competitors',
        min: 1,
        max: 5_000,
        under: [BATCHING],
      },
    ],
  },
  {
    title: 'Promise and limits',
    detail: 'calls to the Game Platform, all workers together',
    fields: [
      {
        path: 'sync.slaHours',
        label: 'Promise',
        hint: 'No one waits longer than this for a read.',
        kind: 'whole',
        unit: 'hours',
        min: 1,
        max: 48,
      },
      {
        path: 'sync.dailyCallBudget',
        label: 'Calls a day',
        hint: 'A day of the program’s time zone.',
        kind: 'whole',
        unit: 'calls',
        min: 100,
        max: 10_000_000,
      },
      {
        path: 'sync.rosterReserve.perDay',
        label: 'Kept for rosters, of the day',
        hint: 'Calls that reads leave to coaches’ changes.',
        kind: 'percent',
        unit: '%',
        min: 0,
        max: 90,
      },
      {
        path: 'sync.callsPerSecond',
        label: 'Calls per second',
        hint: 'In any second, all workers together.',
        kind: 'whole',
        unit: 'calls',
        min: 2,
        max: 1_000,
      },
      {
        path: 'sync.rosterReserve.perSecond',
        label: 'Kept for rosters, of a second',
        hint: 'The same within a second.',
        kind: 'percent',
        unit: '%',
        min: 5,
        max: 90,
      },
      {
        path: 'sync.concurrency',
        label: 'Concurrency',
        hint: 'Competitors that one worker reads at the same time.',
        kind: 'whole',
        unit: 'competitors',
        min: 1,
        max: 20,
      },
      {
        path: 'sync.sweepLimit',
        label: 'Totals in an hour',
        hint: 'Competitors whose totals the hourly sweep reads at most.',
        kind: 'whole',
        unit: 'competitors',
        min: 1,
        max: 5_000,
      },
    ],
  },
  {
    title: 'Season and activity',
    fields: [
      {
        path: 'program.seasonStart',
        label: 'Season starts',
        hint: 'A release that is entered must not be signed before this day. Empty: any day is fine.',
        kind: 'day',
        optional: true,
      },
      {
        path: 'program.inactiveDays',
        label: 'Inactive after',
        hint: 'Approved, but neither signed in nor solving for this long.',
        kind: 'whole',
        unit: 'days',
        min: 3,
        max: 120,
      },
    ],
  },
  {
    title: 'How long things are kept',
    detail: 'logs and backups are set at deploy',
    fields: [
      kept('jobsListed', 'Finished jobs on the lists', 'Rounds without news leave after 2 days.', 1, 365),
      kept('jobs', 'Finished jobs', 'Then they are deleted with their rows.', 14, 730),
      kept('quarantine', 'Records that could not be read', 'They are redacted.', 7, 365),
      kept('activity', 'Activity', 'Lines of the activity log and the timeline.', 30, 1_830),
      kept('audit', 'Audit log', 'Who changed what.', 90, 1_830),
      kept('readLog', 'Read log', 'Who opened a record.', 90, 1_830),
    ],
  },
];

export const FIELDS: readonly SettingField[] = [PROCESSING, ...SECTIONS.flatMap(({ fields }) => fields)];
const BY_PATH = new Map(FIELDS.map((field) => [field.path, field]));

export const fieldOf = (path: string): SettingField | undefined => BY_PATH.get(path);

/** Percents are shares over there. */
export const HUNDRED = 100;

/** A stored value as the form has it. */
export function shownValue({ kind }: SettingField, stored: unknown): SettingValue {
  if (typeof stored === 'boolean') return stored;
  if (typeof stored === 'number')
    return String(kind === 'percent' ? Math.round(stored * HUNDRED * HUNDRED) / HUNDRED : stored);
  return typeof stored === 'string' ? stored : '';
}

/** Thousands may be typed with commas. */
export const plainNumber = (text: string): string => text.replaceAll(',', '').trim();

/** `On`, `6,000 calls`, `Sep 1, 2026`, `empty`. */
export function valueText(path: string, value: SettingValue | undefined): string {
  const field = fieldOf(path);
  if (typeof value === 'boolean') return value ? 'On' : 'Off';
  if (value === undefined || value === '') return 'empty';
  if (field?.kind === 'day') return plainDay(value);
  const number = Number(plainNumber(value));
  if (!Number.isFinite(number)) return value;
  return field?.kind === 'percent'
    ? percent(number / HUNDRED, 1)
    : [count(number), field?.unit].filter(Boolean).join(' ');
}
