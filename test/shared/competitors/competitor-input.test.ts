import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changedFields, dateErrors } from '#shared/competitors/competitor-input.ts';
import { competitorCreateSchema, competitorPatchSchema } from '#shared/competitors/contract.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { parseInput } from '#shared/http/middleware/request-input.ts';
import { aCompetitor } from '#test/support/competitors.ts';

const create = (body: unknown) => parseInput(competitorCreateSchema, body);
const patch = (body: unknown) => parseInput(competitorPatchSchema, body);
const NAMED = { firstName: 'Mira', lastName: 'Okafor' };

function errorsOf(parse: () => unknown): readonly { path: string; message: string }[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'invalid') return error.extra.errors ?? [];
    throw error;
  }
  throw new Error('It was taken.');
}

test('a name is enough to begin with; everyone is a minor until said otherwise', () => {
  expect(create(NAMED)).toEqual({ ...NAMED, adult: false });
});

test('text is trimmed, email addresses are brought to one form, an empty field is not known', () => {
  expect(
    create({
      firstName: '  Zoe\u0308 ',
      lastName: 'van  der\tBerg',
      email: ' Zoe.Berg@Example.ORG ',
      guardianName: '   ',
      guardianEmail: '',
      grade: 9,
      mediaReleaseDate: '',
    }),
  ).toEqual({
    firstName: 'Zo\u00eb',
    lastName: 'van der Berg',
    adult: false,
    email: 'zoe.berg@example.org',
    guardianName: null,
    guardianEmail: null,
    grade: 9,
    mediaReleaseDate: null,
  });
});

describe('what is not right is named with what to do', () => {
  test.each([
    ['nothing at all', {}, ['firstName', 'lastName']],
    ['an empty name', { ...NAMED, firstName: ' ' }, ['firstName']],
    ['a name that is too long', { ...NAMED, lastName: 'x'.repeat(101) }, ['lastName']],
    ['a name with half a character', { ...NAMED, firstName: 'Mira\ud83d' }, ['firstName']],
    ['a number as a name', { ...NAMED, firstName: 7 }, ['firstName']],
    ['half an email address', { ...NAMED, email: 'mira@' }, ['email']],
    ['an email address with a line feed', { ...NAMED, email: 'a@example.org\nb' }, ['email']],
    ['an email address that is too long', { ...NAMED, email: `${'a'.repeat(250)}@example.org` }, ['email']],
    ['grade 0', { ...NAMED, grade: 0 }, ['grade']],
    ['grade 17', { ...NAMED, grade: 17 }, ['grade']],
    ['half a grade', { ...NAMED, grade: 9.5 }, ['grade']],
    ['a grade in words', { ...NAMED, grade: 'nine' }, ['grade']],
    ['an unknown division', { ...NAMED, division: 'kindergarten' }, ['division']],
    ['a day that does not exist', { ...NAMED, mediaReleaseDate: '2026-02-30' }, ['mediaReleaseDate']],
    [
      'a day in another order',
      { ...NAMED, participationAgreementDate: '02/09/2026' },
      ['participationAgreementDate'],
    ],
    ['a word for true', { ...NAMED, adult: 'yes' }, ['adult']],
    [
      'fields that it does not know',
      { ...NAMED, gamePlatformId: 'x', status: 'complete' },
      ['gamePlatformId', 'status'],
    ],
  ])('%s', (_what, body, paths) => {
    const errors = errorsOf(() => create(body));
    expect(errors.map(({ path }) => path).toSorted()).toEqual(paths.toSorted());
    for (const { message } of errors) expect(message).not.toMatch(/invalid|expected|received/i);
  });

  test('a team is not changed here', () => {
    expect(errorsOf(() => patch({ teamId: 'tea_1' })).map(({ path }) => path)).toEqual(['teamId']);
  });

  test('a name cannot be cleared', () => {
    expect(errorsOf(() => patch({ firstName: null, lastName: '' })).map(({ path }) => path)).toEqual([
      'firstName',
      'lastName',
    ]);
  });
});

test('a patch holds only what was given', () => {
  expect(patch({ email: null, active: false })).toEqual({ email: null, active: false });
});

test.each([
  ['2026-11-19', 0],
  ['2026-11-20', 1],
  [null, 0],
])('a release signed on %s, seen from 19 November: %i errors', (date, count) => {
  expect(dateErrors({ mediaReleaseDate: date }, '2026-11-19')).toHaveLength(count);
  expect(dateErrors({ participationAgreementDate: date }, '2026-11-19')).toHaveLength(count);
});

test('only what differs counts as changed', () => {
  const competitor = aCompetitor();
  expect(changedFields(competitor, { firstName: 'Mira', grade: 10, email: null }).toSorted()).toEqual([
    'email',
    'grade',
  ]);
  expect(changedFields(competitor, {})).toEqual([]);
});

test('what was taken once is taken again unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.emailAddress(), (name, email) => {
      const first = competitorCreateSchema.safeParse({ firstName: name, lastName: 'Okafor', email });
      fc.pre(first.success);
      expect(competitorCreateSchema.parse(first.data)).toEqual(first.data);
    }),
  );
});
