import type { ScheduleCreate, SchedulePatch, ScheduleView } from '#shared/schedules/contract.ts';
import { TASK_TYPES } from '#shared/composition/tasks.ts';
import {
  FIRST_VALUES,
  optionsOfPayload,
  payloadOf,
  STARTABLE,
  type StartFormValues,
} from '#web/shared/jobs/start-options.ts';
import * as z from 'zod';

/** What the form of a schedule holds, and what is sent of it; pure. */
export const scheduleFormSchema = z.object({
  name: z.string(),
  expression: z.string(),
  timezone: z.string(),
  taskType: z.enum(TASK_TYPES),
  coachId: z.string(),
  competitorId: z.string(),
  full: z.boolean(),
  dryRun: z.boolean(),
  everyone: z.boolean(),
  acceptDays: z.boolean(),
});
export type ScheduleForm = Readonly<z.infer<typeof scheduleFormSchema>>;

export const emptySchedule = (timezone: string): ScheduleForm => ({
  ...FIRST_VALUES,
  name: '',
  expression: 'cron(0 6 * * ? *)',
  timezone,
});

const taskOf = (type: string | null): StartFormValues['taskType'] =>
  STARTABLE.find((one) => one === type) ?? FIRST_VALUES.taskType;

export const scheduleFormOf = ({
  name,
  expression,
  timezone,
  taskType,
  payload,
}: ScheduleView): ScheduleForm => ({
  ...optionsOfPayload(payload),
  name,
  expression,
  timezone,
  taskType: taskOf(taskType),
});

/** Letters and digits of any spelling, words joined by hyphens: `Élite check!` is `elite-check`. */
export const nameOf = (words: string): string =>
  words
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-$/, '');

/** The payload as far as the form can say it; an id that is still missing is left for the server to refuse. */
const saidPayload = (form: ScheduleForm): Record<string, unknown> => {
  const result = payloadOf(form);
  return 'payload' in result ? result.payload : { competitorId: form.competitorId };
};

/** Whether the form can show what a schedule starts; what is built in, or was set by the API alone, stays as it is. */
export function jobIsOwn(schedule: ScheduleView): boolean {
  if (schedule.builtIn || taskOf(schedule.taskType) !== schedule.taskType) return false;
  const said = Object.entries(saidPayload(scheduleFormOf(schedule)));
  const known = new Map(Object.entries(schedule.payload));
  return known.size <= said.length && said.every(([name, value]) => value === (known.get(name) ?? false));
}

export const scheduleBodyOf = (form: ScheduleForm): ScheduleCreate => ({
  name: nameOf(form.name),
  expression: form.expression.trim(),
  timezone: form.timezone,
  taskType: form.taskType,
  payload: saidPayload(form),
  enabled: true,
});

/** Only what differs from the schedule. */
export function schedulePatchOf(form: ScheduleForm, schedule: ScheduleView): SchedulePatch {
  const was = scheduleFormOf(schedule);
  const expression = form.expression.trim();
  const said = JSON.stringify(saidPayload(form));
  const changed = form.taskType !== was.taskType || said !== JSON.stringify(saidPayload(was));
  return {
    ...(expression === schedule.expression ? {} : { expression }),
    ...(form.timezone === schedule.timezone ? {} : { timezone: form.timezone }),
    ...(changed && jobIsOwn(schedule) ? { taskType: form.taskType, payload: saidPayload(form) } : {}),
  };
}
