/** Seeded randomness: the same seed and the same parts give the same numbers for ever, on every machine. */

export type Random = () => number;

/** The 32-bit finaliser of MurmurHash3: every input bit moves about half of the output bits. */
function scramble(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A 32-bit hash of texts and whole numbers, in order. */
export function hashOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    if (typeof part === 'number') {
      hash = scramble(hash ^ Math.imul(part | 0, 0x9e3779b1));
    } else {
      for (let index = 0; index < part.length; index += 1) {
        hash = Math.imul(hash ^ part.charCodeAt(index), 0x01000193);
      }
      hash = scramble(hash ^ part.length);
    }
  }
  return scramble(hash);
}

/** One number from 0 (included) to 1 (excluded) that belongs to these parts. */
export const unitOf = (...parts: readonly (string | number)[]): number => hashOf(...parts) / 2 ** 32;

/** A stream of numbers from 0 (included) to 1 (excluded): a counter with the golden-ratio step, scrambled. */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return scramble(state) / 2 ** 32;
  };
}

/** Exponentially distributed with mean 1. */
export const exponential = (random: Random): number => -Math.log(1 - random());

/** One element of a list that must not be empty. */
export function pick<T>(list: readonly T[], unit: number): T {
  const chosen = list[Math.floor(unit * list.length)];
  if (chosen === undefined) {
    throw new Error('Nothing to pick from');
  }
  return chosen;
}

/** The list in the order that these parts give it. */
export function shuffled<T>(list: readonly T[], ...parts: readonly (string | number)[]): T[] {
  const seed = hashOf(...parts);
  return list
    .map((item, index) => ({ item, at: hashOf(seed, index) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
