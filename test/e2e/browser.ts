import type axe from 'axe-core';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { DemoUser } from '#infra/local/product/sign-ins/demo-people.ts';
import { packagedBrowser, usesPackagedBrowser } from './packaged-browser.ts';

/**
 * A headless Chromium without anything installed: `@sparticuz/chromium` carries one with its libraries and fonts
 * inside the npm package (Linux x64). Elsewhere, or with `CHROMIUM_PATH`, an installed Chrome is used.
 */
export async function launchBrowser(): Promise<Browser> {
  const installed = process.env.CHROMIUM_PATH;
  if (installed !== undefined) return chromium.launch({ executablePath: installed, args: ARGUMENTS });
  // Not the package's own arguments: they are made for Lambda, share one process, and switch web security off.
  if (usesPackagedBrowser())
    return chromium.launch({ executablePath: await packagedBrowser(), args: ARGUMENTS });
  try {
    return await chromium.launch({ channel: 'chrome', args: ARGUMENTS });
  } catch (error) {
    throw new Error(
      'The browser tests bring their own Chromium on Linux x64 only. Install Chrome, or name a browser in CHROMIUM_PATH.',
      { cause: error },
    );
  }
}

/** No request leaves the machine; `--no-sandbox` because containers often run as root. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Signs in as a person would: the site's button, then the login's form. */
export async function passLogin(page: Page, url: string, user: DemoUser): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Email').fill(user.email);
  await page.getByLabel('Password', { exact: true }).fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Its minified form: the page has less than half to read. */
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/**
 * Rules that the page breaks, by id; empty when none. A document gets axe once, however often it is looked at: that
 * takes longer than looking. What passes is not described.
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const results = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
    });
    return results.violations.map(({ id, nodes }) => ({
      id,
      targets: nodes.map(({ target }) => target.join(' ')),
    }));
  });
  return violations.map(({ id, targets }) => `${id}: ${targets.join(', ')}`);
}
