import { expect, test } from 'vitest';
import { nextStep, type RosterFacts, type RosterStep } from '#shared/teams/rosters/next-step.ts';

const EARLIER = '2026-11-20T10:00:00.000Z';
const LATER = '2026-11-20T11:00:00.000Z';

interface Row {
  readonly wanted: string | null;
  readonly confirmed: string | null;
  readonly doubt?: string;
  readonly account?: false;
  readonly team?: RosterFacts['wantedTeam'];
  readonly told?: true;
  readonly onHold?: true;
  readonly leavesRecreated?: true;
}

const factsOf = ({
  wanted,
  confirmed,
  doubt,
  account,
  team,
  told,
  onHold,
  leavesRecreated,
}: Row): RosterFacts => ({
  entry: {
    wantedTeamId: wanted,
    wantedAt: told === true ? EARLIER : LATER,
    confirmedTeamId: confirmed,
    confirmedAt: confirmed === null && told !== true ? null : told === true ? LATER : EARLIER,
    doubtTeamId: doubt ?? null,
  },
  platformId: account === false ? null : 'gp',
  onHold: onHold === true,
  wantedTeam: wanted === null ? null : (team ?? 'on_platform'),
  leavesRecreated: leavesRecreated === true,
});

const gp = { platformId: 'gp' } as const;
const TABLE: readonly (readonly [string, Row, RosterStep])[] = [
  ['on no team and wanted on none', { wanted: null, confirmed: null, told: true }, { kind: 'none' }],
  ['on the wanted team', { wanted: 'A', confirmed: 'A', told: true }, { kind: 'none' }],
  ['moved away and back before anything was sent', { wanted: 'A', confirmed: 'A' }, { kind: 'close' }],
  ['added and taken off before anything was sent', { wanted: null, confirmed: null }, { kind: 'close' }],
  [
    'on hold, to a team: nothing is sent',
    { wanted: 'A', confirmed: null, onHold: true },
    { kind: 'wait_for_release' },
  ],
  [
    'on hold, to a team that the platform lacks: none is made for them',
    { wanted: 'A', confirmed: null, team: 'not_on_platform', onHold: true },
    { kind: 'wait_for_release' },
  ],
  [
    'on hold, a move: off the old team',
    { wanted: 'A', confirmed: 'B', onHold: true },
    { kind: 'unassign', ...gp, teamId: 'B' },
  ],
  [
    'on hold, taken off',
    { wanted: null, confirmed: 'B', onHold: true },
    { kind: 'unassign', ...gp, teamId: 'B' },
  ],
  [
    'on hold, on the wanted team',
    { wanted: 'A', confirmed: 'A', told: true, onHold: true },
    { kind: 'none' },
  ],
  ['without an account', { wanted: 'A', confirmed: null, account: false }, { kind: 'wait_for_account' }],
  ['without an account or a wish', { wanted: null, confirmed: null, account: false }, { kind: 'none' }],
  [
    'to a team that the platform lacks',
    { wanted: 'A', confirmed: null, team: 'not_on_platform' },
    { kind: 'create_team', teamId: 'A' },
  ],
  [
    'to a team that the platform lacks, from another: the new one comes first',
    { wanted: 'B', confirmed: 'A', team: 'not_on_platform' },
    { kind: 'create_team', teamId: 'B' },
  ],
  [
    'on a team that is to be recreated',
    { wanted: 'A', confirmed: 'A', team: 'being_recreated', told: true },
    { kind: 'unassign', teamId: 'A', ...gp },
  ],
  [
    'to a team that is to be recreated',
    { wanted: 'A', confirmed: null, team: 'being_recreated' },
    { kind: 'create_team', teamId: 'A' },
  ],
  [
    'to a team that is to be recreated, from another: it is waited for',
    { wanted: 'B', confirmed: 'A', team: 'being_recreated' },
    { kind: 'create_team', teamId: 'B' },
  ],
  [
    'from one team that is to be recreated to another: off the first, or the two would wait for each other',
    { wanted: 'B', confirmed: 'A', team: 'being_recreated', leavesRecreated: true },
    { kind: 'unassign', teamId: 'A', ...gp },
  ],
  ['to a deleted team', { wanted: 'A', confirmed: null, team: 'gone' }, { kind: 'team_gone' }],
  ['to a team', { wanted: 'A', confirmed: null }, { kind: 'assign', teamId: 'A', ...gp }],
  ['from one team to another', { wanted: 'B', confirmed: 'A' }, { kind: 'unassign', teamId: 'A', ...gp }],
  ['off a team', { wanted: null, confirmed: 'A' }, { kind: 'unassign', teamId: 'A', ...gp }],
  ['perhaps put there', { wanted: 'A', confirmed: null, doubt: 'A' }, { kind: 'settle', teamId: 'A', ...gp }],
  [
    'perhaps put there, wanted elsewhere by now',
    { wanted: 'B', confirmed: null, doubt: 'A' },
    { kind: 'settle', teamId: 'A', ...gp },
  ],
  ['perhaps taken off', { wanted: null, confirmed: 'A', doubt: 'A' }, { kind: 'settle', teamId: 'A', ...gp }],
  [
    'perhaps taken off, wanted back by now',
    { wanted: 'A', confirmed: 'A', doubt: 'A', told: true },
    { kind: 'settle', teamId: 'A', ...gp },
  ],
  [
    'in doubt, and the wanted team is gone: doubt first',
    { wanted: 'B', confirmed: null, doubt: 'A', team: 'gone' },
    { kind: 'settle', teamId: 'A', ...gp },
  ],
];

test.each(TABLE)('%s', (_title, row, step) => {
  expect(nextStep(factsOf(row))).toEqual(step);
});
