import { TASK_TYPES } from '#shared/composition/tasks.ts';
import { JOB_STARTERS, JOB_STATES } from '#shared/jobs/contract.ts';
import { taskName } from '#web/shared/jobs/start-options.ts';
import type { JobFilters } from './job-api.ts';
import { STATE_LABELS } from './job-labels.ts';

/** The filters of the Jobs page; they live in its address, so that an address is a saved filter. Pure. */

export const STARTER_NAMES: Readonly<Record<(typeof JOB_STARTERS)[number], string>> = {
  people: 'People',
  schedules: 'Schedules',
};

/** Filters that are asked for often, by name. */
export const NAMED_FILTERS: readonly (JobFilters & { readonly name: string })[] = [
  { name: 'All', status: null, type: null, by: null },
  { name: 'Failed', status: 'failed', type: null, by: null },
  { name: 'Running', status: 'running', type: null, by: null },
  { name: 'Started by people', status: null, type: null, by: 'people' },
  { name: 'Failed score syncs', status: 'failed', type: 'game_platform_sync', by: null },
];

const known = <T extends string>(values: readonly T[], value: string | null): T | null =>
  values.find((one) => one === value) ?? null;

/** What an address says; what it says wrongly is no filter. */
export const filtersOf = (params: URLSearchParams): JobFilters => ({
  status: known(JOB_STATES, params.get('status')),
  type: known(TASK_TYPES, params.get('type')),
  by: known(JOB_STARTERS, params.get('by')),
});

export const isFiltered = ({ status, type, by }: JobFilters): boolean =>
  status !== null || type !== null || by !== null;

/** `failed, Score sync, started by people`; of no filter, nothing. */
export const filterWords = ({ status, type, by }: JobFilters): string =>
  [
    ...(status === null ? [] : [STATE_LABELS[status].text.toLowerCase()]),
    ...(type === null ? [] : [taskName(type)]),
    ...(by === null ? [] : [`started by ${STARTER_NAMES[by].toLowerCase()}`]),
  ].join(', ');

export const isSameFilter = (a: JobFilters, b: JobFilters): boolean =>
  a.status === b.status && a.type === b.type && a.by === b.by;
