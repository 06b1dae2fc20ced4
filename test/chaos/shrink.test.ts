import { expect, test } from 'vitest';
import { drawHistory } from './history.ts';
import { shrink } from './shrink.ts';

const SIZE = { people: 6, acts: 30 };

test('a seed draws the same history each time, another one another', () => {
  expect(drawHistory(7, SIZE)).toEqual(drawHistory(7, SIZE));
  expect(drawHistory(7, SIZE).acts).not.toEqual(drawHistory(8, SIZE).acts);
});

test('what has nothing to do with a failure is left out of its history', async () => {
  const history = drawHistory(7, SIZE);
  const guilty = [history.acts[3], history.acts[17]];
  const fails = (one: typeof history) =>
    Promise.resolve(guilty.every((act) => act !== undefined && one.acts.includes(act)));
  expect((await shrink(history, fails, 500)).acts).toEqual(guilty);
});

test('it stops when its tries are used up', async () => {
  let tries = 0;
  const fails = () => Promise.resolve((tries += 1) < 0);
  await shrink(drawHistory(7, SIZE), fails, 5);
  expect(tries).toBe(5);
});
