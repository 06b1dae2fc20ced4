import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRecord } from '#shared/alerts/alert-record.ts';
import { evaluateAlerts, parseAlertId, type AlertInput } from '#shared/alerts/evaluate-alerts.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { competitorStatus } from '#shared/competitors/competitor-status.ts';
import { onHold } from '#shared/competitors/consent.ts';
import { needOf } from '#shared/competitors/needs-attention.ts';
import { briefOf, briefPeopleOf } from '#shared/dashboard/brief.ts';
import { NO_FACTS, type CoachFacts } from '#shared/dashboard/facts.ts';
import { freshnessOf } from '#shared/dashboard/freshness.ts';
import { figuresOf } from '#shared/dashboard/figures.ts';
import { kpisOf } from '#shared/dashboard/kpis.ts';
import { periodOf, type Period } from '#shared/dashboard/period.ts';
import { inWords } from '#shared/kernel/format.ts';
import { aCompetitor, aNewcomer, aSyncState, aTeam } from '#test/support/records.ts';

const now = new Date('2026-11-24T20:10:00.000Z');
const IN_A_WEEK = '2026-12-01T20:00:00.000Z';
const slaHours = 8;
const inactiveDays = 14;

function inputOf(over: Partial<CoachFacts>, suspension: AlertInput['suspension'] = null) {
  const facts = { ...NO_FACTS, ...over };
  const freshness = freshnessOf({ facts, runs: [], suspension, now, slaHours });
  return { facts, freshness, suspension, slaHours, inactiveDays, now, lateIds: freshness.lateIds };
}
const evaluate = (over: Partial<CoachFacts>, suspension: AlertInput['suspension'] = null) =>
  evaluateAlerts(inputOf(over, suspension));

const withPlatform = (over: Partial<Competitor['platform']>, facts: Partial<Competitor> = {}) =>
  aCompetitor({ ...facts, platform: { ...aCompetitor().platform, ...over } });
const record = (over: Partial<AlertRecord> = {}): AlertRecord => ({
  coachId: 'coach_1',
  cause: 'release_missing',
  version: 1,
  openedAt: '2026-11-20T10:00:00.000Z',
  closedAt: null,
  snooze: null,
  ...over,
});
const unsigned = (id: string) => aNewcomer({ id, firstName: id, mediaReleaseDate: null });

describe('Causes', () => {
  const refusal = { code: 'ALREADY_EXISTS', message: 'm', remedy: 'r', at: '2026-11-12T10:00:00.000Z' };
  it.each([
    ['on hold', aCompetitor({ mediaReleaseDate: null }), 'on_hold', 'coach', 'record_release'],
    ['refused', withPlatform({ refusal }), 'account_refused', 'coach', 'settle_refusal'],
    ['ready', aNewcomer(), 'ready_to_add', 'coach', 'add_to_platform'],
    ['without a release', unsigned('a'), 'release_missing', 'coach', 'record_release'],
    ['without a grade', aNewcomer({ grade: null }), 'profile_incomplete', 'coach', 'complete_profile'],
    [
      'waiting for approval',
      withPlatform({ accountStatus: 'pending_approval', lastLoginAt: null }),
      'not_approved',
      'program',
      'look_at_competitors',
    ],
    [
      'denied',
      withPlatform({ accountStatus: 'denied', lastLoginAt: null }),
      'account_denied',
      'program',
      'look_at_competitors',
    ],
    ['never signed in', withPlatform({ lastLoginAt: null }), 'never_signed_in', 'coach', 'reset_password'],
    [
      'idle',
      withPlatform({ lastLoginAt: '2026-11-01T10:00:00.000Z' }),
      'idle',
      'coach',
      'look_at_competitors',
    ],
  ] as const)('somebody %s is one alert with one action', (_, competitor, cause, actor, code) => {
    const { open } = evaluate({
      competitors: [competitor],
      syncStates: [aSyncState({ competitorId: competitor.id })],
    });
    expect(open).toMatchObject([
      {
        id: `coach_1.${cause}`,
        cause,
        actor,
        subjectIds: [competitor.id],
        action: { code, target: { kind: 'competitor', id: competitor.id } },
      },
    ]);
  });

  it('somebody whose scores are late is the program’s, and not called idle', () => {
    const { open } = evaluate({
      competitors: [withPlatform({ lastLoginAt: '2026-11-01T10:00:00.000Z' })],
      syncStates: [aSyncState({ lastReadAt: '2026-11-24T04:00:00.000Z' })],
    });
    expect(open).toMatchObject([
      { cause: 'stale_sync', actor: 'program', since: '2026-11-24T12:00:00.000Z' },
    ]);
  });

  it('a pause is one alert of the program, instead of everybody’s late scores', () => {
    const { open } = evaluate({ competitors: [aCompetitor()] }, 'off');
    expect(open).toMatchObject([{ cause: 'sync_paused', actor: 'program', subjectIds: [] }]);
  });

  it('a refused team and one with different details on the platform are the coach’s', () => {
    const platform = {
      teamId: 7,
      name: 'Old name',
      affiliation: 'Cedar Hollow School',
      division: 'high_school',
      confirmedAt: '2026-11-01T10:00:00.000Z',
    };
    const failure = { code: 'VALIDATION_REFUSED', message: 'm', remedy: 'r', at: '2026-11-20T10:00:00.000Z' };
    const { open } = evaluate({
      teams: [
        aTeam({ id: 'drifted', platform }),
        aTeam({ id: 'refused', sync: { failure, attempts: 1, notBefore: null } }),
        aTeam({ id: 'gone', wantedState: 'deleted', sync: { failure, attempts: 1, notBefore: null } }),
      ],
    });
    expect(open).toMatchObject([
      { cause: 'team_sync_failed', actor: 'coach', subjectIds: ['refused'], since: failure.at },
      { cause: 'team_drift', actor: 'coach', subjectIds: ['drifted'] },
    ]);
  });

  it('a platform that takes nothing at present is the program’s, not the team’s coach’s', () => {
    const failure = { code: 'UNAVAILABLE', message: 'm', remedy: 'r', at: '2026-11-20T10:00:00.000Z' };
    const { open } = evaluate({ teams: [aTeam({ sync: { failure, attempts: 9, notBefore: null } })] });
    expect(open).toMatchObject([{ cause: 'team_sync_late', actor: 'program' }]);
  });

  it('three missing releases are one alert about three', () => {
    const { open } = evaluate({ competitors: ['Ada', 'Ben', 'Cleo'].map(unsigned) });
    expect(open).toMatchObject([
      {
        subjectIds: ['Ada', 'Ben', 'Cleo'],
        headline: 'Releases are missing: Ada, Ben, and Cleo',
        action: { target: null },
      },
    ]);
  });
});

describe('Beginning and end', () => {
  it('an alert is written when its cause comes, and not again', () => {
    const first = evaluate({ competitors: [unsigned('a')] });
    expect(first.changes).toEqual([record({ openedAt: now.toISOString() })]);
    expect(evaluate({ competitors: [unsigned('a')], alertRecords: first.changes }).changes).toEqual([]);
  });

  it('an alert whose cause is gone closes, and the snooze with it', () => {
    const snooze = { until: IN_A_WEEK, subjectIds: ['a'] };
    const { open, snoozed, changes } = evaluate({
      competitors: [aCompetitor()],
      syncStates: [aSyncState()],
      alertRecords: [record({ snooze })],
    });
    expect([open, snoozed]).toEqual([[], []]);
    expect(changes).toEqual([record({ version: 2, closedAt: now.toISOString() })]);
  });

  it('a cause that comes back is a new beginning', () => {
    const { changes } = evaluate({
      competitors: [unsigned('a')],
      alertRecords: [record({ version: 2, closedAt: '2026-11-21T10:00:00.000Z' })],
    });
    expect(changes).toEqual([record({ version: 3, openedAt: now.toISOString() })]);
  });
});

const snoozedUntil = (until: string, subjectIds: string[]) => [record({ snooze: { until, subjectIds } })];

describe('A snooze', () => {
  it('puts the alert away until its time', () => {
    const result = evaluate({
      competitors: [unsigned('a')],
      alertRecords: snoozedUntil(IN_A_WEEK, ['a']),
    });
    expect(result.open).toEqual([]);
    expect(result.snoozed).toMatchObject([{ cause: 'release_missing', snoozedUntil: IN_A_WEEK }]);
  });

  it('is over when its time has come', () => {
    const alertRecords = snoozedUntil('2026-11-24T20:09:00.000Z', ['a']);
    expect(evaluate({ competitors: [unsigned('a')], alertRecords }).open).toHaveLength(1);
  });

  it('ends when the alert is about somebody else too', () => {
    const competitors = [unsigned('a'), unsigned('b')];
    const alertRecords = snoozedUntil(IN_A_WEEK, ['a']);
    expect(evaluate({ competitors, alertRecords }).open).toMatchObject([{ snoozedUntil: null }]);
  });
});

it.each([
  ['coa_1.idle', { coachId: 'coa_1', cause: 'idle' }],
  ['coa.1.idle', { coachId: 'coa.1', cause: 'idle' }],
  ['coa_1.nonsense', null],
  ['.idle', null],
  ['idle', null],
])('the id %s is %j', (id, parsed) => {
  expect(parseAlertId(id)).toEqual(parsed);
});

const dayOf = (iso: string): string => iso.slice(0, 10);

const time = fc.constantFrom(null, '2026-11-01T10:00:00.000Z', '2026-11-23T10:00:00.000Z');
const person = fc.record({
  account: fc.boolean(),
  active: fc.boolean(),
  mediaReleaseDate: fc.constantFrom(null, '2026-09-01'),
  grade: fc.constantFrom(null, 9),
  refused: fc.boolean(),
  accountStatus: fc.constantFrom(null, 'user_created', 'pending_approval', 'approved', 'denied', 'odd'),
  lastLoginAt: time,
  lastReadAt: fc.constantFrom(null, '2026-11-24T02:00:00.000Z', '2026-11-24T20:00:00.000Z'),
});
const program = fc.record({
  people: fc.array(person, { maxLength: 12 }),
  suspension: fc.constantFrom(null, 'off' as const, 'blocked' as const),
  snoozed: fc.constantFrom(...(['release_missing', 'ready_to_add', 'idle', 'on_hold'] as const)),
});

const worldOf = ({
  people,
  suspension,
  snoozed,
}: typeof program extends fc.Arbitrary<infer T> ? T : never) => {
  const competitors = people.map(
    ({ account, refused, accountStatus, lastLoginAt, active, mediaReleaseDate, grade }, at) => {
      const id = `c${at}`;
      const refusal = refused ? { code: 'X', message: 'm', remedy: 'r', at: now.toISOString() } : null;
      const base = account
        ? withPlatform({ accountStatus, lastLoginAt, refusal }, { gamePlatformId: id })
        : aNewcomer({ platform: { ...aNewcomer().platform, refusal } });
      return { ...base, active, mediaReleaseDate, grade, id };
    },
  );
  const syncStates = people.map(({ lastReadAt }, at) => aSyncState({ competitorId: `c${at}`, lastReadAt }));
  const subjectIds = competitors.map(({ id }) => id);
  const alertRecords = [record({ cause: snoozed, snooze: { until: IN_A_WEEK, subjectIds } })];
  return inputOf({ competitors, syncStates, alertRecords }, suspension);
};

describe('For any program', () => {
  it('the brief, the alerts of the coach and the people’s needs are the same number', () => {
    fc.assert(
      fc.property(program, (generated) => {
        const input = worldOf(generated);
        const { facts, freshness, lateIds } = input;
        const { open, snoozed } = evaluateAlerts(input);
        const mine = (alerts: typeof open) =>
          alerts.filter(({ actor }) => actor === 'coach').flatMap(({ subjectIds }) => subjectIds);
        const needy = facts.competitors.filter(
          (one) =>
            needOf({
              inactiveDays,
              active: one.active,
              status: competitorStatus(one),
              onHold: onHold(one),
              ...one.platform,
              lastSolveAt: null,
              late: lateIds.has(one.id),
              now,
            }) !== null,
        );
        expect([...mine(open), ...mine(snoozed)].toSorted()).toEqual(needy.map(({ id }) => id).toSorted());
        const period = periodOf({ from: '2026-11-01', to: '2026-11-24' }, '2026-11-24') as Period;
        const { asOf, late } = freshness;
        const { solved } = kpisOf({ figures: figuresOf(facts, dayOf), period, asOf, late });
        const { needs } = briefOf({
          ...input,
          ...briefPeopleOf(facts, open, lateIds),
          freshness,
          solved,
          period,
        });
        const count = mine(open).length;
        const said = inWords(count);
        expect(needs.headline.toLowerCase()).toMatch(
          count === 0 ? /^no one right now/ : new RegExp(`^${said} (person|people), `),
        );
      }),
    );
  });

  it('what is written once is not written again', () => {
    fc.assert(
      fc.property(program, (generated) => {
        const input = worldOf(generated);
        const { changes } = evaluateAlerts(input);
        const after = new Map([...input.facts.alertRecords, ...changes].map((row) => [row.cause, row]));
        const again = { ...input, facts: { ...input.facts, alertRecords: [...after.values()] } };
        expect(evaluateAlerts(again).changes).toEqual([]);
      }),
    );
  });
});
