import { expect, test } from 'vitest';
import { initials } from '#web/app/shell/user-menu.tsx';

test.each([
  ['Marisol Vega', 'MV'],
  ['Ines de la Cruz', 'IC'],
  ['Élodie', 'É'],
  ['  ', '?'],
])('the initials of %j are %j', (name, letters) => {
  expect(initials(name)).toBe(letters);
});
