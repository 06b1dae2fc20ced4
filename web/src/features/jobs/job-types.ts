import { TASKS } from '#shared/composition/tasks.ts';
import type { JobDetailView } from '#shared/jobs/contract.ts';
import type { TaskDefinition } from '#shared/jobs/task-definition.ts';

/** A job may be of a type that a later release knows. */
const KNOWN = new Map<string, TaskDefinition>(Object.entries(TASKS));

export function hasRows({ taskType, payload }: Pick<JobDetailView, 'taskType' | 'payload'>): boolean {
  const rows = KNOWN.get(taskType)?.tellsRows;
  return rows === true || (rows === 'dryRun' && payload['dryRun'] === true);
}

export const asksBeforeRetry = ({ taskType }: { readonly taskType: string }): boolean =>
  KNOWN.get(taskType)?.harmless !== true;
