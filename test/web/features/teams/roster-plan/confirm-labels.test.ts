import {
  choicesOf,
  confirmationOf,
  formHint,
  missingFor,
  refusalOf,
} from '#web/features/teams/roster-plan/confirm-labels.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { describe, expect, it, test } from 'vitest';

describe('what can be confirmed', () => {
  it('is nothing, all, or the safe part beside all', () => {
    expect(choicesOf({ safe: 0, all: 0 })).toEqual([]);
    expect(choicesOf({ safe: 20, all: 23 }).map(({ text }) => text)).toEqual([
      'Apply the safe part (20)',
      'Confirm all 23',
    ]);
    expect(choicesOf({ safe: 0, all: 3 })).toEqual([{ scope: 'all', text: 'Confirm all 3', rows: 3 }]);
  });
  it('needs no number typed when nothing is held back', () => {
    expect(choicesOf({ safe: 5, all: 5 })).toEqual([{ scope: 'safe', text: 'Apply the plan (5)', rows: 5 }]);
  });
});

describe('the form says what it lacks', () => {
  const reason = 'The club has closed.';
  it('a reason for any answer', () => {
    expect(Object.keys(missingFor('safe', { reason: ' no ', removals: '' }, 14))).toEqual(['reason']);
    expect(missingFor('safe', { reason, removals: '' }, 14)).toEqual({});
  });
  it('the number for all of it, as anybody may type it', () => {
    expect(missingFor('all', { reason, removals: '' }, 14).removals).toMatch(/^Type 14/);
    expect(missingFor('all', { reason, removals: '23' }, 14).removals).toMatch(/not the number: 14 people/);
    expect(missingFor('all', { reason, removals: '-14' }, 14).removals).toBeDefined();
    expect(missingFor('all', { reason, removals: ' 1,014 ' }, 1014)).toEqual({});
    expect(missingFor('all', { reason, removals: '' }, 0)).toEqual({});
  });
  it('in one line under the buttons', () => {
    const both = choicesOf({ safe: 2, all: 5 });
    expect(formHint(both, { reason: '', removals: '' }, 3)).toBe(
      'Missing: a reason, and for all of it the number 3.',
    );
    expect(formHint(both, { reason, removals: '' }, 3)).toBe('Missing: for all of it the number 3.');
    expect(formHint(both, { reason: '', removals: '3' }, 3)).toBe('Missing: a reason.');
    expect(formHint(both, { reason, removals: '3' }, 3)).toBeNull();
    const only = choicesOf({ safe: 0, all: 3 });
    expect(formHint(only, { reason: '', removals: '' }, 3)).toBe('Missing: a reason, and the number 3.');
    expect(formHint(only, { reason, removals: '' }, 3)).toBe('Missing: the number 3.');
  });
});

test('the number is sent with all of it only', () => {
  const form = { reason: ' The club has closed. ', removals: '14' };
  expect(confirmationOf('safe', form, 14)).toEqual({ scope: 'safe', reason: 'The club has closed.' });
  expect(confirmationOf('all', form, 14)).toEqual({
    scope: 'all',
    reason: 'The club has closed.',
    removals: 14,
  });
});

const refused = (code: string, status = 409) =>
  refusalOf(new ApiError({ failure: 'refused', message: 'As the server says.', code, status }));

describe('a refusal says what it means', () => {
  it('and only a changed world asks for a new plan', () => {
    expect(refused('WORLD_CHANGED')).toMatchObject({
      title: 'Something changed since this plan',
      again: true,
    });
    expect(refused('PLAN_OUTDATED')).toMatchObject({ title: 'A newer plan replaced this one', again: false });
    expect(refused('NOT_FOUND', 404).title).toBe('A newer plan replaced this one');
    expect(refused('NOTHING_TO_CONFIRM').title).toBe('Nothing is waiting anymore');
    expect(refused('REMOVALS_DIFFER', 422).title).toBe('The number does not match the plan');
    expect(refused('SOMETHING_NEW')).toMatchObject({ title: 'Not confirmed', text: 'As the server says.' });
  });
  it('and no answer is no refusal', () => {
    const lost = new ApiError({ failure: 'timeout', message: 'The server took too long to answer.' });
    expect(refusalOf(lost).text).toMatch(/it is only done once/);
    expect(refusalOf(new Error('x')).title).toBe('Not confirmed');
  });
});
