import type { Act, History } from './history.ts';

/**
 * A shorter history that fails as well: parts of the acts are left out, ever smaller ones, as long as it does. Makes
 * at most so many tries.
 */
export async function shrink(
  history: History,
  fails: (history: History) => Promise<boolean>,
  tries: number,
): Promise<History> {
  let acts: readonly Act[] = history.acts;
  let left = tries;
  for (
    let size = Math.ceil(acts.length / 2);
    size >= 1 && left > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < acts.length && left > 0;) {
      const fewer = acts.toSpliced(from, size);
      left -= 1;
      if (await fails({ ...history, acts: fewer })) acts = fewer;
      else from += size;
    }
  }
  return { ...history, acts };
}
