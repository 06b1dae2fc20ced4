import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  massLimit,
  planRoster,
  type OurPerson,
  type OurTeam,
  type PlanDraft,
  type RosterPicture,
} from '#shared/teams/reconcile/plan-roster.ts';

const EARLIER = '2026-11-20T10:00:00.000Z';
const ASKED = '2026-11-20T12:00:00.000Z';
const LATER = '2026-11-20T12:00:01.000Z';

interface Someone extends Partial<Omit<OurPerson, 'entry'>> {
  readonly wanted?: string | null;
  readonly confirmed?: string | null;
  readonly doubt?: string;
  readonly wantedAt?: string;
  readonly confirmedAt?: string;
  readonly attempts?: number;
  readonly noEntry?: true;
}

/** Settled where they are wanted, unless said otherwise. */
function someone(id: string, over: Someone = {}): OurPerson {
  const {
    attempts = 0,
    wanted = null,
    confirmed = wanted,
    doubt,
    wantedAt,
    confirmedAt,
    noEntry,
    ...rest
  } = over;
  return {
    competitorId: id,
    coachId: 'coa_1',
    platformId: id,
    active: true,
    erased: false,
    onHold: false,
    ...rest,
    entry:
      noEntry === true
        ? undefined
        : {
            wantedTeamId: wanted,
            wantedAt: wantedAt ?? EARLIER,
            confirmedTeamId: confirmed,
            confirmedAt: confirmedAt ?? EARLIER,
            doubtTeamId: doubt ?? null,
            attempts,
          },
  };
}

const aTeam = (id: string, over: Partial<OurTeam> = {}): OurTeam => ({
  id,
  present: true,
  recreated: false,
  ...over,
});
const TEAMS = new Map(['A', 'B', 'C'].map((id) => [id, aTeam(id)]));

/** `people` on both sides: they fill teams, so that no guard minds a single one leaving. */
const crowd = (teamId: string, count = 8) =>
  Array.from({ length: count }, (_, n) => someone(`${teamId.toLowerCase()}_${n}`, { wanted: teamId }));

function plan(
  people: readonly OurPerson[],
  there: Readonly<Record<string, string | null>>,
  over: Partial<RosterPicture> = {},
): PlanDraft {
  return planRoster({
    people,
    teams: TEAMS,
    assignments: Object.entries(there).map(([userId, teamId]) => ({ userId, teamId })),
    askedAt: ASKED,
    lastTrusted: null,
    event: undefined,
    ...over,
  });
}

const placesOf = (people: readonly OurPerson[]): Record<string, string> =>
  Object.fromEntries(
    people.flatMap(({ platformId, entry }) =>
      typeof entry?.wantedTeamId === 'string' ? [[platformId, entry.wantedTeamId]] : [],
    ),
  );

/** The plan about one person among eight on each of A and B. */
function about(one: OurPerson, there: string | null, over: Partial<RosterPicture> = {}): PlanDraft {
  const others = [...crowd('A'), ...crowd('B')];
  return plan(
    [...others, one],
    { ...placesOf(others), ...(there === null ? {} : { [one.platformId]: there }) },
    over,
  );
}

describe('One person who differs', () => {
  test.each([
    ['missing there', someone('x', { wanted: 'A' }), null, ['add', 'missing_there', null, 'A']],
    ['in the wrong team', someone('x', { wanted: 'A' }), 'B', ['move', 'wrong_team', 'B', 'A']],
    ['on no roster', someone('x'), 'B', ['remove', 'not_on_roster', 'B', null]],
    ['never on a team here', someone('x', { noEntry: true }), 'B', ['remove', 'not_on_roster', 'B', null]],
    [
      'on hold and taken off here',
      someone('x', { onHold: true }),
      'B',
      ['remove', 'not_on_roster', 'B', null],
    ],
    ['deactivated', someone('x', { wanted: 'A', active: false }), 'A', ['remove', 'deactivated', 'A', null]],
    ['erased', someone('x', { erased: true, noEntry: true }), 'A', ['remove', 'erased', 'A', null]],
  ] as const)('%s', (_title, one, there, [action, why, fromTeamId, toTeamId]) => {
    const draft = about(one, there);
    expect(draft.rows).toMatchObject([
      { competitorId: 'x', action, why, fromTeamId, toTeamId, heldBy: null, emptiesTeam: false },
    ]);
    expect(draft.stopped).toBe(false);
    expect(draft.counts).toMatchObject({ [action]: 1, inStep: 16, held: 0 });
  });

  test.each([['on their team', someone('x', { wanted: 'A' }), 'A']])(
    '%s is in step',
    (_title, one, there) => {
      expect(about(one, there)).toMatchObject({ rows: [], counts: { inStep: 17 } });
    },
  );

  test.each([
    ['on no team, as wanted', someone('x')],
    ['deactivated and off it already', someone('x', { wanted: 'A', active: false })],
  ])('%s is no assignment that was compared', (_title, one) => {
    const { rows, counts, assignmentsThere } = about(one, null);
    expect([rows, counts.inStep, assignmentsThere]).toEqual([[], 16, 16]);
  });

  test.each([
    ['moving', someone('x', { wanted: 'A', confirmed: 'B' }), 'B'],
    ['in doubt', someone('x', { wanted: 'A', doubt: 'A' }), null],
    ['edited since the platform was asked', someone('x', { wanted: 'A', wantedAt: LATER }), null],
    ['confirmed since the platform was asked', someone('x', { wanted: 'A', confirmedAt: LATER }), null],
    ['on hold, so put on no team', someone('x', { wanted: 'A', onHold: true }), null],
    ['on hold, and on another team', someone('x', { wanted: 'A', onHold: true }), 'B'],
    ['erased a moment ago', someone('x', { erased: true, confirmed: 'A' }), 'A'],
  ])('%s is left to the roster worker', (_title, one, there) => {
    expect(about(one, there)).toMatchObject({ rows: [], counts: { underway: 1, inStep: 16 } });
  });

  test('whose edit the platform refuses, being on another team of ours there, is told of', () => {
    const stuck = { wanted: 'A', confirmed: null, doubt: 'A', attempts: 4 };
    expect(about(someone('x', stuck), 'B').rows).toMatchObject([
      { action: 'move', fromTeamId: 'B', toTeamId: 'A', seen: { doubtTeamId: 'A' } },
    ]);
    expect(about(someone('x', { ...stuck, attempts: 0 }), 'B').rows).toEqual([]);
    expect(about(someone('x', { ...stuck, wantedAt: LATER }), 'B').rows).toEqual([]);
    expect(about(someone('x', { ...stuck, doubt: 'B' }), 'B').rows).toEqual([]);
    expect(about(someone('x', stuck), 'A').rows).toEqual([]);
    expect(about(someone('x', stuck), 'elsewhere').rows).toEqual([]);
  });

  test('whose team is being recreated is left alone', () => {
    const teams = new Map([...TEAMS, ['A', aTeam('A', { recreated: true })] as const]);
    expect(about(someone('x', { wanted: 'A' }), null, { teams }).rows).toEqual([]);
    expect(about(someone('x', { wanted: 'A' }), 'A', { teams }).rows).toEqual([]);
  });

  test('on a team that is being recreated, but wanted on another, is moved: it is never empty otherwise', () => {
    const teams = new Map([...TEAMS, ['A', aTeam('A', { recreated: true })] as const]);
    expect(about(someone('x', { wanted: 'B' }), 'A', { teams }).rows).toMatchObject([
      { action: 'move', fromTeamId: 'A', toTeamId: 'B' },
    ]);
  });

  test('on a team deleted here, but not yet over there, is taken off', () => {
    const teams = new Map([...TEAMS, ['D', aTeam('D', { present: false })] as const]);
    expect(about(someone('x', { wanted: 'A' }), 'D', { teams }).rows).toMatchObject([
      { action: 'move', fromTeamId: 'D', toTeamId: 'A' },
    ]);
  });
});

describe('What is not ours', () => {
  test('a user whom nobody knows is reported, never touched', () => {
    const people = crowd('A');
    const draft = plan(people, { ...placesOf(people), stranger: 'A' });
    expect(draft).toMatchObject({ rows: [], counts: { unknownUsers: 1 } });
    expect(draft.unknown).toEqual([{ platformUserId: 'stranger', platformTeamId: 'A' }]);
  });

  test('one of ours on a team that is not ours is reported, whatever we want', () => {
    const draft = about(someone('x', { wanted: 'A' }), 'elsewhere');
    expect(draft.rows).toEqual([]);
    expect(draft.unknown).toEqual([{ platformUserId: 'x', platformTeamId: 'elsewhere' }]);
  });

  test('an answer that has somebody in two places is not believed about them', () => {
    const people = crowd('A');
    const draft = planRoster({
      people,
      teams: TEAMS,
      assignments: [
        ...Object.entries(placesOf(people)).map(([userId, teamId]) => ({ userId, teamId })),
        { userId: 'a_0', teamId: 'B' },
      ],
      askedAt: ASKED,
      lastTrusted: null,
      event: undefined,
    });
    expect(draft.rows).toEqual([]);
    expect(draft.unknown).toEqual([{ platformUserId: 'a_0', platformTeamId: null }]);
  });
});

/** So many of a crowd are on the platform and on no roster here. */
const extras = (count: number, kept: number) => {
  const people = [
    ...crowd('A', kept),
    ...Array.from({ length: count }, (_, n) => someone(`x_${n}`, { noEntry: true })),
  ];
  const there = {
    ...placesOf(people),
    ...Object.fromEntries(Array.from({ length: count }, (_, n) => [`x_${n}`, 'A'])),
  };
  return plan(people, there);
};

describe('Guards', () => {
  test.each([
    [10, 30, 0],
    [11, 30, 11],
    [20, 80, 0],
    [21, 80, 21],
  ])('%i who leave for good, %i who stay: %i are held', (count, kept, held) => {
    const draft = extras(count, kept);
    expect(draft.counts).toMatchObject({ remove: count, held });
    expect(draft.stopped).toBe(held > 0);
    expect(new Set(draft.rows.map(({ heldBy }) => heldBy))).toEqual(
      new Set([held > 0 ? 'mass_removal' : null]),
    );
  });

  test('additions and moves go on while removals are held', () => {
    const base = extras(21, 40);
    expect(base.stopped).toBe(true);
    const people = [
      ...crowd('A', 40),
      ...crowd('B', 8),
      someone('new', { wanted: 'A' }),
      someone('moved', { wanted: 'A' }),
      ...Array.from({ length: 21 }, (_, n) => someone(`x_${n}`)),
    ];
    const there: Record<string, string> = {
      ...placesOf([...crowd('A', 40), ...crowd('B', 8)]),
      moved: 'B',
      ...Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x_${n}`, 'A'])),
    };
    const draft = plan(people, there);
    expect(
      draft.rows
        .filter(({ heldBy }) => heldBy === null)
        .map(({ action }) => action)
        .toSorted(),
    ).toEqual(['add', 'move']);
    expect(draft.counts.held).toBe(21);
  });

  test.each([
    ['three of five', 5, 3, true],
    ['two of five', 5, 2, false],
    ['two of four', 4, 2, false],
    ['one of two', 2, 1, false],
    ['the only one', 1, 1, true],
    ['all of eight', 8, 8, true],
    ['seven of eight', 8, 7, false],
  ])('a team that would lose %s', (_title, size, leaving, held) => {
    const staying = crowd('B', size - leaving);
    const moving = Array.from({ length: leaving }, (_, n) => someone(`x_${n}`, { wanted: 'A' }));
    const there = { ...placesOf(staying), ...placesOf(crowd('A')) };
    for (const { platformId } of moving) there[platformId] = 'B';
    const draft = plan([...crowd('A'), ...staying, ...moving], there);
    const expected = held ? 'tiny_team' : null;
    expect(new Set(draft.rows.map(({ heldBy }) => heldBy))).toEqual(new Set([expected]));
    expect(draft.rows.every(({ emptiesTeam }) => emptiesTeam === (leaving === size))).toBe(true);
    expect(draft.facts.tinyTeams).toEqual(held ? [{ teamId: 'B', leaving, members: size }] : []);
  });

  test('while a Flash CTF is on nobody is taken off; additions go on, and nothing waits for an admin', () => {
    const event = { name: 'November Flash CTF' };
    expect(about(someone('x'), 'B', { event }).rows).toMatchObject([{ heldBy: 'event_running' }]);
    expect(about(someone('x', { wanted: 'A' }), 'B', { event })).toMatchObject({
      rows: [{ heldBy: 'event_running' }],
      stopped: false,
      facts: { event: { name: 'November Flash CTF', waiting: 1 } },
    });
    expect(about(someone('x', { wanted: 'A' }), null, { event }).rows).toMatchObject([{ heldBy: null }]);
  });

  test('an empty answer holds everything, additions too', () => {
    const draft = plan(crowd('A'), {});
    expect(draft.facts.answer).toMatchObject({ trusted: false, confirmedHere: 8, missing: 8 });
    expect(draft.counts).toMatchObject({ add: 8, held: 8 });
    expect(new Set(draft.rows.map(({ heldBy }) => heldBy))).toEqual(new Set(['answer_trusted']));
  });

  test('an empty answer is fine where nobody was on a team', () => {
    expect(plan([someone('x')], {})).toMatchObject({ rows: [], facts: { answer: { trusted: true } } });
  });

  test.each([
    [10, true],
    [11, false],
  ])('an answer that lacks %i of fifty is trusted: %s', (missing, trusted) => {
    const people = crowd('A', 50);
    const there = placesOf(people.slice(missing));
    expect(plan(people, there).facts.answer).toMatchObject({ trusted, missing });
  });

  test('an answer that shrank more than our own edits explain holds everything', () => {
    const people = [...crowd('A', 20), someone('x', { wanted: 'A' })];
    const there = placesOf(people.slice(0, 20));
    const shrank = (lastTrusted: RosterPicture['lastTrusted']) =>
      plan(people, there, { lastTrusted }).facts.answer.trusted;
    expect(shrank({ there: 32, confirmedHere: 21 })).toBe(false);
    expect(shrank({ there: 60, confirmedHere: 61 })).toBe(true);
    expect(shrank({ there: 21, confirmedHere: 21 })).toBe(true);
  });

  test('an answer in which nothing differs needs no trust', () => {
    const people = crowd('A', 4);
    const lastTrusted = { there: 200, confirmedHere: 4 };
    expect(plan(people, placesOf(people), { lastTrusted })).toMatchObject({ rows: [], stopped: false });
  });
});

describe('Whatever both sides say', () => {
  const teamId = fc.constantFrom('A', 'B', 'C', 'elsewhere');
  const ours = fc.constantFrom('A', 'B', 'C', null);
  const person = fc.record({
    wanted: ours,
    moving: fc.boolean(),
    active: fc.boolean(),
    erased: fc.boolean(),
    there: fc.option(teamId, { nil: null }),
  });
  const picture = fc.record({
    people: fc.array(person, { maxLength: 40 }),
    strangers: fc.array(fc.constantFrom('A', 'B', 'elsewhere'), { maxLength: 5 }),
    event: fc.boolean(),
  });

  test('only our users on our teams are in a plan, the guards hold, and carrying all of it out leaves no difference', () => {
    fc.assert(
      fc.property(picture, ({ people, strangers, event }) => {
        const persons = people.map((one, n) =>
          someone(`p_${n}`, {
            wanted: one.wanted,
            active: one.active,
            erased: one.erased,
            ...(one.moving ? { doubt: 'A' } : {}),
            ...(one.erased ? { noEntry: true as const } : {}),
          }),
        );
        const there: Record<string, string | null> = Object.fromEntries(
          people.map((one, n) => [`p_${n}`, one.there]),
        );
        strangers.forEach((team, n) => {
          there[`s_${n}`] = team;
        });
        const over = event ? { event: { name: 'Flash' } } : {};
        const draft = plan(persons, there, over);
        const byId = new Map(persons.map((one) => [one.competitorId, one]));
        const places = Object.values(there).filter((team) => team !== null);
        const free = draft.rows.filter(({ heldBy }) => heldBy === null);
        for (const row of draft.rows) {
          expect(row.fromTeamId).toBe(there[row.platformId] ?? null);
          expect(row.fromTeamId).not.toBe('elsewhere');
          expect(row.fromTeamId).not.toBe(row.toTeamId);
          expect(byId.get(row.competitorId)?.entry?.doubtTeamId ?? null).toBeNull();
        }
        // The guards, in their own words.
        const leaving = free.filter(({ fromTeamId }) => fromTeamId !== null);
        expect(leaving.length === 0 || !event).toBe(true);
        const removals = free.filter(({ action }) => action === 'remove').length;
        expect(removals).toBeLessThanOrEqual(massLimit(places.length));
        for (const team of ['A', 'B', 'C']) {
          const size = places.filter((one) => one === team).length;
          const lost = leaving.filter(({ fromTeamId }) => fromTeamId === team).length;
          expect(lost === 0 || (lost < size && (size > 5 || lost <= size / 2))).toBe(true);
        }
        const { inStep, underway, unknownUsers } = draft.counts;
        const strangersCount = strangers.length;
        const nowhere = persons.filter(({ platformId, active, erased, entry }) => {
          const wanted = active && !erased ? (entry?.wantedTeamId ?? null) : null;
          const settled =
            entry === undefined ||
            (!erased && entry.wantedTeamId === entry.confirmedTeamId && entry.doubtTeamId === null);
          return settled && wanted === null && (there[platformId] ?? null) === null;
        });
        expect(inStep + underway + unknownUsers + draft.rows.length + nowhere.length).toBe(
          persons.length + strangersCount,
        );
        expect(inStep).toBeLessThanOrEqual(draft.assignmentsThere);
        // Carried out as a whole, nothing differs any more.
        const after = { ...there };
        for (const row of draft.rows) after[row.platformId] = row.toTeamId;
        expect(plan(persons, after).rows).toEqual([]);
        const notOurs = Object.entries(there).filter(
          ([id, place]) => id.startsWith('s_') || place === 'elsewhere',
        );
        expect(notOurs.map(([id]) => after[id])).toEqual(notOurs.map(([, place]) => place));
      }),
      { numRuns: 500 },
    );
  });
});
