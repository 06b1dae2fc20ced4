import { describe, expect, it } from 'vitest';
import { COACH, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  PHONE,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  useSignedIn,
} from './visit.ts';

describe('The parts of the dashboard, as a coach', () => {
  const stack = useLocalStack();
  const open = useBrowser();

  const visit = useSignedIn(open, stack, COACH);

  it('filters, order and page in the address survive a reload and Back', async () => {
    const { page } = visit;
    await page.getByLabel('Period', { exact: true }).selectOption({ label: 'Other days' });
    await page.getByLabel('Last day').waitFor();
    await page.getByLabel('First day').fill('2020-01-01');
    await page.getByText('Choose at most 366 days.').waitFor();
    await page.getByLabel('Period', { exact: true }).selectOption({ label: 'Last 90 days' });
    await page.getByRole('button', { name: 'Points', exact: true }).click();
    await page.waitForURL(/sort=points.desc/);
    await page.getByRole('button', { name: 'Next page of the leaderboard' }).click();
    await page.waitForURL(/page=2/);
    await page.reload();
    const points = page.getByRole('columnheader', { name: 'Points' }).first();
    await points.waitFor();
    expect(await points.getAttribute('aria-sort')).toBe('descending');
    expect(await page.getByLabel('Period', { exact: true }).inputValue()).toBe('last-90');
    await page.getByText(/^11–\d+ of \d+$/).waitFor();
    await page.goBack();
    await page.getByText(/^1–10 of \d+$/).waitFor();
  });

  it('a filter that finds nobody says so, and is lifted', async () => {
    const { page } = visit;
    await page.goto(`${stack().url}/?division=college`);
    await page.getByRole('heading', { name: 'No one matches these filters' }).waitFor();
    await page.getByRole('button', { name: 'Show everyone' }).click();
    await page.getByRole('heading', { name: 'No one matches these filters' }).waitFor({ state: 'hidden' });
    expect(page.url()).not.toContain('division');
  });

  it('the chart is switched and has its table, more activity is loaded, and files are downloaded', async () => {
    const { page, complaints } = visit;
    const ctf = page.getByRole('region', { name: 'Monthly CTF' });
    await ctf.getByRole('img', { name: /CTF challenges? solved in/ }).waitFor();
    await ctf.getByRole('button', { name: 'Absolute' }).click();
    await page.waitForURL(/ctf=absolute/);
    await ctf.getByRole('img', { name: /^Points per Flash CTF/ }).waitFor();
    await ctf.getByText('Same data as a table').click();
    await ctf.getByRole('columnheader', { name: 'Took part' }).waitFor();
    await page.goBack();

    await page.getByRole('img', { name: /^Activity by day/ }).waitFor();
    const lines = page.getByRole('list', { name: 'What happened, newest first' }).getByRole('listitem');
    await lines.first().waitFor();
    const before = await lines.count();
    await page.getByRole('button', { name: 'Show more activity' }).click();
    await lines.nth(before).waitFor();

    for (const [what, name] of [
      ['the leaderboard', 'leaderboard.csv'],
      ['Flash CTF results', 'flash-ctf.csv'],
      ['all solves', 'solves.csv'],
      ['the roster', 'roster.csv'],
    ] as const) {
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: `Download CSV of ${what}` }).click();
      expect((await saved).suggestedFilename()).toBe(name);
    }
    await picture(page, 'dashboard-parts-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expectNoSidewaysScroll(page);
    expect(complaints).toEqual([]);
  });

  it('the activity is looked at closer, moved by the arrow keys, and in full screen', async () => {
    const { page, complaints } = visit;
    const activity = page.getByRole('region', { name: 'Activity', exact: true });
    const inSight = activity.getByRole('status').filter({ hasText: 'In sight' });
    const whole = await inSight.innerText();
    expect(await activity.getByRole('slider', { name: 'Days in sight' }).count()).toBe(0);
    await activity.getByRole('button', { name: 'Show fewer days' }).click();
    const slider = activity.getByRole('slider', { name: 'Days in sight' });
    await slider.focus();
    const middle = await inSight.innerText();
    expect(middle).not.toBe(whole);
    await page.keyboard.press('ArrowRight');
    expect(await inSight.innerText()).not.toBe(middle);
    expect(await slider.getAttribute('aria-valuetext')).toBe(
      (await inSight.innerText()).replace('In sight: ', ''),
    );
    await picture(page, 'dashboard-activity-closer');

    await activity.getByRole('button', { name: 'Full screen' }).click();
    const full = page.getByRole('dialog', { name: 'Activity' });
    await full.getByRole('img', { name: /^Activity by day/ }).waitFor();
    await picture(page, 'dashboard-activity-full');
    expect(await accessibilityProblems(page)).toEqual([]);
    await full.getByRole('button', { name: 'Show more days' }).click();
    await page.keyboard.press('Escape');
    await full.waitFor({ state: 'hidden' });
    // What was in sight there is in sight here.
    expect(await inSight.innerText()).toBe(whole);
    expect(complaints).toEqual([]);
  });

  it('the dashboard and the lists print in ink on white, without anything to press', async () => {
    const { page } = visit;
    await page.getByRole('img', { name: /^Activity by day/ }).waitFor();
    for (const [path, heading, pagers] of [
      ['/', 'Last 30 days', 1],
      ['/competitors', 'Competitors', 1],
      ['/teams', 'Teams', 0],
    ] as const) {
      await page.goto(stack().url + path);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await page.getByRole('row').or(page.getByRole('listitem')).first().waitFor();
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
        'rgb(255, 255, 255)',
      );
      for (const name of ['Search or run a command', 'Full screen', 'Add competitor', 'New team'])
        expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0);
      // Paper has no pages to turn.
      const ranges = await page.getByText(/^1–\d+ of \d+$/).allInnerTexts();
      expect(ranges).toHaveLength(pagers);
      for (const range of ranges) expect(range).toMatch(/^1–(\d+) of \1$/);
      await picture(page, `print-${heading.toLowerCase().replaceAll(' ', '-')}`);
      await page.emulateMedia({ media: 'screen' });
    }
  });

  it('a tile of the teams leads to the team', async () => {
    const { page } = visit;
    const tile = page.getByRole('region', { name: 'Teams' }).getByRole('listitem').first().getByRole('link');
    const name = await tile.innerText();
    await tile.click();
    await page.waitForURL(/\/teams\//);
    await page.getByRole('heading', { name }).first().waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('on a phone and in the light everything fits', async () => {
    const { page } = await open(PHONE);
    await signIn(page, stack(), COACH);
    await page.getByRole('list', { name: 'What happened, newest first' }).waitFor();
    await picture(page, 'dashboard-parts-phone');
    await expectNoSidewaysScroll(page);
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
    await picture(page, 'dashboard-parts-phone-light');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
    await picture(page, 'dashboard-parts-desktop-light');
  });
});
