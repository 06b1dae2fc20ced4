import * as z from 'zod';
import type { Unparsed } from './vendor-contract.ts';

/**
 * Lists of the vendor are parsed record by record: what parses is kept, what does not is set aside, described without
 * its values.
 */
export function parseEach<S extends z.ZodType>(
  schema: S,
  records: readonly unknown[],
): { readonly parsed: readonly z.output<S>[]; readonly unparsed: readonly Unparsed[] } {
  const parsed: z.output<S>[] = [];
  const unparsed: Unparsed[] = [];
  records.forEach((record, index) => {
    const result = schema.safeParse(record);
    if (result.success) parsed.push(result.data);
    else unparsed.push({ index, issues: issuesOf(result.error), redacted: redact(record) });
  });
  return { parsed, unparsed };
}

/** The parts of a record that its schema does without and that could not be read; undefined when all could. */
export function oddPartsOf(schema: z.ZodType, record: unknown): Unparsed | undefined {
  if (!(schema instanceof z.ZodObject) || typeof record !== 'object' || record === null) return undefined;
  const given = new Map<string, unknown>(Object.entries(record));
  const issues: Unparsed['issues'][number][] = [];
  const odd: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(schema.shape)) {
    const spared = part instanceof z.ZodOptional ? part.unwrap() : part;
    if (!(spared instanceof z.ZodCatch)) continue;
    const result = z.object({ [name]: spared.unwrap() }).safeParse(record);
    if (result.success) continue;
    issues.push(...issuesOf(result.error));
    odd[name] = given.get(name);
  }
  return issues.length === 0 ? undefined : { index: 0, issues, redacted: redact(odd) };
}

const NAME = /^[A-Za-z_]\w{0,63}$/;
const MAX_ISSUES = 20;
const MAX_ENTRIES = 50;
const MAX_DEPTH = 6;

/** A path with only what looks like a field name or an index in it: keys of maps may be anything. */
export const safePath = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === 'number' || NAME.test(String(part)) ? String(part) : '*')).join('.');

function issuesOf(error: z.ZodError): Unparsed['issues'] {
  return error.issues.slice(0, MAX_ISSUES).map((issue) => ({
    path: safePath(issue.path),
    // zod's messages tell types and limits, never the value; those of unknown keys would name the key.
    message: issue.code === 'unrecognized_keys' ? 'Unrecognized keys' : issue.message,
  }));
}

/** The shape of a value with every string in it replaced by its length; numbers, booleans and nulls stay. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return `[text, ${value.length}]`;
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object') return `[${typeof value}]`;
  if (depth >= MAX_DEPTH) return '[nested]';
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((entry) => redact(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ENTRIES)
      .map(([key, entry], index) => [NAME.test(key) ? key : `[key ${index}]`, redact(entry, depth + 1)]),
  );
}
