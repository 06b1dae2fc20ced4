import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { coachListSchema, type CoachView } from '#shared/coaches/contract.ts';
import { competitorListSchema } from '#shared/competitors/contract.ts';
import { ADMIN, apiOf, COACH, OTHER_COACH, useLocalStack, type Api } from '#test/support/stack.ts';
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

/** How a page looks in both themes and sizes; nothing of it is out of reach or beside the window. */
async function looked(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [size, viewport] of [
      ['desktop', DESKTOP],
      ['phone', PHONE],
    ] as const) {
      await page.setViewportSize(viewport);
      await expectNoSidewaysScroll(page);
      expect(await accessibilityProblems(page)).toEqual([]);
      await picture(page, `${name}-${size}${colorScheme === 'light' ? '-light' : ''}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.setViewportSize(DESKTOP);
}

describe('Between two seasons', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  let admin: Api;
  let from: CoachView;
  let to: CoachView;

  const listOf = async (coachId: string) =>
    competitorListSchema.parse((await admin('GET', `/api/competitors?limit=200&coachId=${coachId}`)).body)
      .items;

  beforeAll(async () => {
    admin = await apiOf(stack(), ADMIN);
    const { items } = coachListSchema.parse((await admin('GET', '/api/admin/coaches?limit=200')).body);
    const of = (email: string) => {
      const coach = items.find((one) => one.email === email);
      if (coach === undefined) throw new Error('The demo lacks a coach.');
      return coach;
    };
    [from, to] = [of(COACH), of(OTHER_COACH)];
  });

  it('is for admins: a coach finds no way to a move or a roll-over, and nothing behind their addresses', async () => {
    const { page } = await open();
    await signIn(page, stack(), COACH);
    expect(await page.getByRole('link', { name: 'Season' }).count()).toBe(0);
    await page.goto(`${stack().url}/season`);
    await page.getByText('Only admins see the roll-over').waitFor();
    await page.goto(`${stack().url}/move`);
    await page.getByText('Only admins see moves to another coach').waitFor();
    await page.goto(`${stack().url}/competitors`);
    await page.getByRole('checkbox', { name: 'Select this page' }).check();
    await page.getByRole('region', { name: 'Selection' }).waitFor();
    expect(await page.getByRole('button', { name: 'Move to a coach' }).count()).toBe(0);
  });

  describe('as an admin', () => {
    const visit = useSignedIn(open, stack, ADMIN);

    it('competitors who are selected are moved by a plan that lists each, with the number typed, by keyboard too', async () => {
      const { page, complaints } = visit;
      const before = (await listOf(from.id)).length;
      await page.goto(`${stack().url}/competitors?coach=${from.id}`);
      const table = page.getByRole('region', { name: 'Competitor table' });
      for (const index of [1, 2, 3]) await table.getByRole('checkbox').nth(index).check();
      await page.getByRole('button', { name: 'Move to a coach' }).click();
      await page.getByRole('heading', { level: 1, name: 'Move competitors to another coach' }).waitFor();
      await page.getByText('3 competitors that you selected').waitFor();
      await page.getByRole('button', { name: 'Make the plan' }).click();
      await page.getByText('Choose who takes them over.').waitFor();
      await page.getByLabel('To', { exact: true }).selectOption(to.id);
      await looked(page, 'move-choose');
      await page.getByRole('button', { name: 'Make the plan' }).press('Enter');

      const changes = page.getByRole('region', { name: 'Changes', exact: true });
      await changes.getByRole('heading', { name: 'Every change' }).waitFor();
      expect((await listOf(from.id)).length).toBe(before);
      expect(await changes.getByRole('row').count()).toBe(4);
      await looked(page, 'move-plan');
      // A reload comes back to the plan.
      await page.reload();
      await changes.getByRole('heading', { name: 'Every change' }).waitFor();

      const number = page.getByLabel('Type 3 to confirm everyone who moves');
      await page.getByRole('button', { name: 'Move 3 competitors' }).click();
      await page.getByText('Type 3 first.').waitFor();
      expect(await number.evaluate((field) => field === document.activeElement)).toBe(true);
      await page.keyboard.type('4');
      await page.keyboard.press('Enter');
      await page.getByText('That is another number. Type 3.').waitFor();
      await number.fill('3');
      await page.keyboard.press('Enter');
      await page
        .getByRole('status')
        .getByText('3 competitors are on the list of', { exact: false })
        .waitFor();
      await looked(page, 'move-result');
      expect((await listOf(from.id)).length).toBe(before - 3);
      expect(complaints).toEqual([]);
    });

    it('a coach’s page leads to a move of everybody, whose teams come along; a plan that is changed since is refused', async () => {
      const { page } = visit;
      await page.goto(`${stack().url}/coaches/${from.id}`);
      await page.getByRole('link', { name: 'Move everybody to…' }).click();
      expect(await page.getByLabel('Everyone of').inputValue()).toBe(from.id);
      await page.getByLabel('To', { exact: true }).selectOption(to.id);
      await page.getByRole('button', { name: 'Make the plan' }).click();
      const changes = page.getByRole('region', { name: 'Changes', exact: true });
      await changes.getByRole('heading', { name: 'Every change' }).waitFor();
      const people = await listOf(from.id);
      await page
        .getByRole('region', { name: 'The plan in numbers' })
        .getByText(String(people.length), { exact: true })
        .waitFor();
      await changes.getByRole('button', { name: /^Leave a team/ }).click();
      await page.getByText('No one passes this filter').waitFor();
      await changes.getByRole('button', { name: 'Show everyone' }).click();

      const added = await admin('POST', `/api/competitors?coachId=${from.id}`, {
        body: { firstName: 'Zoë', lastName: 'Quillfeather' },
      });
      expect(added.status).toBe(201);
      await page.getByLabel(/^Type .* to confirm everyone who moves/).fill(String(people.length));
      await page.getByRole('button', { name: `Move ${people.length} competitors` }).click();
      await page.getByRole('alert').getByText('Not moved').waitFor();
      await looked(page, 'move-changed');
      await page.getByRole('button', { name: 'Make the plan again' }).click();
      await page.getByRole('button', { name: 'Make the plan' }).waitFor();
    });

    it('the palette finds the move and the roll-over', async () => {
      const { page } = visit;
      await page.keyboard.press('Control+k');
      const field = page.getByRole('combobox', { name: 'Person, team, page or action' });
      await field.fill('roll');
      await page.getByRole('option', { name: /Season roll-over/ }).waitFor();
      await field.fill('transfer');
      await page.getByRole('option', { name: /Move competitors/ }).click();
      await page.getByRole('heading', { level: 1, name: 'Move competitors to another coach' }).waitFor();
      expect(await page.getByLabel('Everyone of').inputValue()).toBe('');
    });

    it('a season is rolled over: every person and team in the plan, the number typed, then what became of each', async () => {
      const { page, complaints } = visit;
      await page.getByRole('link', { name: 'Season', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Season roll-over' }).waitFor();
      await page.getByRole('button', { name: 'Make the plan' }).click();
      await page.getByText('Choose the first day of the new season.').waitFor();
      await page.getByLabel('New season starts').fill('2027-08-16');
      await looked(page, 'roll-over-choose');
      await page.getByRole('button', { name: 'Make the plan' }).click();

      const changes = page.getByRole('region', { name: 'Changes', exact: true });
      await changes.getByRole('heading', { name: 'What changes, by coach' }).waitFor();
      const seniors = (await listOf(from.id)).filter(({ grade, active }) => grade === 12 && active);
      const coach = changes.getByRole('button', { name: from.name });
      await coach.focus();
      await page.keyboard.press('Enter');
      expect(await coach.getAttribute('aria-expanded')).toBe('true');
      const [senior] = seniors;
      if (senior !== undefined) await changes.getByText(`${senior.firstName} ${senior.lastName}`).waitFor();
      await looked(page, 'roll-over-plan');
      await changes.getByRole('button', { name: /^Archived/ }).click();
      await changes.getByRole('button', { name: /^All/ }).click();

      const label = await page.getByText(/^Type [\d,]+ to confirm/).textContent();
      const number = /Type ([\d,]+)/.exec(label ?? '')?.[1] ?? '';
      await page.getByLabel(/^Type [\d,]+ to confirm/).fill(number);
      await page.getByRole('button', { name: /^Apply to/ }).click();
      await page
        .getByRole('status')
        .getByText(/^Applied to/)
        .waitFor();
      await looked(page, 'roll-over-result');
      for (const { id } of seniors) {
        const after = (await listOf(from.id)).find((one) => one.id === id);
        expect(after).toMatchObject({ active: false, grade: 12, team: null });
      }
      expect(complaints).toEqual([]);
    });
  });
});
