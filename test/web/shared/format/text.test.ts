import { matches } from '#web/shared/format/text.ts';
import { expect, test } from 'vitest';

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
