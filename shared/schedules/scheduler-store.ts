import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  UpdateScheduleCommand,
  ValidationException,
  type CreateScheduleCommandInput,
  type SchedulerClient,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { mapAtOnce } from '#shared/kernel/at-once.ts';
import { OwnError } from '#shared/kernel/errors.ts';
import { scheduleToStored, type StoredSchedule } from './stored-schedule.ts';

export interface SchedulerStore {
  /** By name, with all that each has: the service lists little more than names. */
  readonly page: (options: {
    readonly limit: number;
    readonly token: string | undefined;
  }) => Promise<{ readonly schedules: readonly StoredSchedule[]; readonly next: string | undefined }>;
  readonly byName: (name: string) => Promise<StoredSchedule | undefined>;
  /** False when there is one of this name. @throws ScheduleRefusedError */
  readonly create: (schedule: Omit<CreateScheduleCommandInput, 'GroupName'>) => Promise<boolean>;
  /** Replaces all of it; false when it is gone or was being changed. @throws ScheduleRefusedError */
  readonly replace: (schedule: UpdateScheduleCommandInput) => Promise<boolean>;
  /** No error when it is gone. */
  readonly remove: (name: string) => Promise<void>;
}

/** The service does not take what was sent. */
export class ScheduleRefusedError extends OwnError {
  override readonly name = 'ScheduleRefusedError';
}

/** A new role takes this long to be known everywhere. */
const ROLE_SPREADS_MS = 30_000;
const ROLE_ASKED_EVERY_MS = 2_000;
/** GetSchedule calls at a time. */
const AT_ONCE = 8;

const roleIsNotKnownYet = (error: unknown): boolean =>
  error instanceof ValidationException && /assume the role/i.test(error.message);

interface SchedulerStoreOptions {
  readonly client: Pick<SchedulerClient, 'send'>;
  readonly groupName: string;
  readonly signal?: AbortSignal;
  /** How long to try while the service does not know the role. @default half a minute */
  readonly patienceMs?: number;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** The schedules of one group. The service is the truth: nothing of it is kept elsewhere. */
export function createSchedulerStore({
  client,
  groupName,
  signal,
  patienceMs = ROLE_SPREADS_MS,
  wait = (milliseconds) => sleep(milliseconds, undefined, signal === undefined ? {} : { signal }),
}: SchedulerStoreOptions): SchedulerStore {
  const options = signal === undefined ? {} : { abortSignal: signal };

  const byName = async (name: string): Promise<StoredSchedule | undefined> => {
    try {
      const answer = await client.send(new GetScheduleCommand({ GroupName: groupName, Name: name }), options);
      return scheduleToStored(answer, groupName);
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  };

  /** Tries again while the service does not know the role yet. */
  const once = async (write: () => Promise<unknown>): Promise<void> => {
    for (let waited = 0; ; waited += ROLE_ASKED_EVERY_MS) {
      try {
        await write();
        return;
      } catch (error) {
        if (roleIsNotKnownYet(error) && waited < patienceMs) {
          await wait(ROLE_ASKED_EVERY_MS);
          continue;
        }
        if (!(error instanceof ValidationException) || roleIsNotKnownYet(error)) throw error;
        throw new ScheduleRefusedError('The schedule was refused.', { cause: error });
      }
    }
  };

  return {
    byName,
    async page({ limit, token }) {
      const answer = await client.send(
        new ListSchedulesCommand({ GroupName: groupName, MaxResults: limit, NextToken: token }),
        options,
      );
      const names = (answer.Schedules ?? []).flatMap(({ Name }) => Name ?? []);
      const found = await mapAtOnce(names, AT_ONCE, byName);
      // One that was deleted in between is not there any more.
      return { schedules: found.filter((schedule) => schedule !== undefined), next: answer.NextToken };
    },
    async create(schedule) {
      const command = new CreateScheduleCommand({ ...schedule, GroupName: groupName });
      try {
        await once(() => client.send(command, options));
        return true;
      } catch (error) {
        if (error instanceof ConflictException) return false;
        throw error;
      }
    },
    async replace(schedule) {
      const command = new UpdateScheduleCommand({ ...schedule, GroupName: groupName });
      try {
        await once(() => client.send(command, options));
        return true;
      } catch (error) {
        if (error instanceof ConflictException || error instanceof ResourceNotFoundException) return false;
        throw error;
      }
    },
    async remove(name) {
      try {
        await client.send(new DeleteScheduleCommand({ GroupName: groupName, Name: name }), options);
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    },
  };
}
