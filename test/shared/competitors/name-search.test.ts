import { describe, expect, test } from 'vitest';
import { nameContains, searchNames, searchWords } from '#shared/competitors/name-search.ts';
import { indexKeys } from '#shared/table/keys.ts';

describe('A search for a name', () => {
  test.each([
    ["O'Brien", 'O’Brien'],
    ['O’Brien', "o'brien"],
    ['OBrien', 'OʼBrien'],
    ['lukasz', 'Łukasz'],
    ['soren', 'Søren'],
    ['Đorđe', 'dorde'],
    ['strasse', 'Straße'],
    ['ΝΊΚΟΣ', 'Νίκος'],
    ['İpek', 'ipek'],
    ['irmak', 'Irmak'],
    ['ırmak', 'Irmak'],
    ['mary jane', 'Mary‐Jane'],
    ['Mary-Jane', 'Mary Jane'],
    ['A\u200Bna', 'Ana'],
    ['Ana\uD83D', 'Ana\uFFFD'],
    ['nguyen', 'Nguyễn'],
  ])('%s finds %s', (typed, lastName) => {
    expect(nameContains({ firstName: 'Kim', lastName }, searchWords(typed))).toBe(true);
  });

  test('keeps keys and what is looked for within what DynamoDB takes, however a name grows when it is folded', () => {
    const long = '\uFDFA'.repeat(100);
    const { last, first } = searchNames({ firstName: long, lastName: long });
    for (const [order, name] of [['last', last] as const, ['first', first] as const]) {
      const { gsi2sk } = indexKeys.nameByPrefix(name, order, `cmp_${'0'.repeat(26)}`);
      expect(Buffer.byteLength(gsi2sk)).toBeLessThanOrEqual(1_024);
    }
    expect(last.startsWith(searchWords('\uFDFA'.repeat(200)))).toBe(true);
  });
});
