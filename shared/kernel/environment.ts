import type * as z from 'zod';
import { OwnError } from './errors.ts';

/** The environment lacks something or holds nonsense. Names every bad variable; never a value. */
export class EnvironmentError extends OwnError {
  override readonly name = 'EnvironmentError';
  constructor(readonly variables: readonly { readonly name: string; readonly message: string }[]) {
    super(
      `Bad environment: ${variables.map((variable) => `${variable.name} (${variable.message})`).join('; ')}`,
    );
  }
}

/**
 * Environment variables through a schema.
 * @throws EnvironmentError listing every variable that is missing or wrong.
 */
export function readEnvironment<S extends z.ZodType>(
  schema: S,
  source: Readonly<Record<string, string | undefined>> = process.env,
): z.output<S> {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  throw new EnvironmentError(
    result.error.issues.map((issue) => {
      const name = issue.path.join('.');
      return { name, message: source[name] === undefined ? 'missing' : issue.message };
    }),
  );
}
