import { parseArgs } from 'node:util';

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new Error(`--${name} takes numbers of zero or more, not "${text}".`);
  }
  return value;
}

/**
 * Numbers from the command line, `--seed 7 --competitors 300 --rates 1,10`; those not given are the defaults. A list
 * where the default is one.
 *
 * @throws {Error} for a name that is not among the defaults, or something that is no number
 */
export function benchArguments<T extends Readonly<Record<string, number | readonly number[]>>>(
  defaults: T,
  argv?: readonly string[],
): { readonly [K in keyof T]: T[K] extends number ? number : readonly number[] };
export function benchArguments(
  defaults: Readonly<Record<string, number | readonly number[]>>,
  argv: readonly string[] = process.argv.slice(2),
): Readonly<Record<string, number | readonly number[]>> {
  const { values } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' as const }])),
  });
  return Object.fromEntries(
    Object.entries(defaults).map(([name, standard]) => {
      const given = values[name];
      if (given === undefined) return [name, standard];
      return [
        name,
        typeof standard === 'number'
          ? numberOf(name, given)
          : given.split(',').map((part) => numberOf(name, part)),
      ];
    }),
  );
}
