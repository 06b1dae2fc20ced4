import { describe, expect, it } from 'vitest';
import { ADMIN, apiOf, COACH, runJob, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  giveSession,
  openSite,
  PHONE,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  useSession,
} from './visit.ts';

describe('As a coach', () => {
  const stack = useLocalStack();
  const open = useBrowser();

  describe('at a desk', () => {
    const visit = useSession(open, stack, COACH);

    it('the dashboard answers three questions, then shows the figures behind the answers', async () => {
      const { page, complaints } = visit;
      await openSite(page, stack());
      for (const question of ['Is anything wrong?', 'Who needs me?', 'How are we doing?']) {
        await page.getByRole('region', { name: question }).waitFor();
      }
      const figures = page.getByRole('region', { name: 'Key figures' });
      for (const figure of [
        'Active on Platform',
        'Registered Competitors',
        'Team Enrollment',
        'Total Challenges Solved',
        'Monthly CTF Participation',
      ]) {
        await figures.getByRole('heading', { name: figure }).waitFor();
      }
      const board = page.getByRole('region', { name: 'Leaderboard' }).getByRole('row');
      expect(await board.count()).toBeGreaterThan(5);
      await page.getByRole('status').filter({ hasText: 'Scores as of' }).waitFor();
      await picture(page, 'dashboard-coach-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await expectNoSidewaysScroll(page);
      expect(complaints).toEqual([]);
    });

    it('filters are kept in the address, a searched name never is', async () => {
      const { page } = visit;
      await openSite(page, stack());
      await page.getByLabel('Period', { exact: true }).selectOption({ index: 1 });
      await page.waitForURL(/period=/);
      const search = page.getByLabel('Find a competitor in the leaderboard');
      const name = await page
        .getByRole('region', { name: 'Leaderboard' })
        .getByRole('rowheader')
        .first()
        .innerText();
      const word = name.split(/\s/)[0] ?? '';
      await page.keyboard.press('/');
      await page.keyboard.type(word);
      expect(await search.inputValue()).toBe(word);
      expect(decodeURIComponent(page.url()).toLowerCase()).not.toContain(word.toLowerCase());
    });

    it('a competitor in compliance is added to the Game Platform from the list', async () => {
      const { page, complaints } = visit;
      await openSite(page, stack());
      await page.getByRole('link', { name: 'Competitors' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'Competitors' }).waitFor();
      await page
        .getByRole('group', { name: 'Status' })
        .getByRole('button', { name: /^Ready to add/ })
        .click();
      await page.getByRole('row').filter({ hasText: 'Ready to add' }).first().waitFor();
      await picture(page, 'competitors-coach-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await page
        .getByRole('row')
        .filter({ hasText: 'Ready to add' })
        .first()
        .getByRole('rowheader')
        .getByRole('button')
        .click();
      const details = page.getByRole('complementary', { name: 'Competitor details' });
      await details.getByRole('button', { name: 'Add to Game Platform' }).click();
      await page.getByText('is on the Game Platform').first().waitFor();
      await details.getByRole('list', { name: 'Chain from release to last solve' }).waitFor();
      await picture(page, 'competitor-added-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('whoever cannot be added yet is told what is missing, and the button does nothing', async () => {
      const { page } = visit;
      await page.goto(`${stack().url}/competitors?status=pending`);
      await page.getByRole('rowheader').getByRole('button').first().click();
      const details = page.getByRole('complementary', { name: 'Competitor details' });
      const button = details.getByRole('button', { name: 'Add to Game Platform' });
      await button.waitFor();
      expect(await button.getAttribute('aria-disabled')).toBe('true');
      await details.getByText('can be added once you have this').waitFor();
    });

    it('the chain says why the scores were read when they were', async () => {
      const { page } = visit;
      await runJob(await apiOf(stack(), ADMIN), 'game_platform_sync');
      await page.goto(`${stack().url}/competitors?status=complete`);
      await page.getByRole('rowheader').getByRole('button').first().click();
      const chain = page
        .getByRole('complementary', { name: 'Competitor details' })
        .getByRole('list', { name: 'Chain from release to last solve' });
      const asked = chain.getByText(/^Last asked: /);
      await asked.waitFor();
      expect(await asked.textContent()).toMatch(/\. Read because .+\.$/);
    });

    it('a refusal by the platform stands beside the name with what to do', async () => {
      const { page } = visit;
      await page.goto(`${stack().url}/competitors?status=refused`);
      await page
        .getByRole('row')
        .filter({ hasText: /refused/i })
        .first()
        .getByRole('rowheader')
        .getByRole('button')
        .click();
      const details = page.getByRole('complementary', { name: 'Competitor details' });
      await details.getByText('The platform already knows this email.').first().waitFor();
      await details.getByRole('button', { name: 'Add to Game Platform' }).click();
      await details.getByText('The platform refused the account.').waitFor();
      await picture(page, 'competitor-refused-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
    });

    it('a new competitor is entered, mistakes are told at the field, and the record is corrected', async () => {
      const { page } = visit;
      await page.goto(`${stack().url}/competitors`);
      await page.getByRole('button', { name: 'Add competitor' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a competitor' });
      await dialog.getByLabel('First name').fill('Juno');
      await dialog.getByLabel('Last name').fill('Vale');
      await dialog.getByLabel('Email', { exact: true }).fill('juno.vale at example');
      await dialog.getByRole('button', { name: /Add/ }).click();
      await dialog.getByLabel('Email', { exact: true }).and(page.locator('[aria-invalid="true"]')).waitFor();
      await dialog.getByLabel('Email', { exact: true }).fill('juno.vale@mail.example.net');
      await dialog.getByRole('button', { name: /Add/ }).click();
      await dialog.waitFor({ state: 'hidden' });
      const details = page.getByRole('complementary', { name: 'Competitor details' });
      await details.getByRole('heading', { name: 'Juno Vale' }).waitFor();
      await details.getByRole('button', { name: 'Edit' }).click();
      const edit = page.getByRole('dialog', { name: 'Edit competitor' });
      await edit.getByLabel('Grade').fill('10');
      await edit.getByRole('button', { name: /Save/ }).click();
      await edit.waitFor({ state: 'hidden' });
      await details.getByText('Grade 10').first().waitFor();
      expect(await details.getByRole('heading', { name: 'Juno Vale' }).count()).toBe(1);
    });

    it('an address of another coach’s competitor tells no more than one that does not exist', async () => {
      const { page } = visit;
      await page.goto(`${stack().url}/competitors/cmp-demo-030`);
      await page.getByText('Competitor not found').waitFor();
      expect(await page.getByRole('complementary').innerText()).not.toMatch(/grade \d/i);
    });

    it('signing out leaves nothing behind', async () => {
      const { page } = visit;
      await openSite(page, stack());
      await page.getByRole('button', { name: /account of/ }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
      await page.goBack();
      await page.getByRole('button', { name: 'Continue' }).waitFor();
      expect(await page.getByRole('main').innerText()).not.toMatch(/Juno|Vale/);
      await page.goto(stack().url);
      await page.getByRole('button', { name: 'Continue' }).waitFor();
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    });

    it('figures that could not be loaded are never shown as none', async () => {
      const { page } = visit;
      await page.route('**/api/game-platform/dashboard*', (route) =>
        route.fulfill({
          status: 503,
          contentType: 'application/json',
          body: '{"message":"Service Unavailable"}',
        }),
      );
      await page.goto(stack().url);
      await page.getByRole('alert').first().waitFor();
      expect(await page.getByRole('region', { name: 'Key figures' }).count()).toBe(0);
      await picture(page, 'dashboard-failed-desktop');
      await page.unroute('**/api/game-platform/dashboard*');
      await page
        .getByRole('button', { name: /Try again/ })
        .first()
        .click();
      await page.getByRole('region', { name: 'Key figures' }).waitFor();
    });
  });

  it('in the light theme, the main pages read as well', async () => {
    const { page } = await open();
    await signIn(page, stack(), COACH);
    await page.getByRole('button', { name: 'Switch between dark and light' }).first().click();
    await page.getByRole('region', { name: 'Key figures' }).waitFor();
    await picture(page, 'dashboard-light');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.goto(`${stack().url}/competitors`);
    await page.getByRole('checkbox', { name: 'Select this page' }).check();
    await page.getByRole('rowheader').getByRole('button').nth(1).click();
    await page.getByRole('complementary', { name: 'Competitor details' }).getByText('Last solve').waitFor();
    await picture(page, 'competitors-light');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.goto(`${stack().url}/import`);
    await page.getByLabel('CSV file').waitFor();
    await picture(page, 'import-light');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.goto(`${stack().url}/teams`);
    await page.getByRole('list', { name: 'Teams', exact: true }).getByRole('listitem').first().waitFor();
    await picture(page, 'teams-light');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('what erasing somebody does and cannot do is said first', async () => {
    const { page } = await open();
    await giveSession(page, stack(), COACH);
    await page.goto(`${stack().url}/competitors`);
    await page.getByRole('rowheader').getByRole('button').last().click();
    await page.getByRole('button', { name: 'Erase competitor' }).click();
    const dialog = page.getByRole('dialog', { name: /^Erase / });
    await dialog.getByText(/We cannot delete two things/).waitFor();
    await picture(page, 'erase-dialog-desktop');
    await page.setViewportSize(PHONE);
    await expectNoSidewaysScroll(page);
    await picture(page, 'erase-dialog-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('on a phone, pages fit the screen and the tab bar leads to them', async () => {
    const { page } = await open(PHONE);
    await signIn(page, stack(), COACH);
    await page.getByRole('region', { name: 'Key figures' }).waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, 'dashboard-coach-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page
      .getByRole('navigation', { name: 'Main, phone' })
      .getByRole('link', { name: 'Competitors' })
      .click();
    await page.getByRole('region', { name: 'Competitor table' }).getByRole('rowheader').first().waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, 'competitors-coach-phone');
    const filters = page.getByRole('group', { name: 'Filters of the list' });
    expect(await filters.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Filters', exact: true }).click();
    await filters.getByLabel('Grade').selectOption({ index: 1 });
    await picture(page, 'competitors-coach-phone-filters');
    expect(await accessibilityProblems(page)).toEqual([]);
    await filters.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('button', { name: 'Filters', exact: true }).click();
    await filters.waitFor({ state: 'hidden' });
    await page.getByRole('rowheader').getByRole('button').first().click();
    await page.getByRole('complementary', { name: 'Competitor details' }).waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, 'competitor-coach-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
