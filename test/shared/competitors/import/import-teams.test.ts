import { expect, test } from 'vitest';
import { decideImport } from '#shared/competitors/import/decide-import.ts';
import { readImportTable } from '#shared/competitors/import/import-file.ts';
import {
  nearestTeam,
  parseTeamAnswers,
  unknownTeams,
  writeTeamAnswers,
  type TeamAnswers,
} from '#shared/competitors/import/import-teams.ts';
import { aCompetitor } from '#test/support/competitors.ts';

const FOXES = { id: 'team_f', name: 'Packet Foxes' };
const OWLS = { id: 'team_o', name: 'Null Owls' };
const known = [FOXES, OWLS];
const MIRA = aCompetitor({ teamId: OWLS.id });
const tableOf = (...rows: string[]) =>
  readImportTable(['first_name,last_name,email,Club', ...rows].join('\n'), ',');
const decide = (row: string, answers: TeamAnswers = {}, teams = known, people = [MIRA]) =>
  decideImport(tableOf(row), people, '2026-11-24', {
    teams: { known: teams, answers, newId: (line) => `team_new_${line}` },
  })[0];

test('a team is found by its name, whatever the case; an empty cell leaves the team', () => {
  expect(decide('Ana,Reyes,,packet  FOXES')).toMatchObject({ outcome: 'new', teamId: FOXES.id });
  expect(decide('Ana,Reyes,,')).toMatchObject({ outcome: 'new', teamId: null });
  expect(decide('Mira,Okafor,mira@example.org,Null Owls')).toMatchObject({ outcome: 'unchanged' });
  expect(decide('Mira,Okafor,mira@example.org,')).toMatchObject({ outcome: 'unchanged' });
});

test('somebody on another team is moved, and that is a change', () => {
  expect(decide('Mira,Okafor,mira@example.org,Packet Foxes')).toMatchObject({
    outcome: 'changed',
    fields: ['team'],
    teamId: FOXES.id,
    patch: {},
  });
});

test('a name alone moves nobody, and nobody who is deactivated is moved', () => {
  expect(decide('Mira,Okafor,,Packet Foxes', {}, known, [{ ...MIRA, email: null }])).toMatchObject({
    outcome: 'refused',
  });
  const row = 'Mira,Okafor,mira@example.org,Packet Foxes';
  expect(decide(row, {}, known, [{ ...MIRA, active: false }])).toMatchObject({
    outcome: 'refused',
    message: expect.stringMatching(/^team: .*deactivated/),
  });
});

test('a name that two teams have is refused, unless one of them is theirs', () => {
  const twice = [...known, { id: 'team_p', name: 'packet foxes' }];
  expect(decide('Ana,Reyes,,Packet Foxes', {}, twice)).toMatchObject({ outcome: 'refused' });
  const mira = { ...MIRA, teamId: FOXES.id };
  expect(decide('Mira,Okafor,mira@example.org,Packet Foxes', {}, twice, [mira])).toMatchObject({
    outcome: 'unchanged',
  });
});

test('a name that no team has is refused, used, made or left out as somebody answered', () => {
  const row = 'Ana,Reyes,,Packet Foxs';
  expect(decide(row)).toMatchObject({ outcome: 'refused', message: expect.stringMatching(/^team: No team/) });
  expect(decide(row, { 2: { answer: 'use', teamId: FOXES.id } })).toMatchObject({ teamId: FOXES.id });
  expect(decide(row, { 2: { answer: 'create', division: 'college' } })).toMatchObject({
    teamId: 'team_new_2',
  });
  expect(decide(row, { '*': { answer: 'leave_out' } })).toMatchObject({ outcome: 'new', teamId: null });
  expect(decide(row, { 2: { answer: 'use', teamId: 'team_of_others' } })).toMatchObject({
    outcome: 'refused',
  });
  const long = `Ana,Reyes,,${'x'.repeat(101)}`;
  expect(decide(long, { '*': { answer: 'create', division: 'college' } })).toMatchObject({
    outcome: 'refused',
  });
});

test('names that no team has are told once, with their lines', () => {
  const table = tableOf('A,B,,Packet Foxs', 'C,D,,Packet Foxes', 'E,F,,packet foxs', 'G,H,,');
  expect(unknownTeams(table, known)).toEqual([{ name: 'Packet Foxs', lines: [2, 4] }]);
});

test('the nearest team is one that differs by a letter or two, and only when no other is as near', () => {
  expect(nearestTeam('Packet Foxs', known)).toBe(FOXES);
  expect(nearestTeam('paket foxs', known)).toBe(FOXES);
  expect(nearestTeam('Robotics B', known)).toBeUndefined();
  expect(
    nearestTeam('Team C', [
      { id: 'a', name: 'Team A' },
      { id: 'b', name: 'Team B' },
    ]),
  ).toBeUndefined();
});

test('answers come through a query as they are, and nothing else does', () => {
  const answers: TeamAnswers = {
    5: { answer: 'use', teamId: 'team_1' },
    9: { answer: 'create', division: 'high_school' },
    '*': { answer: 'leave_out' },
  };
  expect(parseTeamAnswers(writeTeamAnswers(answers))).toEqual(answers);
  for (const text of [
    '',
    '5',
    '5:use:',
    '5:use:a b',
    '5:create:',
    '5:create:kindergarten',
    'x:leave_out',
    '5:leave_out,',
  ])
    expect(parseTeamAnswers(text)).toBeUndefined();
});
