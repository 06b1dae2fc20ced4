import { expect, it } from 'vitest';
import * as z from 'zod';
import { CONCURRENCY_KEPT_FREE } from '#infra/stages.ts';
import { QUEUES } from '#shared/jobs/task-definition.ts';
import { allowedResources, principalsOf } from '../support/policies.ts';
import type { Resource, SynthesizedStage } from '../support/synthesized-stage.ts';

const DAY = 24 * 60 * 60;

const queueSchema = z.object({
  QueueName: z.string(),
  MessageRetentionPeriod: z.number(),
  VisibilityTimeout: z.number().optional(),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() }).optional(),
  RedriveAllowPolicy: z
    .object({ redrivePermission: z.string(), sourceQueueArns: z.array(z.string()).optional() })
    .optional(),
});
const eventSourceSchema = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number(),
  FunctionResponseTypes: z.array(z.string()),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }),
  Enabled: z.boolean().optional(),
});

/** Functions that may send to the queue they process. Lambda would stop them after some sixteen hops. */
const RECURSION_ALLOWLIST: readonly string[] = [];

export function queues(stage: SynthesizedStage): void {
  const nameOf = (queue: string) => `coach-dashboard-${stage.name}-${queue}`;
  const all = () =>
    stage
      .ofType('AWS::SQS::Queue')
      .map((resource) => Object.assign(queueSchema.parse(resource.properties), { resource }));
  const queue = (name: string) => {
    const found = all().find(({ QueueName }) => QueueName === nameOf(name));
    if (found === undefined) throw new Error(`There is no queue ${name}.`);
    return found;
  };
  const eventSources = () =>
    stage
      .ofType('AWS::Lambda::EventSourceMapping')
      .map(({ properties }) => eventSourceSchema.parse(properties));
  const timeoutOf = (functionName: string): number => {
    const found = stage
      .ofType('AWS::Lambda::Function')
      .find(({ properties }) => properties['FunctionName'] === functionName);
    return z.number().parse(found?.properties['Timeout']);
  };

  it('has three queues, each with its dead-letter queue, and one more for the scheduler', () => {
    expect(
      all()
        .map(({ QueueName }) => QueueName)
        .toSorted(),
    ).toEqual(
      [...QUEUES.flatMap((name) => [name, `${name}-dead-letters`]), 'scheduler-dead-letters']
        .map(nameOf)
        .toSorted(),
    );
    // The scheduler takes no FIFO queue for what it could not send.
    for (const { resource } of all()) expect(resource.properties).not.toHaveProperty('FifoQueue');
  });

  it.each(QUEUES)('moves what fails 3 to 5 times from %s to where it stays longer', (name) => {
    const source = queue(name);
    const deadLetters = queue(`${name}-dead-letters`);
    expect(source.RedrivePolicy?.deadLetterTargetArn).toBe(deadLetters.resource.arn);
    expect(source.RedrivePolicy?.maxReceiveCount).toBeGreaterThanOrEqual(3);
    expect(source.RedrivePolicy?.maxReceiveCount).toBeLessThanOrEqual(5);
    expect(source.MessageRetentionPeriod).toBeLessThanOrEqual(4 * DAY);
    expect(deadLetters.MessageRetentionPeriod).toBe(14 * DAY);
    expect(deadLetters.RedriveAllowPolicy).toEqual({
      redrivePermission: 'byQueue',
      sourceQueueArns: [source.resource.arn],
    });
  });

  it.each(QUEUES)('has %s processed by its worker, each record failing alone', (name) => {
    const source = queue(name);
    const feeding = eventSources().filter(({ EventSourceArn }) => EventSourceArn === source.resource.arn);
    expect(feeding).toEqual([
      expect.objectContaining({
        FunctionName: nameOf(`${name}-worker`),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: stage.settings.queueConcurrency[name] },
      }),
    ]);
    expect(feeding[0]?.Enabled).not.toBe(false);
    expect(stage.settings.queueConcurrency[name]).toBeGreaterThanOrEqual(2);
    expect(source.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeoutOf(nameOf(`${name}-worker`)));
  });

  it('hides a crashed roster change for less than a minute', () => {
    expect(timeoutOf(nameOf('roster-worker'))).toBeLessThanOrEqual(8);
    expect(queue('roster').VisibilityTimeout).toBeLessThan(60);
  });

  it("leaves room for the API within the account's concurrency", () => {
    const taken = eventSources().reduce(
      (sum, { ScalingConfig }) => sum + ScalingConfig.MaximumConcurrency,
      0,
    );
    expect(taken).toBeLessThanOrEqual(stage.settings.accountConcurrency - CONCURRENCY_KEPT_FREE);
    for (const { properties } of stage.ofType('AWS::Lambda::Function')) {
      expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  it('lets no function send to the queue it processes', () => {
    const sendsToItself = principalsOf(stage).filter((principal) => {
      const own = eventSources().filter(({ FunctionName }) => FunctionName === principal.functionName);
      const targets = allowedResources(principal, 'sqs:SendMessage');
      return own.some(({ EventSourceArn }) => targets.includes(EventSourceArn));
    });
    expect(sendsToItself.map(({ functionName }) => functionName)).toEqual(RECURSION_ALLOWLIST);
  });

  it('lets each function send to the queues of its part only, and tells it where they are', () => {
    const expected: Readonly<Record<string, readonly string[]>> = {
      'competitors-api': ['work'],
      'dashboard-api': ['work'],
      'onboarding-api': ['roster', 'work'],
      'teams-api': ['roster', 'work'],
      'jobs-api': ['work'],
      'dead-letters-api': ['work'],
      'schedules-api': ['work'],
      'sync-worker': ['roster'],
      'work-worker': ['roster', 'sync'],
    };
    /**
     * Told where a queue is without sending to it: its own, to say when a message is to come back, or others, to
     * tell how much lies in them.
     */
    const own: Readonly<Record<string, readonly string[]>> = {
      'roster-worker': ['roster'],
      'sync-worker': ['sync'],
      'work-worker': ['work'],
      'dead-letters-api': ['roster', 'sync'],
    };
    for (const principal of principalsOf(stage)) {
      const { functionName } = principal;
      if (functionName === undefined) continue;
      const known = own[functionName.replace(nameOf(''), '')] ?? [];
      const targets = expected[functionName.replace(nameOf(''), '')] ?? [];
      expect(allowedResources(principal, 'sqs:SendMessage').toSorted(), functionName).toEqual(
        targets.map((name) => queue(name).resource.arn).toSorted(),
      );
      expect(queueUrlsOf(stage, functionName), functionName).toEqual(
        Object.fromEntries(
          [...targets, ...known].map((name) => [
            `${name.toUpperCase()}_QUEUE_URL`,
            urlOf(queue(name).resource),
          ]),
        ),
      );
    }
  });

  it('opens dead letters to those alone who look into them and redrive them', () => {
    const letters = [...QUEUES, 'scheduler'].map((name) => queue(`${name}-dead-letters`).resource.arn);
    for (const action of ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility']) {
      for (const arn of letters) {
        const able = principalsOf(stage).filter((one) =>
          allowedResources(one, `sqs:${action}`).includes(arn),
        );
        expect(
          able.map(({ functionName }) => functionName),
          `${action} ${arn}`,
        ).toHaveLength(2);
        expect(
          able.map(({ functionName }) => functionName),
          `${action} ${arn}`,
        ).toEqual(expect.arrayContaining(['dead-letters-api', 'work-worker'].map(nameOf)));
      }
    }
  });

  const urlOf = ({ properties }: Resource) =>
    `https://sqs.us-east-1.amazonaws.com/${stage.settings.account}/${String(properties['QueueName'])}`;
}

function queueUrlsOf(stage: SynthesizedStage, functionName: string): Readonly<Record<string, string>> {
  const found = stage
    .ofType('AWS::Lambda::Function')
    .find(({ id, properties }) => (properties['FunctionName'] ?? id) === functionName);
  const environment = z
    .object({ Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional() })
    .parse(found?.properties).Environment?.Variables;
  return Object.fromEntries(
    Object.entries(environment ?? {}).filter(([name]) => name.endsWith('_QUEUE_URL')),
  );
}
