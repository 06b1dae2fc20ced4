import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertListSchema } from '#shared/alerts/contract.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { competitorListSchema, type CompetitorListItem } from '#shared/competitors/contract.ts';
import { needsIn } from '#shared/dashboard/brief.ts';
import { dashboardViewSchema, freshnessSchema, type DashboardView } from '#shared/dashboard/contract.ts';
import { createDashboardRepository } from '#shared/dashboard/dashboard-repository.ts';
import { createRollupRepository } from '#shared/dashboard/rollups/rollup-repository.ts';
import { createRollupWorker, PROGRAM } from '#shared/dashboard/rollups/rollup-worker.ts';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import type { JobPart } from '#shared/jobs/job.ts';
import type { JobOf } from '#shared/jobs/work-part.ts';
import { dayOf as dayIn } from '#shared/kernel/days.ts';
import { inWords, roughly } from '#shared/kernel/format.ts';
import { readCsv } from '#shared/kernel/csv/read-csv.ts';
import { dayItem, flashResultItem, statsItem, syncStateItem } from '#shared/score-sync/score-items.ts';
import type { Table } from '#shared/table/table.ts';
import { teamListSchema, type TeamView } from '#shared/teams/contract.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { rosterEntrySchema } from '#shared/teams/rosters/roster-entry.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { isReadyRow, sortOut } from '#web/features/competitors/bulk-labels.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { NO_ACCOUNT } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { runs } from '#test/support/effort.ts';
import { aCompetitor, aDay, aFlashResult, aSyncState, aTeam } from '#test/support/records.ts';
import { buildDependencies as buildCompetitors } from '../../../functions/competitors-api/dependencies.ts';
import { buildDependencies as buildDashboard } from '../../../functions/dashboard-api/dependencies.ts';
import { buildDependencies as buildTeams } from '../../../functions/teams-api/dependencies.ts';
import { apiOn, type Call } from '../api-harness.ts';

const newTable = useTestTables();
const ZONE = 'America/Los_Angeles';
const COACHES = ['coa_a', 'coa_b'] as const;
const HOUR = 3_600_000;

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const person = fc.record({
  coach: fc.nat(COACHES.length - 1),
  account: fc.constantFrom(
    'none',
    'none',
    'approved',
    'approved',
    'approved',
    'pending_approval',
    'denied',
    null,
  ),
  deactivated: fc.nat(7).map((one) => one === 0),
  release: fc.nat(3).map((one) => one !== 0),
  withdrawn: fc.nat(7).map((one) => one === 0),
  guardian: fc.nat(4).map((one) => one !== 0),
  refused: fc.nat(3).map((one) => one === 0),
  team: maybe(fc.nat(1)),
  joinKnown: fc.boolean(),
  signedInDaysAgo: maybe(fc.nat(40)),
  readHoursAgo: maybe(fc.nat(14)),
  solves: fc.array(fc.record({ daysAgo: fc.nat(70), odl: fc.nat(3), ctf: fc.nat(2) }), { maxLength: 4 }),
  played: maybe(fc.nat(50)),
  synced: fc.boolean(),
});
type Person = typeof person extends fc.Arbitrary<infer T> ? T : never;

const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
const daysAgo = (days: number) => ago(24 * days);

function recordOf(one: Person, index: number): Competitor {
  const id = `cmp_${index}`;
  const coachId = COACHES[one.coach] ?? 'coa_a';
  const withAccount = one.account !== 'none';
  const refusal = { code: 'REFUSED', message: 'Refused.', remedy: 'Try again.', at: daysAgo(1) };
  const base = aCompetitor();
  return aCompetitor({
    id,
    coachId,
    firstName: `P${index}`,
    active: !one.deactivated,
    guardianName: one.guardian ? 'Ife Quill' : null,
    mediaReleaseDate: one.release ? '2026-09-01' : null,
    consentWithdrawnDate: one.withdrawn ? '2026-11-01' : null,
    teamId: one.team === null ? null : `team_${coachId}_${one.team}`,
    teamJoinedAt: one.team === null || !one.joinKnown ? null : daysAgo(20),
    gamePlatformId: withAccount ? id : null,
    platform: withAccount
      ? {
          ...base.platform,
          accountStatus: one.account,
          lastLoginAt: one.signedInDaysAgo === null ? null : daysAgo(one.signedInDaysAgo),
          onboardedAt: one.joinKnown ? daysAgo(30) : null,
        }
      : { ...NO_ACCOUNT, refusal: one.refused ? refusal : null },
    createdAt: daysAgo(60),
    updatedAt: daysAgo(1),
  });
}

async function store(table: Table, people: readonly Person[]): Promise<void> {
  const put = (Item: Record<string, unknown>) =>
    table.client.send(new PutCommand({ TableName: table.name, Item }));
  const records = people.map(recordOf);
  const competitors = createCompetitorRepository(table);
  const rosters = createRosterRepository(table);
  const platform = {
    teamId: 7,
    name: 'T',
    affiliation: 'A',
    division: 'high_school',
    confirmedAt: daysAgo(9),
  };
  for (const coachId of COACHES) {
    for (const number of [0, 1]) {
      const id = `team_${coachId}_${number}`;
      const members = records.filter(({ teamId }) => teamId === id).map((one) => one.id);
      await createTeamRepository(table).put(aTeam({ id, coachId, name: id, members, platform }));
    }
  }
  for (const [index, one] of people.entries()) {
    const record = records[index] ?? aCompetitor();
    const { id: competitorId, coachId, teamId } = record;
    await competitors.put(record);
    if (teamId !== null) {
      const times = { wantedAt: daysAgo(3), editedBy: 'ada', confirmedAt: daysAgo(2) };
      const confirmedTeamId = one.synced ? teamId : null;
      await rosters.put(
        rosterEntrySchema.parse({ competitorId, coachId, wantedTeamId: teamId, confirmedTeamId, ...times }),
      );
    }
    if (record.gamePlatformId === null) continue;
    const lastReadAt = one.readHoursAgo === null ? null : ago(one.readHoursAgo);
    await put(syncStateItem(aSyncState({ competitorId, coachId, lastReadAt })));
    const days = new Map(
      one.solves.filter(({ odl, ctf }) => odl + ctf > 0).map((solve) => [solve.daysAgo, solve]),
    );
    for (const { daysAgo: before, odl, ctf } of days.values()) {
      const lastSolveAt = daysAgo(before);
      const day = dayIn(lastSolveAt, ZONE);
      const points = { odlPoints: 100 * odl, ctfPoints: 200 * ctf };
      await put(dayItem(aDay({ competitorId, coachId, day, odl, ctf, lastSolveAt, ...points })));
    }
    const newest = Math.min(...days.keys());
    if (days.size > 0) {
      const sum = (key: 'odl' | 'ctf') => [...days.values()].reduce((all, solve) => all + solve[key], 0);
      await put(
        statsItem({
          competitorId,
          coachId,
          storedOdl: sum('odl'),
          storedCtf: sum('ctf'),
          storedOdlPoints: 100 * sum('odl'),
          storedCtfPoints: 200 * sum('ctf'),
          lastSolveAt: daysAgo(newest),
          platform: null,
        }),
      );
    }
    if (one.played !== null) {
      const startsAt = daysAgo(one.played);
      const eventId = `event_${one.played}`;
      await put(flashResultItem(aFlashResult({ competitorId, coachId, eventId, startsAt, solved: 1 })));
    }
  }
}

async function rollUp(table: Table): Promise<void> {
  const work = createRollupWorker({
    rollups: createRollupRepository(table),
    ...createDashboardRepository(table),
    allCoachIds: () => Promise.resolve([...COACHES]),
    activityOf: createActivityRepository(table).ofCoach,
    slaHours: () => Promise.resolve(8),
    inactiveDays: () => Promise.resolve(14),
    dayOf: (iso) => dayIn(iso, ZONE),
    now: () => new Date(),
  });
  const context = { remainingMs: () => 60_000, log: recordingLog().log, lastAttempt: true };
  for (const subjects of [[...COACHES], [PROGRAM]]) {
    const job = { id: 'job_r', payload: { full: true } } as JobOf<{ full: boolean }>;
    await work(job, { jobId: 'job_r', part: 0, subjects } as JobPart, context);
  }
}

/** What the pages of one person show: the answers of every route behind them. */
async function pagesOf(table: Table) {
  const dashboard = await apiOn(table, 'dashboard-api', buildDashboard);
  const competitors = await apiOn(table, 'competitors-api', buildCompetitors);
  const teams = await apiOn(table, 'teams-api', buildTeams);
  const exported = async (call: Call) => {
    const { body } = await dashboard('GET /api/game-platform/exports/leaderboard.csv', call);
    const [, header = [], ...rows] = [...readCsv(String(body), ',')].map(({ cells }) => cells);
    const sum = (name: string) => rows.reduce((all, row) => all + Number(row[header.indexOf(name)] ?? 0), 0);
    return {
      rows: rows.length,
      odl: sum('ODL solved'),
      ctf: sum('CTF solved'),
      done: sum('Solved in all'),
      points: sum('Points'),
      late: rows.filter((row) => row[header.indexOf('Scores late')] === 'yes').length,
    };
  };
  return async (call: Call) => {
    const view = dashboardViewSchema.parse((await dashboard('GET /api/game-platform/dashboard', call)).body);
    const fresh = freshnessSchema.parse((await dashboard('GET /api/game-platform/freshness', call)).body);
    const alerts = alertListSchema.parse((await dashboard('GET /api/game-platform/alerts', call)).body);
    const query = { limit: '100' };
    const list = competitorListSchema.parse(
      (await competitors('GET /api/competitors', { ...call, query })).body,
    );
    const tiles = teamListSchema.parse((await teams('GET /api/teams', { ...call, query })).body);
    return { view, fresh, alerts, people: list.items, teams: tiles.items, file: await exported(call) };
  };
}
type Pages = Awaited<ReturnType<Awaited<ReturnType<typeof pagesOf>>>>;

const asksTheCoach = ({ chain }: CompetitorListItem): boolean =>
  chain.some(({ link, state }) => state === 'waiting_you' || (link === 'account' && state === 'refused'));

const last = ({ spark }: DashboardView['kpis']['active']) => spark.at(-1);

/** Every number that two places of one person's pages show. */
function expectOneStory({ view, fresh, alerts, people, teams, file }: Pages): void {
  const { kpis, leaderboard, freshness, brief, scope } = view;
  const counted = people.filter(({ active, onHold }) => active && onHold === null);
  const registered = counted.filter(({ gamePlatform }) => gamePlatform.id !== null);

  // The cards and the list of competitors.
  expect(scope.competitors).toBe(counted.length);
  expect([kpis.registered.value, kpis.registered.of]).toEqual([registered.length, counted.length]);
  expect(kpis.active.of).toBe(registered.length);
  expect(kpis.ctfParticipation.of).toBe(registered.length);
  const onTeam = counted.filter(({ team }) => team !== null).length;
  expect([kpis.enrollment.count, kpis.enrollment.of]).toEqual([onTeam, counted.length]);

  // A headline and its sparkline are the same quantity.
  expect(last(kpis.registered)).toBe(kpis.registered.value);
  expect(last(kpis.enrollment)).toBe(kpis.enrollment.value ?? 0);
  expect(last(kpis.ctfParticipation)).toBe(kpis.ctfParticipation.value ?? 0);
  expect(kpis.solved.spark.reduce((sum, value) => sum + value, 0)).toBe(kpis.solved.value);
  expect(Math.max(0, ...kpis.active.spark)).toBeLessThanOrEqual(kpis.active.value ?? 0);

  // The cards, the leaderboard, its export, the tiles.
  const { odl, ctf, value } = kpis.solved;
  expect(leaderboard.total).toBe(registered.length);
  expect(leaderboard.totals).toMatchObject({ odl, ctf, done: value });
  const sumOf = (of: 'odl' | 'ctf' | 'done' | 'points') =>
    leaderboard.rows.reduce((sum, row) => sum + row[of], 0);
  const sums = { odl: sumOf('odl'), ctf: sumOf('ctf'), done: sumOf('done'), points: sumOf('points') };
  expect(sums).toEqual(leaderboard.totals);
  expect(leaderboard.rows).toHaveLength(registered.length);
  const late = leaderboard.rows.filter((row) => row.late).length;
  expect(file).toEqual({ ...sums, rows: registered.length, late });
  const ofTeams = new Set(teams.map(({ name }) => name));
  const inTeams = leaderboard.rows.filter(({ teamName }) => teamName !== null && ofTeams.has(teamName));
  expect(view.teams.rows.reduce((sum, tile) => sum + tile.solved, 0)).toBe(
    inTeams.reduce((sum, row) => sum + row.done, 0),
  );
  expect(view.teams.rows.reduce((sum, tile) => sum + tile.members, 0)).toBe(onTeam);
  expect(view.teams.total).toBe(teams.length);
  for (const tile of view.teams.rows) {
    expect(tile.badge).toEqual(teams.find(({ id }) => id === tile.teamId)?.badge);
  }
  const days = view.timeline.days.reduce((sum, day) => sum + day.solves, 0);
  expect(days).toBe(value);

  // How old the scores are, wherever it is said.
  expect(fresh).toEqual(freshness);
  expect(freshness.late).toBe(late);
  for (const card of Object.values(kpis)) expect(card.asOf).toBe(freshness.asOf);
  const readable = leaderboard.rows.filter(({ competitorId }) =>
    people.some(
      ({ id, gamePlatform: { accountStatus } }) =>
        id === competitorId && !['pending_approval', 'denied'].includes(accountStatus ?? ''),
    ),
  );
  const reads = readable.flatMap(({ lastReadAt }) => lastReadAt ?? []);
  expect(freshness.asOf).toBe(reads.toSorted()[0] ?? null);
  expect(freshness.expected).toBe(readable.length);
  const age = Date.now() - Date.parse(freshness.asOf ?? '');
  // The answers are some moments old by now.
  const told = [age, age - 5_000].some((ms) => brief.wrong.headline.includes(roughly(ms)));
  expect(told || !brief.wrong.headline.includes('Scores are ')).toBe(true);

  // What waits for the coach: alerts, brief, each person's chain, and who is ready.
  const needs = needsIn(alerts.items);
  const named = new RegExp(`^${inWords(needs.people)} pe(rson|ople)`, 'iu');
  expect(needs.people === 0 || named.test(brief.needs.headline)).toBe(true);
  expect(needs.people > 0 || !/person|people/u.test(brief.needs.headline)).toBe(true);
  const mine = alerts.items.filter(
    ({ actor, subjectKind }) => actor === 'coach' && subjectKind === 'competitor',
  );
  const needing = mine.flatMap(({ subjectIds }) => subjectIds);
  const asked = people.filter(asksTheCoach).map(({ id }) => id);
  expect(asked.toSorted()).toEqual(needing.toSorted());
  const ready = people.filter(isReadyRow).map(({ id }) => id);
  const readyIn = mine
    .filter(({ cause }) => cause === 'ready_to_add')
    .flatMap(({ subjectIds }) => subjectIds);
  expect(readyIn.toSorted()).toEqual(ready.toSorted());
  expect(needs.causes['ready_to_add'] ?? 0).toBe(ready.length);
  const addable = new Set(sortOut(people).ready.map(({ id }) => id));
  expect(ready.every((id) => addable.has(id))).toBe(true);
  expect(needs.causes['on_hold'] ?? 0).toBe(people.filter(({ active, onHold }) => active && onHold).length);

  // A team that says it is synced has nobody who is not, but for those without an account.
  for (const team of teams) expectOneTeam(team, people);
}

function expectOneTeam(team: TeamView, people: readonly CompetitorListItem[]): void {
  for (const member of team.members) {
    const one = people.find(({ id }) => id === member.competitorId);
    if (one === undefined) throw new Error('A member is not on the list.');
    expect(one.team?.id).toBe(team.id);
    expect(member.approved).toBe(one.gamePlatform.accountStatus === 'approved');
  }
}

describe('All numbers of a page', () => {
  test('agree with each other, for a coach and for all coaches, whatever the program', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 3, maxLength: 14 }), async (program) => {
        const table = await newTable();
        const open = await pagesOf(table);
        await store(table, program);
        await rollUp(table);
        const [ada, ben, all] = [
          await open({ as: 'ada' }),
          await open({ as: 'ben' }),
          await open({ as: 'ines' }),
        ];
        for (const pages of [ada, ben, all]) expectOneStory(pages);
        const both = (of: (view: DashboardView) => number | null) =>
          (of(ada.view) ?? 0) + (of(ben.view) ?? 0);
        const kept: ((view: DashboardView) => number | null)[] = [
          ({ kpis }) => kpis.active.value,
          ({ kpis }) => kpis.registered.value,
          ({ kpis }) => kpis.enrollment.count,
          ({ kpis }) => kpis.solved.value,
          ({ kpis }) => kpis.ctfParticipation.count,
          ({ leaderboard }) => leaderboard.totals.points,
          ({ freshness }) => freshness.late,
          ({ teams }) => teams.total,
          ({ ctfChart }) => ctfChart.pace.solved,
          ({ timeline }) => timeline.streakCount,
        ];
        for (const of of kept) expect(of(all.view) ?? 0).toBe(both(of));
      }),
      { numRuns: runs(60, 6), endOnFailure: true },
    );
  }, 300_000);
});
