import { expect, test } from 'vitest';
import { lostRows } from '../../../scripts/operations/restore-rehearsal.ts';

const row = (sk: string, value: unknown) => ({ pk: 'P', sk, value });

test('rows of a restore are lost when they are gone or changed, apart from those about the erased', () => {
  const before = [row('a', 1), row('b', [1, 2]), row('c', 'about cmp_1'), row('d', { deep: true })];
  expect(lostRows(before, before, ['cmp_1'])).toEqual([]);
  const after = [row('a', 1), row('b', [2, 1]), row('e', 'new')];
  expect(lostRows(before, after, ['cmp_1'])).toEqual(['P b', 'P d']);
});
