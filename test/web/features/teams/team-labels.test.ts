import type { CompetitorRow } from '#shared/competitors/contract.ts';
import type { ActivityLine } from '#shared/dashboard/contract.ts';
import { badge, member, team } from '#test/web/teams.ts';
import { platformLabel } from '#web/features/teams/membership-notice.tsx';
import {
  arrivalLabel,
  byTrouble,
  confirmedLabel,
  editArrival,
  editLabel,
  editSeconds,
  lastArrival,
  membersLabel,
  memberLabel,
  pollEvery,
  teamFigures,
  teamsSummary,
  teamStateOf,
} from '#web/features/teams/team-labels.ts';
import { describe, expect, it, test } from 'vitest';

const clock = (iso: string) => iso.slice(11, 16);
const waiting = badge({ state: 'pending', reason: 'On its way to the platform.', lastSuccessAt: null });
const refused = badge({ state: 'error', reason: 'The team is full.', remedy: 'Take somebody off.' });

describe('the time to the platform', () => {
  it('is that of the member confirmed last', () => {
    const first = member('1', {
      badge: badge({ lastSuccessAt: '2026-11-18T10:00:00.000Z' }),
      lastEditSeconds: 40,
    });
    expect(lastArrival(team('a', { members: [first, member('2'), first] }))).toEqual({
      seconds: 14,
      at: '2026-11-19T15:36:00.000Z',
    });
  });
  it('is told on the tile once everything is there', () => {
    expect(arrivalLabel(team('a', { members: [member('1')] }), clock)).toBe(
      'On the platform 14 sec after your last edit',
    );
  });
  it('gives way to the last confirmation while something is on its way', () => {
    const pending = team('a', {
      badge: badge({ state: 'pending' }),
      members: [member('1', { badge: waiting })],
    });
    expect(arrivalLabel(pending, clock)).toBe('Last confirmed 15:36');
    expect(arrivalLabel(team('a', { badge: waiting }), clock)).toBe('Not on the platform yet');
  });
});

test('a member’s line says when and how fast, or why not', () => {
  const person = { challengesSolved: 36 };
  expect(memberLabel(member('1'), person, clock)).toBe('36 solved, confirmed after 14 sec');
  expect(memberLabel(member('1'), undefined, clock)).toBe('Confirmed after 14 sec');
  expect(memberLabel(member('1', { lastEditSeconds: null }), undefined, clock)).toBe('Confirmed 15:36');
  expect(memberLabel(member('1', { approved: false }), person, clock)).toBe(
    'On the team there, waiting for approval.',
  );
  expect(memberLabel(member('1', { badge: refused }), person, clock)).toBe('The team is full.');
  expect(confirmedLabel(member('1'), clock)).toBe('confirmed 15:36, 14 sec after the edit');
  expect(confirmedLabel(member('1', { badge: waiting }), clock)).toBe('not yet');
});

const line = (facts: Partial<ActivityLine>): ActivityLine => ({
  id: 'act_1',
  at: '2026-11-19T15:36:00.000Z',
  kind: 'member_moved',
  by: 'you',
  competitor: { id: '1', name: 'Ana Reyes' },
  team: { id: 'tea_a', name: 'Packet Foxes' },
  fromTeam: { id: 'tea_b', name: 'Null Pointers' },
  odl: null,
  ctf: null,
  fields: [],
  ...facts,
});

describe('one of the last edits', () => {
  test.each([
    [{}, 'tea_a', 'Ana Reyes moved in from Null Pointers'],
    [{}, 'tea_b', 'Ana Reyes moved to Packet Foxes'],
    [{ kind: 'member_added' as const }, 'tea_a', 'Ana Reyes joined'],
    [{ kind: 'member_removed' as const, competitor: null }, 'tea_a', 'A former competitor left'],
    [{ kind: 'team_created' as const, competitor: null }, 'tea_a', 'The team was made'],
  ])('%o, seen from %s: %s', (facts, teamId, words) => {
    expect(editLabel(line(facts), teamId)).toBe(words);
  });

  it('tells how it fared there, of the newest one of somebody still here', () => {
    const { competitorId } = member('1');
    const edit = line({ competitor: { id: competitorId, name: 'Ana Reyes' } });
    expect(editArrival(edit, true, [member('1')])).toBe('there after 14 sec');
    expect(editArrival(edit, true, [member('1', { badge: waiting })])).toBe('still on its way');
    expect(editArrival(edit, true, [member('1', { badge: refused })])).toBe('not on the platform');
    expect(editArrival(edit, false, [member('1')])).toBeNull();
    expect(editArrival(edit, true, [])).toBeNull();
  });
});

const person = (
  challengesSolved: number,
  lastReadAt: string | null,
  state: 'live' | 'waiting_you',
  onHold: CompetitorRow['onHold'] = null,
) => ({
  onHold,
  challengesSolved,
  lastReadAt,
  chain: [{ link: 'last_solve' as const, state, at: null, text: '' }],
});

describe('what the members did together', () => {
  const both = [member('1'), member('2')];
  it('is as old as the oldest read', () => {
    const people = new Map([
      ['1', person(30, '2026-11-19T15:30:00.000Z', 'live')],
      ['2', person(6, '2026-11-19T14:00:00.000Z', 'waiting_you')],
    ]);
    expect(teamFigures(both, people)).toEqual({ solved: 36, active: 1, asOf: '2026-11-19T14:00:00.000Z' });
  });
  it('leaves out who is on hold', () => {
    const people = new Map([
      ['1', person(30, '2026-11-19T15:30:00.000Z', 'live')],
      ['2', person(6, null, 'live', { because: 'withdrawn', since: '2026-11-18' })],
    ]);
    expect(teamFigures(both, people)).toEqual({ solved: 30, active: 1, asOf: '2026-11-19T15:30:00.000Z' });
  });
  it('has no date while somebody was never read, and is not told before all are known', () => {
    const people = new Map([['1', person(30, '2026-11-19T15:30:00.000Z', 'live')]]);
    expect(teamFigures(both, people)).toBeNull();
    people.set('2', person(0, null, 'waiting_you'));
    expect(teamFigures(both, people)?.asOf).toBeNull();
    expect(teamFigures([], people)).toBeNull();
  });
});

test('the time of an edit is told in whole seconds, at least one', () => {
  expect(editSeconds(0.2)).toBe('1 sec');
  expect(editSeconds(13.6)).toBe('14 sec');
  expect(editSeconds(125)).toBe('2 min 5 sec');
});

test('members on the platform are counted in words', () => {
  expect(membersLabel(team('a'))).toBe('No members yet.');
  expect(membersLabel(team('a', { members: [member('1')] }))).toBe('The member is on the platform.');
  const members = [member('1'), member('2', { approved: false })];
  expect(membersLabel(team('a', { members }))).toBe(
    '2 of 2 members are on the team there; 1 of them waits for approval.',
  );
  expect(membersLabel(team('a', { members: [member('1'), member('2')] }))).toBe(
    'Both members are on the platform.',
  );
  expect(membersLabel(team('a', { members: [member('1'), member('2', { badge: waiting })] }))).toBe(
    '1 of 2 members is on the platform.',
  );
});

test('the page says what is open, and shows errors first', () => {
  const teams = [team('a'), team('b', { badge: refused }), team('c', { badge: waiting })];
  expect(teamsSummary([team('a', { members: [member('1')] })])).toBe(
    '1 team, 1 member: everything is on the platform',
  );
  expect(teamsSummary(teams)).toBe('3 teams, 0 members: 1 on the way, 1 with an error');
  expect(teams.toSorted(byTrouble).map(({ id }) => id)).toEqual(['b', 'a', 'c']);
});

test('an unknown filter in the address is none', () => {
  expect(teamStateOf('error')).toBe('error');
  expect(teamStateOf('nonsense')).toBe('all');
  expect(teamStateOf(null)).toBe('all');
});

describe('teams are read again by themselves', () => {
  const at = Date.parse('2026-11-19T15:36:00.000Z');
  it('not at all when everything is there', () => {
    expect(pollEvery([team('a')], null, at)).toBe(false);
    expect(pollEvery(undefined, null, at)).toBe(false);
  });
  it('soon after an edit or a push, then less often', () => {
    const open = team('a', { badge: waiting });
    expect(pollEvery([open], null, at + 5_000)).toBe(2_000);
    expect(pollEvery([open], null, at + 600_000)).toBe(15_000);
    expect(pollEvery([team('a')], at, at + 1_000)).toBe(2_000);
  });
  it('while somebody is still leaving', () => {
    expect(pollEvery([team('a', { leaving: [member('1')] })], null, at)).toBe(2_000);
  });
});

const on = (over: Parameters<typeof member>[1]) => [team('b', { members: [member('1', over)] })];

describe('after an edit, the notice follows the platform', () => {
  const edit = {
    competitorId: '1',
    name: 'Kofi Mensah',
    from: { id: 'a', name: 'Packet Foxes' },
    to: { id: 'b', name: 'Null Pointers' },
  };
  it('until the move is confirmed, with the seconds it took', () => {
    expect(platformLabel(edit, on({ badge: waiting }))).toBe('On its way to the platform.');
    expect(platformLabel(edit, on({}))).toBe('On the platform after 14 sec.');
    expect(platformLabel(edit, on({ badge: refused }))).toBe('The team is full.');
  });
  it('until a removal is confirmed', () => {
    const off = { ...edit, to: null };
    expect(platformLabel(off, [team('a', { leaving: [member('1', { badge: waiting })] })])).toBe(
      'We tell the platform automatically.',
    );
    expect(platformLabel(off, [team('a')])).toBe('The platform has it.');
  });
});
