import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { LocalStack } from '#infra/local/local-stack.ts';
import { signInAsBrowser } from '#infra/local/product/sign-ins/browser-sign-in.ts';
import type { DemoUser } from '#infra/local/product/sign-ins/demo-people.ts';
import { PATIENCE_MS } from '#test/support/stack.ts';
import { launchBrowser, passLogin } from './browser.ts';

export { accessibilityProblems } from './browser.ts';

/** A folder for pictures of every page, for people to look at; without it none are taken. */
const SCREENSHOTS = process.env['SCREENSHOTS'];

const LONGEST_SNAPSHOT = 20_000;

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface Visit {
  readonly page: Page;
  /** What the page wrote on its console as an error, or threw. */
  readonly complaints: readonly string[];
}

/** One browser for the test file, a new private window for each visit; the system's theme is dark unless told. */
export function useBrowser(): (
  size?: { width: number; height: number },
  colorScheme?: 'dark' | 'light',
) => Promise<Visit> {
  let browser: Browser | undefined;
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(async ({ task }) => {
    for (const context of contexts.splice(0)) {
      if (task.result?.state === 'fail') await tellPages(context);
      await context.close();
    }
  });
  afterAll(async () => {
    await browser?.close();
  });
  return async (size = DESKTOP, colorScheme = 'dark') => {
    if (browser === undefined) throw new Error('The browser runs in hooks and tests only.');
    const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce', colorScheme });
    context.setDefaultTimeout(PATIENCE_MS);
    contexts.push(context);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    return { page, complaints };
  };
}

/** What a failed test saw last: without it, a wait that was in vain says only what did not come. */
async function tellPages(context: BrowserContext): Promise<void> {
  for (const page of context.pages()) {
    const seen = await page
      .locator('body')
      .ariaSnapshot({ timeout: 10_000 })
      .catch((error: unknown) => String(error));
    console.error(`${new URL(page.url()).pathname}\n${seen.slice(0, LONGEST_SNAPSHOT)}`);
  }
}

type Site = Pick<LocalStack, 'url' | 'users'>;

/** Where the site keeps the session of whoever signed in to it, and as what, by the person's e-mail. */
const sessions = new WeakMap<Site, Map<string, readonly [key: string, session: string]>>();

/**
 * Signs in as a person would: the site's button, the login's form, back to the site. Whoever did so on this stack
 * already gets new tokens without the pages.
 */
export async function signIn(page: Page, stack: Site, email: string): Promise<void> {
  if ((await beginSession(page, stack, email)) === 'at no page') await openSite(page, stack);
}

/** As {@link signIn}, but leaves the page at an address that shows nothing of the site. */
export async function giveSession(page: Page, stack: Site, email: string): Promise<void> {
  const where = await beginSession(page, stack, email);
  if (where === 'at the site') await page.goto(quietAddress(stack.url));
}

/** Opens the site's first page for somebody with a session, as a bookmark does. */
export async function openSite(page: Page, { url }: Pick<Site, 'url'>): Promise<void> {
  await page.goto(url);
  await shell(page).waitFor();
}

/** What is there as soon as somebody is signed in. */
const shell = (page: Page) =>
  page
    .getByRole('navigation', { name: 'Main', exact: true })
    .or(page.getByRole('navigation', { name: 'Main, phone' }))
    .first();

async function beginSession(page: Page, stack: Site, email: string): Promise<'at the site' | 'at no page'> {
  const user = stack.users.find((one) => one.email === email);
  if (user === undefined) throw new Error(`There is no sign-in ${email}.`);
  const ofStack = sessions.get(stack) ?? new Map<string, readonly [key: string, session: string]>();
  sessions.set(stack, ofStack);
  const earlier = ofStack.get(email);
  if (earlier !== undefined) {
    await resume(page, stack.url, user, earlier);
    return 'at no page';
  }
  await passLogin(page, stack.url, user);
  await shell(page).waitFor();
  const entries = await page.evaluate(() => Object.entries<string>(sessionStorage));
  const session = entries.find(([key]) => key.startsWith('oidc.user:'));
  if (session === undefined) throw new Error(`The site keeps no session of ${email}.`);
  ofStack.set(email, session);
  return 'at the site';
}

/** An address of the site that runs none of its scripts. */
const quietAddress = (url: string): string => `${url}/favicon.svg`;

/** With tokens of the visit's own, so that no other visit can end or renew them. */
async function resume(
  page: Page,
  url: string,
  user: DemoUser,
  [key, session]: readonly [key: string, session: string],
): Promise<void> {
  const { accessToken, idToken, refreshToken } = await signInAsBrowser({ url, ...user });
  const { exp } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
  const renewed = {
    ...JSON.parse(session),
    access_token: accessToken,
    id_token: idToken,
    refresh_token: refreshToken,
    expires_at: exp,
  };
  await page.goto(quietAddress(url));
  await page.evaluate(([name, value]) => sessionStorage.setItem(name, value), [
    key,
    JSON.stringify(renewed),
  ] as const);
}

/** A visit of the person, begun anew and at the site's first page before each test of the group that this is called in. */
export const useSignedIn = (open: ReturnType<typeof useBrowser>, stack: () => Site, email: string): Visit =>
  useVisit(open, (page) => signIn(page, stack(), email));

/**
 * A visit of the person, begun anew before each test of the group that this is called in. It has a session and is at
 * no page yet: tests that begin at an address of their own do not load the first page before.
 */
export const useSession = (open: ReturnType<typeof useBrowser>, stack: () => Site, email: string): Visit =>
  useVisit(open, (page) => giveSession(page, stack(), email));

function useVisit(open: ReturnType<typeof useBrowser>, begin: (page: Page) => Promise<void>): Visit {
  let visit: Visit | undefined;
  beforeEach(async () => {
    visit = await open();
    await begin(visit.page);
  });
  const current = (): Visit => {
    if (visit === undefined) throw new Error('A visit is there in tests only.');
    return visit;
  };
  return {
    get page() {
      return current().page;
    },
    get complaints() {
      return current().complaints;
    },
  };
}

/** Answers why an admin wants to act as a coach. */
export async function giveActingReason(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: /^Act as / });
  await dialog.getByLabel(/^Reason/).fill('Helps with the roster.');
  await dialog.getByRole('button', { name: /^Act for 30/ }).click();
}

export async function picture(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });
}

/** The page is no wider than its window, once what measures itself is drawn again. */
export const expectNoSidewaysScroll = (page: Page): Promise<void> =>
  expect
    .poll(() =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    )
    .toBe(0);

/** What a page at a desk is like on a phone: it fits, and has its picture taken. */
export async function phonePicture(page: Page, name: string): Promise<void> {
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScroll(page);
  await picture(page, name);
  await page.setViewportSize(DESKTOP);
}
