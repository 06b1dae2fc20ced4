import { isRecord, stringField, UnknownOperationError, type Requirement } from './requirement.ts';
import type { ResourceNames } from './resource-names.ts';

const ON_SCHEDULE = new Set(['CreateSchedule', 'GetSchedule', 'UpdateSchedule', 'DeleteSchedule']);
const ON_GROUP = new Set(['GetScheduleGroup']);
/** These take no resource (Service Authorization Reference, EventBridge Scheduler). */
const ON_ANYTHING = new Set(['ListSchedules', 'ListScheduleGroups']);

/** The gateway puts `Name` and `GroupName` of the path and query into the body. */
export function schedulerAccess(
  operation: string,
  body: unknown,
  names: ResourceNames,
): readonly Requirement[] {
  const action = `scheduler:${operation}`;
  if (ON_ANYTHING.has(operation)) return [{ action, resource: '*' }];
  const name = stringField(body, 'Name') ?? '';
  if (ON_GROUP.has(operation))
    return [{ action, resource: names.arn('scheduler', `schedule-group/${name}`) }];
  if (!ON_SCHEDULE.has(operation)) throw new UnknownOperationError(operation);
  const group = stringField(body, 'GroupName') ?? 'default';
  const roleArn = isRecord(body) ? stringField(body['Target'], 'RoleArn') : undefined;
  return [
    { action, resource: names.arn('scheduler', `schedule/${group}/${name}`) },
    ...(roleArn === undefined
      ? []
      : [
          {
            action: 'iam:PassRole',
            resource: roleArn,
            context: { 'iam:passedtoservice': 'scheduler.amazonaws.com' },
          },
        ]),
  ];
}
