import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type Api, apiOf, COACH, useLocalStack } from '#test/support/stack.ts';
import { NO_DEMO } from '#test/support/seed-at-once.ts';
import { accessibilityProblems, phonePicture, picture, useBrowser, useSession } from './visit.ts';

const PERSON = {
  firstName: 'Wren',
  lastName: 'Hollis',
  email: 'wren.hollis@example.org',
  adult: false,
  guardianName: 'Ada Hollis',
  guardianEmail: 'ada.hollis@example.org',
  grade: 9,
  division: 'high_school',
};

describe('What is typed into a form', () => {
  const stack = useLocalStack({ seedDemo: NO_DEMO });
  const visit = useSession(useBrowser(), stack, COACH);
  let number = 0;

  const added = async (coach: Api): Promise<{ id: string; version: number }> => {
    number += 1;
    const email = `wren.hollis.${number}@example.org`;
    const { body } = await coach('POST', '/api/competitors', { body: { ...PERSON, email } });
    return body;
  };
  const edit = async (page: Page, id: string) => {
    await page.goto(`${stack().url}/competitors/${id}`);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    return page.getByRole('dialog', { name: 'Edit competitor' });
  };

  it('is told beside the field in the site’s own words, and the first wrong field has the focus', async () => {
    const { page } = visit;
    await page.goto(`${stack().url}/competitors`);
    await page.getByRole('button', { name: 'Add competitor' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Add a competitor' });
    await dialog.getByLabel('First name').fill('Wren');
    await dialog.getByLabel('Grade').fill('77');
    await dialog.getByLabel('Email', { exact: true }).fill('wren@nowhere');
    await dialog.getByRole('button', { name: 'Add competitor' }).click();
    await dialog.getByText('Not saved. 3 fields need a fix.').waitFor();
    await dialog.getByText('Enter a last name of up to 100 characters.').waitFor();
    await dialog.getByText('Enter a grade from 1 to 16, such as 7.').waitFor();
    await dialog.getByText('Enter a complete email address, such as name@example.org.').waitFor();
    expect(await dialog.getByLabel('Last name').evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await dialog.textContent()).not.toMatch(/Too small|“errors”|expected/);
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'form-wrong-fields-desktop');
    await phonePicture(page, 'form-wrong-fields-phone');
  });

  it('is thrown away by Esc only after a question; Esc again goes back to it', async () => {
    const { page } = visit;
    const { id } = await added(await apiOf(stack(), COACH));
    const dialog = await edit(page, id);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await dialog.getByLabel('Grade').fill('10');
    await page.keyboard.press('Escape');
    const question = page.getByRole('dialog', { name: 'Keep what you typed?' });
    await question.waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'form-esc-desktop');
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'hidden' });
    expect(await dialog.getByLabel('Grade').inputValue()).toBe('10');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'hidden' });
    expect(await dialog.getByLabel('Grade').inputValue()).toBe('10');
    await page.keyboard.press('Escape');
    await question.getByRole('button', { name: 'Discard it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    expect(await dialog.getByLabel('Grade').inputValue()).toBe('9');
  });

  it('stands beside what somebody else saved meanwhile, field by field, and only the choice is written', async () => {
    const { page } = visit;
    const coach = await apiOf(stack(), COACH);
    const { id, version } = await added(coach);
    const dialog = await edit(page, id);
    await dialog.getByLabel('Grade').fill('10');
    await dialog.getByLabel('Guardian’s name').fill('Ada M. Hollis');
    const theirs = { grade: 11, lastName: 'Hollis-Reed' };
    const headers = { 'if-match': `"${version}"` };
    await coach('PATCH', `/api/competitors/${id}`, { body: theirs, headers });
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await dialog.getByRole('heading', { name: /^Someone else changed .* too$/ }).waitFor();
    await dialog.getByText('1 field differs. Choose which version to keep. Nothing is saved yet.').waitFor();
    await dialog.getByText('Guardian’s name: only you changed it. Yours is kept: Ada M. Hollis.').waitFor();
    await dialog.getByText('Last name: only they changed it. Theirs is kept: Hollis-Reed.').waitFor();
    const save = dialog.getByRole('button', { name: 'Save my choices' });
    expect(await save.getAttribute('aria-disabled')).toBe('true');
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'form-conflict-desktop');
    await phonePicture(page, 'form-conflict-phone');
    await dialog.getByRole('group', { name: 'Grade' }).getByRole('radio', { name: /Mine/ }).check();
    await save.click();
    await dialog.waitFor({ state: 'hidden' });
    expect((await coach('GET', `/api/competitors/${id}`)).body).toMatchObject({
      grade: 10,
      lastName: 'Hollis-Reed',
      guardianName: 'Ada M. Hollis',
    });
  });

  it('is back after the session ended while it was being saved, until it is saved or thrown away', async () => {
    const { page } = visit;
    const { id } = await added(await apiOf(stack(), COACH));
    const dialog = await edit(page, id);
    await dialog.getByLabel('Grade').fill('12');
    await page.route(`**/api/competitors/${id}`, (route) =>
      route.request().method() === 'PATCH' ? route.fulfill({ status: 401, json: {} }) : route.continue(),
    );
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('You have been signed out').first().waitFor();
    await picture(page, 'signed-out-with-text-desktop');
    await page.unrouteAll();
    const user = stack().users.find(({ email }) => email === COACH);
    await page.getByRole('button', { name: 'Continue' }).click();
    const password = page.getByLabel('Password', { exact: true });
    const button = page.getByRole('button', { name: 'Edit', exact: true });
    await password.or(button).first().waitFor();
    if (await password.isVisible()) {
      await page.getByLabel('Email').fill(COACH);
      await password.fill(user?.password ?? '');
      await page.getByRole('button', { name: 'Sign in' }).click();
    }
    await button.click();
    await dialog.getByText(/^Your text from \d+:\d\d [AP]M is back$/).waitFor();
    expect(await dialog.getByLabel('Grade').inputValue()).toBe('12');
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'form-text-is-back-desktop');
    await dialog.getByRole('button', { name: 'Use what is saved instead' }).click();
    expect(await dialog.getByLabel('Grade').inputValue()).toBe('9');
  });
});
