import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { alertListSchema } from '#shared/alerts/contract.ts';
import { apiOf, COACH, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  PHONE,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  useSignedIn,
} from './visit.ts';

/** Goes to a button by Tab and presses it. */
async function pressByTab(page: Page, name: string, key: 'Tab' | 'Shift+Tab'): Promise<void> {
  const button = page.getByRole('button', { name, exact: true });
  await button.waitFor();
  for (let tabs = 0; tabs < 12; tabs += 1) {
    if (await button.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press(key);
  }
  await page.keyboard.press('Enter');
}

describe('Alerts, as a coach', () => {
  const stack = useLocalStack();
  const open = useBrowser();

  const list = async () => {
    const api = await apiOf(stack(), COACH);
    const { body } = await api('GET', '/api/game-platform/alerts');
    return alertListSchema.parse(body);
  };

  const visit = useSignedIn(open, stack, COACH);

  it('the dashboard says cause, who acts and what to do; a snoozed one is put away and woken', async () => {
    const { page, complaints } = visit;
    const panel = page.getByRole('region', { name: 'Alerts', exact: true });
    const lines = panel.getByRole('list', { name: 'Open alerts' }).getByRole('listitem');
    await lines.first().waitFor();
    const { items } = await list();
    expect(await lines.count()).toBe(items.length);
    await picture(page, 'alerts-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    const headline = await lines.first().getByRole('heading').innerText();
    await lines.first().getByRole('button', { name: 'Snooze' }).click();
    const dialog = page.getByRole('dialog', { name: 'Snooze this alert' });
    await picture(page, 'alerts-snooze-desktop');
    await dialog.getByRole('button', { name: 'Snooze' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await lines.filter({ hasText: headline }).count()).toBe(0);
    await panel.getByText('Snoozed: 1').click();
    await panel.getByRole('button', { name: `Wake: ${headline}` }).click();
    await lines.filter({ hasText: headline }).first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('going through them by keyboard alone records a release, and its alert closes by itself', async () => {
    const { page, complaints } = visit;
    const before = (await list()).items.find(({ cause }) => cause === 'release_missing');
    expect(before?.subjectIds.length).toBeGreaterThan(0);
    const waiting = before?.subjectIds.length ?? 0;
    await page.goto(`${stack().url}/competitors/go-through?cause=release_missing`);
    const queue = page.getByRole('region', { name: 'Queue', exact: true });
    await queue
      .getByRole('status')
      .filter({ hasText: /^1 of / })
      .waitFor();
    await picture(page, 'go-through-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    const first = await queue.getByRole('heading', { level: 2 }).innerText();
    // What is typed outlives a reload, in this tab only.
    await page.keyboard.type('09012026');
    await page.reload();
    await queue.getByText(/^Your text from .* is back$/).waitFor();
    expect(await queue.getByLabel(/signed on/).inputValue()).toBe('2026-09-01');
    await page.keyboard.press('Enter');
    await queue.getByRole('heading', { level: 2 }).filter({ hasNotText: first }).waitFor();
    await queue.getByText(`Saved for ${first}`).waitFor();
    await picture(page, 'go-through-saved-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await pressByTab(page, 'Undo', 'Shift+Tab');
    await queue.getByRole('heading', { level: 2, name: first }).waitFor();
    expect((await list()).items.find(({ cause }) => cause === 'release_missing')?.subjectIds.length).toBe(
      waiting,
    );
    const asked = queue.getByLabel(/signed on/);
    await asked.waitFor();
    expect(await asked.inputValue()).toBe('');
    // A look at the person before and on again: nothing is lost.
    await pressByTab(page, 'Skip', 'Tab');
    await queue.getByRole('heading', { level: 2 }).filter({ hasNotText: first }).waitFor();
    await pressByTab(page, `Back to ${first}`, 'Shift+Tab');
    await queue.getByRole('heading', { level: 2, name: first }).waitFor();
    for (let done = 0; done < waiting; done += 1) {
      const person = await queue.getByRole('heading', { level: 2 }).innerText();
      const field = queue.getByLabel(/signed on/);
      await field.waitFor();
      expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
      await page.keyboard.type('09012026');
      await page.keyboard.press('Enter');
      await queue.getByRole('heading', { level: 2 }).filter({ hasNotText: person }).waitFor();
    }
    const after = await list();
    expect(after.items.map(({ cause }) => cause)).not.toContain('release_missing');
    expect(after.closed.map(({ cause }) => cause)).toContain('release_missing');
    const finished = queue.getByRole('heading', { name: /done, \d+ skipped/ });
    for (let left = 0; left < 60 && !(await finished.isVisible()); left += 1) {
      const skip = queue.getByRole('button', { name: 'Skip', exact: true });
      for (let tabs = 0; tabs < 12; tabs += 1) {
        if (await skip.evaluate((element) => element === document.activeElement)) break;
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press('Enter');
    }
    await finished.waitFor();
    expect(await finished.evaluate((element) => element === document.activeElement)).toBe(true);
    await picture(page, 'go-through-finished-desktop');
    expect(complaints).toEqual([]);
  });

  it('both fit on a phone and in light colors', async () => {
    const phone = await open(PHONE);
    await phone.page.addInitScript(() => localStorage.setItem('theme', 'light'));
    await signIn(phone.page, stack(), COACH);
    await phone.page.getByRole('list', { name: 'Open alerts' }).waitFor();
    await picture(phone.page, 'alerts-phone');
    expect(await phone.page.locator('html').getAttribute('data-theme')).toBe('light');
    expect(await accessibilityProblems(phone.page)).toEqual([]);
    await expectNoSidewaysScroll(phone.page);
    await phone.page.goto(`${stack().url}/competitors/go-through`);
    await phone.page.getByRole('button', { name: 'Skip', exact: true }).waitFor();
    await picture(phone.page, 'go-through-phone');
    expect(await accessibilityProblems(phone.page)).toEqual([]);
    await expectNoSidewaysScroll(phone.page);
  });
});
