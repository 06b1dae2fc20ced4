import { expect, test } from 'vitest';
import { isOfRounds, READ_REASONS, reasonSentence } from '#shared/score-sync/read-reason.ts';

test.each([
  ['tier_high', 'Read because they solve often, and such people are read most often.'],
  ['rotation', 'Read because it was their turn in the rotation.'],
  [
    'usual_time 0.42 0.2',
    'Read because it was a time at which solves are usual: 0.4 new solves were expected; 0.2 would have been enough.',
  ],
  [
    'sla_due 0.001 0.4',
    'Read because the read before was as long ago as anyone waits: next to no new solves were expected.',
  ],
  ['team_solving', 'Read because a teammate had just been practicing.'],
  ['from_a_later_release 1 x', 'Read because everyone was read: 1.0 new solves were expected.'],
])('%s reads: %s', (reason, sentence) => {
  expect(reasonSentence(reason)).toBe(sentence);
});

test('every reason has a sentence of its own', () => {
  expect(new Set(READ_REASONS.map(reasonSentence)).size).toBe(READ_REASONS.length);
});

test('what a person asked for is no choice of the rounds', () => {
  expect(READ_REASONS.filter((code) => !isOfRounds(code))).toEqual(['asked', 'removal']);
});
