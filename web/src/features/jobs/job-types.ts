import { TASKS } from '#shared/composition/tasks.ts';
import type { TaskDefinition } from '#shared/jobs/task-definition.ts';

/** A job may be of a type that a later release knows. */
const KNOWN = new Map<string, TaskDefinition>(Object.entries(TASKS));

export const hasRows = (type: string): boolean => KNOWN.get(type)?.tellsRows === true;

export const asksBeforeRetry = ({ taskType }: { readonly taskType: string }): boolean =>
  KNOWN.get(taskType)?.harmless !== true;
