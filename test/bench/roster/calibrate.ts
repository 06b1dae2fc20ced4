import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { LocalStack } from '#infra/local/local-stack.ts';
import type { Api } from '#test/support/stack.ts';
import { watchMachine, type MachineLoad } from '../load-on-machine.ts';

/** What this machine can do at most, so that the figures of a run can be told from the machine's limits. */
export interface Calibration {
  readonly what: string;
  readonly perSecond: number;
  /** Processor time of one, in milliseconds. */
  readonly cpuMs: number;
  readonly load: MachineLoad;
}

const AT_ONCE = 16;
const SECONDS = 4;
const HINTS = 400;
const BATCH = 10;

const told = (what: string, count: number, start: number, load: MachineLoad): Calibration => ({
  what,
  perSecond: count / ((performance.now() - start) / 1_000),
  cpuMs: (load.cpuSeconds * 1_000) / count,
  load,
});

async function asFastAsItGoes(what: string, once: (index: number) => Promise<unknown>): Promise<Calibration> {
  // The first ones start the function's instances.
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => once(index)));
  const load = watchMachine();
  const start = performance.now();
  const until = start + SECONDS * 1_000;
  let count = 0;
  const next = async () => {
    while (performance.now() < until) {
      count += 1;
      await once(count);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return told(what, count, start, load());
}

/** Hints about people who are where they are wanted: what the queue and the workers take without the platform. */
async function emptyHints(stack: LocalStack, competitorIds: readonly string[]): Promise<Calibration> {
  const queue = stack.deployment.queues.find(({ url }) => url.endsWith('-roster'));
  if (queue === undefined) throw new Error('There is no roster queue.');
  const client = new SQSClient({
    region: stack.deployment.region,
    endpoint: stack.aws.addresses.awsUrl,
    credentials: stack.aws.operatorCredentials,
  });
  const load = watchMachine();
  const start = performance.now();
  for (let from = 0; from < HINTS; from += BATCH) {
    await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queue.url,
        Entries: Array.from({ length: BATCH }, (_, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify({
            kind: 'roster',
            competitorId: competitorIds[(from + index) % competitorIds.length],
          }),
        })),
      }),
    );
  }
  const left = () => {
    const depth = stack.aws.queues().find(({ arn }) => arn === queue.arn);
    return depth === undefined ? 0 : depth.visible + depth.inFlight + depth.delayed;
  };
  while (left() > 0) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  client.destroy();
  return told('hints with nothing to do, through queue and worker', HINTS, start, load());
}

/** A competitor on a team, and that team, for writes that change nothing. */
export async function calibrate(
  stack: LocalStack,
  api: Api,
  settled: readonly { readonly id: string; readonly teamId: string }[],
): Promise<Calibration[]> {
  const person = (index: number) => settled[index % settled.length] ?? { id: '', teamId: '' };
  return [
    await asFastAsItGoes('GET /api/me', () => api('GET', '/api/me')),
    await asFastAsItGoes('PUT member that is one already', (index) => {
      const { id, teamId } = person(index);
      return api('PUT', `/api/teams/${teamId}/members/${id}`);
    }),
    await emptyHints(
      stack,
      settled.map(({ id }) => id),
    ),
  ];
}
