import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startLocalStack, type LocalStack } from '#infra/local/local-stack.ts';
import { createSeedDemo } from '#infra/local/product/demo/seed-demo.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { mapAtOnce } from '#shared/kernel/at-once.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { accessibilityProblems, launchBrowser, passLogin } from '#test/e2e/browser.ts';
import { FIRST_VIEW_AIM_KB, firstViewScripts } from '#test/support/first-view.ts';
import { aNewcomer } from '#test/support/records.ts';
import { benchArguments } from './arguments.ts';
import { spreadOf } from './percentiles.ts';
import { machine, writeResults } from './results.ts';
import { readableMs, textTable } from './table.ts';

/**
 * `npm run bench:web`: what the site weighs and how it behaves in the tests' own browser, on the demo with so many
 * competitors more: first-view JavaScript, rules of axe that pages, dialogs, and drawers break, how much pages move while they
 * come, and how long what a coach does to a long list takes until it is painted.
 */

const options = benchArguments({ competitors: 1_000 });
const AIMS = { firstViewKb: FIRST_VIEW_AIM_KB, shift: 0.05, axe: 0 } as const;
const WINDOW = { width: 1440, height: 900 };

interface Shift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly { readonly node: Node | null }[];
}

/** Notes what moves and how long what is pressed takes, from the first moment of each document on. */
function observe(): void {
  const seen = { shift: 0, moved: [] as string[], events: [] as [name: string, ms: number][] };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput, sources } = entry as Shift;
      if (hadRecentInput) continue;
      seen.shift += value;
      if (value < 0.01) continue;
      for (const { node } of sources)
        if (node instanceof Element) seen.moved.push(`${node.tagName.toLowerCase()}.${node.className}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
  const init: PerformanceObserverInit & { durationThreshold: number } = {
    type: 'event',
    buffered: true,
    durationThreshold: 16,
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { interactionId = 0 } = entry as PerformanceEntry & { interactionId?: number };
      if (interactionId > 0) seen.events.push([entry.name, entry.duration]);
    }
  }).observe(init);
}

interface Seen {
  readonly shift: number;
  /** What moved more than a little. */
  readonly moved: readonly string[];
  readonly events: readonly (readonly [name: string, ms: number])[];
}
const seenOn = (page: Page): Promise<Seen> =>
  page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);

async function settle(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(700);
}

/** A page of somebody who is signed in. */
async function signedIn(browser: Browser, stack: LocalStack, role: 'coach' | 'admin'): Promise<Page> {
  const user = stack.users.find((one) => one.role === role);
  if (user === undefined) throw new Error(`Nobody signs in as ${role}.`);
  const context = await browser.newContext({
    viewport: WINDOW,
    reducedMotion: 'reduce',
    colorScheme: 'dark',
  });
  context.setDefaultTimeout(60_000);
  await context.addInitScript(observe);
  const page = await context.newPage();
  await passLogin(page, stack.url, user);
  await page.getByRole('navigation', { name: 'Main', exact: true }).waitFor();
  await settle(page);
  return page;
}

interface Place {
  readonly name: string;
  readonly path: string;
  /** Opens what the page does not show by itself. */
  readonly open?: (page: Page) => Promise<void>;
}

const PALETTE = async (page: Page) => {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
};

const stateDirectory = mkdtempSync(join(tmpdir(), 'coach-dashboard-bench-web-'));
const stack = await startLocalStack({ stateDirectory, port: 0, seedDemo: createSeedDemo() });
const browser = await launchBrowser();
try {
  const coachId = stack.users.find(({ role }) => role === 'coach')?.coachId ?? '';
  const competitors = createCompetitorRepository(stack.table);
  const [known] = await competitors.pageOfCoach(coachId, { limit: 1, afterId: null });
  const [team] = await createTeamRepository(stack.table).ofCoach(coachId);
  if (known === undefined || team === undefined) throw new Error('The demo has nobody.');

  const scripts = firstViewScripts();
  const firstViewKb = [...scripts.values()].reduce((sum, bytes) => sum + bytes, 0) / 1024;

  const ofCoach: readonly Place[] = [
    { name: 'dashboard', path: '/' },
    { name: 'competitors', path: '/competitors' },
    { name: 'report card', path: `/competitors/${known.id}/report` },
    { name: 'a competitor', path: `/competitors/${known.id}` },
    { name: 'dialog: add a competitor', path: '/competitors?new=1' },
    { name: 'go through them', path: '/competitors/go-through' },
    { name: 'teams', path: '/teams' },
    { name: 'drawer: a team', path: `/teams/${team.id}` },
    { name: 'report cards of a team', path: `/teams/${team.id}/report-cards` },
    { name: 'import', path: '/import' },
    { name: 'search and commands', path: '/', open: PALETTE },
  ];
  const ofAdmin: readonly Place[] = ['/', '/competitors', '/coaches', '/jobs', '/queues', '/roster-plan'].map(
    (path) => ({ name: `admin ${path}`, path }),
  );
  const places: { name: string; shift: number; moved: readonly string[]; problems: readonly string[] }[] = [];
  for (const [role, list] of [
    ['coach', ofCoach],
    ['admin', ofAdmin],
  ] as const) {
    const page = await signedIn(browser, stack, role);
    for (const { name, path, open } of list) {
      await page.goto(`${stack.url}${path}`);
      await settle(page);
      const { shift, moved } = await seenOn(page);
      await open?.(page);
      places.push({ name, shift, moved, problems: await accessibilityProblems(page) });
      console.log(`${name}: looked at`);
    }
    await page.context().close();
  }

  await mapAtOnce(
    Array.from({ length: options.competitors }, (_, index) => index),
    20,
    (index) =>
      competitors.put(
        aNewcomer({
          id: `cmp_bench_${index}`,
          coachId,
          firstName: `Kai${index}`,
          lastName: `Bench${index % 97}`,
        }),
      ),
  );
  const page = await signedIn(browser, stack, 'coach');
  await page.goto(`${stack.url}/competitors`);
  await settle(page);
  const before = (await seenOn(page)).events.length;
  const search = page.getByRole('searchbox').first();
  for (const word of ['bench12', 'kai7', 'zzz']) {
    await search.fill('');
    await search.pressSequentially(word, { delay: 60 });
  }
  await search.fill('');
  for (const head of ['Competitor', 'Status', 'Last solve', 'Competitor']) {
    await page.getByRole('columnheader', { name: head }).getByRole('button').first().click();
    await page.waitForTimeout(150);
  }
  for (const index of [0, 1, 2, 3, 4]) {
    await page.locator('table.competitors tbody tr').nth(index).locator('a, button').first().click();
    await page.waitForTimeout(400);
  }
  await page.waitForTimeout(500);
  const events = (await seenOn(page)).events.slice(before).map(([, ms]) => ms);
  const interaction = spreadOf(events);

  console.log(`\n${machine()}\n`);
  console.log(
    textTable(
      ['place', 'layout shift', 'axe problems'],
      places.map(({ name, shift, problems }) => [name, shift.toFixed(3), String(problems.length)]),
    ),
  );
  for (const { name, shift, moved, problems } of places) {
    for (const problem of problems) console.log(`${name}: ${problem}`);
    if (shift > AIMS.shift) console.log(`${name}: moved ${[...new Set(moved)].join(', ')}`);
  }
  console.log(
    `\n${textTable(
      ['measure', 'value', 'aim'],
      [
        ['first-view JavaScript, gzip', `${firstViewKb.toFixed(1)} KB`, `≤ ${AIMS.firstViewKb} KB`],
        [
          'axe problems',
          String(places.reduce((sum, { problems }) => sum + problems.length, 0)),
          String(AIMS.axe),
        ],
        ['largest layout shift', Math.max(...places.map(({ shift }) => shift)).toFixed(3), `≤ ${AIMS.shift}`],
        [`interaction with ${options.competitors} rows, p95`, readableMs(interaction.p95), ''],
        ['the same, p50 and longest', `${readableMs(interaction.p50)}, ${readableMs(interaction.max)}`, ''],
      ],
    )}`,
  );
  const scriptsKb = Object.fromEntries([...scripts].map(([name, bytes]) => [name, bytes / 1024]));
  console.log(writeResults('web', { options, firstViewKb, scripts: scriptsKb, places, interaction }));
} finally {
  await browser.close();
  await stack.stop();
  rmSync(stateDirectory, { recursive: true, force: true });
}
