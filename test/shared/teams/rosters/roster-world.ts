import { setImmediate } from 'node:timers/promises';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { MessageFate } from '#shared/jobs/work-part.ts';
import { createDynamoErase } from '#shared/composition/erasure.ts';
import { createOnboardCompetitor, type OnboardOutcome } from '#shared/onboarding/onboard-competitor.ts';
import { createDynamoOnboarding } from '#shared/composition/onboarding.ts';
import { createDispatchRosters } from '#shared/teams/rosters/dispatch-rosters.ts';
import { followAccount } from '#shared/teams/rosters/follow-account.ts';
import type { RosterWakeUp } from '#shared/teams/rosters/roster-entry.ts';
import { handleRosterMessages } from '#shared/teams/rosters/roster-queue.ts';
import { createDynamoRosters } from '#shared/composition/rosters.ts';
import {
  CompetitorChangedError,
  createCompetitorRepository,
} from '#shared/competitors/competitor-repository.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { createDynamoTeams } from '#shared/composition/teams.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aCoach, aCompetitor, APPROVED_ACCOUNT } from '#test/support/competitors.ts';
import { TeamPlatform, type TeamCalls } from './team-platform.ts';

/** The worker dies at this call: nothing it does from then on has any effect. */
export interface Crash {
  readonly at: number;
  readonly side: 'before' | 'after';
}
class Died extends Error {}

export const COACH = 'coa_1';
const DOER = { sub: 'sub-1', actingAs: null, requestId: 'req-1' };
const TIME_MS = 8_000;

interface Queued {
  readonly wakeUp: RosterWakeUp;
  receives: number;
}

/** Edits, queue, workers and dispatcher on a real table and the simulator's model, with a clock that is told to move. */
export class RosterWorld {
  now = new Date('2026-11-19T20:00:00.000Z');
  readonly platform = new TeamPlatform(() => this.now);
  queue: Queued[] = [];
  readonly hidden: number[] = [];
  readonly editSeconds: number[] = [];
  readonly table: Table;
  readonly competitors;
  readonly teams;
  readonly rosters;
  readonly edit;
  readonly members;
  readonly #recreate;
  readonly coaches;
  paused = false;
  held: string[] = [];
  readonly #log = recordingLog();
  readonly lines = this.#log.lines;
  #ids = 0;

  constructor(table: Table) {
    this.table = table;
    this.competitors = createCompetitorRepository(table);
    this.teams = createTeamRepository(table);
    this.rosters = createRosterRepository(table);
    this.coaches = createIdentityRepository(table).coaches;
    const { edit, members, recreate } = createDynamoTeams({
      table,
      competitors: this.competitors,
      teams: this.teams,
      now: () => this.now,
      newId: this.#newId,
    });
    this.edit = edit;
    this.members = members;
    this.#recreate = recreate;
  }

  readonly #newId = (prefix: string): string => {
    this.#ids += 1;
    return `${prefix}_${String(this.#ids).padStart(4, '0')}`;
  };

  readonly #sleep = async (ms: number): Promise<void> => {
    this.later(ms / 1_000);
    await setImmediate();
  };

  async settle(): Promise<this> {
    await this.coaches.put(aCoach({ id: COACH }));
    return this;
  }

  async addPerson(id: string, over: Partial<Competitor> = {}): Promise<void> {
    const onPlatform = over.gamePlatformId === undefined;
    await this.competitors.put(
      aCompetitor({
        id,
        coachId: COACH,
        gamePlatformId: id,
        platform: APPROVED_ACCOUNT,
        ...over,
      }),
    );
    if (!onPlatform) return;
    this.platform.model.enrol({
      synedUserId: id,
      firstName: 'Mira',
      lastName: id,
      email: `${id}@example.org`,
      enrolledAt: Math.floor(this.now.getTime() / 1000) - 1000,
      status: 'approved',
    });
  }

  async addTeam(name: string): Promise<string> {
    this.later(1);
    const input = { name, affiliation: 'Harbor Middle School', division: 'high_school' } as const;
    const team = await this.edit.create(COACH, input, DOER);
    this.send({ kind: 'team', teamId: team.id });
    return team.id;
  }

  #request(teamId: string, competitorId: string) {
    return { teamId, competitorId, expectedVersion: null, actor: DOER, mayTouch: () => true };
  }

  /** False when it was refused. */
  async put(competitorId: string, teamId: string): Promise<boolean> {
    this.later(1);
    return this.#edited(this.members.add(this.#request(teamId, competitorId)), competitorId);
  }

  /** Off whatever team they are on; false when they are on none. */
  async take(competitorId: string): Promise<boolean> {
    this.later(1);
    const teamId = (await this.competitors.byId(competitorId))?.teamId ?? null;
    if (teamId === null) return false;
    return this.#edited(this.members.remove(this.#request(teamId, competitorId)), competitorId);
  }

  /** False when it still has members, or is gone already. */
  async deleteTeam(teamId: string): Promise<boolean> {
    this.later(1);
    try {
      await this.edit.remove(teamId, DOER, () => true);
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
    this.send({ kind: 'team', teamId });
    return true;
  }

  /** Another name; false when the team is gone. */
  async rename(teamId: string, name: string): Promise<boolean> {
    this.later(1);
    const team = await this.teams.byId(teamId, { consistent: true });
    if (team === undefined || team.wantedState === 'deleted') return false;
    await this.edit.update(teamId, team.version, { name }, DOER, () => true);
    if (team.platform === null) this.send({ kind: 'team', teamId });
    return true;
  }

  /** False when the platform has the team as it is, or not at all. */
  async recreate(teamId: string): Promise<boolean> {
    this.later(1);
    try {
      await this.#recreate(teamId, DOER, () => true);
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
    this.send({ kind: 'team', teamId });
    return true;
  }

  /** Deletes the person, as the API does; false when they are gone already. */
  async erase(competitorId: string): Promise<boolean> {
    this.later(1);
    const competitor = await this.competitors.byId(competitorId, { consistent: true });
    if (competitor === undefined) return false;
    const at = this.now.toISOString();
    const { coachId, gamePlatformId } = competitor;
    const jobId = `job_erase_${competitorId}`;
    const erased = await createDynamoErase(this.table)(competitor, {
      tombstone: { competitorId, coachId, gamePlatformId, erasedAt: at, jobId },
      job: newJob(
        jobId,
        { taskType: 'privacy_erasure', payload: { competitorId, coachId }, startedBy: `user:${DOER.sub}` },
        this.now,
      ),
      audit: {
        id: this.#newId('aud'),
        at,
        actor: DOER.sub,
        actingAs: null,
        action: 'competitor.erase',
        subject: competitorId,
        coachId,
        requestId: DOER.requestId,
        details: {},
      },
    });
    if (!erased) throw new Error('The person was changed meanwhile.');
    return true;
  }

  async #edited(edit: Promise<unknown>, competitorId: string): Promise<boolean> {
    try {
      await edit;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return false;
    }
    this.send({ kind: 'roster', competitorId });
    return true;
  }

  send(wakeUp: RosterWakeUp): void {
    this.queue.push({ wakeUp, receives: 0 });
  }

  later(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000);
  }

  /** A worker of its own process: what it does until it dies. */
  #worker(crash: Crash | undefined) {
    let calls = 0;
    let died = false;
    const step = async <T>(effect: () => Promise<T>): Promise<T> => {
      if (died) throw new Died();
      const mine = calls;
      calls += 1;
      if (crash?.at === mine && crash.side === 'before') died = true;
      if (died) throw new Died();
      const [end] = await Promise.allSettled([effect()]);
      if (crash?.at === mine) died = true;
      if (died) throw new Died();
      if (end.status === 'rejected') throw end.reason;
      return end.value;
    };
    const { client } = this.table;
    const table = {
      name: this.table.name,
      client: { send: (command: unknown) => step<unknown>(() => client.send(command as never)) },
    } as unknown as Table;
    const { api } = this.platform;
    const platform: TeamCalls = {
      getUser: (...args) => step(() => api.getUser(...args)),
      createUser: (...args) => step(() => api.createUser(...args)),
      createTeam: (...args) => step(() => api.createTeam(...args)),
      deleteTeam: (...args) => step(() => api.deleteTeam(...args)),
      assignTeam: (...args) => step(() => api.assignTeam(...args)),
      deleteAssignment: (...args) => step(() => api.deleteAssignment(...args)),
      getTeamAssignments: (...args) => step(() => api.getTeamAssignments(...args)),
    };
    const drive = createDynamoRosters({
      table,
      platform,
      readScores: ({ id }) =>
        step(() => {
          this.platform.scoresWereRead(id);
          return Promise.resolve();
        }),
      onEdit: (seconds) => {
        this.editSeconds.push(seconds);
        return Promise.resolve();
      },
      now: () => this.now,
      newId: this.#newId,
      sleep: this.#sleep,
    });
    const handle = handleRosterMessages({
      ...drive,
      part: () => Promise.reject(new Error('There are no jobs here.')),
      suspension: () => Promise.resolve(this.paused ? { kind: 'off' } : null),
      block: (code) => {
        this.held.push(code);
        return Promise.resolve();
      },
      hideFor: (_handle, seconds) => {
        this.hidden.push(seconds);
        return Promise.resolve();
      },
    });
    const onboard = followAccount(
      createOnboardCompetitor(
        createDynamoOnboarding({
          table,
          platform,
          log: this.#log.log,
          now: () => this.now,
          newId: this.#newId,
          sleep: this.#sleep,
        }),
      ),
      (competitorId, { remainingMs }) => drive.driveCompetitor(competitorId, remainingMs, this.#log.log),
      this.#log.log,
    );
    return { handle, onboard, calls: () => calls };
  }

  /** Puts somebody on the platform, as the coach's button does; what became of it, or that the function died. */
  async onboard(competitorId: string, crash?: Crash): Promise<OnboardOutcome['kind'] | 'died'> {
    this.later(1);
    const by = { kind: 'user', actor: DOER } as const;
    try {
      const request = { competitorId, by, remainingMs: () => 20_000 };
      return (await this.#worker(crash).onboard(request)).kind;
    } catch (error) {
      if (error instanceof Died) return 'died';
      throw error;
    }
  }

  /** Deactivates somebody, or the other way round; false when they are gone or somebody saved in between. */
  async setActive(competitorId: string, active: boolean): Promise<boolean> {
    this.later(1);
    const competitor = await this.competitors.byId(competitorId, { consistent: true });
    if (competitor === undefined || competitor.active === active) return false;
    try {
      await this.competitors.update({ ...competitor, active, version: competitor.version + 1 });
      return true;
    } catch (error) {
      if (error instanceof CompetitorChangedError) return false;
      throw error;
    }
  }

  /** Processes one message; true when the worker died of the crash. What is not acknowledged goes to the end. */
  async deliver(message: Queued, crash?: Crash): Promise<{ readonly died: boolean; readonly calls: number }> {
    this.queue = this.queue.filter((one) => one !== message);
    message.receives += 1;
    const { handle, calls } = this.#worker(crash);
    const delivery = { receiveCount: message.receives, remainingMs: () => TIME_MS, receiptHandle: 'receipt' };
    let fate: MessageFate = 'retry';
    let died = false;
    try {
      fate = await handle(message.wakeUp, delivery, this.#log.log);
    } catch (error) {
      died = error instanceof Died;
      if (!died) throw error;
    }
    if (fate === 'retry' && message.receives < 4) this.queue.push(message);
    return { died, calls: calls() };
  }

  /** All messages that are there now, each once. */
  async deliverAll(): Promise<void> {
    for (const message of this.queue.slice()) await this.deliver(message);
  }

  async dispatch(): Promise<void> {
    const dispatch = createDispatchRosters({
      entries: this.rosters,
      teams: this.teams,
      send: (wakeUps) => {
        for (const wakeUp of wakeUps) this.send(wakeUp);
        return Promise.resolve();
      },
      suspension: () => Promise.resolve(this.paused ? { kind: 'off' } : null),
      now: () => this.now,
    });
    await dispatch(() => 60_000, this.#log.log);
  }

  /** Ids that still wait for the platform. */
  async waiting(): Promise<string[]> {
    const ever = new Date('2030-01-01T00:00:00.000Z');
    const ids: string[] = [];
    for await (const team of this.teams.pendingDue(ever)) ids.push(team.id);
    for await (const entry of this.rosters.pendingDue(ever)) ids.push(entry.competitorId);
    return ids;
  }

  /** The platform is well again, and time goes by until nothing waits any more. */
  async drain(): Promise<void> {
    this.platform.faults = [];
    this.platform.faultsAt = {};
    for (let round = 0; round < 60; round += 1) {
      await this.deliverAll();
      if (this.queue.length === 0 && (await this.waiting()).length === 0) return;
      this.later(round < 10 ? 60 : 1_200);
      await this.dispatch();
    }
  }

  /** Who is on which team: here, and over there. */
  async assignments() {
    const here: Record<string, string> = {};
    for await (const competitor of this.competitors.ofCoach(COACH)) {
      if (competitor.teamId !== null) here[competitor.id] = competitor.teamId;
    }
    const there: Record<string, string> = {};
    for (const one of this.platform.model.platform.teamAssignments().assignments) {
      if (one.syned_team_id !== null) there[one.syned_user_id] = one.syned_team_id;
    }
    const lists: Record<string, string> = {};
    for (const team of await this.teams.ofCoach(COACH)) {
      for (const id of team.members) lists[id] = id in lists ? 'on two teams' : team.id;
    }
    return { here, there, lists };
  }
}
