import { expect, test } from 'vitest';
import { matches } from '../../../../web/src/shared/format/matches.ts';

test.each([
  ['lefevre', true],
  ['LEFÈVRE anouk', true],
  ['cedar', true],
  ['anouk foxes', false],
  ['', true],
  ['  ', true],
])('searching for %j', (search, found) => {
  expect(matches(search, 'Anouk', 'Lefèvre', null, 'Cedar Sparks')).toBe(found);
});
