import type * as z from 'zod';
import { OwnError } from '#shared/kernel/errors.ts';

/** A row of the table that is not what its schema says. Names the row by key and the fields by path, never a value. */
export class RowShapeError extends OwnError {
  override readonly name = 'RowShapeError';
  constructor(type: string, item: Readonly<Record<string, unknown>>, error: z.ZodError) {
    const paths = error.issues.map((issue) => `${issue.path.map(String).join('.')} (${issue.code})`);
    super(
      `The ${type} row ${String(item['pk'])} ${String(item['sk'])} has another shape: ${paths.join(', ')}`,
    );
  }
}

/**
 * A row as its record; the key attributes fall away.
 * @throws RowShapeError
 */
export function parseRow<S extends z.ZodType>(
  schema: S,
  type: string,
  item: Readonly<Record<string, unknown>>,
): z.output<S> {
  const result = schema.safeParse(item);
  if (!result.success) throw new RowShapeError(type, item, result.error);
  return result.data;
}
