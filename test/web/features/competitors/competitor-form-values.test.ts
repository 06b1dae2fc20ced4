import { describe, expect, test } from 'vitest';
import { competitorCreateSchema, competitorPatchSchema } from '#shared/competitors/contract.ts';
import { aCompetitor, competitorToView } from '#test/support/competitors.ts';
import { bodyOf, EMPTY_FORM, formOf, patchOf } from '#web/features/competitors/competitor-form-values.ts';

const competitor = competitorToView(
  aCompetitor(),
  { team: undefined, stats: undefined, reading: undefined },
  { now: new Date('2026-11-19T20:00:00.000Z'), slaHours: 8, inactiveDays: 14 },
);

describe('a new competitor', () => {
  test('two names are enough for the API', () => {
    const body = bodyOf({ ...EMPTY_FORM, firstName: ' Mira ', lastName: 'Okafor' });
    expect(competitorCreateSchema.safeParse(body).success).toBe(true);
    expect(body).toMatchObject({
      firstName: 'Mira',
      lastName: 'Okafor',
      email: null,
      grade: null,
      division: null,
    });
  });

  test('a grade that is no number is left to the server to refuse, not dropped', () => {
    const body = bodyOf({ ...EMPTY_FORM, firstName: 'Mira', lastName: 'Okafor', grade: 'ninth' });
    expect(competitorCreateSchema.safeParse(body).error?.issues.map((issue) => issue.path)).toEqual([
      ['grade'],
    ]);
  });
});

describe('a changed competitor', () => {
  test('nothing typed, nothing sent', () => {
    expect(patchOf(formOf(competitor), competitor)).toEqual({});
  });

  test('only what differs is sent, so that two people do not undo each other', () => {
    const patch = patchOf(
      { ...formOf(competitor), grade: '10', guardianEmail: '', active: false },
      competitor,
    );
    expect(patch).toEqual({ grade: 10, guardianEmail: null, active: false });
    expect(competitorPatchSchema.safeParse(patch).success).toBe(true);
  });

  test('spaces around a value are no change', () => {
    expect(patchOf({ ...formOf(competitor), firstName: ' Mira ' }, competitor)).toEqual({});
  });
});
