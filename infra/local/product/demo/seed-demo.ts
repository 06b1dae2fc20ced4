import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import type { Activity } from '#shared/audit/activity.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { createGamePlatformClient } from '#shared/game-platform/client.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { Job } from '#shared/jobs/job.ts';
import { createLog } from '#shared/kernel/log.ts';
import {
  dayItem,
  flashEventItem,
  flashResultItem,
  solveItem,
  statsItem,
  syncStateItem,
} from '#shared/score-sync/score-items.ts';
import { firstSyncState, type Solve } from '#shared/score-sync/score-records.ts';
import type { Table } from '#shared/table/table.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import type { Simulator } from '#test/game-platform-simulator/index.ts';
import type { GamePlatformModel } from '#test/game-platform-simulator/model.ts';
import { DEMO_PEOPLE } from '../sign-ins/demo-people.ts';
import { collectPuts } from './collect-puts.ts';
import { historyOf, READ_EVERY_MS } from './demo-history.ts';
import { demoProgram, type DemoProgram } from './demo-program.ts';
import { enrol } from './enrol.ts';
import { ITEMS_PER_CALL, putAll } from './put-all.ts';

/** What the demo data is made with. */
export interface SeedContext {
  readonly table: Table;
  readonly simulator: Simulator;
  /** What the simulator takes as its bearer token. */
  readonly gamePlatformToken: string;
  readonly timeZone: string;
  /** When the demo was begun: its dates count back from here, also where it goes on after an interruption. */
  readonly startedAt: Date;
  /** Coaches who were complete before an interruption; they are left as they have become since. */
  readonly done: number;
  /** Gives up between two writes. */
  readonly signal?: AbortSignal;
}

/** How much of the demo is there. */
export interface DemoProgress {
  /** Complete ones, of so many in all. */
  readonly coaches: number;
  readonly of: number;
  readonly teams: number;
  readonly competitors: number;
  readonly solves: number;
  /** Who can sign in finds everything of theirs; the coaches after them can follow while the stack is used. */
  readonly usable: boolean;
}

/**
 * Puts one coach after the other, with everything of theirs, and tells of each. The same context gives the same rows,
 * however often it was interrupted and begun again.
 */
export type SeedDemo = (context: SeedContext) => AsyncGenerator<DemoProgress>;

/** They are the first of the program, and nothing runs yet while they are put. */
const COACHES_WITH_SIGN_IN = DEMO_PEOPLE.filter(({ coachId }) => coachId !== null).length;

/** The platform's view of a person, by the product's own client, and what reading them would have left behind. */
async function onPlatform(competitor: Competitor, platform: GamePlatform, lastRead: Date, timeZone: string) {
  const user = await platform.getUser(competitor.id);
  if (user === null) throw new Error(`The simulator does not know ${competitor.id}.`);
  const lastLogin = user.last_login_unix_timestamp;
  const known: Competitor = {
    ...competitor,
    platform: {
      ...competitor.platform,
      userId: user.metactf_user_id,
      username: user.metactf_username,
      accountStatus: user.metactf_user_status,
      lastLoginAt: typeof lastLogin === 'number' ? new Date(lastLogin * 1_000).toISOString() : null,
      checkedAt: lastRead.toISOString(),
    },
  };
  if (user.metactf_user_status !== 'approved') return { known, history: null };
  const odl = await platform.getOdlScores(competitor.id);
  const flash = await platform.getFlashCtfProgress(competitor.id);
  return { known, history: historyOf(competitor, { odl, flash }, lastRead, timeZone) };
}

export interface DemoSize {
  /** Only the first of the program's coaches, with their people. @default all twelve */
  readonly coaches?: number;
}

/** Invented coaches, teams and competitors with three months behind them, on the simulator and in the table. */
export const createSeedDemo =
  ({ coaches }: DemoSize = {}): SeedDemo =>
  (context) =>
    seedDemo(context, coaches);

async function* seedDemo(context: SeedContext, coachCount: number | undefined): AsyncGenerator<DemoProgress> {
  const { table, simulator, gamePlatformToken, startedAt, done, signal } = context;
  const { model } = simulator;
  const program = demoProgram(model.seed, startedAt, coachCount);
  const platform = createGamePlatformClient({
    baseUrl: simulator.url,
    caller: 'demo',
    token: { current: async () => gamePlatformToken, replace: async () => gamePlatformToken },
    log: createLog(() => {}),
  });
  const { coaches } = createIdentityRepository(table);
  const lastRead = new Date(Math.floor(startedAt.getTime() / READ_EVERY_MS) * READ_EVERY_MS);
  const usableFrom = Math.min(COACHES_WITH_SIGN_IN, program.coaches.length);

  const solves: Solve[] = [];
  let read = 0;
  let teams = 0;
  let competitors = 0;
  for (const [index, coach] of program.coaches.entries()) {
    const part = partOfCoach(program, coach);
    const count = index + 1;
    // Also one who was put and not yet noted when it was interrupted. The rows of who can sign in come with the sign-in.
    const isThere =
      index < done || (index >= COACHES_WITH_SIGN_IN && (await coaches.byId(coach.id)) !== undefined);
    if (!isThere) enrol(part, model);
    const people = await readPeople(part, platform, model, lastRead, context.timeZone);
    const own = people.flatMap(({ history }) => history?.solves ?? []);
    solves.push(...own);
    read += people.filter(({ history }) => history !== null).length;
    if (!isThere) await putCoach(table, part, people, demoActivity(part.competitors, own, startedAt), signal);
    if ((count === usableFrom && !isThere) || count === program.coaches.length) {
      await putRuns(table, demoRuns(solves, read, lastRead), signal);
    }
    teams += part.teams.length;
    competitors += part.competitors.length;
    yield {
      coaches: count,
      of: program.coaches.length,
      teams,
      competitors,
      solves: solves.length,
      usable: count >= usableFrom,
    };
  }
}

/** The program as if it had this coach alone. */
function partOfCoach(program: DemoProgram, coach: Coach): DemoProgram {
  const isTheirs = ({ coachId }: { readonly coachId: string }) => coachId === coach.id;
  const competitors = program.competitors.filter(isTheirs);
  const ids = new Set(competitors.map(({ id }) => id));
  return {
    coaches: [coach],
    teams: program.teams.filter(isTheirs),
    competitors,
    rosters: program.rosters.filter(isTheirs),
    enrolments: program.enrolments.filter(({ competitorId }) => ids.has(competitorId)),
    foreignAccounts: program.foreignAccounts.filter(({ competitorId }) => ids.has(competitorId)),
  };
}

type Person = Awaited<ReturnType<typeof onPlatform>>;

/** Who never was on the platform, and who still is, as the platform knows them. */
async function readPeople(
  { competitors }: DemoProgram,
  platform: GamePlatform,
  model: GamePlatformModel,
  lastRead: Date,
  timeZone: string,
): Promise<Person[]> {
  const onIt = new Set(model.userIds());
  const people: Person[] = [];
  for (const person of competitors) {
    if (person.gamePlatformId === null) people.push({ known: person, history: null });
    else if (onIt.has(person.gamePlatformId))
      people.push(await onPlatform(person, platform, lastRead, timeZone));
  }
  return people;
}

/**
 * The coach and what makes scores be read come last and at once: until then nobody finds these people, and from then on
 * they are the workers', who count on what they stored.
 */
async function putCoach(
  table: Table,
  { coaches, teams, rosters }: DemoProgram,
  people: readonly Person[],
  activity: readonly Activity[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const rows = await collectPuts(async (collected) => {
    for (const team of teams) await createTeamRepository(collected).put(team);
    for (const entry of rosters) await createRosterRepository(collected).put(entry);
    for (const { known } of people) await createCompetitorRepository(collected).put(known);
  });
  const log = createActivityRepository(table);
  const lines = await Promise.all(
    activity.map(async (line) =>
      line.kind === 'member_added' ? log.appendTeamEdit(line) : [await log.appendTransaction(line)],
    ),
  );
  const histories = people.flatMap(({ history }) => history ?? []);
  await putAll(
    table,
    [
      ...rows,
      ...histories.flatMap(({ solves }) => solves.map(solveItem)),
      ...histories.flatMap(({ days }) => days.map(dayItem)),
      ...histories.flatMap(({ flashResults }) => flashResults.map(flashResultItem)),
      ...histories.flatMap(({ flashEvents }) => flashEvents.map(flashEventItem)),
      ...histories.map(({ stats }) => statsItem(stats)),
      ...lines.flat().map(({ Put }) => Put?.Item ?? {}),
    ],
    signal,
  );
  const last = await collectPuts(async (collected) => {
    for (const coach of coaches) await createIdentityRepository(collected).coaches.put(coach);
  });
  for (const { known, history } of people) {
    // Who is deactivated is not read.
    if (!known.active || known.gamePlatformId === null) continue;
    const subject = { competitorId: known.id, coachId: known.coachId, gamePlatformId: known.gamePlatformId };
    last.push(syncStateItem(history?.syncState ?? firstSyncState(subject)));
  }
  if (last.length > ITEMS_PER_CALL)
    throw new Error('A coach of the demo has more people than one call puts.');
  await putAll(table, last, signal);
}

/** Whatever is there: they count more when more coaches are. */
async function putRuns(table: Table, runs: readonly Job[], signal: AbortSignal | undefined): Promise<void> {
  const jobs = createJobRepository(table);
  await putAll(
    table,
    runs.map((run) => jobs.createTransaction(run).Put?.Item ?? {}),
    signal,
  );
}

const ACTIVITY_DAYS = 30;

/** What the last month's additions, joined teams and reads would have left in the activity log. */
function demoActivity(people: readonly Competitor[], solves: readonly Solve[], now: Date): Activity[] {
  const since = new Date(now.getTime() - ACTIVITY_DAYS * 86_400_000).toISOString();
  const lines: Activity[] = [];
  const add = (line: Omit<Activity, 'id'>) => {
    if (line.at >= since && line.at <= now.toISOString()) {
      const name = `${line.kind}-${line.competitorId}-${line.at}`;
      lines.push({ id: `act-demo-${name.replaceAll(/[^a-z0-9]/gi, '')}`, ...line });
    }
  };
  for (const { id: competitorId, coachId, teamId, teamJoinedAt, platform } of people) {
    const about = { coachId, competitorId, actor: 'user:demo' };
    if (platform.onboardedAt !== null)
      add({ ...about, kind: 'competitor_onboarded', at: platform.onboardedAt, details: {} });
    if (teamId !== null && teamJoinedAt !== null)
      add({ ...about, kind: 'member_added', at: teamJoinedAt, details: { teamId } });
  }
  for (const found of Map.groupBy(solves, (solve) => `${solve.competitorId} ${solve.storedAt}`).values()) {
    const [first] = found;
    if (first === undefined) continue;
    const odl = found.filter((solve) => solve.source === 'odl').length;
    add({
      coachId: first.coachId,
      competitorId: first.competitorId,
      actor: 'job:demo',
      kind: 'solves_stored',
      at: first.storedAt,
      details: { odl, ctf: found.length - odl },
    });
  }
  return lines;
}

const RUNS = 47;
const TOOK_MS = 14_000;

/** The score-sync jobs of the last day that belong to the demo's history, oldest first. */
function demoRuns(solves: readonly Solve[], competitors: number, lastRead: Date): Job[] {
  const readers = Map.groupBy(solves, (solve) => Date.parse(solve.storedAt));
  return Array.from({ length: RUNS }, (_, index): Job => {
    const at = lastRead.getTime() - (RUNS - 1 - index) * READ_EVERY_MS;
    const synced = new Set((readers.get(at) ?? []).map((solve) => solve.competitorId)).size;
    const createdAt = new Date(at).toISOString();
    return {
      id: `job-demo-${createdAt.replaceAll(/[^0-9]/g, '').slice(0, 12)}`,
      taskType: 'game_platform_sync',
      status: 'succeeded',
      startedBy: 'schedule:score-sync',
      payload: {},
      createdAt,
      notBefore: null,
      startedAt: createdAt,
      finishedAt: new Date(at + TOOK_MS).toISOString(),
      attempts: 1,
      planned: true,
      planCursor: null,
      parts: 0,
      partsDone: 0,
      partsFailed: 0,
      done: competitors,
      total: competitors,
      counts: { total: competitors, synced, skipped: competitors - synced, failed: 0 },
      error: null,
    };
  });
}
