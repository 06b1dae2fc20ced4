import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { useTestTables } from '#test/support/dynamodb.ts';
import { contractBreaches, type KnownBefore } from '#test/support/vendor-contract.ts';
import { runs } from '#test/support/effort.ts';
import { acts, MEMBERS, peopleAndTeams, PEOPLE, performer, troubles } from './roster-acts.ts';
import { RosterWorld } from './roster-world.ts';

const RUNS = runs(1_000, 30);
/** Side by side, since each waits for its table a third of the time. */
const LANES = 2;
/** From so many runs on, everything that can happen has to have happened. */
const REACH_FROM = 1_000;

/** What the world begins with; its coach and teams are made on the way. */
const BEFORE: KnownBefore = { users: new Set(MEMBERS), teams: new Set(), assignments: new Map() };

const newTable = useTestTables();

/** The same teams here, in the teams' own lists and over there; nothing waits, doubts or failed. */
async function expectMirrored(world: RosterWorld): Promise<void> {
  const { here, there, lists } = await world.assignments();
  expect(lists).toEqual(here);
  const people = await world.competitors.byIds(PEOPLE);
  const followed = Object.entries(here).filter(([id]) => people.get(id)?.gamePlatformId !== null);
  expect(there).toEqual(Object.fromEntries(followed));
  expect(await world.waiting()).toEqual([]);
  expect(world.platform.offences).toEqual([]);
  // An edit is tried at once, also when an earlier one of the same person was throttled.
  const breaches = contractBreaches(world.platform.requests, BEFORE, {
    inFlight: 1,
    restAfterTimeout: 0,
    pauseKnownWithin: Infinity,
  });
  expect(breaches.filter(({ rule }) => rule !== 'Retry-After')).toEqual([]);
  for (const entry of (await world.rosters.ofCompetitors(PEOPLE)).values()) {
    if (people.get(entry.competitorId)?.gamePlatformId === null) continue;
    expect(entry).toMatchObject({ confirmedTeamId: entry.wantedTeamId, doubtTeamId: null, failure: null });
  }
  const present = (await world.teams.ofCoach('coa_1')).map((one) => one.id);
  expect(world.platform.model.teamIds().toSorted()).toEqual(present.toSorted());
}

/** The first calls of a worker each, and those of long ways together. */
const ends = (side: 'before' | 'after') => [
  ...Array.from({ length: 6 }, (_, at) => `killed ${side} call ${at}`),
  `killed ${side} a later call`,
];

/** What has to be seen among the runs, so that they prove what they are meant to. */
const REACH: readonly string[] = [
  'put',
  'take',
  'delete',
  'activate',
  'deactivate',
  'put meanwhile',
  'take meanwhile',
  'delete meanwhile',
  'deactivate meanwhile',
  'delivered',
  'together',
  'reordered',
  'doubled',
  'lost',
  'onboard onboarded',
  'onboard already',
  'onboard died',
  'onboard refused',
  'onboard in_progress',
  'onboarded after the team was chosen',
  ...ends('before'),
  ...ends('after'),
  ...['createTeam', 'createUser', 'assignTeam', 'deleteAssignment'].map(
    (endpoint) => `${endpoint} TIMED_OUT after`,
  ),
  ...[
    'createTeam',
    'createUser',
    'assignTeam',
    'deleteAssignment',
    'deleteTeam',
    'getTeamAssignments',
  ].flatMap((endpoint) => [
    `${endpoint} failed after`,
    `${endpoint} failed before`,
    `${endpoint} THROTTLED before`,
  ]),
];

test(`edits, faults, kills, onboardings, and hints lost, doubled and out of order end in the same teams on both sides (${RUNS} runs)`, async () => {
  const seen = new Map<string, number>();
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  const lane = () =>
    fc.assert(
      fc.asyncProperty(fc.boolean(), acts, troubles, async (there, steps, { next, at }) => {
        const world = new RosterWorld(await newTable());
        const teams = await peopleAndTeams(world, there);
        world.platform.faults = [...next];
        world.platform.faultsAt = at;
        const perform = performer(world, teams, count);
        for (const step of steps) await perform(step);
        await world.drain();
        for (const hit of world.platform.hits) {
          count(hit);
          count(hit.replace(/ .* /, ' failed '));
        }
        await expectMirrored(world);
      }),
      { numRuns: Math.ceil(RUNS / LANES) },
    );
  await Promise.all(Array.from({ length: LANES }, lane));
  if (process.env['PROPERTY_STATISTICS'] !== undefined) {
    console.log(Object.fromEntries([...seen].toSorted(([a], [b]) => a.localeCompare(b))));
  }
  expect(RUNS < REACH_FROM ? [] : REACH.filter((what) => !seen.has(what))).toEqual([]);
});
