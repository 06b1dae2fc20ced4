import { describe, expect, it } from 'vitest';
import { chunks, mapAtOnce } from '#shared/kernel/at-once.ts';

describe('chunks', () => {
  it('divide a list in order, the last one being shorter', () => {
    expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunks([], 2)).toEqual([]);
  });
});

describe('many things, a few at a time', () => {
  it('answer in their order, whoever ends first, and never more at once than asked', async () => {
    let running = 0;
    let most = 0;
    const answers = await mapAtOnce([30, 10, 20, 0, 5], 2, async (ms) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < ms; turn += 1) await Promise.resolve();
      running -= 1;
      return ms * 2;
    });
    expect(answers).toEqual([60, 20, 40, 0, 10]);
    expect(most).toBe(2);
  });

  it('reject with a failure once those begun have ended, and begin no further one', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const all = mapAtOnce([0, 1, 2, 3], 2, async (item) => {
      begun.push(item);
      if (item === 0) throw new Error('The first one failed.');
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      ended.push(item);
    });
    await expect(all).rejects.toThrow('The first one failed.');
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([1]);
  });
});
