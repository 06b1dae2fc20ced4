import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { newId } from '#shared/kernel/ids.ts';
import { parseRow } from '#shared/table/row.ts';

const complaint = (pk: string, sk: string): string => {
  try {
    parseRow(z.object({ at: z.string() }), 'kept', { pk, sk });
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

describe('a row of another shape', () => {
  test('is named by the ids, days and entities in its key', () => {
    const id = newId('job');
    expect(complaint(`JOB#${id}`, 'PART#7')).toBe(
      `The kept row JOB#${id} PART#7 has another shape: at (invalid_type)`,
    );
    expect(complaint('AUDIT#2026-11-26', '2026-11-26T10:00:00.000Z#aud_1')).toContain(
      'AUDIT#2026-11-26 2026-11-26T10:00:00.000Z#aud_1 ',
    );
  });

  test.each(['Mira Sandoval', 'mira@example.com', 'mira_sandoval', 'add-mira-2026', 'MIRA sandoval'])(
    'does not repeat what a person chose as a key: %s',
    (chosen) => {
      expect(complaint(`IDEMPOTENCY#coa_1#${chosen}`, 'ANSWER')).toContain('IDEMPOTENCY#coa_1#… ANSWER');
    },
  );
});
