import { describe, expect, it } from 'vitest';
import { jobViewSchema } from '#shared/jobs/contract.ts';
import { ADMIN, apiOf, COACH, runJob, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  PHONE,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
} from './visit.ts';

describe('Emails', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  const emails = () => stack().aws.emails();
  const sendWeekly = async () => {
    const job = await runJob(await apiOf(stack(), ADMIN), 'weekly_email');
    expect(jobViewSchema.parse(job).status).toBe('succeeded');
  };

  it('to coaches say what needs them and what went well, once a week, and can be read in the mailbox', async () => {
    await sendWeekly();
    await sendWeekly();
    const all = emails();
    expect(all.filter(({ to }) => to === COACH)).toHaveLength(1);
    const mine = all.find(({ to }) => to === COACH);
    expect(mine?.subject).toMatch(/: (\d+ things? needs? you|nothing needs you)/);
    const { body } = await (await apiOf(stack(), COACH))('GET', '/api/competitors?limit=200');
    const lastNames: string[] = body.items.map((one: { lastName: string }) => one.lastName);
    expect(lastNames.length).toBeGreaterThan(5);
    for (const whole of [mine?.subject, mine?.text, mine?.html])
      expect(lastNames.filter((name) => new RegExp(`\\b${name}\\b`, 'u').test(whole ?? ''))).toEqual([]);

    const { page, complaints } = await open();
    const mailbox = `${stack().aws.addresses.loginUrl}/mailbox`;
    await page.goto(`${mailbox}/${mine?.id}`);
    await page.getByRole('heading', { name: 'Mailbox' }).waitFor();
    const letter = page.frameLocator('iframe[title="The email as it looks"]');
    await letter.getByRole('heading', { level: 1 }).waitFor();
    await picture(page, 'mailbox-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    await picture(page, 'mailbox-phone');
    await expectNoSidewaysScroll(page);
    expect(complaints).toEqual([]);
  });

  it('are stopped by the link that they bring without a sign-in, and chosen again in the menu', async () => {
    await sendWeekly();
    const mine = emails().find(({ to }) => to === COACH);
    const link = /Stop this email: (\S+)/u.exec(mine?.text ?? '')?.[1] ?? '';
    const { page, complaints } = await open(PHONE, 'light');
    await page.goto(link);
    await page.getByRole('heading', { name: 'Stop the weekly email?' }).waitFor();
    await picture(page, 'mail-stop-phone-light');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Stop it' }).press('Enter');
    await page.getByText('The weekly email does not come any more.').waitFor();
    expect(complaints).toEqual([]);

    const desk = await open();
    await signIn(desk.page, stack(), COACH);
    await desk.page.getByRole('button', { name: /, account of/ }).click();
    await desk.page.getByRole('button', { name: 'Weekly email' }).click();
    const dialog = desk.page.getByRole('dialog', { name: 'Weekly email' });
    expect(await dialog.getByRole('radio', { name: /^Never/ }).isChecked()).toBe(true);
    await dialog.getByRole('radio', { name: /^Never/ }).press('ArrowUp');
    await picture(desk.page, 'weekly-email-desktop');
    expect(await accessibilityProblems(desk.page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await (await apiOf(stack(), COACH))('GET', '/api/me/notices')).toMatchObject({
      body: { weekly: 'when_needed' },
    });
    expect(desk.complaints).toEqual([]);
  });

  it('are stopped by one press in a mail program, and a bad link says what to do', async () => {
    await sendWeekly();
    const mine = emails().find(({ to }) => to === COACH);
    const header = mine?.headers.find(({ name }) => name === 'List-Unsubscribe')?.value.slice(1, -1) ?? '';
    const answer = await fetch(header, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ weekly: 'never' });
    const { page } = await open();
    for (const link of ['/mail', `/mail?key=coa_nobody~${'x'.repeat(22)}&weekly=never`]) {
      await page.goto(stack().url + link);
      const press = page.getByRole('button', { name: 'Stop it' });
      const bad = page.getByRole('heading', { name: 'This link does not work' });
      await press.or(bad).waitFor();
      if (await press.isVisible()) await press.click();
      await bad.waitFor();
    }
    await picture(page, 'mail-bad-link-desktop');
  });
});
