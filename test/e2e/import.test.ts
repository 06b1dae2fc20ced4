import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { COACH, OTHER_COACH, useLocalStack } from '#test/support/stack.ts';
import { accessibilityProblems, picture, PHONE, sidewaysScroll, signIn, useBrowser } from './visit.ts';

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

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download refused rows' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('refused-rows.csv');
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
  expect(lines[0]).toBe('\uFEFFline,reason,first_name,last_name,email,grade,division');
  expect(lines[1]).toMatch(/^3,"?email: .*,Rowan,Thistle,not an address,10,high_school$/);

  // The names were read by this tab; the rows themselves hold none.
  await page.reload();
  await rows.getByRole('row').filter({ hasText: 'Line 2' }).getByText('New').waitFor();
  await rows.getByRole('row').filter({ hasText: 'Line 3' }).getByText('Refused').waitFor();

  await page.getByRole('button', { name: 'Import 1 row' }).click();
  await page.getByText('1 competitor added, 0 changed; 1 row refused.').waitFor();
  await picture(page, 'import-done-desktop');
  await page.reload();
  await page.getByText('1 competitor added, 0 changed; 1 row refused.').waitFor();
  await page.setViewportSize(PHONE);
  expect(await sidewaysScroll(page)).toBe(0);
  await picture(page, 'import-done-phone');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('link', { name: 'Show competitors' }).click();
  await page.getByRole('button', { name: 'Juniper Ashdown' }).waitFor();

  await page.getByRole('link', { name: 'Import' }).click();
  await page.getByLabel('CSV file').setInputFiles({
    name: 'refused-rows.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(lines.join('\r\n').replace('not an address', 'rowan.thistle@mail.example.net')),
  });
  await page.getByRole('button', { name: 'Check the file' }).click();
  await rows.getByRole('row').filter({ hasText: 'Rowan Thistle' }).getByText('New').waitFor();
  await page.getByText('Read as UTF-8, divided by commas.').waitFor();
  expect(complaints).toEqual([]);
});

it('a school’s export in another encoding says how it was read, and what is left out', async () => {
  const { page } = await open();
  await signIn(page, stack(), COACH);
  await page.goto(`${stack().url}/import`);
  await page.getByLabel('CSV file').setInputFiles({
    name: 'students.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      'Roster 2026\n\nStudent_Number;First_Name;Last_Name;Grade_Level\n0012;Zoë;Peña;9th\n0013;Juniper;Ashdown;10th\n',
      'latin1',
    ),
  });
  await page.getByRole('button', { name: 'Check the file' }).click();
  const rows = page.getByRole('region', { name: 'Rows of the file' });
  await rows.getByRole('row').filter({ hasText: 'Zoë Peña' }).getByText('New').waitFor();
  // A name alone does not say that it is the same person.
  await rows.getByRole('row').filter({ hasText: 'Juniper Ashdown' }).getByText('Refused').waitFor();
  await page.getByText('Read as Windows-1252, divided by semicolons.').waitFor();
  await page.getByText('Left out, since an import does not take it: “Student_Number”.').waitFor();
  await picture(page, 'import-school-desktop');
  await page.setViewportSize(PHONE);
  expect(await sidewaysScroll(page)).toBe(0);
  await picture(page, 'import-school-phone');
  expect(await accessibilityProblems(page)).toEqual([]);
});

it('the address of somebody else’s check tells no more than one that does not exist', async () => {
  const { page } = await open();
  await signIn(page, stack(), COACH);
  await page.goto(`${stack().url}/import`);
  await page.getByLabel('CSV file').setInputFiles({
    name: 'autumn.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(FILE),
  });
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.waitForURL(/import\?job=/);
  const address = page.url();
  const other = await open();
  await signIn(other.page, stack(), OTHER_COACH);
  for (const url of [address, `${stack().url}/import?job=job_nowhere`]) {
    await other.page.goto(url);
    await other.page.getByText('There is no such check').waitFor();
    expect(await other.page.getByRole('region', { name: 'Rows of the file' }).count()).toBe(0);
  }
  await other.page.getByRole('button', { name: 'Choose a file' }).click();
  await other.page.getByLabel('CSV file').waitFor();
});

it('on a phone, choosing a file and what a check says fit the screen', async () => {
  const { page } = await open(PHONE);
  await signIn(page, stack(), COACH);
  await page.goto(`${stack().url}/import`);
  await page.getByLabel('CSV file').setInputFiles({
    name: 'spring.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(FILE.replaceAll('Juniper', 'Wren')),
  });
  expect(await sidewaysScroll(page)).toBe(0);
  await picture(page, 'import-file-phone');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByRole('region', { name: 'Rows of the file' }).getByRole('row').nth(2).waitFor();
  expect(await sidewaysScroll(page)).toBe(0);
  await picture(page, 'import-check-phone');
  expect(await accessibilityProblems(page)).toEqual([]);
});
