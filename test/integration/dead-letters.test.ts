import { beforeAll, describe, expect, it } from 'vitest';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { JobView } from '#shared/jobs/contract.ts';
import type { DeadLetters, DeadLetterGroup, QueueList } from '#shared/dead-letters/contract.ts';
import { ADMIN, apiOf, finished, runJob, until, useLocalStack, type Api } from '#test/support/stack.ts';

const groupOf = (letters: DeadLetters, kind: DeadLetterGroup['kind']): DeadLetterGroup => {
  const found = letters.items.find((group) => group.kind === kind);
  if (found === undefined) throw new Error(`There is no group of ${kind}.`);
  return found;
};

/** Dead letters on the synthesized app: looked at, redriven from what the table says, discarded. */
describe('Queues', () => {
  const stack = useLocalStack();
  let admin: Api;
  beforeAll(async () => {
    admin = await apiOf(stack(), ADMIN);
  });

  const simulator = () => {
    const { simulator: running } = stack().gamePlatform;
    if (running === undefined) throw new Error('These tests need the simulator.');
    return running;
  };
  /** As SQS does with a message whose receives are used up. */
  async function bury(body: unknown): Promise<void> {
    const { region, queues } = stack().deployment;
    const letters = queues.find(({ name }) => name.endsWith('-sync-dead-letters'));
    const sqs = new SQSClient({
      region,
      endpoint: stack().aws.addresses.awsUrl,
      credentials: stack().aws.operatorCredentials,
    });
    const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
    await sqs.send(new SendMessageCommand({ QueueUrl: letters?.url ?? '', MessageBody }));
  }
  async function peek(): Promise<DeadLetters> {
    const { status, body } = await admin('GET', '/api/admin/queues/sync/dead-letters');
    expect(status).toBe(200);
    return body;
  }
  const deadInSync = async (): Promise<number | undefined> => {
    const { items }: QueueList = (await admin('GET', '/api/admin/queues')).body;
    return items.find(({ name }) => name === 'sync')?.deadLetters;
  };
  const act = (verb: 'redrive' | 'discard', body: unknown) =>
    admin('POST', `/api/admin/queues/sync/${verb}`, { body });
  async function redrive(body: unknown): Promise<JobView> {
    const started = await act('redrive', body);
    expect(started.status).toBe(202);
    return finished(admin, started.body.jobId);
  }
  it('tries one dead job, then the group with the same cause, and discards what it does not know', async () => {
    const fault = simulator().faults.add({
      kind: 'shortAssignments',
      endpoint: 'GET /users/get_team_assignments',
    });
    const failed: JobView[] = [];
    for (let run = 0; run < 2; run += 1) {
      failed.push(await runJob(admin, 'roster_reconcile', { dryRun: true }));
    }
    expect(failed.map(({ status }) => status)).toEqual(['failed', 'failed']);
    for (const { id } of failed) await bury({ kind: 'job_part', jobId: id, part: 0 });
    stack().planted.add('mira@example.org');
    await bury('not a message of ours: mira@example.org');
    simulator().faults.remove(fault);

    const before = await peek();
    expect(await deadInSync()).toBe(3);
    const group = groupOf(before, 'job_part');
    expect(group).toMatchObject({ taskType: 'roster_reconcile', count: 2, states: { needed: 2 } });
    expect(group.title).not.toBe('');
    expect(new Set(group.jobIds)).toEqual(new Set(failed.map(({ id }) => id)));
    expect(groupOf(before, 'unknown').count).toBe(1);
    expect(JSON.stringify(before)).not.toContain('mira');
    // A look takes nothing away.
    expect((await peek()).looked).toBe(3);

    expect((await act('redrive', {})).status).toBe(422);
    expect((await act('redrive', { trial: true })).status).toBe(422);

    const trial = await redrive({ cause: group.cause, trial: true });
    expect(trial.result).toEqual({ total: 1, redriven: 1 });
    const left = await peek();
    expect(left.looked).toBe(2);
    const tried = failed.find(({ id }) => !groupOf(left, 'job_part').jobIds.includes(id));
    const ended = await until(
      async (): Promise<JobView> => (await admin('GET', `/api/jobs/${tried?.id ?? ''}`)).body,
      ({ status }) => status === 'succeeded',
      'the end of the job that was tried again',
    );
    expect(ended.attempts).toBe(2);

    // The other one is opened again, or closed since the one that was tried is the later one and did the same.
    const rest = await redrive({ cause: groupOf(await peek(), 'job_part').cause, maxPerSecond: 10 });
    expect(rest.result).toMatchObject({ total: 1 });
    const unknown = groupOf(await peek(), 'unknown');
    expect((await peek()).looked).toBe(1);

    expect((await act('discard', { cause: unknown.cause })).status).toBe(422);
    const discarded = await act('discard', { cause: unknown.cause, reason: 'Sent by hand in a test' });
    expect(discarded).toMatchObject({ status: 200, body: { discarded: 1, complete: true } });
    expect((await peek()).looked).toBe(0);
    expect(await deadInSync()).toBe(0);
    expect(stack().aws.refusals()).toEqual([]);
  });

  it('tells of each queue what waits and since when, and lists the quarantine', async () => {
    const { status, body } = await admin('GET', '/api/admin/queues');
    expect(status).toBe(200);
    expect(body.items.map(({ name }: QueueList['items'][number]) => name)).toEqual([
      'roster',
      'sync',
      'work',
    ]);
    for (const queue of body.items) {
      expect(queue).toMatchObject({ depth: expect.any(Number), inFlight: expect.any(Number) });
    }
    expect((await admin('GET', '/api/admin/queues/other/dead-letters')).status).toBe(404);
    expect(await admin('GET', '/api/admin/quarantine')).toMatchObject({ status: 200, body: { items: [] } });
  });
});
