import { describe, expect, it } from 'vitest';
import { COACH, PATIENCE_MS, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  PHONE,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  useSignedIn,
} from './visit.ts';

/** Of a PDF: its sheets, as the page objects are counted. */
const sheetsOf = (pdf: Buffer): number => [...pdf.toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length;

describe('The report card', () => {
  const stack = useLocalStack();
  const open = useBrowser();

  const visit = useSignedIn(open, stack, COACH);

  it('opens from the leaderboard, its solves are filtered, its charts are tables too, and it prints on one sheet', async () => {
    const { page, complaints } = visit;
    const board = page.getByRole('region', { name: 'Leaderboard' });
    const line = board.getByRole('row').filter({ has: page.getByRole('rowheader') });
    await line
      .first()
      .getByRole('link', { name: /^Report card of / })
      .click();
    await page.waitForURL(/\/competitors\/[^/]+\/report$/);
    await page.getByRole('article', { name: /^Report card of / }).waitFor();
    for (const block of [
      'Totals',
      'Strengths by category',
      'Points over time',
      '90 days',
      'Flash CTFs',
      'NICE work roles',
      'Compared',
      'Solves',
    ]) {
      await page.getByRole('region', { name: block, exact: true }).waitFor();
    }
    await picture(page, 'report-card-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expectNoSidewaysScroll(page);

    const solves = page.getByRole('region', { name: 'Solves', exact: true });
    await solves.getByLabel('Source').selectOption('odl');
    await page.waitForURL(/source=odl/);
    // The address changes a moment before the rows are drawn from it.
    const rows = solves.getByRole('row').filter({ has: page.getByRole('rowheader') });
    await expect.poll(() => rows.filter({ hasNotText: 'ODL' }).count(), { timeout: PATIENCE_MS }).toBe(0);
    expect(await rows.count()).toBeGreaterThan(0);

    const strengths = page.getByRole('region', { name: 'Strengths by category' });
    await strengths.getByText('Same data as a table').click();
    const table = strengths.getByRole('table', { name: 'Points and challenges by category' });
    expect(await table.getByRole('row').count()).toBeGreaterThan(3);
    for (const [part, caption, name] of [
      [strengths, 'Points and challenges by category', 'points-and-challenges-by-category.csv'],
      [solves, 'Solves of the period', 'solves-of-the-period.csv'],
    ] as const) {
      const saved = page.waitForEvent('download');
      await part.getByRole('button', { name: `Download CSV of: ${caption}` }).click();
      expect((await saved).suggestedFilename()).toBe(name);
    }
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'report-card-tables');

    const pdf = await page.pdf({ format: 'Letter', preferCSSPageSize: false });
    expect(sheetsOf(pdf)).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('fits a phone, and tells of an address that leads to no one', async () => {
    const phone = await open(PHONE);
    await signIn(phone.page, stack(), COACH);
    await phone.page.goto(`${stack().url}/competitors/cmp_none/report`);
    await phone.page.getByRole('heading', { name: 'Competitor not found' }).waitFor();
    await phone.page.goto(stack().url);
    await phone.page
      .getByRole('link', { name: /^Report card of / })
      .first()
      .click();
    await phone.page.getByRole('region', { name: 'Solves', exact: true }).waitFor();
    await picture(phone.page, 'report-card-phone');
    await expectNoSidewaysScroll(phone.page);
    expect(await accessibilityProblems(phone.page)).toEqual([]);
  });

  it('of a whole team prints a sheet for each member', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Teams' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Teams' }).waitFor();
    const teams = page.getByRole('list', { name: 'Teams', exact: true });
    await teams.getByRole('heading').getByRole('button').first().click();
    await page.getByRole('link', { name: 'Print all report cards' }).click();
    await page.waitForURL(/\/report-cards$/);
    const cards = page.getByRole('article', { name: /^Report card of / });
    await page.getByText(/^\d+ cards?\./).waitFor();
    const pdf = await page.pdf({ format: 'A4' });
    expect(sheetsOf(pdf)).toBe(await cards.count());
  });
});
