import { describe, expect, it } from 'vitest';
import {
  contractBreaches,
  type ContractRequest,
  type ContractRule,
  type KnownBefore,
} from './vendor-contract.ts';

const BEFORE: KnownBefore = {
  users: new Set(['coach', 'ann', 'ben']),
  teams: new Set(['red', 'blue']),
  assignments: new Map([['ben', 'red']]),
};
const LIMITS = { inFlight: 4, restAfterTimeout: 1_000, pauseKnownWithin: 2_000 };

type Told = Partial<ContractRequest> & { readonly call: string };

function request({ call, ...told }: Told, index: number): ContractRequest {
  const [method = '', path = ''] = call.split(' ');
  const startedAt = told.startedAt ?? (index + 1) * 10_000;
  const status = told.status ?? 200;
  return {
    method,
    path,
    synedUserId: undefined,
    synedTeamId: undefined,
    synedCoachUserId: undefined,
    afterTimeUnix: undefined,
    token: 'right',
    hasBody: method === 'POST',
    caller: 'sync-worker',
    startedAt,
    endedAt: startedAt + 50,
    closedAt: startedAt + 50,
    doneAt: status < 300 && status > 0 ? startedAt + 40 : undefined,
    status,
    retryAfterAt: undefined,
    inFlight: 1,
    faults: [],
    ...told,
  };
}

/** Requests ten seconds after each other, each answered within 50 ms, unless told otherwise. */
const log = (...told: readonly Told[]): ContractRequest[] => told.map(request);

const rulesOf = (...told: readonly Told[]): ContractRule[] =>
  contractBreaches(log(...told), BEFORE, LIMITS).map(({ rule }) => rule);

const assign = (synedUserId: string, synedTeamId: string, more: Partial<ContractRequest> = {}): Told => ({
  call: 'POST /users/assign_team',
  synedUserId,
  synedTeamId,
  ...more,
});
const unassign = (synedUserId: string, more: Partial<ContractRequest> = {}): Told => ({
  call: 'POST /users/delete_assignment',
  synedUserId,
  ...more,
});
const create = (synedUserId: string, more: Partial<ContractRequest> = {}): Told => ({
  call: 'POST /users',
  synedUserId,
  ...more,
});
const look = (synedUserId: string, more: Partial<ContractRequest> = {}): Told => ({
  call: 'GET /users',
  synedUserId,
  ...more,
});
const makeTeam = (synedTeamId: string, synedCoachUserId: string, status = 201): Told => ({
  call: 'POST /teams',
  synedTeamId,
  synedCoachUserId,
  status,
});
const odl = (more: Partial<ContractRequest> = {}): Told => ({
  call: 'GET /scores/get_odl_scores',
  synedUserId: 'ann',
  ...more,
});
const LOST = { status: 0, faults: ['lostAnswer'] };

describe('A run that keeps the contract', () => {
  it('has no breach: onboarding, a new team, an add, a move, a removal, a deletion', () => {
    expect(
      rulesOf(
        { call: 'GET /', token: 'none' },
        look('cleo', { status: 404 }),
        create('cleo', { status: 201 }),
        makeTeam('green', 'coach'),
        assign('cleo', 'green'),
        unassign('ben'),
        assign('ben', 'green'),
        odl({ afterTimeUnix: '1795000000' }),
        { call: 'POST /teams/delete', synedTeamId: 'red' },
      ),
    ).toEqual([]);
  });

  it('may use slots that were leased before another worker was asked to wait', () => {
    expect(
      rulesOf(
        odl({ startedAt: 100, endedAt: 150, status: 429, retryAfterAt: 9_000 }),
        odl({ startedAt: 1_500, caller: 'roster-worker' }),
        odl({ startedAt: 9_000 }),
      ),
    ).toEqual([]);
  });

  it('may learn of a team by "exists" after its own attempt', () => {
    expect(
      rulesOf(makeTeam('green', 'coach', 0), makeTeam('green', 'coach', 400), assign('ann', 'green')),
    ).toEqual([]);
  });

  it('may go on after asking what became of a write', () => {
    expect(
      rulesOf(
        create('cleo', LOST),
        look('cleo', { status: 404 }),
        create('cleo'),
        assign('cleo', 'red', LOST),
        { call: 'GET /users/get_team_assignments', synedTeamId: 'red' },
        assign('cleo', 'red'),
      ),
    ).toEqual([]);
  });

  it('may try a write again that was refused before any work', () => {
    expect(
      rulesOf(
        create('cleo', { status: 429 }),
        create('cleo', { status: 503, retryAfterAt: 20_000 }),
        create('cleo'),
      ),
    ).toEqual([]);
  });
});

describe('A breach of each rule is found', () => {
  it.each<[ContractRule, readonly Told[]]>([
    ['bearer token', [odl({ token: 'none' })]],
    ['bearer token', [odl({ token: 'wrong' })]],
    ['no body on GET', [odl({ hasBody: true })]],
    ['whole seconds', [odl({ afterTimeUnix: '1795000000.5' })]],
    ['whole seconds', [odl({ afterTimeUnix: '2026-11-20T10:00:00Z' })]],
    ['coach before team', [makeTeam('green', 'nobody')]],
    ['user before assignment', [assign('cleo', 'red')]],
    ['user before assignment', [create('cleo', LOST), assign('cleo', 'red')]],
    ['team before assignment', [assign('ann', 'green')]],
    ['unassign before assign elsewhere', [assign('ben', 'blue')]],
    // It was taken over there, whatever we were told.
    [
      'unassign before assign elsewhere',
      [assign('ann', 'red', { doneAt: 1, status: 502 }), assign('ann', 'blue')],
    ],
    ['one call per user', [odl({ startedAt: 100 }), odl({ startedAt: 120 })]],
    ['one call per user', [odl({ startedAt: 100, status: 0, faults: ['hang'] }), odl({ startedAt: 600 })]],
    ['one call per user', [odl({ startedAt: 100 }), unassign('ann', { startedAt: 120 })]],
    ['one call per user', [look('ben', { startedAt: 100 }), unassign('ben', { startedAt: 120 })]],
    ['no delete of a team with members', [{ call: 'POST /teams/delete', synedTeamId: 'red' }]],
    ['look before creating again', [create('cleo', LOST), create('cleo')]],
    [
      'look before creating again',
      [create('cleo', { status: 502 }), look('cleo', { status: 500 }), create('cleo')],
    ],
    ['look before creating again', [create('cleo', { faults: ['malformedJson'] }), create('cleo')]],
    ['ask before changing again', [assign('ann', 'red', LOST), assign('ann', 'red')]],
    ['ask before changing again', [unassign('ben', { status: 500 }), unassign('ben')]],
    ['Retry-After', [odl({ startedAt: 100, status: 429, retryAfterAt: 2_000 }), odl({ startedAt: 1_500 })]],
    // By then everybody knows, whoever was told.
    [
      'Retry-After',
      [
        odl({ startedAt: 100, endedAt: 150, status: 429, retryAfterAt: 9_000 }),
        look('ben', { startedAt: 3_000, caller: 'roster-worker' }),
      ],
    ],
    ['in flight', [odl({ inFlight: 5 })]],
  ])('%s', (rule, told) => {
    expect(rulesOf(...told)).toContain(rule);
  });
});
