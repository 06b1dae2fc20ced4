import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AuditItem } from '#shared/audit/contract.ts';
import { actionWords, daysOf, differencesOf, pageOf, undoOf } from '#web/features/audit/audit-labels.ts';
import { oldValues } from '#web/shared/settings/setting-values.ts';

const item = (over: Partial<AuditItem>): AuditItem => ({
  id: 'aud_1',
  at: '2026-11-24T10:00:00.000Z',
  actor: { id: 'ines', name: 'Ines Salgado' },
  actingAs: null,
  action: 'settings.change',
  subject: { id: 'settings', name: null },
  coachId: null,
  requestId: 'req-1',
  details: {},
  names: {},
  ...over,
});

/** Every act that is audited anywhere, from the sources. */
const ACTION =
  /'((?:alert|audit|coach|competitor|import|job|queue|roster|roster_plan|schedule|settings|table|team)\.[a-z_]+)'/g;
const SOURCES = globSync(['shared/**/*.ts', 'functions/**/*.ts'])
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const ACTIONS = new Set([...SOURCES.matchAll(ACTION)].flatMap(([, action]) => action ?? []));

describe('an entry of the audit log', () => {
  const settings = item({
    details: {
      fields: ['processing.off', 'sync.callsPerSecond'],
      paths: ['processing.enabled', 'sync.rosterReserve.perDay', 'program.seasonStart', 'sync.unheardOf'],
      before: ['true', '0.1', 'null', '1'],
      after: ['false', '0.25', '"2026-08-01"', '2'],
    },
  });

  it('has words for every act that is audited', () => {
    expect(ACTIONS.size).toBeGreaterThan(30);
    expect([...ACTIONS].filter((action) => actionWords(action).verb.includes('“'))).toEqual([]);
  });

  it('shows old and new values of settings in words', () => {
    expect(differencesOf(settings)).toEqual([
      { label: 'Processing', was: 'On', is: 'Off' },
      { label: 'Kept for rosters, of the day', was: '10%', is: '25%' },
      { label: 'Season starts', was: 'empty', is: 'Aug 1, 2026' },
      { label: 'sync.unheardOf', was: '1', is: '2' },
    ]);
  });

  it('gives back the old values of settings that there still are, as the form has them', () => {
    expect(oldValues(undoOf(settings) ?? {})).toEqual({
      'processing.enabled': true,
      'sync.rosterReserve.perDay': '10',
      'program.seasonStart': '',
    });
    expect(undoOf(item({ action: 'team.update', details: settings.details }))).toBeNull();
    expect(undoOf(item({ details: { fields: ['sync.callsPerSecond'] } }))).toBeNull();
  });

  it('says of a person which fields changed, and never to what', () => {
    const details = { fields: ['guardianEmail', 'grade'] };
    expect(differencesOf(item({ action: 'competitor.update', details }))).toEqual([
      { label: 'Guardian’s email', was: null, is: 'changed; the values are not kept here' },
      { label: 'Grade', was: null, is: 'changed; the values are not kept here' },
    ]);
  });

  it('names the teams of a move', () => {
    const details = { teamId: 'tea_2', fromTeamId: 'tea_1' };
    const names = { tea_1: 'Cedar Sparks', tea_2: 'Null Pointers' };
    expect(differencesOf(item({ action: 'team.move_member', details, names }))).toEqual([
      { label: 'Team', was: 'Cedar Sparks', is: 'Null Pointers' },
    ]);
  });

  it('is told by its code where there are no words for it', () => {
    expect(actionWords('thing.do')).toEqual({ verb: 'did “thing.do” to', about: true });
  });

  it('leads to the page of its subject, while that has a name', () => {
    const subject = { id: 'cmp_1', name: 'Wren Hollis' };
    expect(pageOf({ action: 'competitor.read', subject })).toBe('/competitors/cmp_1');
    expect(pageOf({ action: 'team.move_member', subject })).toBe('/competitors/cmp_1');
    expect(pageOf({ action: 'competitor.read', subject: { ...subject, name: null } })).toBeNull();
  });

  it('lies under the program’s day, newest first', () => {
    const night = item({ id: 'aud_2', at: '2026-11-24T07:00:00.000Z' });
    const later = item({ id: 'aud_3', at: '2026-11-24T12:00:00.000Z' });
    const days = daysOf([item({}), later, night], 'America/Los_Angeles');
    expect(days.map(({ day, items }) => [day, items.map(({ id }) => id)])).toEqual([
      ['2026-11-24', ['aud_3', 'aud_1']],
      ['2026-11-23', ['aud_2']],
    ]);
  });
});
