import { expect, it } from 'vitest';
import { fuzz } from '#test/fuzz/run.ts';
import { ONE_ROUND } from '#test/fuzz/shots.ts';
import { useLocalStack } from '#test/support/stack.ts';

const stack = useLocalStack();

it('Every route in every role, of what is right and what is spoiled, answers as its contract says and keeps what it owes', async () => {
  const { findings, counts, requests } = await fuzz(stack(), { seed: 7, requests: ONE_ROUND });
  expect(findings).toEqual([]);
  expect(requests).toBe(ONE_ROUND);
  // Enough of them got to what lies behind the checks.
  const taken = [...counts].filter(([key]) => /\t2\d\d$/.test(key)).map(([, count]) => count);
  expect(taken.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(ONE_ROUND / 6);
});
