import { describe, expect, it } from 'vitest';
import { jobIdsOf, readKnownAccounts } from '../../../scripts/operations/backfill.ts';

const read = (...lines: readonly string[]) => readKnownAccounts(new TextEncoder().encode(lines.join('\r\n')));

describe('a file of known accounts', () => {
  it('is read with its columns in any order, any usual separator and a byte order mark', () => {
    const rows = [{ line: 2, competitorId: 'cmp_1', platformUserId: '77' }];
    expect(read('competitorId,platformUserId', 'cmp_1,77')).toEqual({ rows, problems: [] });
    expect(read('\uFEFFPlatformUserID;note;COMPETITORID', '77;"a; b";cmp_1')).toEqual({ rows, problems: [] });
  });

  it('names line and column of everything that is wrong, and never what a cell holds', () => {
    const { rows, problems } = read(
      'competitorId,platformUserId',
      'cmp_1,77',
      'Robin Vale,78',
      ',79',
      'cmp_1,80',
      'cmp_4,77',
      'cmp_5',
    );
    expect(rows.map(({ line }) => line)).toEqual([2]);
    expect(problems).toEqual([
      'line 3, competitorId: is no id (letters, digits and _ . : # -, up to 100)',
      'line 4, competitorId: is empty',
      'line 5, competitorId: is in line 2 already',
      'line 6, platformUserId: is in line 2 already',
      'line 7, platformUserId: is empty',
    ]);
    expect(problems.join()).not.toContain('Robin');
  });

  it.each([
    ['a missing column', ['competitorId,other', 'a,b'], 'line 1: the column platformUserId is missing'],
    ['no rows', ['competitorId,platformUserId'], 'line 1: the file has no rows'],
    ['nothing', [''], 'line 1: the file has no rows'],
    [
      'a quote that never ends',
      ['competitorId,platformUserId', 'a,"b'],
      'line 2: a quote is opened and never closed',
    ],
  ])('with %s is refused', (_, lines, why) => {
    expect(read(...lines).problems).toContain(why);
  });

  it('makes the same jobs each time, and other ones for other rows or a dry run', () => {
    const rows = Array.from({ length: 1_001 }, (_, index) => ({
      line: index + 2,
      competitorId: `cmp_${index}`,
      platformUserId: String(index),
    }));
    const plain = { flag: () => false };
    const ids = jobIdsOf(rows, plain);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(3);
    expect(jobIdsOf(rows, plain)).toEqual(ids);
    expect(jobIdsOf(rows.slice(1), plain)[0]).not.toBe(ids[0]);
    expect(jobIdsOf(rows, { flag: (name) => name === 'dry-run' })[0]).not.toBe(ids[0]);
    expect(ids.every((id) => /^[\w-]+$/.test(id))).toBe(true);
  });
});
