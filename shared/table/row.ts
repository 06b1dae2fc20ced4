import type * as z from 'zod';
import { OwnError } from '#shared/kernel/errors.ts';

/** Parts of a key that our own code made: names of entities, ids, days and times, numbers. */
const OWN_PART = /^(?:[A-Z][A-Z_]*|[a-z]{2,6}_(?:[a-z]+_)?\d[\da-z_]*|\d[\d:.TZ-]*)$/;

/** A key for a log. What a person or a browser chose in it, an idempotency key say, is left out. */
const shownKey = (key: unknown): string =>
  String(key)
    .split('#')
    .map((part) => (OWN_PART.test(part) ? part : '…'))
    .join('#');

/** A row of the table that is not what its schema says. Names the row by key and the fields by path, never a value. */
export class RowShapeError extends OwnError {
  override readonly name = 'RowShapeError';
  constructor(type: string, item: Readonly<Record<string, unknown>>, error: z.ZodError) {
    const paths = error.issues.map((issue) => `${issue.path.map(String).join('.')} (${issue.code})`);
    super(
      `The ${type} row ${shownKey(item['pk'])} ${shownKey(item['sk'])} has another shape: ${paths.join(', ')}`,
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
