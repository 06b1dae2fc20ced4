import { describe, expect, it } from 'vitest';
import { ADMIN, useLocalStack } from '#test/support/stack.ts';
import { accessibilityProblems, DESKTOP, PHONE, picture, signIn, useBrowser } from './visit.ts';

describe('The demo while coaches are missing', () => {
  const rest = Promise.withResolvers<void>();
  const nobody = { of: 12, teams: 0, competitors: 0, solves: 0, usable: true };
  const stack = useLocalStack({
    seedsBehind: true,
    seedDemo: async function* () {
      yield { ...nobody, coaches: 2 };
      await rest.promise;
      yield { ...nobody, coaches: 12 };
    },
  });
  const open = useBrowser();

  it('says so on the pages, and when it is complete', async () => {
    const { page, complaints } = await open();
    await signIn(page, stack(), ADMIN);
    const notice = page.getByRole('status').filter({ hasText: 'demo data' });
    await notice.filter({ hasText: 'being added: 2 of 12 coaches' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'demo-notice');
    await page.setViewportSize(PHONE);
    await page.evaluate(() => {
      document.documentElement.dataset['theme'] = 'light';
    });
    expect(await accessibilityProblems(page)).toEqual([]);
    const notices = await notice.boundingBox();
    const tabs = await page.getByRole('navigation', { name: 'Main, phone' }).boundingBox();
    expect((notices?.y ?? 0) + (notices?.height ?? 0)).toBeLessThanOrEqual(tabs?.y ?? 0);
    await picture(page, 'demo-notice-phone-light');
    await page.setViewportSize(DESKTOP);
    rest.resolve();
    await notice.filter({ hasText: 'complete' }).waitFor();
    await stack().demoComplete;
    await page.reload();
    await page.getByRole('navigation', { name: 'Main', exact: true }).waitFor();
    expect(await notice.count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
