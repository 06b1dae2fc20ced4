import type { RosterPlanRow, RosterPlanView } from '#shared/teams/contract.ts';

/** Invented plans for the tests of the site. */

const TEAMS = {
  hex: { teamId: 'hex', name: 'Harbor Hex' },
  cellar: { teamId: 'cellar', name: 'Root Cellar' },
};

export const row = (competitorId: string, over: Partial<RosterPlanRow> = {}): RosterPlanRow => ({
  competitorId,
  name: `Sam ${competitorId}`,
  coachId: 'coach-01',
  action: 'remove',
  from: TEAMS.hex,
  to: null,
  why: 'not_on_roster',
  points: 640,
  emptiesTeam: false,
  heldBy: null,
  state: 'planned',
  ...over,
});

export const move = (competitorId: string, over: Partial<RosterPlanRow> = {}): RosterPlanRow =>
  row(competitorId, { action: 'move', why: 'wrong_team', to: TEAMS.cellar, ...over });

export const addition = (competitorId: string, over: Partial<RosterPlanRow> = {}): RosterPlanRow =>
  row(competitorId, { action: 'add', why: 'missing_there', from: null, to: TEAMS.cellar, ...over });

export const plan = (over: Partial<RosterPlanView> = {}): RosterPlanView => ({
  id: 'plan-1',
  jobId: 'job-1',
  drawnAt: '2026-11-19T20:12:00.000Z',
  dryRun: false,
  status: 'stopped',
  assignmentsThere: 264,
  assignmentsHere: 262,
  counts: { add: 1, move: 1, remove: 3, inStep: 248, underway: 0, unknownUsers: 2, held: 3 },
  guards: [
    { guard: 'tiny_team', state: 'stopped', message: 'Harbor Hex would lose 3 of 3.' },
    { guard: 'world_unchanged', state: 'passed', message: 'No roster was edited since.' },
  ],
  rows: [
    addition('a'),
    move('m', { state: 'handed_over' }),
    row('1', { heldBy: 'tiny_team', state: 'held', emptiesTeam: true }),
    row('2', { heldBy: 'tiny_team', state: 'held', emptiesTeam: true }),
    row('3', { heldBy: 'tiny_team', state: 'held', emptiesTeam: true }),
  ],
  unknown: [{ platformUserId: 'gp_u_41d8', platformTeamId: null }],
  confirmable: { safe: 0, all: 3 },
  removals: 3,
  confirmed: null,
  ...over,
});
