import { PAYLOAD_SCHEMAS } from '#shared/jobs/task-payloads.ts';
import { TASK_TYPES, type TaskType } from '#shared/jobs/task-types.ts';

/** All that the site knows of each type of job. A type without an entry does not compile. */

/** What can be said to a job when it is started by hand. */
export interface StartOptions {
  /** Empty: all coaches. */
  readonly coachId: string;
  readonly competitorId: string;
  readonly full: boolean;
  readonly dryRun: boolean;
  readonly everyone: boolean;
  readonly acceptDays: boolean;
}

interface JobType {
  readonly name: string;
  /** How an admin starts it by hand; left out where it follows from something else. */
  readonly start?: {
    /** What it does, in a sentence. */
    readonly about: string;
    /** The options that it knows, in the order of the form. */
    readonly options: readonly (keyof StartOptions)[];
  };
  /** It reads and stores, and changes nothing on the platform: trying again needs no second thought. */
  readonly harmless: boolean;
  /** It keeps a result for each of its subjects. */
  readonly hasRows: boolean;
}

const JOB_TYPES: Readonly<Record<TaskType, JobType>> = {
  game_platform_sync: {
    name: 'Score sync',
    start: {
      about: 'Reads new solves of everybody, or of one coach’s competitors.',
      options: ['coachId', 'full'],
    },
    harmless: true,
    hasRows: false,
  },
  game_platform_totals_sweep: {
    name: 'Totals sweep',
    start: {
      about: 'Reads the platform’s totals of those who are due and compares them with ours.',
      options: [],
    },
    harmless: true,
    hasRows: false,
  },
  game_platform_flash_ctf_sync: {
    name: 'Flash CTF sync',
    start: {
      about: 'Asks a few whether there is a new Flash CTF, and everybody while one is open.',
      options: ['everyone'],
    },
    harmless: true,
    hasRows: false,
  },
  competitor_refresh: {
    name: 'Refresh one competitor',
    start: { about: 'Reads scores, totals and account of one competitor.', options: ['competitorId'] },
    harmless: true,
    hasRows: false,
  },
  profile_refresh: {
    name: 'Refresh platform accounts',
    start: { about: 'Asks about the accounts that are due.', options: [] },
    harmless: true,
    hasRows: false,
  },
  roster_reconcile: {
    name: 'Compare rosters with the platform',
    start: { about: 'Compares who is on which team with the platform.', options: ['dryRun'] },
    harmless: false,
    hasRows: false,
  },
  external_id_backfill: {
    name: 'Look for accounts on the platform',
    start: {
      about:
        'Asks the platform about each competitor without an account here, and takes over those it knows. Makes none.',
      options: ['coachId', 'dryRun', 'acceptDays'],
    },
    harmless: false,
    hasRows: true,
  },
  onboard_coaches: {
    name: 'Add coaches to the platform',
    start: { about: 'Makes the accounts of coaches who have none yet.', options: [] },
    harmless: false,
    hasRows: true,
  },
  job_cleanup: {
    name: 'Archive old jobs',
    start: { about: 'Takes old jobs out of the lists. Runs every night by itself.', options: [] },
    harmless: true,
    hasRows: false,
  },
  onboard_competitors: { name: 'Add competitors to the platform', harmless: false, hasRows: true },
  team_sync: { name: 'Push a team to the platform', harmless: false, hasRows: false },
  team_recreate: { name: 'Recreate a team on the platform', harmless: false, hasRows: false },
  competitor_import: { name: 'Import competitors', harmless: false, hasRows: true },
  privacy_erasure: { name: 'Erase a competitor', harmless: true, hasRows: false },
  dead_letter_redrive: { name: 'Redrive dead letters', harmless: false, hasRows: false },
};

export const taskName = (type: TaskType): string => JOB_TYPES[type].name;

export const hasRows = (type: TaskType): boolean => JOB_TYPES[type].hasRows;

export const asksBeforeRetry = ({ taskType }: { readonly taskType: TaskType }): boolean =>
  !JOB_TYPES[taskType].harmless;

const ORDER = Object.keys(JOB_TYPES);

/** The types that an admin starts by hand, in the order of the list above. */
export const STARTABLE: readonly TaskType[] = TASK_TYPES.filter(
  (type) => JOB_TYPES[type].start !== undefined,
).toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));

/** What a job of this type does, in a sentence. */
export const aboutStart = (type: TaskType): string => JOB_TYPES[type].start?.about ?? '';

export const optionsOf = (type: TaskType): readonly (keyof StartOptions)[] =>
  JOB_TYPES[type].start?.options ?? [];

export interface StartFormValues extends StartOptions {
  readonly taskType: TaskType;
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

/** The payload; the sentence to show when something is missing. */
export function payloadOf(
  values: StartFormValues,
): { readonly payload: Record<string, unknown> } | { readonly missing: string } {
  const chosen = optionsOf(values.taskType).map((option) => [option, values[option]] as const);
  const payload = Object.fromEntries(chosen.filter(([, value]) => value !== ''));
  if (PAYLOAD_SCHEMAS[values.taskType].safeParse(payload).success) return { payload };
  return { missing: 'Enter the competitor’s id; it is in the address of their page.' };
}
