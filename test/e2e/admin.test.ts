import { describe, expect, it } from 'vitest';
import { ADMIN, apiOf, finished, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  giveActingReason,
  PHONE,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  useSignedIn,
} from './visit.ts';

describe('As an admin', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  const visit = useSignedIn(open, stack, ADMIN);

  it('the dashboard shows everybody, and one coach when asked', async () => {
    const { page, complaints } = visit;
    await page.getByText('All coaches').first().waitFor();
    await page.getByRole('region', { name: 'Leaderboard' }).waitFor();
    await picture(page, 'dashboard-admin-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByLabel('Coach').selectOption('coach-02');
    await page.waitForURL(/coachId=coach-02|coach=coach-02/);
    await page.getByRole('region', { name: 'Leaderboard' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('a score sync is started by hand and followed to its end', async () => {
    const { page, complaints } = visit;
    await page.getByRole('link', { name: 'Jobs' }).first().click();
    await page.getByRole('button', { name: 'Run score sync now' }).click();
    const details = page.getByRole('complementary', { name: 'Job details' });
    await details.getByText('Succeeded').first().waitFor();
    await picture(page, 'jobs-admin-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expectNoSidewaysScroll(page);
    expect(complaints).toEqual([]);
  });

  it('a job is canceled after a question, and goes on when it is tried again', async () => {
    const admin = await apiOf(stack(), ADMIN);
    const runAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body } = await admin('POST', '/api/admin/jobs', {
      body: { taskType: 'game_platform_sync', payload: { coachId: 'coach-02' }, runAt },
    });
    const { page, complaints } = visit;
    await page.goto(`${stack().url}/jobs/${body.jobId}`);
    const details = page.getByRole('complementary', { name: 'Job details' });
    await details.getByText('Pending').first().waitFor();
    await details.getByRole('button', { name: 'Cancel the job' }).click();
    const question = page.getByRole('dialog', { name: 'Cancel “Score sync”?' });
    await picture(page, 'job-cancel-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await question.getByRole('button', { name: 'Let it run' }).click();
    await details.getByText('Pending').first().waitFor();
    await details.getByRole('button', { name: 'Cancel the job' }).click();
    await question.getByRole('button', { name: 'Cancel the job' }).click();
    await details.getByText('Canceled').first().waitFor();
    await details.getByRole('button', { name: 'Try again' }).click();
    await details.getByText('Succeeded').first().waitFor();
    await details.getByText('Attempts before').waitFor();
    await details.getByText(/^1 part/).click();
    await details.getByRole('region', { name: 'Part table' }).waitFor();
    await details.getByText('Payload').click();
    await details.getByText('coach-02').waitFor();
    await picture(page, 'job-details-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expectNoSidewaysScroll(page);
    expect(complaints).toEqual([]);
  });

  it('a failed job says why, and why it cannot be tried again', async () => {
    const admin = await apiOf(stack(), ADMIN);
    const { body } = await admin('POST', '/api/admin/jobs', {
      body: { taskType: 'roster_reconcile', payload: { planId: 'plan_none' } },
    });
    await finished(admin, body.jobId);
    const { page } = await open(PHONE);
    await signIn(page, stack(), ADMIN);
    await page.goto(`${stack().url}/jobs/${body.jobId}`);
    const details = page.getByRole('complementary', { name: 'Job details' });
    await details.getByText('Why it failed').waitFor();
    await details.getByRole('button', { name: 'Try again' }).click();
    const question = page.getByRole('dialog', { name: /^Try “Compare rosters/ });
    await question.getByRole('button', { name: 'Try again' }).click();
    await question.getByText('A newer comparison replaced this one').waitFor();
    await picture(page, 'job-retry-refused-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
    await question.getByRole('button', { name: 'Close' }).click();
    await details.getByText(/^1 part/).click();
    await details.getByRole('region', { name: 'Part table' }).waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, 'job-details-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('another job is started with its options, and tells a forecast and a result for each person', async () => {
    const { page, complaints } = visit;
    await page.goto(`${stack().url}/jobs`);
    await page.getByRole('button', { name: 'Start another job' }).click();
    const form = page.getByRole('dialog', { name: 'Start a job' });
    await form.getByLabel('Job').selectOption('external_id_backfill');
    await picture(page, 'job-start-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await form.getByRole('button', { name: 'Start' }).click();
    const details = page.getByRole('complementary', { name: 'Job details' });
    await details.getByText('Succeeded').first().waitFor();
    await details.getByText('Forecast').waitFor();
    await details.getByText('A result for each').click();
    await details.getByRole('region', { name: 'Result table' }).waitFor();
    await picture(page, 'job-backfill-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('acting as a coach is said on screen, hides what admins see, and ends with a press', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: /account of/ }).click();
    await page.getByRole('button', { name: 'Act as a coach' }).click();
    const dialog = page.getByRole('dialog', { name: 'Act as a coach' });
    await dialog.getByRole('button', { name: /^Act as Morgan Reyes/ }).click();
    await giveActingReason(page);
    const strip = page.getByRole('complementary', { name: 'Acting as a coach' });
    await strip.getByText('Morgan Reyes').waitFor();
    expect(await page.getByRole('link', { name: 'Jobs' }).count()).toBe(0);
    await page.getByRole('region', { name: 'Key figures' }).waitFor();
    await picture(page, 'acting-as-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await strip.getByRole('button').click();
    await page.getByRole('link', { name: 'Jobs' }).first().waitFor();
  });

  it('on a phone, acting as a coach is said, and what does not fit the tab bar is behind More', async () => {
    const { page } = await open(PHONE);
    await signIn(page, stack(), ADMIN);
    const tabs = page.getByRole('navigation', { name: 'Main, phone' });
    await tabs.getByRole('button', { name: 'More' }).click();
    await picture(page, 'more-pages-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
    await tabs.getByRole('link', { name: 'Coaches' }).click();
    await page
      .getByRole('region', { name: 'Coach table' })
      .getByRole('button', { name: 'Morgan Reyes' })
      .click();
    await page.getByRole('button', { name: 'Act as this coach' }).click();
    await giveActingReason(page);
    const strip = page.getByRole('complementary', { name: 'Acting as a coach' });
    await strip.getByText('Morgan Reyes').waitFor();
    await page.getByRole('region', { name: 'Key figures' }).waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, 'acting-as-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
    await strip.getByRole('button').click();
    await tabs.getByRole('button', { name: 'More' }).waitFor();
  });

  it('on a phone, the jobs fit the screen', async () => {
    const { page } = await open(PHONE);
    await signIn(page, stack(), ADMIN);
    await page.goto(`${stack().url}/jobs`);
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    await page.getByRole('region', { name: 'Job table' }).waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, 'jobs-admin-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
