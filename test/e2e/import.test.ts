import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { apiOf, COACH, OTHER_COACH, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  PHONE,
  phonePicture,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
} from './visit.ts';

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
  await expectNoSidewaysScroll(page);
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
  await page.getByText('Left out, since an import does not use it: “Student_Number”.').waitFor();
  await picture(page, 'import-school-desktop');
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScroll(page);
  await picture(page, 'import-school-phone');
  expect(await accessibilityProblems(page)).toEqual([]);
});

it('columns, encoding and teams are corrected on screen; old and new and what is missing are shown', async () => {
  const { page, complaints } = await open();
  await signIn(page, stack(), COACH);
  const api = await apiOf(stack(), COACH);
  const team = { name: 'Import Foxes', division: 'high_school', affiliation: 'Harbor' };
  expect((await api('POST', '/api/teams', { body: team })).status).toBe(201);
  const known = { firstName: 'Odalys', lastName: 'Ferro', email: 'odalys.ferro@mail.example.net', grade: 8 };
  expect((await api('POST', '/api/competitors', { body: known })).status).toBe(201);
  await page.goto(`${stack().url}/import`);
  const file = [
    'Given;Last Name;Mail;Grade;Squad;Lunch_Code',
    'Odalys;Ferro;odalys.ferro@mail.example.net;9;Import Foxes;x',
    'Tindra;Oakes;tindra.oakes@mail.example.net;10;Import Foxs;y',
    'Bran;Sørby;bran.sorby@mail.example.net;7;Robotics B;z',
  ].join('\n');
  const choose = (buffer: Buffer) =>
    page.getByLabel('CSV file').setInputFiles({ name: 'fall.csv', mimeType: 'text/csv', buffer });
  await choose(Buffer.alloc(6 * 1024 * 1024, 'x'));
  await page.getByText('This file has 6 MB, and an import takes at most 5 MB.').waitFor();
  await choose(Buffer.from(file, 'latin1'));

  const encoding = page.getByLabel('Text encoding');
  const firstLines = page.getByRole('region', { name: 'First lines of the file' });
  await firstLines.getByText('Sørby').waitFor();
  expect(await encoding.inputValue()).toBe('windows-1252');
  expect(await page.getByLabel('Columns split by').inputValue()).toBe(';');
  await page.getByLabel('Columns split by').selectOption('Comma ,');
  await firstLines.getByText('Bran;Sørby', { exact: false }).waitFor();
  await page.getByLabel('Columns split by').selectOption('Semicolon ;');

  // Names that are not recognized are told, and nothing is sent before it is put right.
  await page.getByText('No column is set to First name').waitFor();
  await page.getByLabel('Given becomes').selectOption('Last name');
  await page.getByText('Two columns are set to Last name. Choose one of them.').waitFor();
  await page.getByLabel('Given becomes').selectOption('First name');
  await page.getByLabel('Mail becomes').selectOption('Email');
  await page.getByLabel('Squad becomes').selectOption('Team');
  const misspelled = page.getByLabel('“Import Foxs”, line 3');
  await page.getByText('Did you mean Import Foxes?').waitFor();
  expect(await misspelled.locator('option:checked').textContent()).toBe('Use Import Foxes');
  await page.getByLabel('“Robotics B”, line 4').selectOption('Create “Robotics B” (Middle School)');
  await picture(page, 'import-answers-desktop');
  expect(await accessibilityProblems(page)).toEqual([]);
  await phonePicture(page, 'import-answers-phone');

  await page.getByRole('button', { name: 'Check the file' }).click();
  const rows = page.getByRole('region', { name: 'Rows of the file' });
  const changed = rows.getByRole('row').filter({ hasText: 'Odalys Ferro' });
  await changed.getByText('Changed').waitFor();
  await changed.getByRole('cell', { name: /Grade 8 .*becomes 9/ }).waitFor();
  await changed.getByRole('cell', { name: /Team nothing .*becomes Import Foxes/ }).waitFor();
  const added = rows.getByRole('row').filter({ hasText: 'Bran Sørby' });
  await added.getByRole('cell', { name: /^Still missing: .*guardian email/ }).waitFor();
  await page.getByText('2 profiles are incomplete').waitFor();
  await picture(page, 'import-preview-desktop');
  expect(await accessibilityProblems(page)).toEqual([]);
  await phonePicture(page, 'import-preview-phone');

  await page.getByRole('button', { name: 'Change the answers' }).click();
  await page.getByLabel('“Robotics B”, line 4').waitFor();
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByRole('button', { name: 'Import 3 rows' }).click();
  await page.getByText('2 competitors added, 1 changed.').waitFor();
  const { body } = await api('GET', '/api/teams?limit=200');
  expect(body.items).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'Import Foxes', members: [expect.anything(), expect.anything()] }),
      expect.objectContaining({
        name: 'Robotics B',
        division: 'middle_school',
        members: [expect.anything()],
      }),
    ]),
  );
  expect(complaints).toEqual([]);
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
    await other.page.getByText('Check not found').waitFor();
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
  await expectNoSidewaysScroll(page);
  await picture(page, 'import-file-phone');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByRole('region', { name: 'Rows of the file' }).getByRole('row').nth(2).waitFor();
  await expectNoSidewaysScroll(page);
  await picture(page, 'import-check-phone');
  expect(await accessibilityProblems(page)).toEqual([]);
});
