import type { Page } from 'playwright-core';
import {
  GetQueueAttributesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '#shared/jobs/contract.ts';
import { createQuarantineRepository } from '#shared/score-sync/quarantine-repository.ts';
import { keys } from '#shared/table/keys.ts';
import {
  ADMIN,
  apiOf,
  COACH,
  finished,
  runJob,
  until,
  useLocalStack,
  type Api,
} from '#test/support/stack.ts';
import {
  accessibilityProblems,
  picture,
  PHONE,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  type Visit,
} from './visit.ts';

const deadLettersOf = (page: Page) => page.getByRole('region', { name: 'Dead letters, by cause' });

describe('The queues page', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  let admin: Api;

  /** Calls of an operator about a queue, by the end of its name. */
  function queueOf(end: string): readonly [sqs: SQSClient, url: string] {
    const { deployment, aws } = stack();
    const sqs = new SQSClient({
      region: deployment.region,
      endpoint: aws.addresses.awsUrl,
      credentials: aws.operatorCredentials,
    });
    return [sqs, deployment.queues.find(({ name }) => name.endsWith(end))?.url ?? ''];
  }
  /** Puts another value than a number where the score sync reads one; answers what mends it. */
  async function poison(competitorId: string): Promise<() => Promise<void>> {
    const { table } = stack();
    const put = (value: unknown) =>
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.syncState(competitorId),
          UpdateExpression: 'SET cursorUnix = :value',
          ExpressionAttributeValues: { ':value': value },
          ReturnValues: 'UPDATED_OLD',
        }),
      );
    const { Attributes: before } = await put('odd');
    return async () => {
      await put(before?.['cursorUnix']);
    };
  }
  async function bury(body: unknown): Promise<void> {
    const [sqs, url] = queueOf('-sync-dead-letters');
    const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
  }
  const asAdmin = async (size?: { width: number; height: number }): Promise<Visit> => {
    const visit = await open(size);
    await signIn(visit.page, stack(), ADMIN);
    return visit;
  };
  const openQueues = async (page: Page) => {
    await page.goto(`${stack().url}/queues`);
    await page.getByRole('heading', { level: 1, name: 'Queues' }).waitFor();
  };

  beforeAll(async () => {
    admin = await apiOf(stack(), ADMIN);
  });

  it('is for admins, and says so when nothing is dead and every record could be read', async () => {
    const coach = await open();
    await signIn(coach.page, stack(), COACH);
    expect(await coach.page.getByRole('link', { name: 'Queues' }).count()).toBe(0);
    await openQueues(coach.page);
    await coach.page.getByText('Only admins see the queues').waitFor();

    const { page, complaints } = await asAdmin();
    await page.getByRole('link', { name: 'Queues' }).first().click();
    await page.getByText('Nothing is dead').first().waitFor();
    await page.getByText('Every record could be read').waitFor();
    await picture(page, 'queues-empty-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.route('**/api/admin/queues', (route) => route.fulfill({ status: 503, json: {} }));
    await page.reload();
    await page.getByText('The queues could not be loaded').waitFor();
    await page.unroute('**/api/admin/queues');
    expect(complaints.filter((complaint) => !complaint.includes('503'))).toEqual([]);
  });

  it('tries one dead letter, then its group, and discards the rest with a reason', async () => {
    const { simulator } = stack().gamePlatform;
    const fault = simulator?.faults.add({
      kind: 'shortAssignments',
      endpoint: 'GET /users/get_team_assignments',
    });
    for (let run = 0; run < 2; run += 1) {
      const { id } = await runJob(admin, 'roster_reconcile', { dryRun: true });
      await bury({ kind: 'job_part', jobId: id, part: 0 });
    }
    await bury('what is this');
    if (fault !== undefined) simulator?.faults.remove(fault);
    await createQuarantineRepository(stack().table).put(
      { competitorId: 'cmp_odd', coachId: 'coa_odd' },
      {
        source: 'odl',
        eventId: 'ODL',
        solveId: 7,
        unparsed: {
          index: 0,
          issues: [{ path: 'challenge_points', message: 'Too small: expected number to be >=0' }],
          redacted: { challenge_solve_id: 7, challenge_title: '[text, 12]', challenge_points: -50 },
        },
      },
      new Date(),
    );

    const phone = await asAdmin(PHONE);
    await openQueues(phone.page);
    const folded = deadLettersOf(phone.page);
    await folded.locator('summary').first().click();
    await folded.getByRole('button', { name: 'Try one' }).waitFor();
    await expectNoSidewaysScroll(phone.page);
    await picture(phone.page, 'queues-phone');
    expect(await accessibilityProblems(phone.page)).toEqual([]);

    const { page, complaints } = await asAdmin();
    await openQueues(page);
    const letters = deadLettersOf(page);
    await letters.getByText('3 messages, 2 causes').waitFor();
    await letters.locator('summary').first().click();
    await letters.getByText('Still needed').first().waitFor();
    await page.getByText('The record, without its texts').click();
    await picture(page, 'queues-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expectNoSidewaysScroll(page);

    await letters.getByRole('button', { name: 'Try one' }).click();
    await page.getByText('The redrive is over').waitFor();
    await page.getByText('1 was redriven.').waitFor();
    await letters.getByText('2 messages, 2 causes').waitFor();
    await picture(page, 'queues-tried-desktop');
    // A reload finds the result again.
    await page.reload();
    await page.getByText('1 was redriven.').waitFor();

    const group = letters.locator('details').filter({ hasText: 'parts of jobs' });
    await group.locator('summary').click();
    await group.getByLabel('Messages a second').fill('a lot');
    await group.getByRole('button', { name: 'Redrive 1' }).click();
    await group.getByText('From 0.1 to 20 a second.').waitFor();
    await group.getByLabel('Messages a second').fill('5');
    await group.getByRole('button', { name: 'Redrive 1' }).click();
    await letters.getByText('1 message, 1 cause').waitFor();

    const unknown = letters.locator('details').filter({ hasText: 'Not a message we know.' });
    await unknown.locator('summary').click();
    await unknown.getByRole('button', { name: 'Discard 1' }).click();
    await unknown.getByText('Say why, for the audit log.').waitFor();
    await unknown.getByLabel('Discard instead, with a reason').fill('Sent by hand');
    await unknown.getByRole('button', { name: 'Discard 1' }).click();
    await page.getByText('1 dead letter discarded', { exact: true }).waitFor();
    await letters.getByText('Nothing is dead').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('a message that fails at every attempt is dead, explained, tried once mended, and redriven to a good end', async () => {
    const { body } = await admin('GET', '/api/competitors?status=complete&limit=200');
    const people: string[] = body.items
      .filter(
        (one: { active: boolean; gamePlatform: { accountStatus: string } }) =>
          one.active && one.gamePlatform.accountStatus === 'approved',
      )
      .map(({ id }: { id: string }) => id)
      .slice(0, 4);
    // Five attempts, six minutes apart, elsewhere. Fewer here, and still further apart than an attempt takes on a busy
    // machine: two would overlap, and the one that finds the part over takes the message away.
    const [sqs, QueueUrl] = queueOf('-sync');
    const { Attributes: { RedrivePolicy = '' } = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }),
    );
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl,
        Attributes: {
          VisibilityTimeout: '60',
          RedrivePolicy: JSON.stringify({ ...JSON.parse(RedrivePolicy), maxReceiveCount: 3 }),
        },
      }),
    );
    const mends = await Promise.all(people.map(poison));
    const jobs: string[] = [];
    for (const id of people) {
      const started = await admin('POST', '/api/admin/jobs', {
        body: { taskType: 'game_platform_sync', payload: { competitorIds: [id] } },
      });
      jobs.push(started.body.jobId);
    }
    const ends = await stack().dispatching(Promise.all(jobs.map((id) => finished(admin, id))));
    expect(ends.map(({ status }) => status)).toEqual(people.map(() => 'failed'));
    const dead = async (): Promise<number> => {
      const { items } = (await admin('GET', '/api/admin/queues')).body;
      return items.find(({ name }: { name: string }) => name === 'sync').deadLetters;
    };
    await until(dead, (count) => count === people.length, 'the dead letters');

    const { page, complaints } = await asAdmin();
    await openQueues(page);
    const letters = deadLettersOf(page);
    await letters.getByText('4 messages, 1 cause').waitFor();
    const group = letters.locator('details').filter({ hasText: 'An error of our own (RowShapeError)' });
    await group.locator('summary').focus();
    await page.keyboard.press('Enter');
    await group.getByText('4 of 4 still have work to do').waitFor();
    await picture(page, 'queues-poisoned-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);

    for (const mend of mends) await mend();
    await group.getByRole('button', { name: 'Try one' }).focus();
    await page.keyboard.press('Enter');
    await group.getByText('Its job ended well. Redrive the group now.').waitFor();
    await letters.getByText('3 messages, 1 cause').waitFor();
    await picture(page, 'queues-trial-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);

    // Slowly, and stopped after the first.
    await group.getByLabel('Messages a second').fill('0.1');
    await group.getByRole('button', { name: 'Redrive 3' }).click();
    await page.getByRole('progressbar', { name: 'Messages dealt with' }).waitFor();
    await picture(page, 'queues-redriving-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('The redrive was stopped').waitFor();
    await letters.getByText('2 messages, 1 cause').waitFor();
    // The list had none of them for a moment.
    if (!(await group.getByLabel('Messages a second').isVisible())) await group.locator('summary').click();

    await group.getByLabel('Messages a second').fill('10');
    await group.getByRole('button', { name: 'Redrive 2' }).click();
    await page.getByText('2 were redriven.').waitFor();
    await letters.getByText('Nothing is dead').waitFor();
    for (const id of jobs) {
      const job = await until(
        async (): Promise<JobView> => (await admin('GET', `/api/jobs/${id}`)).body,
        ({ status }) => status === 'succeeded',
        'the good end of a job that had failed',
      );
      expect(job).toMatchObject({ attempts: 2, result: { total: 1, failed: 0 } });
    }
    expect(await dead()).toBe(0);
    expect(stack().aws.refusals()).toEqual([]);
    // How old the scores are cannot be told while a row is odd.
    expect(complaints.filter((line) => !line.includes('500'))).toEqual([]);
  });

  it('shows the depth of the queues over the last day, in a picture and as a table, in both themes', async () => {
    const { page, complaints } = await asAdmin();
    await openQueues(page);
    const day = page.getByRole('region', { name: 'The last day', exact: true });
    await day.getByRole('img', { name: /^sync: / }).waitFor();
    await day.getByText('Hatched: not measured.').waitFor();
    await day.getByText('Same data as a table').click();
    const table = day.getByRole('region', { name: 'Depth of the queues over the last day' });
    await table.getByRole('columnheader', { name: 'sync waiting' }).waitFor();
    expect(await table.getByRole('row').count()).toBe(97);
    await picture(page, 'queues-day-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);

    const phone = await open(PHONE, 'light');
    await signIn(phone.page, stack(), ADMIN);
    await openQueues(phone.page);
    await phone.page.getByRole('img', { name: /^sync: / }).waitFor();
    await expectNoSidewaysScroll(phone.page);
    await picture(phone.page, 'queues-day-phone-light');
    expect(await accessibilityProblems(phone.page)).toEqual([]);
  });
});
