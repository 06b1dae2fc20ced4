import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { ScheduleView } from '#shared/schedules/contract.ts';
import { ADMIN, apiOf, COACH, PATIENCE_MS, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  DESKTOP,
  giveSession,
  openSite,
  PHONE,
  phonePicture,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  useSession,
} from './visit.ts';

const tableOf = (page: Page) => page.getByRole('region', { name: 'Schedule table' });
const rowOf = (page: Page, text: string) => tableOf(page).getByRole('row').filter({ hasText: text });
const runsOf = (page: Page) => page.getByRole('region', { name: 'Next runs' });

describe('The schedules', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  const visit = useSession(open, stack, ADMIN);
  const goThere = async (): Promise<Page> => {
    const { page } = visit;
    await page.goto(`${stack().url}/schedules`);
    await rowOf(page, 'Score sync').waitFor();
    return page;
  };
  const stored = async (name: string): Promise<ScheduleView | undefined> => {
    const admin = await apiOf(stack(), ADMIN);
    const { items } = (await admin('GET', '/api/admin/schedules')).body;
    return items.find((schedule: ScheduleView) => schedule.name === name);
  };

  it('are listed with their times, next and last runs, from the navigation and the palette', async () => {
    const { page } = visit;
    await openSite(page, stack());
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Person, team, page or action' }).fill('schedules');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/schedules$/);
    await rowOf(page, 'Score sync').getByText('Every 5 minutes').filter({ visible: true }).waitFor();
    await rowOf(page, 'Archive old jobs')
      .getByText('Every day at 3:15 AM, UTC')
      .filter({ visible: true })
      .waitFor();
    expect(await page.getByRole('link', { name: 'Schedules' }).count()).toBeGreaterThan(0);
    await picture(page, 'schedules-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expectNoSidewaysScroll(page);
    await page.setViewportSize({ width: 1000, height: 800 });
    await expectNoSidewaysScroll(page);
    await page.setViewportSize(DESKTOP);
    await phonePicture(page, 'schedules-phone');
    const file = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV of: Schedules' }).click();
    expect((await file).suggestedFilename()).toBe('schedules.csv');
    await page
      .getByRole('group', { name: 'Show' })
      .getByRole('button', { name: /^Yours/ })
      .click();
    await page.getByText('No schedule of your own yet').waitFor();
    await picture(page, 'schedules-none-of-ones-own');
    await page.getByRole('button', { name: 'Show all schedules' }).click();
    await rowOf(page, 'Score sync').waitFor();
  });

  it('one is made by keyboard: a wrong expression is told, the runs follow what is typed', async () => {
    const page = await goThere();
    await page.getByRole('button', { name: 'New schedule' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'New schedule' });
    await dialog.getByLabel('Name').waitFor();
    await expect.poll(() => runsOf(page).getByRole('listitem').count()).toBeGreaterThanOrEqual(5);
    await dialog.getByLabel('Name').pressSequentially('Evening cleanup');
    await dialog.getByLabel('Job').selectOption({ label: 'Archive old jobs' });
    await dialog.getByRole('button', { name: 'Expression' }).press('Enter');
    const expression = dialog.getByRole('textbox', { name: 'Expression' });
    await expression.fill('cron(0 24 * * ? *)');
    await runsOf(page).getByText('Hour: “24” does not fit.').waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByText('Not saved. 1 field needs a fix.').waitFor();
    await expect.poll(() => expression.evaluate((field) => field === document.activeElement)).toBe(true);
    await picture(page, 'schedule-dialog-wrong');
    expect(await accessibilityProblems(page)).toEqual([]);
    // Five in the morning of a day a month, so that the clock changes between two of them.
    await expression.fill('cron(0 5 1 * ? *)');
    await runsOf(page)
      .getByText(/daylight saving time begins/)
      .waitFor();
    await picture(page, 'schedule-dialog-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await phonePicture(page, 'schedule-dialog-phone');
    await dialog.getByRole('button', { name: 'On days' }).press('Space');
    await dialog.getByLabel('Days').selectOption({ label: 'Weekdays' });
    await dialog.getByLabel('Time', { exact: false }).first().fill('18:30');
    await dialog.getByText('cron(30 18 ? * MON-FRI *)').waitFor();
    await dialog.getByRole('button', { name: 'Create schedule' }).press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await rowOf(page, 'Evening cleanup')
      .getByText('Weekdays at 6:30 PM, Pacific Time')
      .filter({ visible: true })
      .waitFor();
    expect(await stored('evening-cleanup')).toMatchObject({
      expression: 'cron(30 18 ? * MON-FRI *)',
      timezone: 'America/Los_Angeles',
      taskType: 'job_cleanup',
      enabled: true,
    });
    // The same name again is told at its field.
    await page.getByRole('button', { name: 'New schedule' }).click();
    await dialog.getByLabel('Name').fill('Evening cleanup');
    await dialog.getByRole('button', { name: 'Create schedule' }).click();
    await dialog.getByText('There is a schedule with this name.').waitFor();
    await page.keyboard.press('Escape');
    const question = page.getByRole('dialog', { name: 'Keep what you typed?' });
    await question.getByRole('button', { name: 'Discard it' }).click();
    await dialog.waitFor({ state: 'hidden' });
  });

  it('one that someone else changed meanwhile shows both versions', async () => {
    const page = await goThere();
    await tableOf(page).getByRole('button', { name: 'Edit Evening cleanup' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit Evening cleanup' });
    const before = await stored('evening-cleanup');
    const admin = await apiOf(stack(), ADMIN);
    const other = await admin('PATCH', '/api/admin/schedules/evening-cleanup', {
      headers: { 'if-match': `"${before?.version ?? 0}"` },
      body: { expression: 'cron(0 20 ? * MON-FRI *)', timezone: 'UTC' },
    });
    expect(other.status).toBe(200);
    await dialog.getByLabel('Time', { exact: false }).first().fill('19:00');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await dialog.getByText('Someone else changed Evening cleanup too').waitFor();
    await picture(page, 'schedule-conflict-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await phonePicture(page, 'schedule-conflict-phone');
    await dialog.getByRole('radio', { name: /^Mine, not saved: Weekdays at 7:00 PM/ }).check();
    await dialog.getByRole('button', { name: 'Save my choices' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await stored('evening-cleanup')).toMatchObject({
      expression: 'cron(0 19 ? * MON-FRI *)',
      timezone: 'UTC',
    });
  });

  it('is switched off and on, a built-in one after a question', async () => {
    const page = await goThere();
    const own = tableOf(page).getByRole('switch', { name: 'Evening cleanup' });
    await own.press('Space');
    await page.getByText('Evening cleanup is off').first().waitFor();
    expect(await own.getAttribute('aria-checked')).toBe('false');
    expect(await stored('evening-cleanup')).toMatchObject({ enabled: false, nextRuns: [] });
    await picture(page, 'schedules-one-off-desktop');
    await own.press('Space');
    await page.getByText('Evening cleanup is on').first().waitFor();
    const builtIn = tableOf(page).getByRole('switch', { name: 'Program figures' });
    await builtIn.click();
    const question = page.getByRole('dialog', { name: 'Switch Program figures off?' });
    await picture(page, 'schedule-switch-off-desktop');
    await question.getByRole('button', { name: 'Switch off' }).click();
    await question.waitFor({ state: 'hidden' });
    await expect.poll(() => builtIn.getAttribute('aria-checked')).toBe('false');
    await builtIn.click();
    await expect.poll(() => builtIn.getAttribute('aria-checked')).toBe('true');
  });

  it('run now leads to its job', async () => {
    const page = await goThere();
    await tableOf(page).getByRole('button', { name: 'Run Evening cleanup now' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Run Evening cleanup now?' });
    await dialog.getByRole('button', { name: 'Run now' }).press('Enter');
    await page.waitForURL(/\/jobs\/job_/);
    const jobId = new URL(page.url()).pathname.split('/').at(-1);
    await page.getByRole('complementary').getByText('Archive old jobs').first().waitFor();
    await page.goto(`${stack().url}/schedules`);
    const link = rowOf(page, 'Evening cleanup')
      .getByRole('link', { name: /open the job/ })
      .filter({ visible: true });
    expect(await link.getAttribute('href')).toBe(`/jobs/${jobId}`);
  });

  it('one edited on the page fires at its new time, and its row leads to the job', async () => {
    const admin = await apiOf(stack(), ADMIN);
    const made = await admin('POST', '/api/admin/schedules', {
      body: {
        name: 'yearly-cleanup',
        expression: 'cron(0 5 1 1 ? *)',
        timezone: 'UTC',
        taskType: 'job_cleanup',
      },
    });
    expect(made.status).toBe(201);
    const page = await goThere();
    await tableOf(page).getByRole('button', { name: 'Edit Yearly cleanup' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Edit Yearly cleanup' });
    await dialog.getByRole('button', { name: 'Expression' }).press('Enter');
    await dialog.getByRole('textbox', { name: 'Expression' }).fill('cron(* * * * ? *)');
    await dialog.getByRole('button', { name: 'Save changes' }).press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await expect
      .poll(async () => (await stored('yearly-cleanup'))?.lastRun, { timeout: PATIENCE_MS, interval: 1_000 })
      .toMatchObject({ byHand: false });
    const jobId = (await stored('yearly-cleanup'))?.lastRun?.jobId ?? '';
    await page.reload();
    const link = rowOf(page, 'Yearly cleanup')
      .getByRole('link', { name: /open the job/ })
      .filter({ visible: true });
    await link.waitFor();
    expect((await admin('GET', `/api/admin/jobs/${jobId}`)).body).toMatchObject({
      taskType: 'job_cleanup',
      startedBy: 'schedule:yearly-cleanup',
    });
    expect((await admin('DELETE', '/api/admin/schedules/yearly-cleanup')).status).toBe(204);
  });

  it('an own one is deleted after a question, a built-in one has no such button', async () => {
    const page = await goThere();
    expect(
      await tableOf(page)
        .getByRole('button', { name: /^Delete/ })
        .count(),
    ).toBe(1);
    await tableOf(page).getByRole('button', { name: 'Delete Evening cleanup' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Evening cleanup?' });
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Delete schedule' }).click();
    await rowOf(page, 'Evening cleanup').waitFor({ state: 'hidden' });
    expect(await stored('evening-cleanup')).toBeUndefined();
  });

  it('one that did not run is warned of, and a list that does not come says so', async () => {
    const { page } = visit;
    const list = '**/api/admin/schedules?*';
    await page.route(list, async (route) => {
      const answer = await route.fetch();
      const body: { items: ScheduleView[]; nextCursor: string | null } = await answer.json();
      const items = body.items.map((schedule) => ({
        ...schedule,
        didNotRun: schedule.name === 'totals-sweep' ? { expectedAt: '2026-11-30T12:00:00.000Z' } : null,
      }));
      await route.fulfill({ response: answer, json: { ...body, items } });
    });
    await page.goto(`${stack().url}/schedules`);
    const note = page.getByText(/^Totals sweep did not run at/);
    await note.waitFor();
    await page.getByText(/1 did not run/).waitFor();
    await rowOf(page, 'Totals sweep')
      .getByText(/^Did not run at/)
      .filter({ visible: true })
      .waitFor();
    await picture(page, 'schedules-missed-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await phonePicture(page, 'schedules-missed-phone');
    await page.getByRole('button', { name: 'Run it now' }).click();
    const question = page.getByRole('dialog', { name: 'Run Totals sweep now?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await page.unroute(list);
    await page.route(list, (route) => route.fulfill({ status: 500, json: { message: 'no' } }));
    await page.reload();
    await page.getByText('The schedules could not be loaded').waitFor();
    await picture(page, 'schedules-failed-desktop');
    await page.unroute(list);
    await page.getByRole('button', { name: 'Try again' }).click();
    await rowOf(page, 'Score sync').waitFor();
  });

  it('look as well in the light theme and on a phone', async () => {
    for (const [size, name] of [
      [DESKTOP, 'desktop'],
      [PHONE, 'phone'],
    ] as const) {
      const { page, complaints } = await open(size, 'light');
      await giveSession(page, stack(), ADMIN);
      await page.goto(`${stack().url}/schedules?show=built-in`);
      await rowOf(page, 'Score sync').waitFor();
      await picture(page, `schedules-light-${name}`);
      expect(await accessibilityProblems(page)).toEqual([]);
      await expectNoSidewaysScroll(page);
      await tableOf(page).getByRole('button', { name: 'Edit Archive old jobs' }).click();
      await runsOf(page).getByRole('listitem').first().waitFor();
      await picture(page, `schedule-dialog-light-${name}`);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(complaints).toEqual([]);
    }
  });

  it('coaches do not get there', async () => {
    const { page } = await open();
    await signIn(page, stack(), COACH);
    expect(await page.getByRole('link', { name: 'Schedules' }).count()).toBe(0);
    await page.goto(`${stack().url}/schedules`);
    await page.getByText('Only admins see schedules').waitFor();
    const coach = await apiOf(stack(), COACH);
    expect((await coach('GET', '/api/admin/schedules')).status).toBe(403);
  });
});
