import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ADMIN, apiOf, COACH, OTHER_COACH, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  giveSession,
  PHONE,
  picture,
  expectNoSidewaysScroll,
  useBrowser,
  useSession,
} from './visit.ts';

const tableOf = (page: Page) => page.getByRole('region', { name: 'Competitor table' });
const detailsOf = (page: Page) => page.getByRole('complementary', { name: 'Competitor details' });
const resultOf = (page: Page) => page.getByRole('region', { name: 'Adding to the Game Platform' });

describe('Many competitors at once', () => {
  const stack = useLocalStack();
  const open = useBrowser();

  describe('as their coach', () => {
    const visit = useSession(open, stack, COACH);

    it('those chosen are sorted out by who can be added and what stands in the way of the others', async () => {
      const { page, complaints } = visit;
      await page.goto(`${stack().url}/competitors`);
      await tableOf(page).getByRole('checkbox', { name: 'Select this page' }).check();
      const bar = page.getByRole('region', { name: 'Selection' });
      await bar.getByText('20 selected').waitFor();
      await tableOf(page).getByRole('checkbox').last().focus();
      await page.keyboard.press('Space');
      await bar.getByText('19 selected').waitFor();
      await bar.getByText(/3 can be added, .* without a release/).waitFor();
      await picture(page, 'competitors-selection-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await bar.getByRole('button', { name: 'Add 3 to Game Platform' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add to the Game Platform' });
      await dialog.getByText('3 competitors can be added.').waitFor();
      await dialog.getByText('Left out (nothing changes for them)').waitFor();
      await picture(page, 'bulk-dialog-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await bar.getByRole('button', { name: 'Clear' }).click();
      await bar.waitFor({ state: 'hidden' });
      expect(complaints).toEqual([]);
    });

    it('those who are ready and one who was refused are added with a result for each; a reload comes back; the refused one is linked by an admin', async () => {
      const { page } = visit;
      await page.goto(`${stack().url}/competitors`);
      // Whom the platform refused is not ready, here or in the alerts; ticked, they are asked for once more.
      await page.getByRole('button', { name: 'Add all ready 2' }).click();
      await page.getByRole('dialog').getByText('2 competitors can be added.').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      await tableOf(page).getByRole('checkbox', { name: 'Select this page' }).check();
      await page.getByRole('button', { name: 'Add 3 to Game Platform' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Add 3 competitors' }).click();
      await page.waitForURL(/job=/);
      await resultOf(page)
        .getByText(/It keeps going if you leave this page|added/)
        .waitFor();
      await picture(page, 'bulk-progress-desktop');
      await resultOf(page).getByText('2 added, 1 refused.').waitFor();
      await page.reload();
      await resultOf(page).getByText('2 added, 1 refused.').waitFor();
      const refused = resultOf(page).getByRole('row').filter({ hasText: 'Refused' });
      await refused.getByRole('cell', { name: /The platform already knows this email/ }).waitFor();
      expect(await resultOf(page).getByRole('row').filter({ hasText: 'Added' }).count()).toBe(2);
      await picture(page, 'bulk-result-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);

      await refused.getByRole('button').click();
      const details = detailsOf(page);
      await details.getByRole('button', { name: 'Link the other account' }).click();
      const field = details.getByLabel('Id of the account on the Game Platform');
      const tryId = async (id: string, words: RegExp) => {
        await field.fill(id);
        await details.getByRole('button', { name: 'Link account' }).click();
        await field.and(page.locator('[aria-invalid="true"]')).waitFor();
        await details.getByText(words).first().waitFor();
      };
      await tryId('somebody@example.org', /id, not an email address/);
      await tryId('cmp-demo-001', /belongs to someone else/);
      await tryId('nobody-has-this', /does not know this id/);
      await picture(page, 'link-account-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      const [, competitorId = ''] = /competitors\/([^?]+)/.exec(page.url()) ?? [];
      await field.fill(`summer-camp-${competitorId}`);
      await details.getByRole('button', { name: 'Link account' }).click();
      await details.getByText('Ask an admin to link it.').waitFor();
      const admin = await apiOf(stack(), ADMIN);
      const linked = await admin('POST', `/api/game-platform/competitors/${competitorId}/link`, {
        body: { platformUserId: `summer-camp-${competitorId}` },
      });
      expect(linked.status).toBe(200);
      await page.reload();
      await details.getByText('Why isn’t this one syncing?').waitFor({ state: 'hidden' });
      await details.getByText('On the platform').first().waitFor();
    });

    it('several go on one team, each with its result', async () => {
      const { page } = visit;
      await page.goto(`${stack().url}/competitors?status=pending`);
      await tableOf(page).getByRole('checkbox', { name: 'Select this page' }).check();
      await page.getByRole('button', { name: 'Put on a team' }).click();
      const dialog = page.getByRole('dialog', { name: /on a team$/ });
      await dialog.getByRole('option').nth(1).waitFor({ state: 'attached' });
      await dialog.getByLabel('Team').selectOption({ index: 1 });
      expect(await accessibilityProblems(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Put on team' }).click();
      await dialog.getByText('1 of 1 saved.').waitFor();
      await dialog
        .getByRole('list', { name: 'Result' })
        .getByText(/ is on /)
        .waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
    });

    it.each([
      ['cancelled', 'It was canceled'],
      ['failed', 'It did not finish'],
    ])('a job that was %s says so and what to do', async (status, words) => {
      const { page } = visit;
      const at = '2026-11-19T20:00:00.000Z';
      await page.route('**/api/jobs/job_told', (route) =>
        route.fulfill({
          json: {
            id: 'job_told',
            taskType: 'onboard_competitors',
            status,
            startedBy: 'user:somebody',
            startedByName: null,
            createdAt: at,
            startedAt: at,
            finishedAt: at,
            attempts: 1,
            progress: { done: 1, total: 3 },
            result: { total: 3, onboarded: 1 },
            error: status === 'failed' ? 'The platform could not be reached.' : null,
          },
        }),
      );
      await page.route('**/api/jobs/job_told/rows*', (route) =>
        route.fulfill({ json: { items: [], nextCursor: null } }),
      );
      await page.goto(`${stack().url}/competitors?job=job_told`);
      await resultOf(page).getByText(words).waitFor();
      await resultOf(page).getByText('1 added.').waitFor();
      await picture(page, `bulk-${status}-desktop`);
      await resultOf(page).getByRole('button', { name: 'Close the result' }).click();
      await resultOf(page).waitFor({ state: 'hidden' });
      expect(page.url()).not.toContain('job=');
    });

    it('while the platform is paused, a job that waits says that it goes on by itself', async () => {
      const { page } = visit;
      const at = '2026-11-19T20:00:00.000Z';
      await page.route('**/api/game-platform/freshness', async (route) => {
        const answer = await route.fetch();
        const body = await answer.json();
        await route.fulfill({ json: { ...body, state: 'paused' } });
      });
      await page.route('**/api/jobs/job_waits', (route) =>
        route.fulfill({
          json: {
            id: 'job_waits',
            taskType: 'onboard_competitors',
            status: 'running',
            startedBy: 'user:somebody',
            startedByName: null,
            createdAt: at,
            startedAt: at,
            finishedAt: null,
            attempts: 1,
            progress: { done: 1, total: 3 },
            result: { total: 1, onboarded: 1 },
            error: null,
          },
        }),
      );
      await page.route('**/api/jobs/job_waits/rows*', (route) =>
        route.fulfill({
          json: {
            items: [
              {
                subject: 'cmp-demo-001',
                outcome: 'onboarded',
                message: null,
                at,
                line: null,
                competitorId: null,
                fields: [],
              },
            ],
            nextCursor: null,
          },
        }),
      );
      await page.goto(`${stack().url}/competitors?job=job_waits`);
      await resultOf(page).getByText('The program has paused the platform').waitFor();
      await resultOf(page).getByText('1 of 3 done.').waitFor();
      expect(await resultOf(page).getByRole('progressbar', { name: 'Progress' }).getAttribute('value')).toBe(
        '1',
      );
      await picture(page, 'bulk-paused-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
    });

    it('an address of a job that is not there says so', async () => {
      const { page } = visit;
      await page.goto(`${stack().url}/competitors?job=job_nowhere`);
      await resultOf(page).getByText('Result not found').waitFor();
      expect(await resultOf(page).getByRole('row').count()).toBe(0);
    });
  });

  it('where the program has not switched it on, nothing can be pressed and it says why', async () => {
    const admin = await apiOf(stack(), ADMIN);
    const off = await admin('PATCH', '/api/admin/coaches/coach-02', {
      body: { features: { onboarding: false } },
    });
    expect(off.status).toBe(200);
    const { page } = await open();
    await giveSession(page, stack(), OTHER_COACH);
    await page.goto(`${stack().url}/competitors?status=compliance`);
    await tableOf(page).getByRole('rowheader').getByRole('button').first().click();
    const button = detailsOf(page).getByRole('button', { name: 'Add to Game Platform' });
    await button.waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await detailsOf(page)
      .getByText('The program has not turned this on for you yet. Ask an admin.')
      .waitFor();
    await page.getByRole('button', { name: /^Add all ready/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Add to the Game Platform' });
    await dialog.getByText('The program has not turned this on for you yet. Ask an admin.').waitFor();
    await picture(page, 'bulk-switched-off-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    const on = await admin('PATCH', '/api/admin/coaches/coach-02', {
      body: { features: { onboarding: true } },
    });
    expect(on.status).toBe(200);
  });

  it('on a phone, selection, dialog, result and the form of another account fit the screen', async () => {
    const { page } = await open(PHONE);
    await giveSession(page, stack(), OTHER_COACH);
    await page.goto(`${stack().url}/competitors`);
    await tableOf(page).getByRole('checkbox').nth(1).check();
    await tableOf(page).getByRole('checkbox').nth(4).check();
    await expectNoSidewaysScroll(page);
    await picture(page, 'competitors-selection-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: /to Game Platform$/ }).click();
    await picture(page, 'bulk-dialog-phone');
    await expectNoSidewaysScroll(page);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await tableOf(page).getByRole('checkbox', { name: 'Select this page' }).check();
    await page.getByRole('button', { name: /to Game Platform$/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Add \d/ })
      .click();
    await resultOf(page).getByText('1 added, 1 refused.').waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, 'bulk-result-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
    await resultOf(page).getByRole('row').filter({ hasText: 'Refused' }).getByRole('button').click();
    await detailsOf(page).getByRole('button', { name: 'Link the other account' }).click();
    await detailsOf(page).getByLabel('Id of the account on the Game Platform').fill('not known yet');
    await expectNoSidewaysScroll(page);
    await picture(page, 'link-account-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
