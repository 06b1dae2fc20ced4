import { linearScale } from '#web/shared/charts/sparkline.tsx';
import { expect, test } from 'vitest';

test('maps ends to ends, also upside down', () => {
  const y = linearScale([0, 10], [36, 0]);
  expect([y(0), y(5), y(10)]).toEqual([36, 18, 0]);
});

test('one value all along is a line through the middle', () => {
  expect(linearScale([7, 7], [36, 0])(7)).toBe(18);
});
