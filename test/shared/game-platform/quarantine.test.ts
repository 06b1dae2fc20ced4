import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { challengeSolveSchema } from '#shared/game-platform/vendor-contract.ts';
import { parseEach, redact } from '#shared/game-platform/quarantine.ts';
import { MARK, markTexts } from './mark-texts.ts';

const solve = {
  challenge_solve_id: 1,
  challenge_id: 2,
  challenge_title: 'Title',
  challenge_points: 100,
  challenge_category: 'crypto',
  timestamp_unix: 1_795_000_000,
  challenge_retired: false,
  nist_nice_work_roles: ['PR-CDA-001'],
};

describe('parseEach', () => {
  it('keeps what parses and describes what does not', () => {
    const { parsed, unparsed } = parseEach(challengeSolveSchema, [
      solve,
      { ...solve, challenge_points: -5, challenge_title: 'Jane was here' },
      null,
      { ...solve, extra: 'kept out' },
    ]);
    expect(parsed).toEqual([solve, solve]);
    expect(unparsed).toEqual([
      {
        index: 1,
        issues: [{ path: 'challenge_points', message: expect.stringContaining('>=0') }],
        redacted: {
          ...solve,
          challenge_points: -5,
          challenge_title: '[text, 13]',
          challenge_category: '[text, 6]',
          nist_nice_work_roles: ['[text, 10]'],
        },
      },
      { index: 2, issues: [{ path: '', message: expect.stringContaining('null') }], redacted: null },
    ]);
  });
});

describe('redact', () => {
  it('lets no text of a record through, keys included, however deep', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (records) => {
        const marked = records.map(markTexts);
        const { unparsed } = parseEach(challengeSolveSchema, marked);
        expect(JSON.stringify([unparsed, marked.map((record) => redact(record))])).not.toContain(MARK);
      }),
    );
  });

  it('stays small, whatever it is given', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 1_000; level += 1) deep = [deep];
    expect(JSON.stringify(redact(deep)).length).toBeLessThan(100);
    expect(JSON.stringify(redact(Array.from({ length: 10_000 }, () => 'x'))).length).toBeLessThan(1_000);
  });
});
