import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDynoxide, type Dynoxide } from '#test/support/dynoxide.ts';
import { runs } from '#test/support/effort.ts';
import { drawHistory } from './history.ts';
import { runHistory } from './run-seed.ts';

/** `npm run chaos` lives a thousand of them. */
const SEEDS = Array.from({ length: runs(20, 4) }, (_, index) => 900_001 + index);
const SIZE = { people: 5, acts: 24 };

let dynoxide: Dynoxide | undefined;
beforeAll(async () => {
  dynoxide = await openDynoxide();
});
afterAll(() => dynoxide?.stop());

test('whatever goes wrong: once it is over, table and platform say the same', async () => {
  for (const seed of SEEDS) {
    if (dynoxide === undefined) throw new Error('There is no table.');
    const { findings, story } = await runHistory(drawHistory(seed, SIZE), dynoxide);
    expect({ seed, findings, story: findings.length === 0 ? [] : story }).toEqual({
      seed,
      findings: [],
      story: [],
    });
  }
});

test('a seed lives the same life each time', async () => {
  if (dynoxide === undefined) throw new Error('There is no table.');
  const history = drawHistory(900_001, SIZE);
  const [one, other] = [await runHistory(history, dynoxide), await runHistory(history, dynoxide)];
  expect(one).toEqual(other);
});
