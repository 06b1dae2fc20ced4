import { describe, expect, it } from 'vitest';
import { apiOf, COACH, useLocalStack } from '#test/support/stack.ts';
import { accessibilityProblems, phonePicture, picture, signIn, useBrowser } from './visit.ts';
import { NO_DEMO } from '#test/support/seed-at-once.ts';

describe('A coach with nobody on the list yet', () => {
  const stack = useLocalStack({ seedDemo: NO_DEMO });
  const open = useBrowser();

  it('is welcomed with three steps in place of zeros, and each opens when the one before is begun', async () => {
    const { page, complaints } = await open();
    await signIn(page, stack(), COACH);
    await page.getByRole('heading', { level: 1, name: /^Welcome, / }).waitFor();
    const steps = page.getByRole('region', { name: 'First steps' });
    const current = () => steps.locator('[aria-current="step"]').getByRole('heading').allTextContents();
    await steps.getByRole('link', { name: 'Import a file' }).waitFor();
    expect(await current()).toEqual(['Add your competitors']);
    await steps.getByText('Opens once you have added a competitor').waitFor();
    expect(await page.getByText('Is anything wrong?').count()).toBe(0);
    expect(await page.getByRole('region', { name: 'Key figures' }).count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'new-coach-desktop');
    await phonePicture(page, 'new-coach-phone');

    const coach = await apiOf(stack(), COACH);
    const { body: added } = await coach('POST', '/api/competitors', {
      body: {
        firstName: 'Wren',
        lastName: 'Hollis',
        email: 'wren.hollis@example.org',
        adult: false,
        guardianName: 'Ada Hollis',
        guardianEmail: 'ada.hollis@example.org',
        grade: 9,
        division: 'high_school',
      },
    });
    await page.reload();
    await steps.getByText('1 competitor is on your list.').waitFor();
    await steps.getByText('1 of 1 competitor still needs something.').waitFor();
    expect(await current()).toEqual(['Record the releases']);
    await picture(page, 'new-coach-second-step-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);

    await coach('PATCH', `/api/competitors/${added.id}`, {
      body: { mediaReleaseDate: '2026-11-20' },
      headers: { 'if-match': `"${added.version}"` },
    });
    await page.reload();
    await steps.getByRole('link', { name: 'Add 1 ready' }).click();
    await page.getByRole('rowheader').filter({ hasText: 'Wren Hollis' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('sees the colors of the system until another theme is chosen, and the chosen one from then on', async () => {
    const { page } = await open(undefined, 'light');
    await signIn(page, stack(), COACH);
    const theme = () => page.locator('html').getAttribute('data-theme');
    await page.getByRole('region', { name: 'First steps' }).waitFor();
    expect(await theme()).toBe('light');
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'new-coach-light-desktop');
    await page.emulateMedia({ colorScheme: 'dark' });
    // The browser tells the page with its next frame.
    await page.locator('html[data-theme=dark]').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Switch between dark and light' }).first().click();
    expect(await theme()).toBe('light');
    await page.reload();
    expect(await theme()).toBe('light');
  });

  it('sees no count while the list loads, and none when it cannot be loaded', async () => {
    const { page } = await open();
    await signIn(page, stack(), COACH);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route('**/api/competitors?*', async (route) => {
      await held;
      await route.fulfill({ status: 500, json: {} });
    });
    await page.goto(`${stack().url}/competitors`);
    const filters = page.getByRole('group', { name: 'Status' });
    await filters.getByRole('button', { name: 'Needs release' }).waitFor();
    expect(await filters.textContent()).not.toMatch(/\d/);
    await picture(page, 'competitors-loading-desktop');
    release();
    await page.getByText('The competitors could not be loaded').waitFor();
    expect(await filters.textContent()).not.toMatch(/\d/);
  });
});
