import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLocalStack } from '#infra/local/local-stack.ts';
import { createSeedDemo } from '#infra/local/product/demo/seed-demo.ts';
import { launchBrowser, passLogin } from '#test/e2e/browser.ts';

/** `npm run pictures`: the README's pictures of the dashboard in both themes, from the demo. */

const DIRECTORY = fileURLToPath(new URL('../docs/images', import.meta.url));
const WINDOW = { width: 1440, height: 940 };
/** So that the README stays quick to open. */
const MOST_BYTES = 300_000;

const stateDirectory = mkdtempSync(join(tmpdir(), 'coach-dashboard-pictures-'));
const stack = await startLocalStack({ stateDirectory, port: 0, seedDemo: createSeedDemo() });
const browser = await launchBrowser();
try {
  const coach = stack.users.find(({ role }) => role === 'coach');
  if (coach === undefined) throw new Error('The demo has no coach.');
  mkdirSync(DIRECTORY, { recursive: true });
  for (const colorScheme of ['dark', 'light'] as const) {
    const context = await browser.newContext({ viewport: WINDOW, reducedMotion: 'reduce', colorScheme });
    const page = await context.newPage();
    await passLogin(page, stack.url, coach);
    const figures = page.getByRole('region', { name: 'Key figures' });
    await figures.waitFor();
    await page.waitForLoadState('networkidle');
    // What the page is about, under the answers and alerts that differ from day to day.
    await figures.evaluate((element) => {
      globalThis.scrollTo({ top: element.getBoundingClientRect().top + globalThis.scrollY - 24 });
    });
    await page.waitForLoadState('networkidle');
    const path = join(DIRECTORY, `dashboard-${colorScheme}.png`);
    await page.screenshot({ path });
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes; ${MOST_BYTES} are allowed.`);
    console.log(`${path}: ${Math.round(size / 1_000)} kB`);
    await context.close();
  }
} finally {
  await browser.close();
  await stack.stop();
  rmSync(stateDirectory, { recursive: true, force: true });
}
