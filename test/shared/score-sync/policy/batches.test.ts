import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calculateBatchBounds,
  totalBatches,
  FIRST_ROTATION,
  nextBatch,
  rotationSchema,
} from '#shared/score-sync/policy/batch-rotation.ts';

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

describe('the bounds of a batch', () => {
  it('cut 22 competitors into five batches of five, each competitor once', () => {
    const everyone = Array.from({ length: 22 }, (_, index) => index);
    const batches = [0, 1, 2, 3, 4].map((batch) => {
      const { offset, limit } = calculateBatchBounds(22, 5, batch);
      return everyone.slice(offset, offset + limit);
    });
    expect(totalBatches(22, 5)).toBe(5);
    expect(batches.map(({ length }) => length)).toEqual([5, 5, 5, 5, 2]);
    expect(batches.flat()).toEqual(everyone);
  });

  it('cover everyone once, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.integer({ min: 1, max: 700 }), (total, size) => {
        let covered = 0;
        for (let batch = 0; batch < totalBatches(total, size); batch += 1) {
          const { offset, limit } = calculateBatchBounds(total, size, batch);
          expect(offset).toBe(covered);
          expect(limit).toBeGreaterThan(0);
          covered += limit;
        }
        expect(covered).toBe(total);
      }),
    );
  });

  it('are empty beyond the last batch, and none at all without competitors', () => {
    expect(calculateBatchBounds(22, 5, 5)).toEqual({ offset: 22, limit: 0 });
    expect(calculateBatchBounds(0, 5, 0)).toEqual({ offset: 0, limit: 0 });
  });

  it.each([
    [-1, 5, 0, 'totalCompetitors'],
    [2.5, 5, 0, 'totalCompetitors'],
    [22, 0, 0, 'batchSize'],
    [22, Number.NaN, 0, 'batchSize'],
    [22, Infinity, 0, 'batchSize'],
    [22, 5, -1, 'currentBatch'],
  ])('refuse %d, %d, %d and say which number is wrong', (total, size, batch, name) => {
    expect(() => calculateBatchBounds(total, size, batch)).toThrow(RangeError);
    expect(() => calculateBatchBounds(total, size, batch)).toThrow(name);
  });
});

describe('a rotation', () => {
  it('reads 22 competitors once in five batches, then restarts', () => {
    const ids = Array.from({ length: 22 }, (_, index) => `c${String(index).padStart(2, '0')}`);
    let rotation = FIRST_ROTATION;
    const read: string[] = [];
    for (let batch = 0; batch < 5; batch += 1) {
      const next = nextBatch(ids, 5, rotation);
      expect(next).toMatchObject({ number: batch, total: 5, last: batch === 4 });
      read.push(...next.ids);
      rotation = rotationSchema.parse(JSON.parse(JSON.stringify(next.next)));
    }
    expect(read).toEqual(ids);
    expect(rotation).toEqual(FIRST_ROTATION);
  });

  it('skips no one and reads no one twice while people join and leave', () => {
    const id = fc.string({ minLength: 1, maxLength: 3 });
    const change = fc.record({
      join: fc.array(id, { maxLength: 4 }),
      leave: fc.array(fc.nat(), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(id, { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        fc.infiniteStream(change),
        (begin, size, changes) => {
          let ids = begin.toSorted(byText);
          const there = new Set(ids);
          const read: string[] = [];
          let rotation = FIRST_ROTATION;
          for (let round = 0; round < 60; round += 1) {
            const batch = nextBatch(ids, size, rotation);
            // All that were left have gone: this is the next rotation.
            if (round > 0 && batch.number === 0) break;
            read.push(...batch.ids);
            rotation = batch.next;
            if (batch.last) break;
            const happening = changes.next().value;
            // As many leave as join, so that the rotation ends.
            for (const nth of happening.leave) {
              const gone = ids[nth % Math.max(1, ids.length)];
              if (gone === undefined) continue;
              there.delete(gone);
              ids = ids.filter((each) => each !== gone);
            }
            if (round < 20) ids = [...new Set([...ids, ...happening.join])].toSorted(byText);
          }
          expect(new Set(read).size).toBe(read.length);
          for (const stayed of there) expect(read).toContain(stayed);
        },
      ),
    );
  });

  it('restarts at once when all that were left have gone', () => {
    expect(nextBatch(['a', 'b'], 1, { batch: 3, after: 'x' })).toMatchObject({ ids: ['a'], number: 0 });
    expect(nextBatch([], 5, { batch: 3, after: 'x' })).toMatchObject({
      ids: [],
      last: true,
      next: FIRST_ROTATION,
    });
  });
});
