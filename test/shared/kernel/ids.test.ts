import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createNewId, newId } from '#shared/kernel/ids.ts';

const AT = new Date('2026-11-24T07:00:00.000Z');
const idAt = (ms: number): string => createNewId(() => new Date(ms))('x');

it('makes ids of a prefix, the time and chance', () => {
  const makeId = createNewId(
    () => AT,
    (bytes) => new Uint8Array(bytes).fill(0xff),
  );
  expect(makeId('cmp')).toBe('cmp_01m865ncc0zzzzzzzzzzzzzzzz');
});

it('never repeats itself', () => {
  const made = new Set(Array.from({ length: 10_000 }, () => newId('job')));
  expect(made.size).toBe(10_000);
  for (const id of made) expect(id).toMatch(/^job_[0-9a-hjkmnp-tv-z]{26}$/);
});

it('makes ids that sort by the time they were made', () => {
  const time = fc.integer({ min: 0, max: 2 ** 47 });
  fc.assert(
    fc.property(time, time, (a, b) => {
      const [earlier, later] = [Math.min(a, b), Math.max(a, b)];
      fc.pre(earlier < later);
      expect(idAt(earlier) < idAt(later)).toBe(true);
    }),
  );
});
