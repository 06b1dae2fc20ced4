import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { createOldestPending, pendingSeconds } from '#shared/teams/rosters/oldest-pending.ts';
import { rosterEntrySchema, type RosterEntry } from '#shared/teams/rosters/roster-entry.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import type { Suspension } from '#shared/settings/processing.ts';
import { useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();
const NOW = new Date('2026-11-25T18:00:00.000Z');
const ago = (seconds: number): string => new Date(NOW.getTime() - seconds * 1_000).toISOString();

const anEntry = (facts: Partial<RosterEntry> = {}): RosterEntry => ({
  ...rosterEntrySchema.parse({
    competitorId: 'cmp_1',
    coachId: 'coa_1',
    wantedTeamId: 'tea_1',
    wantedAt: ago(75),
    editedBy: 'sub-1',
  }),
  ...facts,
});
const failure = (code: string): RosterEntry['failure'] => ({
  code,
  message: 'No.',
  remedy: 'Wait.',
  at: ago(10),
});

describe('an edit waits', () => {
  test.each([
    ['since it was asked for', {}, 75],
    ['also while the platform does not answer', { failure: failure('UNAVAILABLE'), attempts: 9 }, 75],
    ['not when a person has to change something first', { failure: failure('VALIDATION_REFUSED') }, null],
    ['not when it arrived before and is only put right', { closedWish: ago(75) }, null],
    ['no time when the clocks differ', { wantedAt: ago(-5) }, 0],
  ])('%s', (_what, facts, seconds) => {
    expect(pendingSeconds(anEntry(facts), NOW)).toBe(seconds);
  });
});

const told = async (
  edits: Readonly<Record<string, number>>,
  options: { readonly suspension?: Suspension; readonly remainingMs?: number } = {},
) => {
  const table = await newTable();
  const entries = createRosterRepository(table);
  for (const [id, seconds] of Object.entries(edits)) {
    const competitor = { id, coachId: 'coa_1', teamId: 'tea_1', gamePlatformId: id };
    const { Update: update } = entries.wantTransaction(competitor, { at: ago(seconds), by: 'sub-1' });
    await table.client.send(new UpdateCommand(update as ConstructorParameters<typeof UpdateCommand>[0]));
    const entry = await entries.byId(id);
    // Hinted a moment ago, or waiting for its next try: it still counts.
    if (entry !== undefined) await entries.postpone(entry, ago(-3_600));
  }
  const ages: number[] = [];
  await createOldestPending({
    entries,
    suspension: () => Promise.resolve(options.suspension ?? null),
    onOldest: (age) => ages.push(age),
    now: () => NOW,
  })(() => options.remainingMs ?? 60_000);
  return ages;
};

describe('the oldest edit', () => {
  test('is told, whenever its next try is', async () => {
    expect(await told({ cmp_1: 5, cmp_2: 400, cmp_3: 61 })).toEqual([400]);
  });

  test('is 0 when none waits, and untold while calls are paused', async () => {
    expect(await told({})).toEqual([0]);
    expect(await told({ cmp_1: 500 }, { suspension: { kind: 'off' } as Suspension })).toEqual([]);
  });
});
