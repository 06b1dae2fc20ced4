import type { World } from './command.ts';
import { stoppedBy } from './stopped.ts';

/** One thing that was looked at. `note`: nothing is wrong, but somebody should know. */
export interface Check {
  readonly title: string;
  readonly state: 'ok' | 'problem' | 'note';
  /** What was found, in a sentence. */
  readonly found: string;
  readonly whatToDo?: string;
}

export const ok = (title: string, found: string): Check => ({ title, state: 'ok', found });
export const note = (title: string, found: string, whatToDo?: string): Check => ({
  title,
  state: 'note',
  found,
  ...(whatToDo === undefined ? {} : { whatToDo }),
});
export const problem = (title: string, found: string, whatToDo: string): Check => ({
  title,
  state: 'problem',
  found,
  whatToDo,
});

/** A question that is not answered is a problem of its own, and keeps no other from being asked. */
export async function asked(
  title: string,
  question: () => Promise<Check | readonly Check[]>,
): Promise<Check | readonly Check[]> {
  try {
    return await question();
  } catch (error) {
    const { message, whatToDo } = stoppedBy(error);
    return problem(title, message, whatToDo);
  }
}

const WIDTH = 'problem'.length;

/** Prints the checks as they come; true when none found a problem. */
export async function report(
  checks: AsyncIterable<Check | readonly Check[]>,
  { print }: Pick<World, 'print'>,
): Promise<boolean> {
  let problems = 0;
  for await (const some of checks) {
    for (const { title, state, found, whatToDo } of Array.isArray(some) ? some : [some]) {
      print(`  ${state.padEnd(WIDTH)}  ${title}: ${found}`);
      if (whatToDo !== undefined) print(`  ${' '.repeat(WIDTH)}  What to do: ${whatToDo}`);
      if (state === 'problem') problems += 1;
    }
  }
  print(problems === 0 ? 'All is well.' : `${problems} ${problems === 1 ? 'problem' : 'problems'}.`);
  return problems === 0;
}
