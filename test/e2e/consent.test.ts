import { describe, expect, it } from 'vitest';
import { competitorListSchema } from '#shared/competitors/contract.ts';
import { apiOf, COACH, useLocalStack } from '#test/support/stack.ts';
import { accessibilityProblems, picture, useBrowser, useSignedIn } from './visit.ts';

describe('What protects the people on a roster', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  const visit = useSignedIn(open, stack, COACH);

  it('a release withdrawn puts on hold, says what is still there, and a new one lifts it', async () => {
    const { page, complaints } = visit;
    const coach = await apiOf(stack(), COACH);
    const { items } = competitorListSchema.parse((await coach('GET', '/api/competitors?limit=200')).body);
    const one = items.find(({ team, challengesSolved }) => team !== null && challengesSolved > 0);
    await page.goto(`${stack().url}/competitors/${one?.id}`);
    const details = page.getByRole('complementary', { name: 'Competitor details' });
    await details.getByRole('button', { name: 'Release withdrawn' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Withdrawn on').fill('2026-11-20');
    // A reload takes the page, not the date.
    await page.reload();
    await details.getByRole('button', { name: 'Release withdrawn' }).click();
    await dialog.getByText(/^Your text from .* is back$/).waitFor();
    expect(await dialog.getByLabel('Withdrawn on').inputValue()).toBe('2026-11-20');
    await dialog.getByRole('button', { name: 'Put on hold' }).click();
    await details.getByText('We cannot delete it there').waitFor();
    expect(await details.getByRole('button', { name: 'Refresh now' }).count()).toBe(0);
    await picture(page, 'competitor-on-hold-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(
      await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('draft:'))),
    ).toEqual([]);
    await page.getByRole('button', { name: /^On hold/ }).click();
    const table = page.getByRole('region', { name: 'Competitor table' });
    await table
      .getByRole('cell', { name: /On hold/ })
      .first()
      .waitFor();

    await details.getByRole('button', { name: 'Enter a new release' }).click();
    await dialog.getByLabel(/signed on/).fill('2026-11-21');
    await dialog.getByRole('button', { name: 'Save the release' }).click();
    await details.getByText('We cannot delete it there').waitFor({ state: 'hidden' });
    await details.getByRole('button', { name: 'Refresh now' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('who does not use the site is asked, then signed out; an answer or another tab keeps them', async () => {
    const { page } = visit;
    const lastUsed = (minutesAgo: number) =>
      page.evaluate((ms) => localStorage.setItem('last-used', String(Date.now() - ms)), minutesAgo * 60_000);
    const dialog = page.getByRole('dialog', { name: 'Still there?' });
    await lastUsed(28.5);
    await dialog.waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Stay signed in' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await lastUsed(29);
    await dialog.waitFor();
    await lastUsed(0);
    await dialog.waitFor({ state: 'hidden' });
    await lastUsed(31);
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });
});
