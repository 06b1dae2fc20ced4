import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ADMIN, apiOf, COACH, PATIENCE_MS, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  giveActingReason,
  phonePicture,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  useSignedIn,
} from './visit.ts';

const stripOf = (page: Page) => page.getByRole('complementary', { name: 'Acting as a coach' });
const PATIENT = { timeout: PATIENCE_MS };
const stored = (page: Page) => page.evaluate(() => sessionStorage.getItem('acting-as'));

const choose = async (page: Page) => {
  await page.getByRole('button', { name: /account of/ }).click();
  await page.getByRole('button', { name: 'Act as a coach' }).click();
  await page
    .getByRole('dialog', { name: 'Act as a coach' })
    .getByRole('button', { name: /^Act as Morgan Reyes/ })
    .click();
};
const act = async (page: Page) => {
  await choose(page);
  await giveActingReason(page);
  await stripOf(page).getByText('Morgan Reyes').waitFor();
};

describe('Acting as a coach', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  const visit = useSignedIn(open, stack, ADMIN);

  const audited = async (action: string) => {
    const api = await apiOf(stack(), ADMIN);
    return (await api('GET', `/api/admin/audit?action=${action}`)).body.items;
  };
  it('asks for a reason first, which the audit log keeps with start, end and what was done meanwhile', async () => {
    const { page, complaints } = visit;
    await choose(page);
    const dialog = page.getByRole('dialog', { name: 'Act as Morgan Reyes' });
    await dialog.getByText(/No names of students/).waitFor();
    await dialog.getByRole('button', { name: 'Act for 30 minutes' }).click();
    await dialog.getByText('Say why in a few words, without names of students.').waitFor();
    const reason = dialog.getByLabel(/^Reason/);
    await expect.poll(() => reason.evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await stored(page)).toBeNull();
    await picture(page, 'acting-reason-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await phonePicture(page, 'acting-reason-phone');
    await reason.fill('Helps with the roster.');
    await page.keyboard.press('Enter');
    await stripOf(page)
      .getByText(/30 minutes left/)
      .waitFor();
    const [started] = await audited('coach.act_start');
    expect(started).toMatchObject({
      subject: { name: 'Morgan Reyes' },
      details: { reason: 'Helps with the roster.' },
    });

    await page.getByRole('link', { name: 'Teams' }).first().click();
    await page.getByRole('button', { name: 'New team' }).first().click();
    const form = page.getByRole('dialog', { name: 'New team' });
    await form.getByLabel('Team name').fill('Made while acting');
    await form.getByRole('button', { name: 'Create team' }).click();
    await form.waitFor({ state: 'hidden' });
    // The new team is open now, over the banner.
    await page.getByRole('dialog', { name: 'Made while acting' }).waitFor();
    await page.keyboard.press('Escape');
    await stripOf(page).getByRole('button', { name: 'Stop acting' }).click();
    await stripOf(page).waitFor({ state: 'hidden' });
    await expect.poll(async () => (await audited('coach.act_end')).length, PATIENT).toBe(1);

    await page.goto(`${stack().url}/audit`);
    await page
      .getByRole('listitem')
      .filter({ hasText: 'began to act as' })
      .getByRole('link', { name: 'What was done meanwhile' })
      .click();
    await page.waitForURL(/for=/);
    await page.getByText('made the team').waitFor();
    await page.getByText(/^For Morgan Reyes from .* to /).waitFor();
    expect(await page.getByText('began to act as').count()).toBe(0);
    await picture(page, 'acting-audit-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: /clear this filter/ }).click();
    await page
      .getByText(/stopped acting as .* by pressing Stop/)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
  });

  it('warns before the end, goes on with another reason, and ends by itself', async () => {
    const { page } = visit;
    await page.clock.install();
    await page.goto(stack().url);
    await act(page);
    const strip = stripOf(page);
    const said = strip.getByRole('status');
    expect(await said.textContent()).toBe('');
    await page.clock.fastForward('15:10');
    await page.keyboard.press('Shift');
    await expect.poll(() => said.textContent(), PATIENT).toBe('Acting as this coach ends in 15 minutes.');
    expect(await strip.getByRole('button', { name: /^Act for/ }).count()).toBe(0);
    await page.clock.fastForward('10:00');
    await page.keyboard.press('Shift');
    await expect.poll(() => said.textContent(), PATIENT).toBe('Acting as this coach ends in 5 minutes.');
    await picture(page, 'acting-warning-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expectNoSidewaysScroll(page);
    await phonePicture(page, 'acting-warning-phone');
    await strip.getByRole('button', { name: 'Act for 30 more minutes' }).click();
    await giveActingReason(page);
    await strip.getByText(/(30|29) minutes left/).waitFor();
    expect((await audited('coach.act_continue')).length).toBe(1);

    for (const leap of ['15:00', '15:05']) {
      await page.clock.fastForward(leap);
      await page.keyboard.press('Shift');
    }
    await strip.waitFor({ state: 'hidden' });
    await page.getByText('You no longer act as').first().waitFor();
    await page.getByRole('link', { name: 'Jobs' }).first().waitFor();
    expect(await stored(page)).toBeNull();
    await expect.poll(async () => (await audited('coach.act_end'))[0]?.details.how, PATIENT).toBe('time');
  });

  it('is over when the server says so, whatever the clock of the browser', async () => {
    const { page } = visit;
    await act(page);
    const { id, coachId } = JSON.parse((await stored(page)) ?? '{}');
    const api = await apiOf(stack(), ADMIN);
    const body = { how: 'stopped' };
    expect((await api('POST', `/api/admin/coaches/${coachId}/act/${id}/end`, { body })).status).toBe(200);
    const headers = { 'x-act-as': coachId, 'x-acting-id': id };
    expect((await api('GET', '/api/me', { headers })).body).toMatchObject({ code: 'ACTING_ENDED' });
    // As the API says, the coach's id alone is enough for others.
    expect((await api('GET', '/api/me', { headers: { 'x-act-as': coachId } })).status).toBe(200);
    await page.getByRole('link', { name: 'Teams' }).first().click();
    await page.getByRole('link', { name: 'Jobs' }).first().waitFor();
    expect(await stored(page)).toBeNull();
  });

  it('is left behind neither at sign-out nor for whoever signs in next in this tab', async () => {
    const { page } = visit;
    await act(page);
    const left = (await stored(page)) ?? '';
    await page.getByRole('button', { name: /account of/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/signed-out/);
    expect(await stored(page)).toBeNull();
    await expect.poll(async () => (await audited('coach.act_end'))[0]?.details.how, PATIENT).toBe('signout');
    // As if the browser had brought the tab back with what was in it.
    await page.evaluate((value) => sessionStorage.setItem('acting-as', value), left);
    await signIn(page, stack(), COACH);
    await page.getByRole('region', { name: 'Key figures' }).waitFor();
    expect(await stripOf(page).count()).toBe(0);
    expect(await stored(page)).toBeNull();
  });

  it('stays in its tab', async () => {
    const { page } = visit;
    await act(page);
    const other = await page.context().newPage();
    await other.goto(stack().url);
    expect(await other.evaluate(() => sessionStorage.getItem('acting-as'))).toBeNull();
  });
});
