import { TASKS, type TaskType } from '#shared/composition/tasks.ts';

/** Jobs that an admin starts by hand, and what can be said to each; pure. */

export const STARTABLE = [
  'game_platform_sync',
  'game_platform_totals_sweep',
  'game_platform_flash_ctf_sync',
  'competitor_refresh',
  'profile_refresh',
  'roster_reconcile',
  'external_id_backfill',
  'onboard_coaches',
  'job_cleanup',
] as const satisfies readonly TaskType[];
export type Startable = (typeof STARTABLE)[number];

export interface StartFormValues {
  readonly taskType: Startable;
  /** Empty: everybody. */
  readonly coachId: string;
  readonly competitorId: string;
  readonly full: boolean;
  readonly dryRun: boolean;
  readonly everyone: boolean;
  readonly acceptDays: boolean;
}

export const FIRST_VALUES: StartFormValues = {
  taskType: 'game_platform_sync',
  coachId: '',
  competitorId: '',
  full: false,
  dryRun: true,
  everyone: false,
  acceptDays: false,
};

type Field = Exclude<keyof StartFormValues, 'taskType'>;

/** The options that a type knows, in the order of the form. */
const FIELDS: Readonly<Record<Startable, readonly Field[]>> = {
  game_platform_sync: ['coachId', 'full'],
  game_platform_totals_sweep: [],
  game_platform_flash_ctf_sync: ['everyone'],
  competitor_refresh: ['competitorId'],
  profile_refresh: [],
  roster_reconcile: ['dryRun'],
  external_id_backfill: ['coachId', 'dryRun', 'acceptDays'],
  onboard_coaches: [],
  job_cleanup: [],
};

export const fieldsOf = (taskType: Startable): readonly Field[] => FIELDS[taskType];

/** What a job of this type does, in a sentence. */
export const aboutOf = (taskType: Startable): string => TASKS[taskType].labels.about ?? '';

/** The payload; the sentence to show when something is missing. */
export function payloadOf(
  values: StartFormValues,
): { readonly payload: Record<string, unknown> } | { readonly missing: string } {
  const chosen = fieldsOf(values.taskType).map((field) => [field, values[field]] as const);
  const payload = Object.fromEntries(chosen.filter(([, value]) => value !== ''));
  if (TASKS[values.taskType].payload.safeParse(payload).success) return { payload };
  return { missing: 'Enter the competitor’s id; it is in the address of their page.' };
}
