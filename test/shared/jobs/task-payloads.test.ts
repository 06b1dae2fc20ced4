import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { TASK_TYPES, TASKS } from '#shared/composition/tasks.ts';

type Node = Readonly<Record<string, unknown>>;

/** The strings of a schema that take anything at all, by path. */
function freeTexts(node: unknown, path = ''): string[] {
  if (Array.isArray(node)) return node.flatMap((one) => freeTexts(one, path));
  if (typeof node !== 'object' || node === null) return [];
  const schema = node as Node;
  const isFree =
    schema['type'] === 'string' && !('pattern' in schema) && !('enum' in schema) && !('const' in schema);
  if (isFree) return [path];
  return Object.entries(schema).flatMap(([name, inner]) =>
    name === 'properties'
      ? Object.entries(inner as Node).flatMap(([field, value]) => freeTexts(value, `${path}.${field}`))
      : freeTexts(inner, path),
  );
}

/** Of a redrive: the group of dead letters by the name of their cause, which is ours. */
const OURS = new Set(['dead_letter_redrive .jobIds', 'dead_letter_redrive .cause']);

describe('payloads are kept for months', () => {
  test.each(TASK_TYPES)('of %s: ids and options, no free text', (taskType) => {
    const schema = z.toJSONSchema(TASKS[taskType].payload, { io: 'input', unrepresentable: 'any' });
    const free = freeTexts(schema).filter((path) => !OURS.has(`${taskType} ${path}`));
    expect(free).toEqual([]);
  });

  test('an address or a name is no id', () => {
    const payload = TASKS.competitor_refresh.payload;
    expect(payload.safeParse({ competitorId: 'mira@example.org' }).success).toBe(false);
    expect(payload.safeParse({ competitorId: 'Mira Okafor' }).success).toBe(false);
    expect(payload.safeParse({ competitorId: 'cmp_01hz' }).success).toBe(true);
  });

  test('a backfill is for everybody, a coach, or people, never for two of them', () => {
    const payload = TASKS.external_id_backfill.payload;
    expect(payload.parse({})).toEqual({ dryRun: false, acceptDays: false });
    expect(payload.safeParse({ coachId: 'coa_1', competitorIds: ['cmp_1'] }).success).toBe(false);
  });
});
