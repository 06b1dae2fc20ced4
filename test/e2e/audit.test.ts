import type { Page } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settingsViewSchema } from '#shared/settings/contract.ts';
import { ADMIN, apiOf, COACH, useLocalStack } from '#test/support/stack.ts';
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

const entriesOf = (page: Page) => page.getByRole('region', { name: 'Entries', exact: true });

describe('The audit log', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  const visit = useSession(open, stack, ADMIN);

  /** A person of the coach's, with a change by the coach and a look by an admin. */
  async function somePerson(): Promise<{ id: string; name: string }> {
    const coach = await apiOf(stack(), COACH);
    const { body } = await coach('POST', '/api/competitors', {
      body: { firstName: 'Wren', lastName: 'Hollis', grade: 9, division: 'high_school' },
    });
    const { id, version } = body;
    const headers = { 'if-match': `"${version}"` };
    await coach('PATCH', `/api/competitors/${id}`, { body: { grade: 10 }, headers });
    const admin = await apiOf(stack(), ADMIN);
    await admin('GET', `/api/competitors/${id}`);
    return { id, name: 'Wren Hollis' };
  }

  const changeSettings = async (sync: object, reason: string) => {
    const admin = await apiOf(stack(), ADMIN);
    const { version } = settingsViewSchema.parse((await admin('GET', '/api/admin/settings')).body);
    const headers = { 'if-match': `"${version}"` };
    const body = { sync, reason };
    expect((await admin('PATCH', '/api/admin/settings', { body, headers })).status).toBe(200);
  };

  it('says who did what, and puts the old settings back into their form', async () => {
    const { page, complaints } = visit;
    await openSite(page, stack());
    await somePerson();
    await changeSettings({ callsPerSecond: 12 }, 'The platform raised our limit.');
    await page.getByRole('link', { name: 'Audit log' }).first().click();
    const entry = entriesOf(page).getByRole('listitem').filter({ hasText: 'changed settings' }).first();
    await entry.getByText('Calls per second').waitFor();
    await entry.getByText('“The platform raised our limit.”').waitFor();
    await picture(page, 'audit-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expectNoSidewaysScroll(page);
    await phonePicture(page, 'audit-filled-phone');

    await entry.getByRole('button', { name: /^Undo the change of/ }).click();
    await page.getByRole('heading', { name: '1 change, not saved' }).waitFor();
    const field = page.getByLabel('Calls per second', { exact: true });
    await expect.poll(() => field.inputValue()).toBe('1000');
    await page.getByLabel(/^Reason, for the audit log/).fill('Back to what it was.');
    await page.getByRole('button', { name: 'Save 1 change' }).click();
    await page.getByText('1 setting saved').first().waitFor();
    await page.getByRole('link', { name: 'Audit log' }).first().click();
    await entriesOf(page).getByText('“Back to what it was.”').waitFor();
    expect(complaints).toEqual([]);
  });

  it('is filtered in the address, which comes back with back and reload', async () => {
    const { page } = visit;
    const { id, name } = await somePerson();
    await page.goto(`${stack().url}/audit?subject=${id}`);
    await entriesOf(page).getByText('corrected').waitFor();
    await entriesOf(page).getByText('opened the record of').first().waitFor();
    await page.getByText(`About ${name}`).waitFor();
    await page.getByLabel('What', { exact: true }).selectOption('read');
    await page.waitForURL(/action=read/);
    await page.getByRole('heading', { name: 'Who opened a record' }).waitFor();
    await entriesOf(page).getByText('corrected').waitFor({ state: 'hidden' });
    await picture(page, 'audit-read-log-desktop');
    await page.reload();
    await entriesOf(page).getByText('opened the record of').first().waitFor();
    await page.goBack();
    await entriesOf(page).getByText('corrected').waitFor();
    await page.getByLabel('From', { exact: true }).fill('2020-01-01');
    await page.getByLabel('To', { exact: true }).fill('2020-01-02');
    await page.getByText('No entries match').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'audit-filtered-empty-desktop');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await entriesOf(page).getByRole('listitem').first().waitFor();
  });

  it('is a file under the same filters, and that it was taken out is in it', async () => {
    const { page } = visit;
    const { id } = await somePerson();
    await page.goto(`${stack().url}/audit?subject=${id}`);
    await entriesOf(page).getByText('corrected').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('audit.csv');
    const csv = readFileSync(await download.path(), 'utf8');
    expect(csv).toContain('competitor.update,Wren Hollis');
    expect(csv).not.toContain('settings.change');
    await page.goto(`${stack().url}/audit?action=audit`);
    await entriesOf(page).getByText('took out the audit log as a file').first().waitFor();
  });

  it('is opened from the page of a competitor', async () => {
    const { page } = visit;
    const { id } = await somePerson();
    await page.goto(`${stack().url}/competitors/${id}`);
    await page.getByRole('link', { name: 'Changes' }).click();
    await entriesOf(page).getByText('corrected').waitFor();
    expect(await entriesOf(page).getByText('opened the record of').count()).toBe(0);
    await page.goBack();
    await page.getByRole('link', { name: 'Who opened this' }).click();
    await entriesOf(page).getByText('opened the record of').first().waitFor();
  });

  it('says so when it cannot be loaded', async () => {
    const { page } = visit;
    await page.route('**/api/admin/audit?*', (route) => route.fulfill({ status: 500, json: {} }));
    await page.goto(`${stack().url}/audit`);
    await page.getByText('The audit log could not be loaded').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await entriesOf(page).getByRole('listitem').first().waitFor();
  });

  it('is not for coaches', async () => {
    const { page } = await open();
    await signIn(page, stack(), COACH);
    expect(await page.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
    await page.goto(`${stack().url}/audit`);
    await page.getByText('Only admins see the audit log').waitFor();
  });

  it('fits a phone, in the light theme too', async () => {
    const { page } = await open(PHONE, 'light');
    await signIn(page, stack(), ADMIN);
    await page.goto(`${stack().url}/audit`);
    await entriesOf(page).getByRole('listitem').first().waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, 'audit-phone-light');
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
