import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '#shared/jobs/contract.ts';
import { FIRST_ROTATION } from '#shared/score-sync/policy/batch-rotation.ts';
import { FIRST_LEDGER } from '#shared/score-sync/policy/call-price.ts';
import { FIRST_TEAM_SHARE } from '#shared/score-sync/policy/team-share.ts';
import { createRoundRepository } from '#shared/score-sync/round-repository.ts';
import { settingsViewSchema } from '#shared/settings/contract.ts';
import { ADMIN, apiOf, COACH, finished, until, useLocalStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  DESKTOP,
  giveSession,
  openSite,
  PHONE,
  phonePicture,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  useSession,
} from './visit.ts';

const barOf = (page: Page) => page.getByRole('region', { name: 'Changes, not saved' });
const effectOf = (page: Page) => page.getByRole('region', { name: 'Effect' });
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });

describe('The settings', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  const visit = useSession(open, stack, ADMIN);

  const stored = async () => {
    const admin = await apiOf(stack(), ADMIN);
    return settingsViewSchema.parse((await admin('GET', '/api/admin/settings')).body);
  };
  /** Who there is, and how active, as a round of the score sync counts it. */
  beforeAll(async () => {
    const rounds = createRoundRepository(stack().table);
    const last = await rounds.last();
    const saved = await rounds.save({
      rotation: { before: FIRST_ROTATION, through: null, after: FIRST_ROTATION },
      ledger: { before: FIRST_LEDGER, after: FIRST_LEDGER },
      teamShare: { before: FIRST_TEAM_SHARE, after: FIRST_TEAM_SHARE },
      jobId: 'job_counted',
      at: new Date().toISOString(),
      ...last,
      version: (last?.version ?? 0) + 1,
      competitors: 39,
      tiers: { high: 6, medium: 12, low: 21 },
    });
    if (!saved) throw new Error('Another round was kept meanwhile.');
  });
  const openSettings = async (page: Page) => {
    await page.goto(`${stack().url}/settings`);
    await field(page, 'Calls a day').waitFor();
  };

  it('say what a change comes to before it is saved, and one that slows people down wants a reason', async () => {
    const { page, complaints } = visit;
    await openSite(page, stack());
    await page.getByRole('link', { name: 'Settings' }).first().click();
    await effectOf(page)
      .getByText(/this makes about .* calls a day; .* so it fits/)
      .waitFor();
    await picture(page, 'settings-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await expectNoSidewaysScroll(page);

    const { sync } = await stored();
    await field(page, 'Calls a day').fill('60,000');
    await barOf(page).getByRole('heading', { name: '1 change, not saved' }).waitFor();
    await barOf(page)
      .getByText(/^54,000 for reads; about .* are asked for\.$/)
      .waitFor();
    await effectOf(page).getByRole('columnheader', { name: 'After' }).waitFor();
    const reason = barOf(page).getByLabel('Reason, for the audit log (needed)');
    await barOf(page).getByRole('button', { name: 'Save 1 change' }).click();
    await barOf(page).getByText('Say why in a few words.').waitFor();
    await expect.poll(() => reason.evaluate((one) => one === document.activeElement)).toBe(true);
    expect((await stored()).sync.dailyCallBudget).toBe(sync.dailyCallBudget);
    await picture(page, 'settings-changes-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await phonePicture(page, 'settings-changes-phone');

    await reason.fill('The platform asked us to slow down.');
    await page.keyboard.press('Enter');
    await page.getByText('1 setting saved').first().waitFor();
    await barOf(page).waitFor({ state: 'hidden' });
    expect((await stored()).sync.dailyCallBudget).toBe(60_000);
    expect(complaints).toEqual([]);
  });

  it('are saved although they cannot be kept only when that is ticked', async () => {
    const { page } = visit;
    await openSettings(page);
    await field(page, 'Calls a day').fill('100');
    await effectOf(page)
      .getByText(/so reading stops at about/)
      .waitFor();
    await effectOf(page)
      .getByText(/within the promise takes .* reads a day; 90 are left for reads\./)
      .waitFor();
    await barOf(page)
      .getByLabel(/^Reason/)
      .fill('A trial.');
    await barOf(page).getByRole('button', { name: 'Save 1 change' }).click();
    await barOf(page).getByText('Tick this, or change what cannot be kept.').waitFor();
    await picture(page, 'settings-not-kept-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await barOf(page).getByRole('button', { name: 'Discard all' }).click();
    await barOf(page).waitFor({ state: 'hidden' });
  });

  it('show what is wrong at the field, and the first wrong one has the focus', async () => {
    const { page } = visit;
    await openSettings(page);
    await field(page, 'Batch size').fill('none');
    await field(page, 'Concurrency').fill('21');
    await page.getByText('Enter a whole number from 1 to 5,000.').waitFor();
    await page.getByText('Enter a whole number from 1 to 20.').waitFor();
    await barOf(page).getByRole('button', { name: 'Save 2 changes' }).click();
    const first = field(page, 'Batch size');
    await expect.poll(() => first.evaluate((one) => one === document.activeElement)).toBe(true);
    await page.getByRole('button', { name: /^Put back Batch size/ }).click();
    await page.getByRole('button', { name: /^Put back Concurrency/ }).click();
    await field(page, 'Minutes between reads, inactive').fill('10');
    await page.getByText(/Enter at least as many minutes as for moderately active competitors/).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await barOf(page).getByRole('button', { name: 'Discard all' }).click();
  });

  it('stand beside what another admin saved meanwhile, and only the choice is written', async () => {
    const { page } = visit;
    await openSettings(page);
    await field(page, 'Concurrency').fill('6');
    await field(page, 'Inactive after').fill('21');
    const before = await stored();
    const admin = await apiOf(stack(), ADMIN);
    const theirs = { sync: { concurrency: 8, sweepLimit: 200 } };
    const headers = { 'if-match': `"${before.version}"` };
    expect((await admin('PATCH', '/api/admin/settings', { body: theirs, headers })).status).toBe(200);
    await barOf(page).getByRole('button', { name: 'Save 2 changes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    await dialog.getByText('1 field differs. Choose which version to keep. Nothing is saved yet.').waitFor();
    await dialog.getByText('Inactive after: only you changed it. Yours is kept: 21 days.').waitFor();
    await dialog
      .getByText('Totals in an hour: only they changed it. Theirs is kept: 200 competitors.')
      .waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'settings-conflict-desktop');
    await phonePicture(page, 'settings-conflict-phone');
    await dialog.getByRole('group', { name: 'Concurrency' }).getByRole('radio', { name: /Mine/ }).check();
    await dialog.getByRole('button', { name: 'Save my choices' }).click();
    // Fewer at once than they had saved: that slows people down.
    await barOf(page)
      .getByLabel(/^Reason/)
      .fill('Six are enough.');
    await barOf(page).getByRole('button', { name: 'Save 2 changes' }).click();
    await page.getByText('2 settings saved').first().waitFor();
    expect(await stored()).toMatchObject({
      sync: { concurrency: 6, sweepLimit: 200 },
      program: { inactiveDays: 21 },
    });
  });

  it('keep what was typed when the page is left, and say so', async () => {
    const { page } = visit;
    await openSettings(page);
    await field(page, 'Inactive after').fill('30');
    await page.getByRole('link', { name: 'Teams' }).first().click();
    await page.getByRole('heading', { name: 'Teams', level: 1 }).waitFor();
    await page.goBack();
    await page.getByText(/^Your text from .* is back$/).waitFor();
    expect(await field(page, 'Inactive after').inputValue()).toBe('30');
    await page.getByRole('button', { name: 'Use what is saved instead' }).click();
    await expect.poll(() => field(page, 'Inactive after').inputValue()).not.toBe('30');
    await barOf(page).waitFor({ state: 'hidden' });
  });

  it('switch processing off with a reason that is shown, and on again', async () => {
    const { page } = visit;
    await openSettings(page);
    const processing = page.getByRole('switch', { name: 'Processing' });
    await processing.focus();
    await page.keyboard.press('Space');
    await barOf(page)
      .getByText(/No call is made/)
      .waitFor();
    await barOf(page)
      .getByLabel(/^Reason/)
      .fill('The platform moves to new servers.');
    await barOf(page).getByRole('button', { name: 'Save 1 change' }).click();
    await page.getByRole('heading', { name: 'Processing is off' }).waitFor();
    await page.getByText('Reason: “The platform moves to new servers.”').waitFor();
    await page.getByText(/^since .*, for less than a minute$/).waitFor();
    await picture(page, 'settings-off-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await processing.check();
    await barOf(page).getByRole('button', { name: 'Save 1 change' }).click();
    await page.getByRole('heading', { name: 'Processing is on' }).waitFor();
  });

  it('switch processing off under load, and on again with nothing lost', async () => {
    const { simulator } = stack().gamePlatform;
    if (simulator === undefined) throw new Error('This test needs the simulator.');
    const admin = await apiOf(stack(), ADMIN);
    const start = async (payload: Record<string, unknown>): Promise<string> =>
      (await admin('POST', '/api/game-platform/scores/sync', { body: payload })).body.jobId;
    const jobView = async (id: string): Promise<JobView> => (await admin('GET', `/api/jobs/${id}`)).body;
    const calls = () => simulator.requests.since().length;
    const slow = simulator.faults.add({ kind: 'latency', ms: 1_500 });
    const { page } = visit;
    await openSettings(page);
    const running = await start({ full: true });
    await until(
      () => Promise.resolve(calls()),
      (count) => count > 0,
      'the first calls',
    );
    const processing = page.getByRole('switch', { name: 'Processing' });
    await processing.uncheck();
    await barOf(page)
      .getByLabel(/^Reason/)
      .fill('The platform is slow.');
    await barOf(page).getByRole('button', { name: 'Save 1 change' }).click();
    await page.getByRole('heading', { name: 'Processing is off' }).waitFor();

    // What is asked for meanwhile waits, and once the calls under way have ended none is made.
    const waiting = [await start({ coachId: 'coach-01' }), await start({ coachId: 'coach-02' })];
    await until(
      async () => {
        const before = calls();
        await sleep(3_000);
        return calls() - before;
      },
      (made) => made === 0,
      'the end of the calls',
    );
    for (const id of [running, ...waiting]) expect((await jobView(id)).finishedAt).toBeNull();
    simulator.faults.remove(slow);

    await processing.check();
    await barOf(page).getByRole('button', { name: 'Save 1 change' }).click();
    await page.getByRole('heading', { name: 'Processing is on' }).waitFor();
    const [whole, first, second] = await stack().dispatching(
      Promise.all([running, ...waiting].map((id) => finished(admin, id))),
    );
    for (const job of [whole, first, second]) {
      expect(job).toMatchObject({ status: 'succeeded', result: { failed: 0 } });
      const { total = 0, synced = 0, skipped = 0, corrected = 0, notApproved = 0 } = job?.result ?? {};
      expect(total).toBeGreaterThan(0);
      expect(synced + skipped + corrected + notApproved).toBe(total);
    }
    expect(whole?.result?.['total']).toBe((first?.result?.['total'] ?? 0) + (second?.result?.['total'] ?? 0));
    const { items } = (await admin('GET', '/api/admin/queues')).body;
    expect(items.map(({ deadLetters }: { deadLetters: number }) => deadLetters)).toEqual([0, 0, 0]);
  });

  it('say so when they cannot be loaded, and are there after another try', async () => {
    const { page } = visit;
    await page.route('**/api/admin/settings', (route) => route.fulfill({ status: 500, json: {} }));
    await page.goto(`${stack().url}/settings`);
    await page.getByText('The settings could not be loaded').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'settings-failed-desktop');
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await field(page, 'Calls a day').waitFor();
  });

  it('are not for coaches', async () => {
    const { page } = await open();
    await signIn(page, stack(), COACH);
    expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0);
    await page.goto(`${stack().url}/settings`);
    await page.getByText('Only admins see the settings').waitFor();
  });

  it.each(['dark', 'light'] as const)('fit a phone, in the %s theme', async (theme) => {
    const { page } = await open(PHONE, theme);
    await giveSession(page, stack(), ADMIN);
    await openSettings(page);
    await effectOf(page)
      .getByText(/calls a day/)
      .first()
      .waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, `settings-phone-${theme}`);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize(DESKTOP);
    await picture(page, `settings-desktop-${theme}`);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
