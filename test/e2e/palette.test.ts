import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ADMIN, COACH, useLocalStack } from '#test/support/stack.ts';
import { accessibilityProblems, PHONE, picture, signIn, useBrowser, useSignedIn } from './visit.ts';

const opened = (page: Page) => page.getByRole('combobox', { name: 'Person, team, page or action' }).waitFor();

describe('Search and commands', () => {
  const stack = useLocalStack();
  const open = useBrowser();

  describe('of a coach', () => {
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
    });
  });

  it('of an admin find coaches, and act as one of them', async () => {
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
    const strip = page.getByRole('complementary', { name: 'Acting as a coach' });
    expect(await strip.innerText()).toContain('What you do is logged under both names.');
  });

  it('fill a phone', async () => {
    const { page } = await open(PHONE);
    await signIn(page, stack(), COACH);
    await page.getByRole('button', { name: 'Search or run a command' }).click();
    await page.getByRole('option').first().waitFor();
    await picture(page, 'palette-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
