import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAlertRepository } from '#shared/alerts/alert-repository.ts';
import type { Alert } from '#shared/alerts/contract.ts';
import { evaluateAlerts } from '#shared/alerts/evaluate-alerts.ts';
import { readProgramAlerts } from '#shared/alerts/program-alerts.ts';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import type { Activity } from '#shared/audit/activity.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createDashboardRepository } from '#shared/dashboard/dashboard-repository.ts';
import { freshnessOf } from '#shared/dashboard/freshness.ts';
import { periodOf, type Period } from '#shared/dashboard/period.ts';
import { readDashboard } from '#shared/dashboard/read-dashboard.ts';
import { readAlertSums, readProgram } from '#shared/dashboard/rollups/read-program.ts';
import {
  createRollupRepository,
  type RollupRepository,
} from '#shared/dashboard/rollups/rollup-repository.ts';
import { createRollupWorker, PROGRAM } from '#shared/dashboard/rollups/rollup-worker.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import type { JobOf } from '#shared/jobs/work-part.ts';
import type { JobPart } from '#shared/jobs/job.ts';
import { dayOf as dayIn } from '#shared/kernel/days.ts';
import { flashResultItem, syncStateItem } from '#shared/score-sync/score-items.ts';
import { createSolveAudit } from '#shared/score-sync/solve-audit-repository.ts';
import { storeSolves } from '#shared/score-sync/solve-store.ts';
import type { Solve } from '#shared/score-sync/score-records.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { transactWrite, type Table } from '#shared/table/table.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { aCoach } from '#test/support/competitors.ts';
import { useTestTables } from '#test/support/dynamodb.ts';
import { runs } from '#test/support/effort.ts';
import { aCompetitor, aFlashResult, aSolve, aSyncState, aTeam } from '#test/support/records.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';

const newTable = useTestTables();
const ZONE = 'America/Los_Angeles';
const dayOf = (iso: string) => dayIn(iso, ZONE);
const START = Date.parse('2026-11-10T18:00:00.000Z');
const HOUR = 3_600_000;
const DIVISIONS = ['middle_school', 'high_school', null] as const;
const COACHES = ['coa_a', 'coa_b', 'coa_c'];
const PEOPLE = Array.from({ length: 9 }, (_, index) => `cmp_${index}`);
const coachOf = (person: number) => COACHES[person % COACHES.length] ?? '';

type Step =
  | { do: 'solve'; who: number; source: 'odl' | 'ctf'; daysAgo: number; points: number }
  | { do: 'answer'; who: number; drop: number; points: number }
  | { do: 'change'; who: number; to: 'hold' | 'release' | 'deactivate' | 'activate' | 'division' | 'team' }
  | { do: 'flash'; who: number; solved: number; daysAgo: number }
  | { do: 'read'; who: number }
  | { do: 'roll' }
  | { do: 'wait'; hours: number };

const who = fc.nat(PEOPLE.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('solve' as const),
      who,
      source: fc.constantFrom('odl' as const, 'ctf' as const),
      daysAgo: fc.oneof(fc.nat(5), fc.nat(200)),
      points: fc.nat(500),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('answer' as const), who, drop: fc.nat(3), points: fc.nat(500) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      who,
      to: fc.constantFrom(
        'hold' as const,
        'release' as const,
        'deactivate' as const,
        'activate' as const,
        'division' as const,
        'team' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('flash' as const), who, solved: fc.nat(3), daysAgo: fc.nat(60) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('roll' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.nat(30) }) },
);

/** A program of three coaches whose scores are stored by the product's own means. */
class World {
  readonly competitors;
  readonly activity;
  readonly audit;
  readonly rollups;
  readonly facts;
  readonly people;
  readonly teams;
  private at = START;
  private lines = 0;
  private readonly solves = new Map<string, Solve[]>();

  constructor(readonly table: Table) {
    this.competitors = createCompetitorRepository(table);
    this.activity = createActivityRepository(table);
    this.audit = createSolveAudit(table);
    this.rollups = createRollupRepository(table);
    this.facts = createDashboardRepository(table);
    this.people = createIdentityRepository(table);
    this.teams = createTeamRepository(table);
  }

  readonly now = () => new Date(this.at);

  line(
    coachId: string,
    kind: Activity['kind'],
    competitorId: string,
    details: Activity['details'],
  ): Activity {
    this.lines += 1;
    const at = this.now().toISOString();
    return { id: `act_${this.lines}`, coachId, at, kind, actor: 'job:1', competitorId, details };
  }

  async put(Item: Record<string, unknown>) {
    await this.table.client.send(new PutCommand({ TableName: this.table.name, Item }));
  }

  async begin() {
    for (const id of COACHES) {
      await this.people.coaches.put(aCoach({ id, name: id }));
      await this.teams.put(aTeam({ id: `team_${id}`, coachId: id, name: `Team ${id}` }));
    }
    for (const [index, id] of PEOPLE.entries()) {
      const coachId = coachOf(index);
      const division = DIVISIONS[index % DIVISIONS.length] ?? null;
      await this.competitors.put(
        aCompetitor({ id, coachId, gamePlatformId: id, division, teamId: `team_${coachId}` }),
      );
      await this.put(syncStateItem(aSyncState({ competitorId: id, coachId })));
    }
  }

  private async solve({ who: index, source, daysAgo, points }: Step & { do: 'solve' }) {
    const competitorId = PEOPLE[index] ?? '';
    const coachId = coachOf(index);
    const own = this.solves.get(competitorId) ?? [];
    const solvedAt = new Date(this.at - daysAgo * 24 * HOUR).toISOString();
    const event = source === 'odl' ? 'odl' : 'november';
    const storedAt = this.now().toISOString();
    const next = aSolve({
      competitorId,
      coachId,
      source,
      eventId: event,
      solveId: own.length + 1,
      points,
      solvedAt,
      day: dayOf(solvedAt),
      storedAt,
    });
    this.solves.set(competitorId, [...own, next]);
    const options = {
      since: storedAt,
      jobId: 'job_1',
      openMonth: '2026-11',
      totalsMark: null,
      activity: (added: { odl: number; ctf: number }) =>
        this.line(coachId, 'solves_stored', competitorId, { ...added }),
    };
    // Delivered twice.
    await storeSolves(this.table, { competitorId, coachId }, [next], options);
    await storeSolves(this.table, { competitorId, coachId }, [next], options);
  }

  /** A complete answer that lacks some solves, and has another one corrected. */
  private async answer({ who: index, drop, points }: Step & { do: 'answer' }) {
    const competitorId = PEOPLE[index] ?? '';
    const coachId = coachOf(index);
    const own = (this.solves.get(competitorId) ?? []).filter(({ source }) => source === 'odl');
    if (own.length < 2) return;
    this.at += 60_000;
    const solves = own.slice(Math.min(drop, Math.floor(own.length / 3)));
    const [first, ...rest] = solves;
    const corrected = first === undefined ? [] : [{ ...first, points }, ...rest];
    await this.audit.reconcile(
      { competitorId, coachId },
      {
        source: 'odl',
        mapped: { solves: corrected, rejected: [], oddParts: [], listsAllOf: () => true },
        complete: true,
        readAt: this.now().toISOString(),
        jobId: `job_${this.at}`,
      },
      {
        openMonth: '2026-11',
        totalsMark: 'mark',
        activity: (kind, details) => this.line(coachId, kind, competitorId, details),
      },
    );
  }

  private async change({ who: index, to }: Step & { do: 'change' }) {
    const competitorId = PEOPLE[index] ?? '';
    const before = await this.competitors.byId(competitorId, { consistent: true });
    if (before === undefined) return;
    const CHANGES = {
      hold: { consentWithdrawnDate: '2026-11-10' },
      release: { consentWithdrawnDate: null },
      deactivate: { active: false },
      activate: { active: true },
      division: { division: before.division === 'college' ? 'high_school' : 'college' },
      team: { teamId: before.teamId === null ? `team_${before.coachId}` : null },
    } as const;
    const after = { ...before, ...CHANGES[to], version: before.version + 1 };
    const line = this.line(before.coachId, 'competitor_changed', competitorId, { fields: [to] });
    await this.competitors.update(after, [await this.activity.appendTransaction(line)]);
    const edit = this.line(before.coachId, 'member_moved', competitorId, {
      teamId: `team_${before.coachId}`,
    });
    if (to === 'team') await transactWrite(this.table, [...(await this.activity.appendTeamEdit(edit))]);
  }

  async do(one: Step): Promise<void> {
    this.at += 60_000;
    if (one.do === 'solve') await this.solve(one);
    else if (one.do === 'answer') await this.answer(one);
    else if (one.do === 'change') await this.change(one);
    else if (one.do === 'wait') this.at += one.hours * HOUR;
    else if (one.do === 'roll') await this.roll();
    else if (one.do === 'read') {
      const lastReadAt = this.now().toISOString();
      const ids = { competitorId: PEOPLE[one.who] ?? '', coachId: coachOf(one.who) };
      await this.put(syncStateItem(aSyncState({ ...ids, lastReadAt })));
    } else {
      const competitorId = PEOPLE[one.who] ?? '';
      const coachId = coachOf(one.who);
      const startsAt = new Date(START - one.daysAgo * 24 * HOUR).toISOString();
      const eventId = `event_${one.daysAgo}`;
      await this.put(
        flashResultItem(aFlashResult({ competitorId, coachId, eventId, startsAt, solved: one.solved })),
      );
      await this.activity.append(this.line(coachId, 'solves_stored', competitorId, { odl: 0, ctf: 1 }));
    }
  }

  async roll(full = false, rollups: RollupRepository = this.rollups) {
    const work = createRollupWorker({
      rollups,
      ...this.facts,
      allCoachIds: () => Promise.resolve(COACHES),
      activityOf: this.activity.ofCoach,
      slaHours: () => Promise.resolve(8),
      inactiveDays: () => Promise.resolve(14),
      dayOf,
      now: this.now,
    });
    const job = { id: 'job_r', payload: { full } } as JobOf<{ full: boolean }>;
    const context = { remainingMs: () => 60_000, log: recordingLog().log, lastAttempt: true };
    const outcomes = [];
    for (const subjects of [COACHES, [PROGRAM]])
      outcomes.push(await work(job, { jobId: job.id, part: 0, subjects } as JobPart, context));
    return outcomes;
  }

  private reading = () => ({
    coachById: (id: string) => this.people.coaches.byId(id).then((coach) => coach ?? null),
    allCoaches: () => this.people.coaches.all(),
    ...this.facts,
    runsSince: () => Promise.resolve([]),
    suspension: () => Promise.resolve(null),
    slaHours: () => Promise.resolve(8),
    inactiveDays: () => Promise.resolve(14),
    now: this.now,
    timeZone: ZONE,
    dayOf,
  });

  live(division: string | null, period: Period) {
    return readDashboard(this.reading(), { coachId: null, division, period });
  }

  /** By coach, what each one's own view says. */
  async alertsOfEach() {
    const all = COACHES.map(async (coachId) => {
      const facts = await this.facts.presentOfCoach(coachId);
      const input = { facts, suspension: null, slaHours: 8, inactiveDays: 14, now: this.now() };
      const { lateIds } = freshnessOf({ ...input, facts: { ...facts, solvesStoredAt: [] }, runs: [] });
      return evaluateAlerts({ ...input, lateIds }).open;
    });
    return (await Promise.all(all)).flat().toSorted(byId);
  }

  async alertsKept() {
    const list = await readProgramAlerts({
      everybody: PROGRAM,
      sums: () => readAlertSums(this.rollups),
      recordsOf: createAlertRepository(this.table).byCause,
      namesOf: async ({ competitors, teams }) =>
        new Map([
          ...[...(await this.competitors.byIds(competitors))].map(
            ([id, { firstName }]) => [id, firstName] as const,
          ),
          ...[...(await this.teams.byIds(teams))].map(([id, { name }]) => [id, name] as const),
        ]),
      suspension: () => Promise.resolve(null),
      inactiveDays: () => Promise.resolve(14),
      now: this.now,
    });
    return list?.items.toSorted(byId);
  }

  kept(division: string | null, period: Period) {
    return readProgram(
      {
        ...this.reading(),
        rollups: this.rollups,
        competitorsById: this.competitors.byIds,
        teamsById: this.teams.byIds,
        syncStatesById: (ids) => createSyncStateRepository(this.table).byIds(ids),
      },
      { division, period },
    );
  }
}

const byId = (a: Alert, b: Alert) => (a.id < b.id ? -1 : 1);

async function aWorld(): Promise<World> {
  const world = new World(await newTable());
  await world.begin();
  return world;
}

const periodIn = (world: World, filter: { from?: string; to?: string } = {}): Period => {
  const period = periodOf(filter, dayOf(world.now().toISOString()));
  if ('message' in period) throw new Error(period.message);
  return period;
};

/** Everything that is kept of every scope. */
const contents = async (rollups: RollupRepository) =>
  Promise.all(
    [...COACHES, PROGRAM].map(async (scope) => [scope, Object.fromEntries(await rollups.rowsOf(scope))]),
  );

describe('The sums of a program with any history of late, withdrawn, and corrected solves', () => {
  test('kept as things happen are those that are made from nothing, and say what reading everybody says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
        const world = await aWorld();
        for (const one of steps) await world.do(one);
        // As long as it takes until times of reads are looked at again.
        await world.do({ do: 'wait', hours: 2 });
        await world.roll();
        const kept = await contents(world.rollups);
        for (const scope of [...COACHES, PROGRAM]) {
          const before = await world.rollups.rowsOf(scope);
          const head = await world.rollups.headOf(scope);
          if (head !== undefined) await world.rollups.save(scope, { before, after: new Map(), head });
        }
        await world.roll(true);
        const again = { ...world.rollups };
        expect(await contents(again)).toEqual(kept);

        for (const division of [null, 'middle_school', 'college'] as const) {
          const period = periodIn(world);
          const { rollup: _live, ...live } = (await world.live(division, period)) ?? {};
          const { rollup, ...summed } = (await world.kept(division, period)) ?? {};
          expect(rollup).toMatchObject({ ranked: true });
          expect(summed).toEqual(live);
        }
        expect(await world.alertsKept()).toEqual(await world.alertsOfEach());
      }),
      { numRuns: runs(40, 3), endOnFailure: true },
    );
  }, 300_000);
});
