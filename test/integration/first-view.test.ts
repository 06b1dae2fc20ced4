import { expect, it } from 'vitest';
import { firstViewScripts } from '#test/support/first-view.ts';

/** The aim is `FIRST_VIEW_AIM_KB`; until it is met, this keeps what was won. */
const AT_MOST_KB = 181;

it(`the dashboard's first view fetches no more than ${AT_MOST_KB} KB of JavaScript, and no library of another page`, () => {
  const scripts = firstViewScripts();
  const bytes = [...scripts.values()].reduce((sum, size) => sum + size, 0);
  expect(bytes / 1024).toBeGreaterThan(100);
  expect(bytes / 1024).toBeLessThanOrEqual(AT_MOST_KB);
});
