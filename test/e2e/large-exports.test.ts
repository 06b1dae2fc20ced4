import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { apiOf, COACH, useLocalStack } from '#test/support/stack.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { tightAnswers } from '#test/support/tight-answers.ts';
import {
  accessibilityProblems,
  PHONE,
  picture,
  expectNoSidewaysScroll,
  useBrowser,
  useSignedIn,
} from './visit.ts';

describe('A large file, as a coach', () => {
  const stack = useLocalStack({ editTemplate: tightAnswers(100) });
  const open = useBrowser();
  const visit = useSignedIn(open, stack, COACH);

  it('is prepared while one goes on, downloads by itself, and once more on demand', async () => {
    const { page, complaints } = visit;
    const files = page.getByRole('region', { name: 'Large files' });
    // Held back, so that the page is seen while it waits.
    const { promise: held, resolve: answer } = Promise.withResolvers<undefined>();
    await page.route('**/api/jobs/*/download', async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      await held;
      // A page that was left hears nothing.
      await route.fulfill({ response, json: body }).catch(() => undefined);
    });
    await page.route(
      '**/api/jobs/*/download',
      (route) => route.fulfill({ json: { state: 'preparing', rows: 12_000, url: null, message: null } }),
      { times: 1 },
    );
    await page.getByRole('button', { name: 'Download CSV of all solves' }).click();
    await files.getByText('Preparing the file of all solves…').waitFor();
    await files.getByText(/^12,000 rows so far\. It is large\. The download starts by itself/).waitFor();
    const button = page.getByRole('button', { name: 'Preparing the file of all solves' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.innerText()).toBe('Preparing the file…');
    await picture(page, 'large-file-preparing-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);

    // On another page, and after a reload, it is still there.
    await page.getByRole('link', { name: 'Competitors' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Competitors' }).waitFor();
    await page.reload();
    await files.getByText('Preparing the file of all solves…').waitFor();
    const saved = page.waitForEvent('download');
    answer(undefined);
    const download = await saved;
    expect(download.suggestedFilename()).toBe('solves.csv');
    const csv = await readFile(await download.path(), 'utf8');
    expect(csv.split('\r\n')[1]).toMatch(/^Solved \(Pacific Time\),Competitor,Team/);

    await files.getByText('The file of all solves is downloaded').waitFor();
    await picture(page, 'large-file-saved-desktop');
    const again = page.waitForEvent('download');
    await files.getByRole('button', { name: 'Download again' }).click();
    expect((await again).suggestedFilename()).toBe('solves.csv');
    await files.getByRole('button', { name: 'Close the message about all solves' }).click();
    await files.waitFor({ state: 'hidden' });
    expect(page.url()).toContain('/competitors');
    expect(complaints).toEqual([]);
  });

  it('that was stopped, or is gone, says what to do, and can be asked for again; on a phone, too', async () => {
    const { page, complaints } = visit;
    const files = page.getByRole('region', { name: 'Large files' });
    const jobs = createJobRepository(stack().table);
    const coach = await apiOf(stack(), COACH);
    const { body } = await coach('GET', '/api/game-platform/exports/roster.csv');
    const asked = await jobs.byId(body.jobId);
    if (asked === undefined) throw new Error('The job is not there.');
    // As an admin left one, and as another was two days ago.
    const ended = { ...asked, planned: true, startedAt: asked.createdAt };
    await jobs.create({ ...ended, id: 'job_stopped-1', status: 'cancelled', finishedAt: asked.createdAt });
    const twoDaysAgo = new Date(Date.now() - 48 * 3_600_000).toISOString();
    await jobs.create({ ...ended, id: 'job_old-1', status: 'succeeded', finishedAt: twoDaysAgo });

    await page.setViewportSize(PHONE);
    await page.goto(`${stack().url}/competitors`);
    const exportCsv = page.getByRole('button', { name: 'Export CSV' });
    for (const [jobId, title, sentence] of [
      [
        'job_stopped-1',
        'No file of the roster',
        'An admin stopped the preparation of this file. Ask for it again.',
      ],
      [
        'job_old-1',
        'The file of the roster is gone',
        'Files are kept for 24 hours, and this one is gone. Ask for it again.',
      ],
    ] as const) {
      await page.route('**/exports/roster.csv*', (route) => route.fulfill({ status: 202, json: { jobId } }), {
        times: 1,
      });
      await exportCsv.click();
      const told = files.getByRole('alert').filter({ hasText: title });
      await told.getByText(sentence).waitFor();
      await expectNoSidewaysScroll(page);
      expect(await accessibilityProblems(page)).toEqual([]);
      await picture(page, `large-file-${jobId}-phone`);
    }
    const saved = page.waitForEvent('download');
    await exportCsv.click();
    expect((await saved).suggestedFilename()).toBe('roster.csv');
    await files.getByText('The file of the roster is downloaded').waitFor();
    await picture(page, 'large-file-saved-phone');
    expect(complaints).toEqual([]);
  });
});
