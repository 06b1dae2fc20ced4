import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { createResourceNames } from '#infra/local/emulator/aws/access/resource-names.ts';
import { AwsError } from '#infra/local/emulator/aws/gateway/aws-answer.ts';
import { startScheduler, type Scheduler } from '#infra/local/emulator/aws/scheduler/scheduler.ts';
import type { Documents } from '#infra/local/emulator/aws/state-database.ts';
import { firingTimesOf } from '#shared/schedules/firing-times.ts';
import { makeDeployment } from '#test/infra/local/emulator/aws/deployment-fixture.ts';
import { mockClient } from '#test/support/mock-client.ts';

export const GROUP = 'coaching';

const at = (collection: string, key: string) => `${collection} ${key}`;

/** Documents that are gone with the test. */
function documentsInMemory(): Documents {
  const kept = new Map<string, { readonly key: string; readonly value: unknown }>();
  return {
    get: (collection, key) => kept.get(at(collection, key))?.value,
    list: () => [...kept.values()],
    put: (collection, key, value) => kept.set(at(collection, key), { key, value }),
    delete: (collection, key) => kept.delete(at(collection, key)),
  };
}

/** The local stack's scheduler alone, on a clock that the test moves. */
export function startLocalScheduler(now: () => number): {
  readonly scheduler: Scheduler;
  readonly fired: readonly { readonly name: string; readonly at: string; readonly input: string }[];
  readonly call: (operation: string, input: unknown) => Promise<Record<string, unknown>>;
} {
  const deployment = makeDeployment({ awsUrl: 'http://127.0.0.1:1', loginUrl: 'http://127.0.0.1:2' });
  const fired: { name: string; at: string; input: string }[] = [];
  const scheduler = startScheduler({
    documents: documentsInMemory(),
    deployment,
    names: createResourceNames(deployment),
    whyNotAssumable: () => undefined,
    deliver: ({ Name, Target }, time) => {
      fired.push({ name: Name, at: new Date(time).toISOString(), input: Target.Input ?? '' });
      return Promise.resolve();
    },
    firingTimes: firingTimesOf,
    onLog: () => undefined,
    now,
    random: () => 0,
  });
  return {
    scheduler,
    fired,
    call: async (operation, input) => {
      const answer = await scheduler.standIn.answer({
        caller: { kind: 'operator', name: 'operator' },
        service: 'scheduler',
        operation,
        // As on the wire: nothing undefined, times as text.
        body: JSON.parse(JSON.stringify(input)),
        rawBody: '',
        signal: new AbortController().signal,
      });
      return JSON.parse(String(answer.body));
    },
  };
}

const EXCEPTIONS: Readonly<Record<string, (message: string) => Error>> = {
  ConflictException: (message) => new ConflictException({ $metadata: {}, message, Message: message }),
  ResourceNotFoundException: (message) =>
    new ResourceNotFoundException({ $metadata: {}, message, Message: message }),
  ValidationException: (message) => new ValidationException({ $metadata: {}, message, Message: message }),
};

const time = (seconds: unknown): Date | undefined =>
  typeof seconds === 'number' ? new Date(seconds * 1_000) : undefined;

/** Has the SDK's client talk to such a scheduler. */
export function clientOf(local: ReturnType<typeof startLocalScheduler>) {
  const client = mockClient(SchedulerClient);
  const answer = (operation: string) => async (input: unknown) => {
    try {
      const body = await local.call(operation, input);
      return {
        ...body,
        CreationDate: time(body['CreationDate']),
        LastModificationDate: time(body['LastModificationDate']),
      };
    } catch (error) {
      const exception = error instanceof AwsError ? EXCEPTIONS[error.code] : undefined;
      throw exception?.(String(error)) ?? error;
    }
  };
  client.on(CreateScheduleCommand).callsFake(answer('CreateSchedule'));
  client.on(GetScheduleCommand).callsFake(answer('GetSchedule'));
  client.on(UpdateScheduleCommand).callsFake(answer('UpdateSchedule'));
  client.on(DeleteScheduleCommand).callsFake(answer('DeleteSchedule'));
  client.on(ListSchedulesCommand).callsFake(answer('ListSchedules'));
  return client;
}
