import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBudgetRepository } from '#shared/game-platform/budget/budget-repository.ts';
import { emptyDay, initialBudget } from '#shared/game-platform/budget/budget-state.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import { addDays, dayOf, hourOf } from '#shared/kernel/days.ts';
import { FIRST_ROTATION } from '#shared/score-sync/policy/batch-rotation.ts';
import { FIRST_LEDGER } from '#shared/score-sync/policy/call-price.ts';
import { FIRST_TEAM_SHARE } from '#shared/score-sync/policy/team-share.ts';
import { createPolicyRepository } from '#shared/score-sync/policy-repository.ts';
import { createRoundRepository } from '#shared/score-sync/round-repository.ts';
import { variantFiguresSchema } from '#shared/score-sync/variant-figures.ts';
import { settingsViewSchema } from '#shared/settings/contract.ts';
import { ADMIN, apiOf, COACH, useLocalStack, type TestStack } from '#test/support/stack.ts';
import {
  accessibilityProblems,
  DESKTOP,
  giveSession,
  openSite,
  PHONE,
  picture,
  expectNoSidewaysScroll,
  signIn,
  useBrowser,
  useSession,
} from './visit.ts';

const ZONE = 'America/Los_Angeles';
const regionOf = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const adviceOf = (page: Page) => regionOf(page, 'Tuning advice');

/** Ten days of reads, mostly empty, with a bad one; calls of each; and a round that waits for two people. */
async function lieDown({ table }: TestStack, peopleIds: readonly string[]): Promise<void> {
  const now = new Date();
  const today = dayOf(now.toISOString(), ZONE);
  const policy = createPolicyRepository(table);
  for (let back = 0; back < 10; back += 1) {
    const figures = (reads: number, over = {}) =>
      variantFiguresSchema.parse({
        reads,
        calls: reads + 12,
        empty: Math.round(reads * 0.86),
        failed: 3,
        newSolves: 9,
        waitSeconds: 9 * 640,
        gaps: {
          high_10: 30,
          high_30: 140,
          high_60: 22,
          medium_60: 24,
          medium_120: 60,
          low_240: 20,
          low_480: 66,
          ...(back === 4 ? { low_more: 3 } : {}),
        },
        ...over,
      });
    const late = back === 4 ? { late: 3 } : {};
    await policy.addToVariants(
      addDays(today, -back),
      new Map([
        ['adaptive', figures(320, late)],
        ['tiers', figures(120, { newSolves: 3, waitSeconds: 3 * 1_900 })],
      ]),
    );
  }
  const budget = createBudgetRepository(table);
  const hour = Number(hourOf(now, ZONE));
  const names = Array.from({ length: 24 }, (_, each) => String(each).padStart(2, '0'));
  const dayCalls = (hours: number) => ({
    calls: { score_sync: hours * 14, totals: hours * 4, roster: hours, flash: 2 * hours },
    hours: Object.fromEntries(names.slice(0, hours).map((name) => [name, 21])),
  });
  const before = await budget.state();
  let state = before ?? { ...initialBudget(addDays(today, -8)), version: 0 };
  const write = async (next: typeof state, ...kept: [ended: Parameters<typeof budget.replace>[1]]) => {
    state = { ...next, version: state.version + 1, by: `laid-${state.version + 1}` };
    const others = await budget.replace(state, ...kept);
    if (others !== null) throw new Error('Another worker wrote the budget meanwhile.');
  };
  for (let back = 7; back >= 1; back -= 1) {
    const day = addDays(today, -back);
    await write({ ...state, today: emptyDay(today) }, { ...emptyDay(day), ...dayCalls(24), errors: 2 });
  }
  await write({ ...state, spent: 21 * hour, today: { ...emptyDay(today), ...dayCalls(hour + 1) } }, null);
  // What each hour of today began with.
  for (const [index, name] of names.slice(1, hour + 1).entries()) {
    state = { ...state, version: state.version + 1, by: `hour-${name}` };
    await budget.replace(state, null, { day: today, hour: name, calls: dayCalls(index + 1).calls });
  }
  const jobs = createJobRepository(table);
  for (let run = 0; run < 60; run += 1) {
    const at = new Date(now.getTime() - run * 5 * 60_000);
    const failed = run === 11;
    const some = run === 12;
    const news = run % 6 === 1;
    const job = newJob(
      `job_laid_${run}`,
      { taskType: 'game_platform_sync', payload: {}, startedBy: 'schedule:score-sync' },
      at,
    );
    await jobs.create({
      ...job,
      status: failed ? 'failed' : 'succeeded',
      startedAt: at.toISOString(),
      finishedAt: new Date(at.getTime() + 45_000).toISOString(),
      planned: true,
      parts: 1,
      partsDone: 1,
      partsFailed: failed ? 1 : 0,
      done: 25,
      total: 25,
      counts: failed
        ? { total: 25, failed: 25 }
        : { total: 25, synced: news ? 6 : 0, skipped: news ? 19 : some ? 20 : 25, failed: some ? 5 : 0 },
      error: failed ? 'The Game Platform did not answer in time.' : null,
    });
  }
  await keepRound(
    { table },
    {
      at: now.toISOString(),
      competitors: 39,
      tiers: { high: 6, medium: 12, low: 21 },
      oldest: {
        late: 1,
        unread: 0,
        reads: [
          {
            competitorId: peopleIds[0] ?? 'none',
            lastReadAt: new Date(now.getTime() - 9 * 3_600_000).toISOString(),
            lastFailure: { code: 'USER_UNKNOWN', at: now.toISOString() },
          },
          {
            competitorId: peopleIds[1] ?? 'none',
            lastReadAt: new Date(now.getTime() - 3 * 3_600_000).toISOString(),
            lastFailure: null,
          },
        ],
      },
    },
  );
}

async function keepRound(
  { table }: Pick<TestStack, 'table'>,
  over: Partial<NonNullable<Awaited<ReturnType<ReturnType<typeof createRoundRepository>['last']>>>>,
): Promise<void> {
  const rounds = createRoundRepository(table);
  const last = await rounds.last();
  const saved = await rounds.save({
    rotation: { before: FIRST_ROTATION, through: null, after: FIRST_ROTATION },
    ledger: { before: FIRST_LEDGER, after: FIRST_LEDGER },
    teamShare: { before: FIRST_TEAM_SHARE, after: FIRST_TEAM_SHARE },
    jobId: 'job_counted',
    at: new Date().toISOString(),
    competitors: 39,
    tiers: null,
    ...last,
    ...over,
    version: (last?.version ?? 0) + 1,
  });
  if (!saved) throw new Error('Another round was kept meanwhile.');
}

describe('Sync health', () => {
  const stack = useLocalStack();
  const open = useBrowser();
  const visit = useSession(open, stack, ADMIN);
  const admin = () => apiOf(stack(), ADMIN);
  const stored = async () =>
    settingsViewSchema.parse((await (await admin())('GET', '/api/admin/settings')).body);
  const save = async (sync: object, processing?: object) => {
    const { version } = await stored();
    const api = await admin();
    const answer = await api('PATCH', '/api/admin/settings', {
      body: { sync, ...(processing === undefined ? {} : { processing }), acceptInfeasible: true },
      headers: { 'if-match': `"${version}"` },
    });
    expect(answer.status).toBe(200);
  };
  beforeAll(async () => {
    // No worker is to write over what is laid down.
    await save({}, { enabled: false, reason: 'While figures are laid down.' });
    const { items } = (await (await admin())('GET', '/api/competitors?limit=2&status=complete')).body;
    await lieDown(
      stack(),
      items.map(({ id }: { id: string }) => id),
    );
    await save({ adaptive: { on: true, share: 0.5 }, prioritisation: { on: true, share: 1 } });
  });
  const show = async (page: Page, query = '') => {
    await page.goto(`${stack().url}/sync-health${query}`);
    await adviceOf(page).waitFor();
    await regionOf(page, 'Runs').getByText('Runs with failures').or(regionOf(page, 'Runs')).first().waitFor();
  };

  it('is found in the navigation and the palette, and says what stands still', async () => {
    const { page, complaints } = visit;
    await openSite(page, stack());
    await page.getByRole('link', { name: 'Sync health' }).first().click();
    await page.getByRole('heading', { name: 'Sync health', level: 1 }).waitFor();
    await page.getByText('Processing is off', { exact: true }).waitFor();
    await page.getByText('Reason: “While figures are laid down.”').waitFor();
    await page.goto(stack().url);
    await page.getByRole('link', { name: 'Sync health' }).first().waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Person, team, page or action' }).fill('tuning');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/sync-health$/);
    await adviceOf(page).waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows runs, waits, calls, errors and the promise, each as a table and a file as well', async () => {
    const { page } = visit;
    await show(page);
    const charts = [
      'Runs',
      'Waits between reads',
      'Calls',
      'Call budget',
      'Error rate',
      'The promise',
    ] as const;
    for (const name of charts) {
      const region = regionOf(page, name);
      await region.getByRole('img').first().waitFor();
      const twin = region.getByText('Same data as a table').first();
      await twin.focus();
      await page.keyboard.press('Enter');
      await region.getByRole('table').first().waitFor();
      const file = page.waitForEvent('download');
      await region
        .getByRole('button', { name: /^Download CSV of/ })
        .first()
        .click();
      expect((await file).suggestedFilename()).toMatch(/\.csv$/);
    }
    await picture(page, 'sync-health-tables-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await regionOf(page, 'Calls').getByRole('button', { name: 'Day', exact: true }).click();
    await page.waitForURL(/calls=days/);
    await regionOf(page, 'Calls').getByRole('heading', { name: 'Calls by day' }).waitFor();
    await regionOf(page, 'Runs')
      .getByRole('link', { name: /^Score sync at/ })
      .first()
      .click();
    await page.waitForURL(/\/jobs\/job_laid_/);
  });

  it('keeps the period in the address', async () => {
    const { page } = visit;
    await show(page);
    await page.getByLabel('Days', { exact: true }).selectOption('Today');
    await page.waitForURL(/period=today/);
    await regionOf(page, 'Waits between reads')
      .getByText(/today, by how active/)
      .waitFor();
    await page.goBack();
    await regionOf(page, 'Waits between reads')
      .getByText(/ in .*, by how active/)
      .waitFor();
    await page.getByLabel('Days', { exact: true }).selectOption('Other days');
    await page.getByLabel('From', { exact: true }).fill(addDays(dayOf(new Date().toISOString(), ZONE), -3));
    await page.waitForURL(/from=/);
    await page.reload();
    await adviceOf(page).waitFor();
    expect(await page.getByLabel('Days', { exact: true }).inputValue()).toBe('days');
  });

  it('compares the ways of reading with their people, and leads from the oldest reads to the person', async () => {
    const { page } = visit;
    await show(page);
    const ways = regionOf(page, 'Ways of reading');
    await ways.getByRole('row', { name: /^Adaptive 20 / }).waitFor();
    await ways.getByRole('row', { name: /^Prioritized 20 / }).waitFor();
    const oldest = regionOf(page, 'Oldest reads');
    await oldest.getByRole('cell', { name: 'Processing is off.' }).first().waitFor();
    await oldest.getByRole('link').first().click();
    await page.waitForURL(/\/competitors\//);
    expect(new URL(page.url()).pathname).toMatch(/^\/competitors\/.+/);
  });

  it('shows what an advice comes to before it is saved, and tells of a conflict', async () => {
    const { page } = visit;
    await show(page);
    const advice = adviceOf(page);
    const title = 'Read everyone adaptively';
    await advice.getByRole('heading', { name: title }).waitFor();
    await advice.getByText(/showed nothing new\. The rule speaks up above 80%\./).waitFor();
    const tryIt = advice.getByRole('button', { name: `Try: ${title}` });
    await tryIt.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: title });
    await dialog.getByRole('columnheader', { name: 'After' }).waitFor();
    await dialog.getByText('Share read adaptively: 50% to 100%.').waitFor();
    expect((await stored()).sync.adaptive.share).toBe(0.5);
    await picture(page, 'sync-health-try-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    await picture(page, 'sync-health-try-phone');
    await page.setViewportSize(DESKTOP);

    await save({ sweepLimit: 120 });
    await dialog.getByLabel(/^Reason/).fill('A trial.');
    await dialog.getByRole('button', { name: 'Save 1 change' }).click();
    await dialog.getByText('Someone changed the settings meanwhile').waitFor();
    expect((await stored()).sync).toMatchObject({ sweepLimit: 120, adaptive: { share: 0.5 } });
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole('columnheader', { name: 'After' }).waitFor();
    await dialog.getByRole('button', { name: 'Save 1 change' }).click();
    await page.getByText(`${title}: saved`).first().waitFor();
    await dialog.waitFor({ state: 'hidden' });
    expect((await stored()).sync).toMatchObject({ sweepLimit: 120, adaptive: { share: 1 } });
    await save({ adaptive: { share: 0.5 } });
  });

  it('dismisses an advice until its grounds change, with a line in the audit log', async () => {
    const { page } = visit;
    await show(page);
    const advice = adviceOf(page);
    const title = 'Read everyone adaptively';
    await advice.getByRole('button', { name: `Dismiss: ${title}` }).click();
    await advice.getByText('1 dismissed').waitFor();
    await page.reload();
    await advice.getByText('1 dismissed').click();
    await advice.getByRole('button', { name: `Bring back: ${title}` }).waitFor();
    expect(await advice.getByRole('button', { name: `Dismiss: ${title}` }).count()).toBe(0);
    await picture(page, 'sync-health-dismissed-desktop');
    expect(await accessibilityProblems(page)).toEqual([]);
    const lines = (await (await admin())('GET', '/api/admin/audit?action=sync_advice')).body.items;
    expect(lines[0]).toMatchObject({ action: 'sync_advice.dismiss', subject: { id: 'empty' } });
    // Another share: what was dismissed is not what is advised now.
    await save({ adaptive: { share: 0.6 } });
    await page.reload();
    await advice.getByRole('button', { name: `Dismiss: ${title}` }).click();
    await advice.getByText('1 dismissed').click();
    await advice.getByRole('button', { name: `Bring back: ${title}` }).click();
    await advice.getByRole('button', { name: `Dismiss: ${title}` }).waitFor();
    await save({ adaptive: { share: 0.5 } });
  });

  describe('when processing is on', () => {
    afterEach(async () => {
      await save({}, { enabled: false, reason: 'While figures are laid down.' });
    });

    it('says when no round has come for a while', async () => {
      const { page } = visit;
      await page.route('**/api/admin/sync-health?*', async (route) => {
        const answer = await route.fetch();
        const body = await answer.json();
        const at = new Date(Date.now() - 40 * 60_000).toISOString();
        const processing = { enabled: true, reason: null, changedAt: null };
        await route.fulfill({ json: { ...body, processing, round: { ...body.round, at } } });
      });
      await show(page);
      await page.getByText('No round has run lately').waitFor();
      await page.getByRole('link', { name: 'Score sync jobs' }).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await picture(page, 'sync-health-stale-desktop');
    });
  });

  it('says that nothing was read yet, and what comes first', async () => {
    const { page } = visit;
    await page.route('**/api/admin/sync-health?*', async (route) => {
      const body = await (await route.fetch()).json();
      const calls = { ...body.calls, days: [], hours: null, forecast: null };
      await route.fulfill({
        json: {
          ...body,
          arms: [],
          days: [],
          calls,
          round: null,
          advice: [],
          lag: { ...body.lag, groups: [] },
        },
      });
    });
    await page.goto(`${stack().url}/sync-health`);
    await page.getByRole('heading', { name: 'No scores have been read yet' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'sync-health-never-desktop');
  });

  it('says so when it cannot be loaded, and is there after another try', async () => {
    const { page } = visit;
    await page.route('**/api/admin/sync-health?*', (route) => route.fulfill({ status: 500, json: {} }));
    await page.goto(`${stack().url}/sync-health`);
    await page.getByText('Sync health could not be loaded').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'sync-health-failed-desktop');
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await adviceOf(page).waitFor();
    await page.route('**/api/admin/sync-runs?*', (route) => route.fulfill({ status: 500, json: {} }));
    await page.goto(`${stack().url}/sync-health`);
    await page.getByText('The runs could not be loaded').waitFor();
    await adviceOf(page).waitFor();
  });

  it('is not for coaches', async () => {
    const { page } = await open();
    await signIn(page, stack(), COACH);
    expect(await page.getByRole('link', { name: 'Sync health' }).count()).toBe(0);
    await page.goto(`${stack().url}/sync-health`);
    await page.getByText('Only admins see sync health').waitFor();
  });

  it.each(['dark', 'light'] as const)('fits a phone and a desk, in the %s theme', async (theme) => {
    const { page } = await open(PHONE, theme);
    await giveSession(page, stack(), ADMIN);
    await show(page, '?hours=day');
    await regionOf(page, 'Runs').getByRole('img').waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, `sync-health-phone-${theme}`);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize(DESKTOP);
    await show(page);
    await regionOf(page, 'Runs').getByRole('img').waitFor();
    await expectNoSidewaysScroll(page);
    await picture(page, `sync-health-desktop-${theme}`);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
