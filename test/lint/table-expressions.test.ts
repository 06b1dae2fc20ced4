import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BUILDER = 'shared/table/expressions.ts';
const BY_HAND =
  /\b(?:(?:KeyCondition|Condition|Filter|Projection|Update)Expression|ExpressionAttribute(?:Names|Values))\b/;

test('expressions of the table that are written by hand are in the builder alone', () => {
  const files = globSync(['shared/**/*.ts', 'functions/**/*.ts', 'test/support/**/*.ts'], { cwd: ROOT });
  const byHand = files.filter((file) => BY_HAND.test(readFileSync(path.join(ROOT, file), 'utf8')));
  expect(byHand).toEqual([BUILDER]);
});
