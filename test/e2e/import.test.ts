import { expect, it } from 'vitest';
import { COACH, useLocalStack } from '#test/support/stack.ts';
import { accessibilityProblems, picture, sidewaysScroll, signIn, useBrowser } from './visit.ts';

const stack = useLocalStack();
const open = useBrowser();

const FILE = [
  'first_name,last_name,email,grade,division',
  'Juniper,Ashdown,juniper.ashdown@mail.example.net,9,high_school',
  'Rowan,Thistle,not an address,10,high_school',
].join('\n');

it('a file is checked without writing anything, then imported; refused rows say why', async () => {
  const { page, complaints } = await open();
  await signIn(page, stack(), COACH);
  await page.getByRole('link', { name: 'Competitors' }).first().click();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  expect((await saved).suggestedFilename()).toBe('roster.csv');
  await page.getByRole('link', { name: 'Import' }).click();
  await page.getByRole('heading', { level: 1, name: 'Import competitors' }).waitFor();
  await page.getByLabel('CSV file').setInputFiles({
    name: 'autumn.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(FILE),
  });
  await picture(page, 'import-file-desktop');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Check the file' }).click();
  const rows = page.getByRole('region', { name: 'Rows of the file' });
  await rows.getByRole('row').filter({ hasText: 'Juniper Ashdown' }).getByText('New').waitFor();
  const refused = rows.getByRole('row').filter({ hasText: 'Rowan Thistle' });
  await refused.getByText('Refused').waitFor();
  await refused.getByRole('cell', { name: /^email:/ }).waitFor();
  await picture(page, 'import-check-desktop');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Import 1 row' }).click();
  await page.getByText('1 competitor added, 0 changed; 1 row refused.').waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sidewaysScroll(page)).toBe(0);
  await picture(page, 'import-done-phone');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('link', { name: 'Show competitors' }).click();
  await page.getByRole('button', { name: 'Juniper Ashdown' }).waitFor();
  expect(complaints).toEqual([]);
});
