import type { Page } from 'playwright-core';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createQuarantineRepository } from '#shared/score-sync/quarantine-repository.ts';
import { ADMIN, apiOf, COACH, runJob, useLocalStack, type Api } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  picture,
  PHONE,
  sidewaysScroll,
  signIn,
  useBrowser,
  type Visit,
} from './visit.ts';

const deadLettersOf = (page: Page) => page.getByRole('region', { name: 'Dead letters, by cause' });

describe('The queues page', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  let admin: Api;

  async function bury(body: unknown): Promise<void> {
    const { deployment, aws } = stack();
    const letters = deployment.queues.find(({ name }) => name.endsWith('-sync-dead-letters'));
    const sqs = new SQSClient({
      region: deployment.region,
      endpoint: aws.addresses.awsUrl,
      credentials: aws.operatorCredentials,
    });
    const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
    await sqs.send(new SendMessageCommand({ QueueUrl: letters?.url ?? '', MessageBody }));
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
    expect(await sidewaysScroll(phone.page)).toBe(0);
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
    expect(await sidewaysScroll(page)).toBe(0);

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
});
