import { expect, test } from 'vitest';
import { competitorToRow } from '#shared/competitors/competitor-to-view.ts';
import { readingOf } from '#shared/composition/related-records-repository.ts';
import { competitorRowSchema } from '#shared/competitors/contract.ts';
import { aCompetitor, aSyncState } from '#test/support/records.ts';

const NOW = new Date('2026-11-24T20:00:00.000Z');
const lastReadOf = (syncState: ReturnType<typeof aSyncState> | undefined) => {
  const view = competitorToRow(
    aCompetitor(),
    { team: undefined, stats: undefined, reading: readingOf(syncState) },
    { now: NOW, slaHours: 8, inactiveDays: 14 },
  );
  expect(competitorRowSchema.parse(view)).toEqual(view);
  return view.lastRead;
};

test('tells why the scores were read when they were, in a sentence', () => {
  const at = '2026-11-24T19:55:00.000Z';
  expect(lastReadOf(aSyncState({ why: { reason: 'in_session 1.2 0.3', at } }))).toEqual({
    at,
    because:
      'Read because a session was under way at the read before: 1.2 new solves were expected; 0.3 would have been enough.',
  });
});

test('tells nothing of a read that left no reason, or of nobody’s', () => {
  expect(lastReadOf(aSyncState())).toBeNull();
  expect(lastReadOf(undefined)).toBeNull();
});
