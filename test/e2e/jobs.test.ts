import { describe, expect, it } from 'vitest';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { ADMIN, apiOf, finished, PATIENCE_MS, useLocalStack, type Api } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  giveSession,
  PHONE,
  phonePicture,
  picture,
  expectNoSidewaysScroll,
  useBrowser,
  useSession,
} from './visit.ts';

const LATER_MS = 3_600_000;

/** Begun by nobody before the test is over. */
const later = async (admin: Api): Promise<string> => {
  const runAt = new Date(Date.now() + LATER_MS).toISOString();
  const { body } = await admin('POST', '/api/admin/jobs', { body: { taskType: 'profile_refresh', runAt } });
  return body.jobId;
};

describe('The Jobs page', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  const visit = useSession(open, stack, ADMIN);

  /** Rounds of an hour that is over, as the schedules would have left them. */
  async function quietHour(): Promise<void> {
    const jobs = createJobRepository(stack().table);
    const hour = new Date(Math.floor(Date.now() / LATER_MS) * LATER_MS - 2 * LATER_MS);
    for (let round = 0; round < 6; round += 1) {
      const at = new Date(hour.getTime() + round * 300_000);
      const input = {
        taskType: round === 5 ? 'dashboard_rollup' : 'game_platform_sync',
        payload: round === 5 ? {} : { due: true },
        startedBy: round === 5 ? 'schedule:dashboard-rollup' : 'schedule:score-sync',
      };
      await jobs.create({
        ...newJob(`job_quiet-${round.toString()}`, input, at),
        status: round === 4 ? 'failed' : 'succeeded',
        startedAt: at.toISOString(),
        finishedAt: new Date(at.getTime() + 900).toISOString(),
        planned: true,
        counts: { total: 5, synced: round === 2 ? 2 : 0, skipped: round === 2 ? 3 : 5, failed: 0 },
        error: round === 4 ? '1 of 1 parts failed. The platform could not be reached.' : null,
      });
    }
  }

  it('a job says what it will call before it starts, and a dry run whom it would have read', async () => {
    const { page, complaints } = visit;
    await page.goto(`${stack().url}/jobs`);
    await page.getByRole('button', { name: 'Start another job' }).click();
    const form = page.getByRole('dialog', { name: 'Start a job' });
    await form.getByText(/calls to the platform for \d+ competitors, about/).waitFor();
    await form.getByLabel('For').selectOption('coach-01');
    await form.getByLabel(/^Read all solves again/).check();
    await form.getByText(/^\d+ calls to the platform for \d+ competitors/).waitFor();
    await picture(page, 'job-estimate-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await form.getByLabel(/^Dry run/).check();
    await form.getByText(/^No calls to the platform, for \d+ competitors/).waitFor();
    await form.getByRole('button', { name: 'Start' }).click();
    const details = page.getByRole('complementary', { name: 'Job details' });
    await details.getByText('Succeeded').first().waitFor();
    await details.getByText('A result for each').click();
    const rows = details.getByRole('region', { name: 'Result table' });
    await rows
      .getByText(/^Would have been read because someone asked for it, with 2 calls/)
      .first()
      .waitFor();
    await picture(page, 'job-dry-run-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('a job shows how its parts waited and were worked on, in a picture and as a table', async () => {
    const admin = await apiOf(stack(), ADMIN);
    const { body } = await admin('POST', '/api/game-platform/scores/sync', { body: { full: true } });
    await finished(admin, body.jobId);
    const { page } = visit;
    await page.goto(`${stack().url}/jobs/${body.jobId}`);
    const details = page.getByRole('complementary', { name: 'Job details' });
    const chart = details.getByRole('figure', { name: /^It took .* Part \d+ took longest/ });
    await chart.getByText('Planned').waitFor();
    await chart.getByText('Part 1', { exact: true }).waitFor();
    await details.getByText(/same data as a table/).click();
    const table = details.getByRole('region', { name: 'Part table' });
    await table.getByRole('columnheader', { name: 'Waited' }).waitFor();
    await picture(page, 'job-waterfall-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await phonePicture(page, 'job-waterfall-phone');
  });

  it('all jobs of a filter are canceled and retried, as many as were counted, after a question', async () => {
    const admin = await apiOf(stack(), ADMIN);
    for (let made = 0; made < 3; made += 1) await later(admin);
    const { page, complaints } = visit;
    await page.goto(`${stack().url}/jobs`);
    await page.getByRole('region', { name: 'Job table' }).waitFor();
    // Without a filter nothing is offered for all.
    expect(await page.getByRole('group', { name: 'All jobs in this filter' }).count()).toBe(0);
    await page.getByLabel('State').selectOption('pending');
    await page.getByLabel('Type').selectOption('profile_refresh');
    await page.waitForURL(/status=pending&type=profile_refresh/);
    const all = page.getByRole('group', { name: 'All jobs in this filter' });
    const cancel = all.getByRole('button', { name: 'Cancel 3 jobs' });
    await cancel.focus();
    await page.keyboard.press('Enter');
    const question = page.getByRole('dialog', { name: 'Cancel 3 jobs?' });
    await question.getByText('3 pending. Filter: pending, Refresh platform accounts.').waitFor();
    await picture(page, 'jobs-bulk-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);

    // One more comes while the question stands: what was agreed to is not what would be done.
    await later(admin);
    await question.getByRole('button', { name: 'Cancel 3 jobs' }).click();
    await question.getByText(/^4 jobs match now, not 3\. Nothing was done\./).waitFor();
    await picture(page, 'jobs-bulk-changed-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await all.getByRole('button', { name: 'Cancel 4 jobs' }).click();
    const again = page.getByRole('dialog', { name: 'Cancel 4 jobs?' });
    await again.getByRole('button', { name: 'Cancel 4 jobs' }).click();
    await page.getByText('4 jobs canceled', { exact: true }).waitFor();

    await page.getByLabel('State').selectOption('cancelled');
    await all.getByRole('button', { name: 'Retry 4 jobs' }).click();
    const retry = page.getByRole('dialog', { name: 'Retry 4 jobs?' });
    await retry.getByText('4 canceled. Filter: canceled, Refresh platform accounts.').waitFor();
    await retry.getByRole('button', { name: 'Retry 4 jobs' }).click();
    await page.getByText('4 jobs retried', { exact: true }).waitFor();
    await page.getByLabel('State').selectOption('succeeded');
    await page.getByRole('button', { name: 'Refresh platform accounts' }).nth(3).waitFor();
    // The conflict that the page told is the only thing that the browser noted.
    expect(complaints.filter((line) => !line.includes('409'))).toEqual([]);
  });

  it('filters have names and live in the address', async () => {
    const { page } = visit;
    await page.goto(`${stack().url}/jobs`);
    await page.getByRole('button', { name: 'Failed score syncs' }).click();
    await page.waitForURL(/status=failed&type=game_platform_sync/);
    // The address changes a moment before the page is drawn from it.
    await expect.poll(() => page.getByLabel('State').inputValue(), { timeout: PATIENCE_MS }).toBe('failed');
    await page.getByRole('button', { name: 'Started by people' }).click();
    await page.waitForURL(/\?by=people$/);
    await page.goBack();
    await page.waitForURL(/status=failed/);
    await page.getByRole('group', { name: 'Filters by name' }).getByRole('button', { name: 'All' }).click();
    await page.waitForURL(/\/jobs$/);
  });

  it('quiet runs are one line an hour that opens, and what failed keeps its own', async () => {
    await quietHour();
    const { page, complaints } = visit;
    await page.goto(`${stack().url}/jobs`);
    const table = page.getByRole('region', { name: 'Job table' });
    // The demo has rounds in that hour, too.
    const fold = page.getByRole('button', { name: /^\d+ score rounds and 1 other run$/ });
    await fold.waitFor();
    await table
      .getByRole('row')
      .filter({ has: fold })
      .getByText(/^\d+ competitors with new solves in \d+ rounds?$/)
      .waitFor();
    const rounds = Number.parseInt(await fold.innerText(), 10);
    expect(rounds).toBeGreaterThanOrEqual(4);
    await table.getByText(/The platform could not be reached/).waitFor();
    expect(await fold.getAttribute('aria-expanded')).toBe('false');
    const before = await table.getByRole('button', { name: 'Score sync', exact: true }).count();
    await fold.focus();
    await page.keyboard.press('Enter');
    expect(await fold.getAttribute('aria-expanded')).toBe('true');
    expect(await table.getByRole('button', { name: 'Score sync', exact: true }).count()).toBe(
      before + rounds,
    );
    await picture(page, 'jobs-folds-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Every run' }).click();
    await page.waitForURL(/rounds=each/);
    await fold.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Fold quiet runs' }).click();
    await fold.waitFor();
    await phonePicture(page, 'jobs-folds-phone');
    expect(complaints).toEqual([]);
  });

  it('in the light theme, on a phone too, everything is readable', async () => {
    const { page } = await open(PHONE, 'light');
    await giveSession(page, stack(), ADMIN);
    await page.goto(`${stack().url}/jobs?by=schedules`);
    await page.getByRole('region', { name: 'Job table' }).waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, 'jobs-phone-light');
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
