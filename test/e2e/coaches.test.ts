import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ADMIN, apiOf, COACH, OTHER_COACH, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  DESKTOP,
  PHONE,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  useSignedIn,
} from './visit.ts';

const tableOf = (page: Page) => page.getByRole('region', { name: 'Coach table' });
const detailsOf = (page: Page) => page.getByRole('complementary', { name: 'Coach details' });

describe('The coaches', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  const visit = useSignedIn(open, stack, ADMIN);

  it('a coach is added and invited; an address that is taken is told at the field', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Coaches' }).first().click();
    await tableOf(page).getByRole('row').filter({ hasText: 'Morgan Reyes' }).waitFor();
    await page.getByRole('button', { name: 'Add coach' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a coach' });
    await dialog.getByLabel('Name').fill('Ines Calder');
    await dialog.getByLabel('Email').fill(COACH);
    await dialog.getByLabel('School or club').fill('Harbour Middle School');
    // A reload takes the page, not the text.
    await page.reload();
    await page.getByRole('button', { name: 'Add coach' }).click();
    await dialog.getByText(/^Your text from .* is back$/).waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Ines Calder');
    await picture(page, 'coach-dialog-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Add and invite' }).click();
    await dialog.getByLabel('Email').and(page.locator('[aria-invalid="true"]')).waitFor();
    await dialog.getByLabel('Email').fill('ines.calder@example.org');
    await dialog.getByRole('button', { name: 'Add and invite' }).click();
    await page.getByText('Ines Calder is invited').first().waitFor();
    expect(
      await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('draft:'))),
    ).toEqual([]);
    const details = detailsOf(page);
    await details.getByRole('heading', { name: 'Ines Calder' }).waitFor();
    await picture(page, 'coaches-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expectNoSidewaysScroll(page);
    await page.setViewportSize({ width: 1000, height: 800 });
    await expectNoSidewaysScroll(page);
    await picture(page, 'coaches-tablet');
    const linesOf = await page
      .getByRole('navigation', { name: 'Main', exact: true })
      .getByRole('link')
      .evaluateAll((links) =>
        links.map((link) => {
          const text = document.createRange();
          text.selectNodeContents(link);
          return text.getClientRects().length;
        }),
      );
    expect(linesOf.every((lines) => lines === 1)).toBe(true);
    await page.setViewportSize(DESKTOP);

    await details.getByRole('button', { name: 'Edit' }).click();
    const edit = page.getByRole('dialog', { name: 'Edit coach' });
    await edit.getByLabel('School or club').fill('Harbour High School');
    await edit.getByRole('button', { name: 'Save changes' }).click();
    await edit.waitFor({ state: 'hidden' });
    await details.getByText('Harbour High School').waitFor();

    await details.getByRole('button', { name: 'Make the coach’s account' }).click();
    await details.getByText('The account is there.').waitFor();
    await tableOf(page).getByRole('row').filter({ hasText: 'Ines Calder' }).getByText('there').waitFor();
  });

  it('a coach who is switched off is signed out, and can come back', async () => {
    const coach = await open();
    await signIn(coach.page, stack(), OTHER_COACH);
    const { page } = visit;
    await page.goto(`${stack().url}/coaches/coach-02`);
    const details = detailsOf(page);
    await details.getByRole('button', { name: 'Switch off', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: /^Switch .* off\?$/ });
    await dialog.getByText(/signed out on every device at once/).waitFor();
    await picture(page, 'coach-switch-off-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Switch off and sign out' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await details.getByText('Switched off').waitFor();
    await coach.page.goto(`${stack().url}/competitors`);
    await coach.page
      .getByText(/switched off|You have been signed out/)
      .first()
      .waitFor();
    await details.getByRole('button', { name: 'Switch on', exact: true }).click();
    await page
      .getByRole('dialog', { name: /^Switch .* on\?$/ })
      .getByRole('button', { name: 'Switch on' })
      .click();
    await details.getByRole('button', { name: 'Switch off', exact: true }).waitFor();
  });

  it('onboarding is rolled out coach by coach', async () => {
    const { page } = visit;
    await page.goto(`${stack().url}/coaches/coach-02`);
    const details = detailsOf(page);
    await details.getByRole('button', { name: 'Switch onboarding off' }).click();
    await details.getByText(/No one can add this coach’s competitors/).waitFor();
    await page
      .getByRole('group', { name: 'Show' })
      .getByRole('button', { name: /^Onboarding off/ })
      .click();
    await expect.poll(() => tableOf(page).getByRole('rowheader').count()).toBe(1);
    await details.getByRole('link', { name: 'Show competitors' }).click();
    await page.waitForURL(/competitors\?coach=coach-02/);
    await page
      .getByRole('group', { name: 'Status' })
      .getByRole('button', { name: /^Ready to add/ })
      .click();
    await page
      .getByRole('region', { name: 'Competitor table' })
      .getByRole('rowheader')
      .getByRole('button')
      .first()
      .click();
    await page.getByText('Onboarding is switched off for this coach.').waitFor();
    const admin = await apiOf(stack(), ADMIN);
    await admin('PATCH', '/api/admin/coaches/coach-02', { body: { features: { onboarding: true } } });
  });

  it('all coaches’ own accounts are made by one job, with a result for each', async () => {
    const admin = await apiOf(stack(), ADMIN);
    const added = await admin('POST', '/api/admin/coaches', {
      body: { name: 'Tobias Lund', email: 'tobias.lund@example.org', school: 'Ridge School' },
    });
    expect(added.status).toBe(201);
    const { page } = visit;
    await page.goto(`${stack().url}/coaches?show=no-account`);
    await tableOf(page).getByRole('row').filter({ hasText: 'Tobias Lund' }).waitFor();
    await page.getByRole('button', { name: 'Add all coaches’ accounts' }).click();
    const result = page.getByRole('region', { name: 'Making the coaches’ accounts' });
    await result
      .getByRole('row')
      .filter({ hasText: 'Tobias Lund' })
      .getByText('Added', { exact: true })
      .waitFor();
    await picture(page, 'coaches-accounts-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('coaches do not get there', async () => {
    const { page } = await open();
    await signIn(page, stack(), COACH);
    expect(await page.getByRole('link', { name: 'Coaches' }).count()).toBe(0);
    await page.goto(`${stack().url}/coaches`);
    await page.getByText('Only admins see the coaches').waitFor();
  });

  it('on a phone, the list and a coach fit the screen', async () => {
    const { page } = await open(PHONE);
    await signIn(page, stack(), ADMIN);
    await page.goto(`${stack().url}/coaches`);
    await tableOf(page).getByRole('rowheader').first().waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, 'coaches-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
    await tableOf(page).getByRole('rowheader').getByRole('button').first().click();
    await detailsOf(page).waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, 'coach-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
