import { TASKS, TASK_TYPES, type TaskType } from '#shared/composition/tasks.ts';
import type { TaskDefinition } from '#shared/jobs/task-definition.ts';

/**
 * What an admin can say to each type of job, when it is started by hand or by a schedule. A type without an entry does
 * not compile.
 */

/** What can be said to a job. */
export interface StartOptions {
  /** Empty: all coaches. */
  readonly coachId: string;
  readonly competitorId: string;
  readonly full: boolean;
  readonly dryRun: boolean;
  readonly everyone: boolean;
  readonly acceptDays: boolean;
}

/** The options of the form that starts it, in their order; null: it follows from something else. */
const OPTIONS: Readonly<Record<TaskType, readonly (keyof StartOptions)[] | null>> = {
  game_platform_sync: ['coachId', 'full', 'dryRun'],
  game_platform_totals_sweep: [],
  game_platform_flash_ctf_sync: ['everyone'],
  competitor_refresh: ['competitorId'],
  profile_refresh: [],
  roster_reconcile: ['dryRun'],
  external_id_backfill: ['coachId', 'dryRun', 'acceptDays'],
  onboard_coaches: [],
  dashboard_rollup: ['full'],
  job_cleanup: [],
  onboard_competitors: null,
  team_sync: null,
  team_recreate: null,
  competitor_import: null,
  competitor_move: null,
  season_roll_over: null,
  privacy_erasure: null,
  dead_letter_redrive: null,
  weekly_email: [],
  admin_notices: [],
  table_export: null,
};

/** A job may be of a type that a later release knows. */
const KNOWN = new Map<string, TaskDefinition>(Object.entries(TASKS));

export const taskName = (type: string): string => KNOWN.get(type)?.labels.name ?? type.replaceAll('_', ' ');

const ORDER = Object.keys(OPTIONS);

/** The types that an admin starts by hand, in the order of the list above. */
export const STARTABLE: readonly TaskType[] = TASK_TYPES.filter((type) => OPTIONS[type] !== null).toSorted(
  (a, b) => ORDER.indexOf(a) - ORDER.indexOf(b),
);

/** What a job of this type does, in a sentence. */
export const aboutStart = (type: TaskType): string => KNOWN.get(type)?.labels.about ?? '';

export const optionsOf = (type: TaskType): readonly (keyof StartOptions)[] => OPTIONS[type] ?? [];

export interface StartFormValues extends StartOptions {
  readonly taskType: TaskType;
}

export const FIRST_VALUES: StartFormValues = {
  taskType: 'game_platform_sync',
  coachId: '',
  competitorId: '',
  full: false,
  dryRun: false,
  everyone: false,
  acceptDays: false,
};

/** What the form begins with for a type: what changes something on the platform is a dry run first. */
export const firstDryRun = (type: TaskType): boolean => KNOWN.get(type)?.harmless !== true;

/** The payload; the sentence to show when something is missing. */
export function payloadOf(
  values: StartFormValues,
): { readonly payload: Record<string, unknown> } | { readonly missing: string } {
  const chosen = optionsOf(values.taskType).map((option) => [option, values[option]] as const);
  // What a type does anyway is not said, so that a payload stays as it is in the form that shows it.
  const said = chosen.filter(([name, value]) => value !== '' && !(name === 'dryRun' && value === false));
  const payload = TASKS[values.taskType].payload.safeParse(Object.fromEntries(said));
  if (payload.success) return { payload: payload.data };
  return { missing: 'Enter the competitor’s id; it is in the address of their page.' };
}

/** The values of a form that shows this payload; options that no form has are not among them. */
export function optionsOfPayload(payload: Readonly<Record<string, unknown>>): StartOptions {
  const text = (name: string) => (typeof payload[name] === 'string' ? payload[name] : '');
  return {
    coachId: text('coachId'),
    competitorId: text('competitorId'),
    full: payload['full'] === true,
    dryRun: payload['dryRun'] === true,
    everyone: payload['everyone'] === true,
    acceptDays: payload['acceptDays'] === true,
  };
}
