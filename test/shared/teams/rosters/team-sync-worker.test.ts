import { describe, expect, it } from 'vitest';
import { newJob } from '#shared/jobs/start-job.ts';
import { createTeamSyncWorker } from '#shared/teams/rosters/team-sync-worker.ts';
import { rosterEntrySchema, type RosterEntry } from '#shared/teams/rosters/roster-entry.ts';
import { UNTRIED, type Team } from '#shared/teams/team.ts';
import { aJobPart } from '#test/support/records.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';

const AT = '2026-11-24T18:00:00.000Z';
const TEAM = 'team_big';
const PEOPLE = Array.from({ length: 130 }, (_, index) => `cmp_${String(index).padStart(3, '0')}`);

const job = newJob('job_1', { taskType: 'team_recreate', payload: {}, startedBy: 'user:ines' }, new Date(AT));
const part = aJobPart({ taskType: 'team_recreate', subjects: [TEAM], attempts: 1, startedAt: AT });

/** A platform where each call takes 100 ms and each write of ours 20, in invocations of eight seconds. */
class BigTeam {
  team: Team = {
    ...UNTRIED,
    id: TEAM,
    version: 1,
    coachId: 'coach_1',
    name: 'Night Heron Society',
    affiliation: 'Harbor Middle School',
    division: 'high_school',
    createdAt: AT,
    updatedAt: AT,
    members: PEOPLE,
    platform: {
      teamId: null,
      name: 'Night Herons',
      affiliation: 'Harbor Middle School',
      division: 'high_school',
      confirmedAt: AT,
    },
    recreate: { requestedAt: AT },
  };
  readonly entries = new Map<string, RosterEntry>(
    PEOPLE.map((competitorId) => [
      competitorId,
      rosterEntrySchema.parse({
        competitorId,
        coachId: 'coach_1',
        wantedTeamId: TEAM,
        wantedAt: AT,
        editedBy: 'ines',
        confirmedTeamId: TEAM,
        confirmedAt: AT,
      }),
    ]),
  );
  left = 0;
  shortest = Infinity;

  #spend(ms: number): void {
    this.left -= ms;
    this.shortest = Math.min(this.shortest, this.left);
  }

  async invoke() {
    this.left = 8_000;
    const worker = createTeamSyncWorker({
      teams: { byId: async () => this.team, saveProgress: async () => true },
      entries: {
        ofCoach: async () => [...this.entries.values()],
        hurry: async () => {
          this.#spend(20);
          return true;
        },
      },
      driveTeam: async () => {
        const isOff = [...this.entries.values()].every(({ confirmedTeamId }) => confirmedTeamId === null);
        if (!isOff) return { kind: 'again' };
        this.#spend(200);
        this.team = { ...this.team, recreate: null };
        return { kind: 'settled' };
      },
      driveCompetitor: async (id) => {
        const entry = this.entries.get(id);
        if (entry === undefined) throw new Error('Nobody of that id.');
        this.#spend(100);
        const confirmedTeamId = this.team.recreate === null ? TEAM : null;
        this.entries.set(id, { ...entry, confirmedTeamId });
        return confirmedTeamId === TEAM ? { kind: 'settled' } : { kind: 'again' };
      },
      processing: {
        suspension: async () => null,
        block: async () => undefined,
      },
      now: () => new Date(AT),
    });
    return worker(job, part, {
      remainingMs: () => this.left,
      log: recordingLog().log,
      lastAttempt: false,
    });
  }
}

describe('a team of 130 that is recreated', () => {
  it('comes to its end over several invocations, none of which is ended by its time-out', async () => {
    const big = new BigTeam();
    let invocations = 0;
    let outcome = await big.invoke();
    for (invocations = 1; outcome.kind === 'released' && invocations < 20; invocations += 1) {
      expect(outcome).toEqual({ kind: 'released', because: 'time', progressed: true });
      outcome = await big.invoke();
    }
    expect(outcome).toMatchObject({ kind: 'finished' });
    expect([...big.entries.values()].every(({ confirmedTeamId }) => confirmedTeamId === TEAM)).toBe(true);
    expect(big.shortest).toBeGreaterThan(1_000);
    expect(invocations).toBeLessThan(10);
  });
});
