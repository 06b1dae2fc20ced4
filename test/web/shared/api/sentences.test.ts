import { competitorCreateSchema, competitorPatchSchema } from '#shared/competitors/contract.ts';
import { coachCreateSchema } from '#shared/coaches/contract.ts';
import { teamCreateSchema } from '#shared/teams/contract.ts';
import { errorFromAnswer, fieldErrorOf } from '#web/shared/api/api-error.ts';
import { codeSentence, fieldSentence } from '#web/shared/api/sentences.ts';
import { describe, expect, test } from 'vitest';

const FALLBACK = fieldSentence(undefined, 'no such field');

describe('the sentence beside a field', () => {
  test.each([
    ['a new competitor', competitorCreateSchema],
    ['a changed competitor', competitorPatchSchema],
    ['a team', teamCreateSchema],
    ['a coach', coachCreateSchema],
  ])('is the site’s own for every field of %s', (_form, schema) => {
    // Switches cannot be wrong.
    const fields = Object.keys(schema.shape).filter((field) => !['active', 'features'].includes(field));
    for (const field of fields)
      expect([field, fieldSentence('VALIDATION_FAILED', field)]).not.toContain(FALLBACK);
  });

  test('never says what the API said', () => {
    const problem = {
      type: 'about:blank',
      title: 'Unprocessable',
      status: 422,
      detail: 'Correct what “errors” names.',
      code: 'VALIDATION_FAILED',
      requestId: 'req-1',
      errors: [{ path: 'grade', message: 'Too small: expected number to be >=1' }],
    };
    const error = errorFromAnswer(422, problem, { requestId: null, retryAfter: null }, 0);
    expect(fieldErrorOf(error, 'grade')).toBe('Enter a grade from 1 to 16, such as 7.');
    expect(fieldErrorOf(error, 'email')).toBeUndefined();
    expect(error.message).toBe('Some of this does not fit yet. Fix what is marked, then save again.');
  });

  test('says what is wrong where the code says more than the field', () => {
    expect(fieldSentence('EMAIL_TAKEN', 'email')).toMatch(/^Someone already signs in/);
  });
});

test('a code without a sentence of the site’s keeps the one that the API wrote for people', () => {
  expect(codeSentence('TEAM_HAS_MEMBERS', 'Remove them first.')).toBe('Remove them first.');
});
