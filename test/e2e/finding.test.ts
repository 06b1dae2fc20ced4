import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ADMIN, COACH, PATIENCE_MS, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  giveActingReason,
  PHONE,
  picture,
  signIn,
  useBrowser,
  useSignedIn,
} from './visit.ts';

const opened = (page: Page) => page.getByRole('combobox', { name: 'Person, team, page or action' }).waitFor();

describe('Finding people', () => {
  const stack = useLocalStack();
  const open = useBrowser();

  describe('Search and commands of a coach', () => {
    const visit = useSignedIn(open, stack, COACH);

    it('find a person from any page by the keyboard alone, and never put the name into the address', async () => {
      const { page, complaints } = visit;
      await page.getByRole('link', { name: 'Competitors' }).first().click();
      const name = await page.getByRole('row').getByRole('rowheader').getByRole('button').first().innerText();
      await page.getByRole('link', { name: 'Teams' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'Teams' }).waitFor();
      const urls: string[] = [];
      page.on('request', (request) => urls.push(decodeURIComponent(request.url()).toLowerCase()));

      await page.keyboard.press('Control+k');
      const palette = page.getByRole('dialog', { name: 'Search or run a command' });
      await palette.getByRole('option', { name: /^Dashboard/ }).waitFor();
      await page.keyboard.type(name);
      await palette
        .getByRole('option', { name: new RegExp(`^${name}`) })
        .first()
        .waitFor();
      await picture(page, 'palette-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/competitors\/[^/?]+$/);
      await page.getByRole('complementary', { name: 'Competitor details' }).getByText(name).first().waitFor();
      const word = (name.split(/\s/)[0] ?? '').toLowerCase();
      expect(urls.filter((url) => url.includes(word))).toEqual([]);

      await page.keyboard.press('Control+k');
      await palette
        .getByRole('group', { name: 'Recent' })
        .getByRole('option', { name: new RegExp(`^${name}`) })
        .waitFor();
      await opened(page);
      await page.keyboard.type('zzyzx');
      await palette.getByText('Nothing found for').waitFor();
      // Esc clears first, then closes, and the focus is back on the page.
      await page.keyboard.press('Escape');
      await palette.getByRole('option').first().waitFor();
      await page.keyboard.press('Escape');
      await palette.waitFor({ state: 'hidden' });
      expect(complaints).toEqual([]);
    });

    it('run an action: the form for a new competitor opens', async () => {
      const { page } = visit;
      await page.getByRole('button', { name: 'Search or run a command' }).click();
      await opened(page);
      await page.keyboard.type('add a comp');
      await page.getByRole('option', { name: /^Add a competitor/ }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByLabel('First name').waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      // Back closes the form, as it undoes every other step.
      await page.goBack();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    });

    it('say so when people cannot be searched', async () => {
      const { page } = visit;
      await page.route('**/api/competitors/search', (route) => route.abort());
      await page.keyboard.press('Control+k');
      await opened(page);
      await page.keyboard.type('a');
      await page.getByRole('alert').filter({ hasText: 'People could not be searched.' }).waitFor();
      expect(await page.getByText('Nothing found').count()).toBe(0);

      // What was found before is not offered for what is typed now: Enter would open it.
      await page.unroute('**/api/competitors/search');
      const field = page.getByRole('combobox', { name: 'Person, team, page or action' });
      await field.fill('');
      await field.fill('Cedric');
      const cedric = page.getByRole('option', { name: /^Cedric/ });
      await cedric.first().waitFor();
      await page.route('**/api/competitors/search', () => undefined);
      await field.fill('zzyzx');
      await cedric.first().waitFor({ state: 'detached' });
      expect(await page.getByText('Nothing found').count()).toBe(0);
    });
  });

  it('Search and commands of an admin find coaches, and act as one of them', async () => {
    const { page } = await open();
    await signIn(page, stack(), ADMIN);
    await page.keyboard.press('Control+k');
    await opened(page);
    await page.keyboard.type('act as');
    await page
      .getByRole('option', { name: /^Act as/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await giveActingReason(page);
    const strip = page.getByRole('complementary', { name: 'Acting as a coach' });
    expect(await strip.innerText()).toContain('You are acting as');
  });

  it('Search and commands fill a phone', async () => {
    const { page } = await open(PHONE);
    await signIn(page, stack(), COACH);
    await page.getByRole('button', { name: 'Search or run a command' }).click();
    await page.getByRole('option').first().waitFor();
    await picture(page, 'palette-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  describe('The list of competitors', () => {
    it('is filtered and sorted; both survive a reload and Back, and are lifted where they leave no one', async () => {
      const { page, complaints } = await open();
      await signIn(page, stack(), COACH);
      await page.getByRole('link', { name: 'Competitors' }).first().click();
      const names = page.getByRole('row').getByRole('rowheader').getByRole('button');
      await names.first().waitFor();
      await page.getByRole('button', { name: 'Competitor', exact: true }).click();
      await page.waitForURL(/sort=name.asc/);
      const head = page.getByRole('columnheader', { name: 'Competitor' });
      const sorted = (order: string) => head.and(page.locator(`[aria-sort="${order}"]`)).waitFor();
      await sorted('ascending');
      const byName = await names.allInnerTexts();
      await page.getByRole('button', { name: 'Competitor', exact: true }).click();
      await page.waitForURL(/sort=name.desc/);
      await sorted('descending');
      expect(await names.allInnerTexts()).not.toEqual(byName);
      await page.reload();
      await names.first().waitFor();
      expect(await head.getAttribute('aria-sort')).toBe('descending');
      await page.goBack();
      await page.waitForURL(/sort=name.asc/);
      await expect.poll(() => names.allInnerTexts(), { timeout: PATIENCE_MS }).toEqual(byName);

      await page.getByLabel('Team', { exact: true }).selectOption({ label: 'No team' });
      await page.getByLabel('Grade', { exact: true }).selectOption({ index: 1 });
      await picture(page, 'competitors-filtered');
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await expect.poll(() => names.allInnerTexts(), { timeout: PATIENCE_MS }).toEqual(byName);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('shows an admin whose they are, exports those ticked, and deactivates them with a result', async () => {
      const { page, complaints } = await open();
      await signIn(page, stack(), ADMIN);
      await page.getByRole('link', { name: 'Competitors' }).first().click();
      await page.getByRole('button', { name: 'School', exact: true }).click();
      await page.waitForURL(/sort=school.asc/);
      await picture(page, 'competitors-admin');
      const boxes = page.getByRole('row').getByRole('checkbox');
      await boxes.nth(1).check();
      await boxes.nth(2).check();
      const bar = page.getByRole('region', { name: 'Selection' });
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        bar.getByRole('button', { name: 'Export 2' }).click(),
      ]);
      expect(file.suggestedFilename()).toBe('competitors.csv');

      await bar.getByRole('button', { name: 'Deactivate' }).click();
      const dialog = page.getByRole('dialog', { name: 'Deactivate 2 competitors' });
      await dialog.getByRole('button', { name: 'Deactivate' }).click();
      await dialog.getByText('2 of 2 deactivated.').waitFor();
      await picture(page, 'competitors-deactivated');
      await dialog.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('button', { name: /^Deactivated \d/ }).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(complaints).toEqual([]);
    });
  });
});
