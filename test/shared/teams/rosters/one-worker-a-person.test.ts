import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachSubject } from '#shared/jobs/each-subject.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { PartWorker, WorkContext } from '#shared/jobs/work-part.ts';
import { createDriveCompetitor } from '#shared/teams/rosters/drive-competitor.ts';
import type { RosterEntry } from '#shared/teams/rosters/roster-entry.ts';
import { goFirst, readAlone } from '#shared/score-sync/read-alone.ts';
import type { ReadingRepository } from '#shared/game-platform/reading-repository.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aCompetitor, aTeam } from '#test/support/records.ts';
import { runs } from '#test/support/effort.ts';

/** Longer than any history here, so that no row runs out while its worker lives. */
const RUN_MS = 600_000;
const MOVED = 'cmp_moved';
const log = recordingLog().log;
const ON_PLATFORM = {
  teamId: 1,
  name: 'Packet Foxes',
  affiliation: 'Cedar Hollow School',
  division: 'high_school',
  confirmedAt: '2026-09-01T18:00:00.000Z',
} as const;

/** Roster workers and reading parts around one table, with a clock and with awaits that end in any order. */
class Meeting {
  now = new Date('2026-11-19T20:00:00.000Z');
  readonly offences: string[] = [];
  readonly calls: string[] = [];
  readonly rows = new Map<string, Parameters<ReadingRepository['enter']>>();
  readonly #step: (what: string) => Promise<unknown>;
  readonly #inFlight = new Map<string, string>();
  readonly #leases = new Map<string, { owner: string; until: number }>();
  #ids = 0;
  entry: RosterEntry = {
    competitorId: MOVED,
    coachId: 'coach_1',
    wantedTeamId: 'team_new',
    wantedAt: '2026-11-19T19:59:00.000Z',
    editedBy: 'sub-1',
    confirmedTeamId: 'team_old',
    confirmedAt: '2026-11-01T20:00:00.000Z',
    doubtTeamId: null,
    failure: null,
    attempts: 0,
    notBefore: null,
    lastEditSeconds: null,
    closedWish: null,
    repairedBy: null,
    erasedPlatformId: null,
  };

  /** Every step takes so many milliseconds. */
  constructor(step: (what: string) => Promise<unknown> = () => Promise.resolve(), stepMs = 10) {
    this.#step = async (what) => {
      await step(what);
      this.later(stepMs);
    };
  }

  later(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }

  readonly sleep = async (ms: number): Promise<void> => {
    await this.#step('sleep');
    this.later(ms);
  };

  /** The rows as the table keeps them: written and read at one moment, asked and answered around it. */
  readonly readings: ReadingRepository = {
    enter: async (...row) => {
      await this.#step('enter');
      this.rows.set(row[0], row);
      await this.#step('entered');
    },
    others: async (name, ids, now) => {
      await this.#step('look');
      const found = new Map<string, 'reads' | 'goesFirst'>();
      for (const [other, people, until, options] of this.rows.values()) {
        if (other === name || until <= now) continue;
        for (const id of people.filter((one) => ids.includes(one)))
          if (found.get(id) !== 'goesFirst') found.set(id, options?.first === true ? 'goesFirst' : 'reads');
      }
      await this.#step('looked');
      return found;
    },
    leave: async (name) => {
      await this.#step('leave');
      this.rows.delete(name);
      await this.#step('left');
    },
  };

  async call(who: string, person: string): Promise<void> {
    const other = this.#inFlight.get(person);
    if (other !== undefined) this.offences.push(`${who} while ${other}`);
    this.#inFlight.set(person, who);
    this.calls.push(`${who} ${person}`);
    await this.#step(`call of ${who}`);
    this.#inFlight.delete(person);
  }

  async moves(remainingMs = RUN_MS): Promise<'settled' | 'again' | 'failed' | 'blocked'> {
    const call = async (who: string) => {
      await this.call(who, MOVED);
      return { syned_user_id: MOVED, syned_team_id: null };
    };
    const write = async (change: Partial<RosterEntry>): Promise<true> => {
      await this.#step('write');
      this.entry = { ...this.entry, ...change };
      return true;
    };
    const drive = createDriveCompetitor({
      entries: {
        byId: () => Promise.resolve(this.entry),
        doubt: (_entry, doubtTeamId) => write({ doubtTeamId }),
        confirm: async (_entry, confirmedTeamId, at) => {
          await write({ confirmedTeamId, doubtTeamId: null, confirmedAt: at.toISOString() });
          return confirmedTeamId === this.entry.wantedTeamId
            ? { kind: 'closed', seconds: null }
            : { kind: 'open' };
        },
        removeErased: () => Promise.resolve(),
        settle: () => Promise.resolve(),
        saveFailure: () => Promise.resolve(true),
      },
      competitorById: (id) => Promise.resolve(aCompetitor({ id, gamePlatformId: id })),
      teams: {
        byId: (id) => Promise.resolve(aTeam({ id, platform: ON_PLATFORM })),
        forget: () => Promise.resolve(),
      },
      driveTeam: () => Promise.resolve({ kind: 'settled' }),
      platform: {
        assignTeam: () => call('assign'),
        deleteAssignment: async () => {
          await call('unassign');
        },
        getTeamAssignments: () => Promise.reject(new Error('Nothing is in doubt here.')),
      },
      readScores: async () => {
        await call('read before removal');
      },
      leases: {
        take: async (name, owner, until, now) => {
          await this.#step('lease');
          const held = this.#leases.get(name);
          if (held !== undefined && held.until > now.getTime()) return false;
          this.#leases.set(name, { owner, until: until.getTime() });
          return true;
        },
        end: async (name) => {
          await this.#step('end of lease');
          this.#leases.delete(name);
        },
      },
      turns: goFirst({ readings: this.readings, now: () => this.now, sleep: this.sleep }),
      onEdit: () => Promise.resolve(),
      followTeam: () => Promise.resolve(),
      now: () => this.now,
      newId: (prefix) => {
        this.#ids += 1;
        return `${prefix}_${this.#ids}`;
      },
    });
    return (await drive(MOVED, () => remainingMs, log)).kind;
  }

  reads(name: string, people: readonly string[], remainingMs = RUN_MS) {
    const worker: PartWorker = (_job, { subjects }, context) =>
      eachSubject(
        subjects,
        context,
        {
          concurrency: 2,
          startWithMs: 1,
          suspension: () => Promise.resolve(null),
          block: () => Promise.resolve(),
        },
        async (person) => {
          for (const what of ['scores', 'Flash CTFs', 'totals', 'account'])
            await this.call(`${name}: ${what}`, person);
          return 'read';
        },
      );
    const job = newJob(name, { taskType: 'profile_refresh', payload: {}, startedBy: 'user:sub-1' }, this.now);
    const part = { jobId: name, part: 0, subjects: [...people] } as unknown as Parameters<PartWorker>[1];
    const context: WorkContext = { remainingMs: () => remainingMs, log, lastAttempt: false };
    return readAlone({ readings: this.readings, now: () => this.now }, worker)(job, part, context);
  }

  /** Again and again until it came to its end, as the queue and the dispatcher do; how often. */
  async until(done: () => Promise<boolean>, pauseMs: number): Promise<number> {
    for (let attempt = 1; attempt <= 60; attempt += 1) {
      if (await done()) return attempt;
      await this.sleep(pauseMs);
    }
    throw new Error('It came to no end.');
  }
}

test('a move and readings of the same person never have two calls in flight, in any order of events, and all end', async () => {
  const people = ['cmp_a', MOVED, 'cmp_b', 'cmp_c'];
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.shuffledSubarray(people, { minLength: 1 }), { minLength: 1, maxLength: 3 }),
      fc.nat(12),
      fc.constantFrom(10, 300, 700),
      async (scheduler, parts, later, stepMs) => {
        const meeting = new Meeting((what) => scheduler.schedule(Promise.resolve(), what), stepMs);
        const reading = parts.map((part, index) =>
          meeting.until(
            async () => (await meeting.reads(`job_${index}`, part)).kind === 'finished',
            1_000 * (index + 1),
          ),
        );
        const moving = (async () => {
          for (let step = 0; step < later; step += 1) await meeting.sleep(500);
          await meeting.until(async () => (await meeting.moves()) === 'settled', 2_000);
        })();
        await scheduler.waitFor(Promise.all([...reading, moving]));
        expect(meeting.offences).toEqual([]);
        expect(meeting.entry).toMatchObject({ confirmedTeamId: 'team_new', doubtTeamId: null });
        for (const [index, part] of parts.entries())
          for (const person of part) expect(meeting.calls).toContain(`job_${index}: account ${person}`);
        expect(meeting.rows).toEqual(new Map());
      },
    ),
    { numRuns: runs(1_000, 100) },
  );
});

test('a move of somebody whom a long part has yet to read, or has read, does not wait for the part', async () => {
  for (const place of [0, 30, 59]) {
    const meeting = new Meeting(() => new Promise(setImmediate), 100);
    const people = Array.from({ length: 60 }, (_, index) => `cmp_${index}`);
    people.splice(place, 0, MOVED);
    const part = meeting.reads('job_long', people);
    while (meeting.calls.length < 10) await meeting.sleep(0);
    expect(await meeting.moves()).toBe('settled');
    const callsUntilThen = meeting.calls.length;
    await part;
    expect(callsUntilThen).toBeLessThan(meeting.calls.length);
    expect(meeting.offences).toEqual([]);
  }
});

test('a move waits some seconds for a dead reader’s row, then comes back, and goes on once it ran out', async () => {
  const meeting = new Meeting();
  await meeting.readings.enter('job_dead#0', [MOVED], new Date(meeting.now.getTime() + 20_000));
  const began = meeting.now.getTime();
  expect(await meeting.moves(8_000)).toBe('again');
  expect(meeting.now.getTime() - began).toBeLessThan(5_000);
  expect(meeting.calls).toEqual([]);
  expect([...meeting.rows.keys()]).toEqual(['job_dead#0']);
  meeting.later(20_000);
  expect(await meeting.moves(8_000)).toBe('settled');
});

test('a part gives whoever a dead roster worker was at back, and reads them once its row ran out', async () => {
  const meeting = new Meeting();
  const until = new Date(meeting.now.getTime() + 13_000);
  await meeting.readings.enter(`roster#${MOVED}`, [MOVED], until, { first: true });
  expect(await meeting.reads('job_1', [MOVED, 'cmp_a'])).toMatchObject({ kind: 'released', because: 'busy' });
  expect(meeting.calls).toHaveLength(4);
  expect(meeting.calls.join()).not.toContain(MOVED);
  meeting.later(60_000);
  expect(await meeting.reads('job_1', [MOVED, 'cmp_a'])).toMatchObject({ kind: 'finished' });
});

test('a part whose people nobody else wants writes its row once, looks once and takes it away', async () => {
  const steps: string[] = [];
  const meeting = new Meeting((what) => {
    steps.push(what);
    return Promise.resolve();
  });
  await meeting.reads('job_1', ['cmp_a', 'cmp_b']);
  expect(steps.filter((what) => !what.startsWith('call'))).toEqual([
    'enter',
    'entered',
    'look',
    'looked',
    'leave',
    'left',
  ]);
});
