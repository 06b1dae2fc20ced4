import { beforeEach, describe, expect, test } from 'vitest';
import { BY_EMAIL_LINK } from '#shared/audit/actor.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import type { Coach } from '#shared/identity/identity.ts';
import type { Job, JobPart } from '#shared/jobs/job.ts';
import { createLog } from '#shared/kernel/log.ts';
import { createAdminNotices, type AdminNoticesDeps } from '#shared/notices/admin-notices.ts';
import { createChooseNotices, newMailToken } from '#shared/notices/choose-notices.ts';
import type { Letter } from '#shared/notices/letter.ts';
import { createNoticeRepository, type NoticeRepository } from '#shared/notices/notice-repository.ts';
import { createWeeklyWorker, type WeeklyDeps } from '#shared/notices/weekly-worker.ts';
import type { Table } from '#shared/table/table.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';

const newTable = useTestTables();

interface Sent {
  readonly to: string;
  readonly letter: Letter;
  readonly stopUrl: string | null;
}

let table: Table;
let notices: NoticeRepository;
let sent: Sent[];
let now: number;
const MONDAY = Date.parse('2026-11-16T14:30:00.000Z');
const DAY_MS = 86_400_000;

beforeEach(async () => {
  table = await newTable();
  notices = createNoticeRepository(table, newMailToken);
  sent = [];
  now = MONDAY;
});

const send = (to: string, letter: Letter, stopUrl: string | null): Promise<void> => {
  sent.push({ to, letter, stopUrl });
  return Promise.resolve();
};
const context = {
  remainingMs: () => 60_000,
  log: createLog(() => undefined),
  lastAttempt: false,
};
const partOf = (subjects: readonly string[]) => ({ subjects }) as unknown as JobPart;
const JOB = { id: 'job_1', payload: {} } as unknown as Job & { payload: Record<string, never> };

const coach: Coach = {
  id: 'coa_1',
  name: 'Marisol Vega',
  email: 'marisol@example.com',
  school: 'Cedar Hollow',
  enabled: true,
  gamePlatformId: null,
  features: { onboarding: true },
  createdAt: '2026-09-01T00:00:00.000Z',
};
const view = {
  period: { from: '2026-11-09', to: '2026-11-15', timeZone: 'UTC' },
  freshness: { asOf: null, late: 0, expected: 0 },
  kpis: { solved: { value: 7, change: null } },
  leaderboard: { rows: [] },
  teams: { rows: [] },
  timeline: { streaks: [], flashCtfs: [] },
};

const weekly = (over: Partial<WeeklyDeps> = {}) =>
  createWeeklyWorker({
    coachById: () => Promise.resolve(coach),
    alertsOf: () => Promise.resolve([]),
    dashboardOf: () => Promise.resolve(view as never),
    firstNamesOf: () => Promise.resolve(new Map()),
    notices,
    mail: { send, siteUrl: 'https://site.test' },
    dayOf: (iso) => iso.slice(0, 10),
    now: () => new Date(now),
    ...over,
  });
const run = (worker = weekly()) => worker(JOB, partOf(['coa_1']), context);

describe('the weekly email', () => {
  test('goes out once a week, however often the part is processed', async () => {
    expect(await run()).toEqual({ kind: 'finished', counts: { sent: 1 } });
    expect(await run()).toEqual({ kind: 'finished', counts: { sent_before: 1 } });
    now += 6 * DAY_MS;
    expect(await run()).toEqual({ kind: 'finished', counts: { sent_before: 1 } });
    now += DAY_MS;
    expect(await run()).toEqual({ kind: 'finished', counts: { sent: 1 } });
    expect(sent.map(({ to }) => to)).toEqual(['marisol@example.com', 'marisol@example.com']);
  });

  test('brings its reader a way to stop it that holds from then on', async () => {
    await run();
    const stopUrl = new URL(sent[0]?.stopUrl ?? '');
    const audit = createAuditRepository(table);
    const choose = createChooseNotices({
      ...notices,
      audit: audit.appendTransaction,
      coachExists: () => Promise.resolve(true),
      now: () => new Date(now),
      newId: (kind) => `${kind}_1`,
    });
    const key = stopUrl.searchParams.get('key') ?? '';
    await expect(choose.chooseByKey(`${key.slice(0, -1)}!`, 'never', 'req')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(choose.chooseByKey(`coa_2~${key.split('~')[1]}`, 'never', 'req')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await choose.chooseByKey(key, 'never', 'req');
    await choose.chooseByKey(key, 'never', 'req');
    expect(await notices.choiceOf('coa_1')).toBe('never');
    const entries = await itemsOf(table, 'AUDIT#2026-11-16');
    expect(entries).toMatchObject([
      { actor: BY_EMAIL_LINK, action: 'notices.choose', details: { weekly: 'never' } },
    ]);
    now += 7 * DAY_MS;
    expect(await run()).toEqual({ kind: 'finished', counts: { opted_out: 1 } });
  });

  test('comes only with something to do to those who chose that', async () => {
    await notices.choose('coa_1', 'when_needed', await createAuditRepository(table).appendTransaction(ENTRY));
    expect(await run()).toEqual({ kind: 'finished', counts: { nothing_to_say: 1 } });
    const needed = weekly({
      alertsOf: () =>
        Promise.resolve([
          {
            actor: 'coach',
            since: '2026-11-10T00:00:00.000Z',
            headline: 'Idle: Amara',
            sentence: 'Check in.',
            subjectKind: 'competitor',
            action: { code: 'look_at_competitors', target: null },
          } as never,
        ]),
    });
    expect(await run(needed)).toEqual({ kind: 'finished', counts: { sent: 1 } });
  });

  test('that SES refuses is tried again, and one that is being sent is left to whoever is at it', async () => {
    const refused = weekly({
      mail: { send: () => Promise.reject(new Error('throttled')), siteUrl: 'https://site.test' },
    });
    await expect(run(refused)).rejects.toThrow('throttled');
    await notices.claim('coa_1', 'weekly#2026-11-09', new Date(now));
    expect(await run()).toMatchObject({ kind: 'released', because: 'busy' });
    now += 121_000;
    expect(await run()).toEqual({ kind: 'finished', counts: { sent: 1 } });
  });

  test('is not sent to who is switched off, nor from a stage without an address', async () => {
    expect(await run(weekly({ coachById: () => Promise.resolve({ ...coach, enabled: false }) }))).toEqual({
      kind: 'finished',
      counts: { switched_off: 1 },
    });
    expect(await run(weekly({ mail: null }))).toEqual({ kind: 'finished', counts: { not_set_up: 1 } });
    expect(sent).toEqual([]);
  });
});

const ENTRY = {
  id: 'aud_1',
  at: '2026-11-16T14:30:00.000Z',
  actor: 'sub',
  actingAs: null,
  action: 'notices.choose',
  subject: 'coa_1',
  coachId: 'coa_1',
  requestId: 'req',
  details: { weekly: 'when_needed' },
};

const told = () => sent.map(({ to, letter }) => [to, letter.title]);

describe('notices to admins', () => {
  const quiet: AdminNoticesDeps = {
    stoppedPlan: () => Promise.resolve(null),
    deadLetters: () => Promise.resolve(0),
    processing: () => Promise.resolve({ enabled: true, changedAt: null }),
    get notices() {
      return notices;
    },
    mail: { send, siteUrl: 'https://site.test', admins: ['one@example.com', 'two@example.com'] },
    now: () => new Date(now),
  };
  const look = (over: Partial<AdminNoticesDeps> = {}) =>
    createAdminNotices({ ...quiet, notices, ...over })(JOB, partOf(['program']), context);

  test('say nothing while nothing is the matter', async () => {
    expect(await look()).toEqual({ kind: 'finished', counts: { nothing_to_say: 1 } });
  });

  test('tell each admin once of a plan that a guard stopped', async () => {
    const stopped = { stoppedPlan: () => Promise.resolve({ id: 'pln_1', waiting: 12 }) };
    await look(stopped);
    await look(stopped);
    expect(told()).toEqual([
      ['one@example.com', 'A roster plan was stopped before any change'],
      ['two@example.com', 'A roster plan was stopped before any change'],
    ]);
    expect(sent[0]?.letter.button?.url).toBe('https://site.test/roster-plan');
    await look({ stoppedPlan: () => Promise.resolve({ id: 'pln_2', waiting: 1 }) });
    expect(sent).toHaveLength(4);
  });

  test('tell of dead letters when they have lain for a day, and anew when new ones have', async () => {
    const letters = { deadLetters: (source: string) => Promise.resolve(source === 'sync' ? 3 : 0) };
    await look(letters);
    now += DAY_MS - 1;
    await look(letters);
    expect(sent).toEqual([]);
    now += 1;
    await look(letters);
    await look(letters);
    expect(told()[0]).toEqual([
      'one@example.com',
      'Dead letters have been waiting for a day in the score queue',
    ]);
    expect(sent).toHaveLength(2);
    await look();
    await look(letters);
    now += DAY_MS;
    await look(letters);
    expect(sent).toHaveLength(4);
  });

  test('tell of processing that has been off for a day', async () => {
    const off = {
      processing: () => Promise.resolve({ enabled: false, changedAt: new Date(MONDAY).toISOString() }),
    };
    now += DAY_MS - 1;
    await look(off);
    expect(sent).toEqual([]);
    now += 1;
    await look(off);
    await look(off);
    expect(told()).toHaveLength(2);
  });

  test('that were sent to one admin only are sent to the other when it is tried again', async () => {
    const stopped = { stoppedPlan: () => Promise.resolve({ id: 'pln_1', waiting: 12 }) };
    const mail = {
      siteUrl: 'https://site.test',
      admins: ['one@example.com', 'two@example.com'],
      send: (to: string, letter: Letter, stopUrl: string | null) =>
        to.startsWith('two') ? Promise.reject(new Error('throttled')) : send(to, letter, stopUrl),
    };
    await expect(look({ ...stopped, mail })).rejects.toThrow('throttled');
    await look(stopped);
    expect(sent.map(({ to }) => to)).toEqual(['one@example.com', 'two@example.com']);
  });
});
