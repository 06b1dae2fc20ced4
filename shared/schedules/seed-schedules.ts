import { isDeepStrictEqual } from 'node:util';
import type { SystemSchedule } from '#shared/jobs/task-definition.ts';
import type { SchedulerStore } from './scheduler-store.ts';
import { settingsInput, targetOf, type ScheduleRelatedRecords } from './stored-schedule.ts';

/**
 * Makes the built-in schedules that are not there, and gives the others today's role, queues and message. When they
 * fire, and whether, stays as admins left it.
 * @returns the names of those that were made, and of those that were changed
 */
export async function seedSchedules(
  store: Pick<SchedulerStore, 'byName' | 'create' | 'replace'>,
  schedules: readonly SystemSchedule[],
  related: ScheduleRelatedRecords,
  programTimeZone: string,
): Promise<{ readonly made: readonly string[]; readonly changed: readonly string[] }> {
  const made: string[] = [];
  const changed: string[] = [];
  for (const { name, expression, zone, message } of schedules) {
    const target = targetOf(related, message);
    const found = await store.byName(name);
    if (found === undefined) {
      const created = await store.create({
        Name: name,
        ...settingsInput({
          expression,
          timezone: zone === 'program' ? programTimeZone : 'UTC',
          enabled: true,
        }),
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: target,
      });
      if (created) made.push(name);
    } else if (!isDeepStrictEqual(found.whole.Target, target)) {
      if (await store.replace({ ...found.whole, Target: target })) changed.push(name);
    }
  }
  return { made, changed };
}
