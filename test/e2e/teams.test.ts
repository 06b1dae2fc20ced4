import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { COACH, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  openSite,
  PHONE,
  phonePicture,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  useSession,
} from './visit.ts';

const tilesOf = (page: Page) => page.getByRole('list', { name: 'Teams', exact: true });
const tileOf = (page: Page, name: string) => tilesOf(page).getByRole('button', { name, exact: true });
const membersOf = (page: Page) => page.getByRole('dialog').getByRole('list', { name: /^Members of/ });

describe('The teams of a coach', () => {
  const stack = useLocalStack();
  const open = useBrowser();

  const openTeams = async (page: Page) => {
    await page.goto(`${stack().url}/teams`);
    await tilesOf(page).waitFor();
  };
  const simulator = () => {
    const found = stack().gamePlatform.simulator;
    if (found === undefined) throw new Error('The stack runs without a simulator.');
    return found;
  };

  describe('at a desk', () => {
    const visit = useSession(open, stack, COACH);

    it('each have a tile with their state, and are found by a member’s name', async () => {
      const { page, complaints } = visit;
      await openSite(page, stack());
      await page.getByRole('link', { name: 'Teams' }).first().click();
      await tilesOf(page).getByText('Synced').first().waitFor();
      await picture(page, 'teams-coach-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await expectNoSidewaysScroll(page);
      const before = await tilesOf(page).getByRole('heading').count();
      const name = await tilesOf(page).getByRole('list').first().getByRole('listitem').first().innerText();
      await page.getByLabel('Find a team by its name or a member').fill(name);
      expect(await tilesOf(page).getByRole('heading').count()).toBeLessThan(before);
      expect(page.url()).not.toContain('?');
      await page.getByLabel('Find a team by its name or a member').fill('nobody of this name');
      await page.getByText('No team matches').waitFor();
      await page.getByRole('button', { name: 'Clear filter and search' }).click();
      expect(await tilesOf(page).getByRole('heading').count()).toBe(before);
      expect(complaints).toEqual([]);
    });

    it('a member is moved by keyboard alone, and the badge turns to Synced by itself', async () => {
      const { page, complaints } = visit;
      await openTeams(page);
      const opener = tilesOf(page).getByRole('heading').getByRole('button').first();
      const teamName = await opener.innerText();
      await opener.focus();
      await page.keyboard.press('Enter');
      const drawer = page.getByRole('dialog', { name: teamName });
      await drawer.getByRole('heading', { name: teamName }).and(page.locator(':focus')).waitFor();
      await membersOf(page).getByRole('button').first().focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      // Down one: from "Choose a team" to the first of the others.
      await page.keyboard.press('ArrowDown');
      const target = await drawer.getByRole('combobox').locator('option:checked').innerText();
      expect(target).not.toBe('Choose a team');
      expect(await accessibilityProblems(page)).toEqual([]);
      await picture(page, 'team-drawer-desktop');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await drawer.getByText(`moved from ${teamName} to ${target}.`).waitFor();
      await drawer.getByText(/On the platform after \d/).waitFor();
      const edits = drawer.getByRole('region', { name: 'Last edits' });
      await edits.getByText(`moved to ${target}`).first().waitFor();
      await drawer.getByRole('img', { name: /^Solves over the period/ }).waitFor();
      await picture(page, 'team-member-moved-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await tileOf(page, teamName).and(page.locator(':focus')).waitFor();
      const there = tilesOf(page)
        .getByRole('listitem')
        .filter({ has: page.getByRole('button', { name: target, exact: true }) });
      await there.getByText('Synced').waitFor();
      await there.getByText(/On the platform .+ after your last edit/).waitFor();
      expect(complaints).toEqual([]);
    });

    it('a member is dragged onto another team, and the move is undone', async () => {
      const { page, complaints } = visit;
      await openTeams(page);
      const [from = '', to = ''] = await tilesOf(page).getByRole('heading').allInnerTexts();
      const source = page.getByRole('list', { name: `Members of ${from}` });
      const target = page.getByRole('list', { name: `Members of ${to}` });
      const member = source.getByRole('link').first();
      const name = (await member.innerText()).trim();
      await member.dragTo(tileOf(page, to));
      await target
        .getByText(name)
        .or(tilesOf(page).getByText(/^and \d+ more$/))
        .first()
        .waitFor();
      await source.getByText(name).waitFor({ state: 'detached' });
      await page.getByText(`${name} moved from ${from} to ${to}.`).waitFor();
      await picture(page, 'teams-dragged-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.getByText(/On the platform after \d/).waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText(`${name} moved from ${to} to ${from}.`).waitFor();
      await source.getByText(name).waitFor();
      await page.getByRole('button', { name: 'Dismiss' }).click();
      expect(complaints).toEqual([]);
    });

    it('a drop that the server refuses is taken back with the reason', async () => {
      const { page } = visit;
      await openTeams(page);
      const [from = '', to = ''] = await tilesOf(page).getByRole('heading').allInnerTexts();
      await page.route('**/api/teams/*/members/*', (route) =>
        route.fulfill({
          status: 503,
          contentType: 'application/json',
          body: '{"message":"Service Unavailable"}',
        }),
      );
      const member = page
        .getByRole('list', { name: `Members of ${from}` })
        .getByRole('link')
        .first();
      const name = (await member.innerText()).trim();
      await member.dragTo(tileOf(page, to));
      await page.getByRole('alert').getByText(`${name} stays on ${from}`).waitFor();
      await page
        .getByRole('list', { name: `Members of ${from}` })
        .getByText(name)
        .waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
    });

    it('in an open team, a member is dragged onto the name of another', async () => {
      const { page } = visit;
      await openTeams(page);
      const [from = '', to = ''] = await tilesOf(page).getByRole('heading').allInnerTexts();
      await tileOf(page, from).click();
      const row = membersOf(page).getByRole('listitem').first();
      const name = (await row.getByRole('button').first().innerText()).trim();
      // Nothing moves any more once the members' records are there.
      const line = row.getByText(/solved, /);
      await line.hover();
      await page.mouse.down();
      const { x = 0, y = 0 } = (await line.boundingBox()) ?? {};
      await page.mouse.move(x + 40, y + 80, { steps: 5 });
      const strip = page.getByRole('region', { name: `Drop ${name} on` });
      await strip.getByText(to, { exact: true }).waitFor();
      await picture(page, 'team-drag-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await strip.getByText(to, { exact: true }).hover();
      await page.mouse.up();
      await page.getByRole('dialog').getByText(`${name} moved from ${from} to ${to}.`).waitFor();
      await strip.waitFor({ state: 'hidden' });
    });

    it('a drag is over when the pointer moves again, also when its row hears of no end', async () => {
      const { page } = visit;
      await openTeams(page);
      await tilesOf(page).getByRole('heading').getByRole('button').first().click();
      const row = membersOf(page).getByRole('listitem').first();
      const line = row.getByText(/solved, /);
      await line.hover();
      // As if the row were gone by then.
      await row.evaluate((element) => {
        element.addEventListener('dragend', (event) => event.stopImmediatePropagation(), true);
      });
      await page.mouse.down();
      const { x = 0, y = 0 } = (await line.boundingBox()) ?? {};
      await page.mouse.move(x + 40, y + 80, { steps: 5 });
      const strip = page.getByRole('region', { name: /^Drop / });
      await strip.waitFor();
      await page.mouse.up();
      await page.mouse.move(x + 60, y + 90);
      await strip.waitFor({ state: 'detached' });
      expect(await row.innerText()).toContain('solved, ');
    });

    it('each member has the chain and the quick acts, and the scores are read with a press', async () => {
      const { page, complaints } = visit;
      await openTeams(page);
      await tilesOf(page).getByRole('heading').getByRole('button').first().click();
      const row = membersOf(page).getByRole('listitem').first();
      await row.getByText(/release done, account done/).waitFor();
      await row.getByText(/solved, /).waitFor();
      const read = row.getByRole('button', { name: /^Read scores of / });
      await read.click();
      await row.getByText('The scores were read just now.').waitFor();
      await row.getByRole('button', { name: /^Reassign / }).click();
      await row.getByRole('list', { name: 'Chain from release to last solve' }).waitFor();
      await picture(page, 'team-member-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('a renamed team is told as different there, and recreated with everybody on it', async () => {
      const { page, complaints } = visit;
      await openTeams(page);
      const [before = ''] = await tilesOf(page).getByRole('heading').allInnerTexts();
      await tileOf(page, before).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Edit team' }).click();
      const form = page.getByRole('dialog', { name: 'Edit team' });
      await form.getByLabel('Team name').fill('Null Pointers');
      await form.getByRole('button', { name: 'Save changes' }).click();
      const drawer = page.getByRole('dialog', { name: 'Null Pointers' });
      await drawer.getByText(`Null Pointers here, ${before} there`).waitFor();
      await picture(page, 'team-drift-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await phonePicture(page, 'team-drift-phone');
      await drawer.getByRole('button', { name: 'Recreate on platform' }).click();
      const dialog = page.getByRole('dialog', { name: 'Recreate Null Pointers on the platform?' });
      await dialog.getByText(`${before} is deleted on the platform.`).waitFor();
      await picture(page, 'team-recreate-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Recreate team' }).click();
      await drawer.getByText('Being recreated').waitFor();
      await picture(page, 'team-recreating-desktop');
      await drawer.getByText('The platform now shows the team as it is here.').waitFor();
      await picture(page, 'team-recreated-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('recreating is refused in words while a Flash CTF is on', async () => {
      const { page } = visit;
      await openTeams(page);
      await tilesOf(page).getByRole('heading').getByRole('button').first().click();
      const drawer = page.getByRole('dialog').first();
      await drawer.getByRole('button', { name: 'Edit team' }).click();
      const form = page.getByRole('dialog', { name: 'Edit team' });
      await form.getByLabel('Affiliation').fill('Cedar Hollow Club');
      await form.getByRole('button', { name: 'Save changes' }).click();
      await page.route('**/recreate', (route) =>
        route.fulfill({
          status: 409,
          contentType: 'application/problem+json',
          body: JSON.stringify({
            type: 'about:blank',
            title: 'Conflict',
            status: 409,
            detail: 'A Flash CTF is on.',
            code: 'EVENT_RUNNING',
            requestId: 'r',
          }),
        }),
      );
      await drawer.getByRole('button', { name: 'Recreate on platform' }).click();
      await page.getByRole('button', { name: 'Recreate team' }).click();
      await page.getByRole('alert').getByText('Not during a Flash CTF').waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
    });

    it('how fast edits arrive is told by month, and a failure of it is no silence', async () => {
      const { page } = visit;
      await openTeams(page);
      const panel = page.getByRole('region', { name: 'How fast edits arrive' });
      await panel.getByText(/of \d+ edits? this month reached the platform within a minute/).waitFor();
      await panel.getByText('By month, as a table').click();
      await panel.getByRole('columnheader', { name: '99% (p99)' }).waitFor();
      await picture(page, 'teams-edit-times-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.route('**/api/game-platform/edit-times', (route) =>
        route.fulfill({
          status: 503,
          contentType: 'application/json',
          body: '{"message":"Service Unavailable"}',
        }),
      );
      await openTeams(page);
      await panel.getByRole('alert').getByText('The times of edits could not be loaded').waitFor();
      await page.unroute('**/api/game-platform/edit-times');
      await page.route('**/api/game-platform/edit-times', (route) => route.fulfill({ json: { months: [] } }));
      await panel.getByRole('button', { name: 'Try again' }).click();
      await panel.getByText(/No one has edited a team yet/).waitFor();
    });

    it('a team is created with mistakes told at the field, gets a member, and is deleted once it is empty', async () => {
      const { page } = visit;
      await openTeams(page);
      await page.getByRole('button', { name: 'New team' }).click();
      const dialog = page.getByRole('dialog', { name: 'New team' });
      await dialog.getByRole('button', { name: 'Create team' }).click();
      await dialog.getByLabel('Team name').and(page.locator('[aria-invalid="true"]')).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await dialog.getByLabel('Team name').fill('Night Heron Society');
      await dialog.getByRole('button', { name: 'Create team' }).click();
      const drawer = page.getByRole('dialog', { name: 'Night Heron Society' });
      await drawer.getByText('No members yet.').first().waitFor();
      await drawer.getByText('Synced', { exact: true }).first().waitFor();

      await drawer.getByRole('button', { name: 'Add member' }).click();
      const chooser = page.getByRole('dialog', { name: 'Add to Night Heron Society' });
      const free = chooser.getByRole('listitem').filter({ hasText: 'No team yet' });
      await free.first().waitFor();
      await picture(page, 'team-add-member-desktop');
      expect(await accessibilityProblems(page)).toEqual([]);
      await free
        .first()
        .getByRole('button', { name: /^Add: / })
        .click();
      await chooser.getByText('is on the team.').waitFor();
      await chooser.getByRole('button', { name: 'Done' }).click();
      await drawer.getByRole('button', { name: 'Add member' }).and(page.locator(':focus')).waitFor();
      const remove = drawer.getByRole('button', { name: 'Delete team' });
      expect(await remove.getAttribute('aria-disabled')).toBe('true');
      await drawer.getByText('You can delete a team once it has no members.').waitFor();

      await membersOf(page).getByRole('button').first().click();
      await drawer.getByRole('button', { name: /^Remove from team/ }).click();
      await drawer.getByText(/is off Night Heron Society/).waitFor();
      await remove.and(page.locator(':not([aria-disabled])')).click();
      const confirm = page.getByRole('dialog', { name: 'Delete Night Heron Society?' });
      await confirm.getByRole('button', { name: 'Delete team' }).click();
      await page.getByText('Night Heron Society is deleted').first().waitFor();
      expect(await tileOf(page, 'Night Heron Society').count()).toBe(0);
    });

    it('what the platform does not take is told with the reason and what to do, and passes by itself', async () => {
      const { page } = visit;
      await openTeams(page);
      const { faults } = simulator();
      const fault = faults.add({ kind: 'serverError', endpoint: 'POST /teams', status: 500 });
      try {
        await page.getByRole('button', { name: 'New team' }).click();
        const dialog = page.getByRole('dialog', { name: 'New team' });
        await dialog.getByLabel('Team name').fill('Second Watch');
        await dialog.getByRole('button', { name: 'Create team' }).click();
        const drawer = page.getByRole('dialog', { name: 'Second Watch' });
        const reason = drawer.getByText('Not everything is on the platform');
        await reason.waitFor();
        await drawer.getByText(/try again automatically/).waitFor();
        await picture(page, 'team-refused-desktop');
        expect(await accessibilityProblems(page)).toEqual([]);
        faults.remove(fault);
        await drawer.getByRole('button', { name: 'Push now' }).click();
        await drawer.getByText('Telling the platform.').waitFor();
        await drawer.getByText('Synced', { exact: true }).waitFor();
      } finally {
        faults.remove(fault);
      }
    });

    it('an edit that the server refuses is taken back on screen and explained', async () => {
      const { page } = visit;
      await openTeams(page);
      await page.route('**/api/teams/*/members/*', (route) =>
        route.fulfill({
          status: 503,
          contentType: 'application/json',
          body: '{"message":"Service Unavailable"}',
        }),
      );
      await tilesOf(page).getByRole('heading').getByRole('button').first().click();
      const first = membersOf(page).getByRole('button').first();
      const name = (await first.innerText()).trim();
      await first.click();
      await page.getByRole('button', { name: `Remove from team: ${name}` }).click();
      await page
        .getByRole('alert')
        .getByText(new RegExp(`^${name} stays on `))
        .waitFor();
      await membersOf(page).getByRole('button', { name, exact: true }).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
    });

    it('teams that could not be loaded are never shown as none', async () => {
      const { page } = visit;
      await page.route('**/api/teams?*', (route) =>
        route.fulfill({
          status: 503,
          contentType: 'application/json',
          body: '{"message":"Service Unavailable"}',
        }),
      );
      await page.goto(`${stack().url}/teams`);
      await page.getByRole('alert').getByText('The teams could not be loaded').waitFor();
      expect(await page.getByText('No teams yet').count()).toBe(0);
      await page.unroute('**/api/teams?*');
      await page.getByRole('button', { name: 'Try again' }).click();
      await tilesOf(page).waitFor();
    });

    it('a competitor is put on a team from the details, and erased on request', async () => {
      const { page } = visit;
      await page.goto(`${stack().url}/competitors?status=pending`);
      await page.getByRole('rowheader').getByRole('button').first().click();
      const details = page.getByRole('complementary', { name: 'Competitor details' });
      const team = details.getByRole('region', { name: 'Team' });
      await team.getByRole('option').nth(1).waitFor({ state: 'attached' });
      await team.getByLabel('Team').selectOption({ index: 1 });
      await team.getByRole('button', { name: 'Put on team' }).click();
      await team.getByText(/has no account on the platform yet/).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await details.getByRole('button', { name: 'Erase competitor' }).click();
      const dialog = page.getByRole('dialog', { name: /^Erase / });
      await dialog.getByText('We cannot delete two things').waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Erase competitor' }).click();
      const done = page.getByRole('dialog', { name: /is erased$/ });
      await done.getByText('What we cannot delete').waitFor();
      await picture(page, 'competitor-erased-desktop');
      await done.getByRole('button', { name: 'Close' }).click();
      await details.waitFor({ state: 'hidden' });
    });
  });

  it('on a phone, tiles, drawer and dialogs fit the screen', async () => {
    const { page } = await open(PHONE);
    await signIn(page, stack(), COACH);
    await page.getByRole('navigation', { name: 'Main, phone' }).getByRole('link', { name: 'Teams' }).click();
    await tilesOf(page).waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, 'teams-coach-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
    await tilesOf(page).getByRole('heading').getByRole('button').first().click();
    await membersOf(page).getByRole('button').first().click();
    await expectNoSidewaysScroll(page);
    const width = await page.getByRole('dialog').evaluate((drawer) => drawer.getBoundingClientRect().width);
    expect(width).toBe(PHONE.width);
    await picture(page, 'team-drawer-phone');
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
