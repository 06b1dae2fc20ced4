import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Which day or hour something falls on, for arithmetic and keys; nobody reads these. */
const FOR_MACHINES = new Set([
  'shared/kernel/days.ts',
  'shared/score-sync/policy/weekly-rhythm.ts',
  // A day of a file, written as `YYYY-MM-DD`.
  'shared/competitors/import/decide-import.ts',
  // The names of a row's attributes.
  'shared/score-sync/health/read-sync-health.ts',
]);
const FORMATTER = 'shared/kernel/format.ts';

const BY_HAND = [
  /\bIntl\./,
  /\.toLocale(?:Date|Time)?String\b/,
  /\.to(?:Date|Time)String\b/,
  /\bpadStart\(2\b/,
  // Names of months in a row.
  /\bFeb(?:ruary)?'/,
  // A percent sign behind a space, and one behind a figure where the text goes on; `${share}%` alone is a length.
  /[\d}] %(?=['"`,.;:) ]|$)/,
  /\}%(?=[,.;: ][^`]*`)/,
];

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');

test('figures, dates and times for people are formatted in one module alone', () => {
  const files = globSync(['shared/**/*.ts', 'functions/**/*.ts', 'web/src/**/*.{ts,tsx}'], { cwd: ROOT });
  const byHand = files.filter((file) => {
    const text = withoutComments(readFileSync(path.join(ROOT, file), 'utf8'));
    return !FOR_MACHINES.has(file) && BY_HAND.some((pattern) => pattern.test(text));
  });
  expect(byHand).toEqual([FORMATTER]);
});

test.each([
  'new Intl.NumberFormat()',
  'value.toLocaleString()',
  'at.toLocaleTimeString()',
  'String(hour).padStart(2, "0")',
  "['Jan', 'Feb', 'Mar']",
  '`${share} %`',
  '`${share}%, are from it`',
  "'95 % within'",
])('%s counts as formatted by hand', (text) => {
  expect(BY_HAND.some((pattern) => pattern.test(text))).toBe(true);
});
