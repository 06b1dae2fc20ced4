import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { DemoUser } from '#infra/local/product/sign-ins/demo-people.ts';

/**
 * A headless Chromium without anything installed: `@sparticuz/chromium` carries one with its libraries and fonts
 * inside the npm package (Linux x64). Elsewhere, or with `CHROMIUM_PATH`, an installed Chrome is used.
 */
export async function launchBrowser(): Promise<Browser> {
  const installed = process.env.CHROMIUM_PATH;
  if (installed !== undefined) return chromium.launch({ executablePath: installed, args: ARGUMENTS });
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    try {
      return await chromium.launch({ channel: 'chrome', args: ARGUMENTS });
    } catch (error) {
      throw new Error(
        'The browser tests bring their own Chromium on Linux x64 only. Install Chrome, or name a browser in CHROMIUM_PATH.',
        { cause: error },
      );
    }
  }
  // Makes the package unpack its own NSS libraries and point LD_LIBRARY_PATH to them; read when it is imported.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  const executablePath = await packaged.executablePath();
  if (!existsSync(executablePath)) throw new Error('The packaged Chromium could not be unpacked.');
  // Not the package's own arguments: they are made for Lambda, share one process, and switch web security off.
  return chromium.launch({ executablePath, args: ARGUMENTS });
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
