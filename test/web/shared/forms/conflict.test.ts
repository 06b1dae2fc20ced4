import { conflictOf, mergedValues } from '#web/shared/forms/conflict.ts';
import { describe, expect, test } from 'vitest';

const base = { firstName: 'Wren', grade: '9', email: '', active: true };

describe('a conflict between two people’s changes', () => {
  test('asks for what both changed, and only for that', () => {
    const mine = { ...base, grade: '10', email: 'wren@example.org', firstName: 'Wrenna' };
    const theirs = { ...base, grade: '11', email: 'wren@example.org', active: false };
    expect(conflictOf(base, mine, theirs)).toEqual({
      both: ['grade'],
      onlyMine: ['firstName'],
      onlyTheirs: ['active'],
    });
  });

  test.each([
    ['mine', '10'],
    ['theirs', '11'],
  ] as const)('writes %s where it is chosen, and what only one side changed', (side, grade) => {
    const mine = { ...base, grade: '10', firstName: 'Wrenna' };
    const theirs = { ...base, grade: '11', active: false };
    const conflict = conflictOf(base, mine, theirs);
    expect(mergedValues(theirs, mine, conflict, { grade: side })).toEqual({
      firstName: 'Wrenna',
      grade,
      email: '',
      active: false,
    });
  });

  test('keeps theirs where nothing is chosen yet', () => {
    const mine = { ...base, grade: '10' };
    const theirs = { ...base, grade: '11' };
    expect(mergedValues(theirs, mine, conflictOf(base, mine, theirs), {})).toEqual(theirs);
  });
});
