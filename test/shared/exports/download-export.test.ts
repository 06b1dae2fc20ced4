import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import { createDownloadExport } from '#shared/exports/download-export.ts';
import type { ExportPayload } from '#shared/exports/tasks.ts';
import type { Caller } from '#shared/identity/caller.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { Job } from '#shared/jobs/job.ts';

const NOW = '2026-11-24T20:00:00.000Z';
const ADA: Caller = {
  sub: 'ada',
  role: 'coach',
  name: 'Ada',
  email: 'ada@example.org',
  coachId: 'coa_a',
  actingAs: null,
};
const BEN: Caller = { ...ADA, sub: 'ben', coachId: 'coa_b' };
const INES: Caller = { ...ADA, sub: 'ines', role: 'admin', coachId: null };
const INES_AS_ADA: Caller = { ...INES, role: 'coach', coachId: 'coa_a', actingAs: 'coa_a' };
const INES_AS_BEN: Caller = { ...INES_AS_ADA, coachId: 'coa_b', actingAs: 'coa_b' };

const roster = (coachId: string | null = 'coa_a'): ExportPayload => ({
  file: 'roster',
  coachId,
  division: null,
  status: null,
  teamId: null,
  grade: null,
});
const solves: ExportPayload = {
  file: 'solves',
  coachId: 'coa_a',
  division: null,
  from: '2026-11-01',
  to: '2026-11-24',
};
const aJob = (over: Partial<Job> = {}): Job => ({
  ...newJob(
    'job_1',
    { taskType: 'table_export', payload: roster(), startedBy: 'user:ada' },
    new Date('2026-11-24T19:00:00.000Z'),
  ),
  status: 'succeeded',
  finishedAt: '2026-11-24T19:01:00.000Z',
  counts: { rows: 45_000, bytes: 6_000_000 },
  ...over,
});

function start(job: Job | undefined, { erasedAt = '', fails = false, now = NOW } = {}) {
  const noted: AuditEntry[] = [];
  const signed: unknown[] = [];
  const download = createDownloadExport({
    jobById: async () => job,
    rowsOf: async () => 12_000,
    erasedSince: async (iso) => erasedAt > iso,
    sign: async (file) => {
      signed.push(file);
      return `https://bucket.example.org/${file.jobId}?signature`;
    },
    append: async (entry) => {
      if (fails) throw new Error('the table is not there');
      noted.push(entry);
    },
    now: () => new Date(now),
    newId: (prefix) => `${prefix}_1`,
  });
  const by = (caller: Caller) =>
    download('job_1', caller, { sub: caller.sub, actingAs: caller.actingAs, requestId: 'req_1' });
  return { by, noted, signed };
}

describe('A prepared file', () => {
  it('is there for who asked for it by an address of two minutes, and who fetched it is noted', async () => {
    const { by, noted, signed } = start(aJob());
    expect(await by(ADA)).toEqual({
      state: 'ready',
      rows: 45_000,
      url: 'https://bucket.example.org/job_1?signature',
      message: null,
    });
    expect(signed).toEqual([{ jobId: 'job_1', fileName: 'roster.csv', seconds: 120 }]);
    expect(noted).toEqual([
      {
        id: 'aud_1',
        at: NOW,
        actor: 'ada',
        actingAs: null,
        action: 'roster.export',
        subject: 'coa_a',
        coachId: 'coa_a',
        requestId: 'req_1',
        details: { people: 45_000, jobId: 'job_1' },
      },
    ]);
  });

  it('of another list is noted as that list', async () => {
    const { by, noted } = start(aJob({ payload: solves }));
    await by(INES);
    expect(noted).toMatchObject([
      { action: 'table.export', details: { file: 'solves', rows: 45_000, jobId: 'job_1' } },
    ]);
  });

  it.each([
    ['another coach', BEN, aJob()],
    ['an admin who acts as the coach who asked', INES_AS_ADA, aJob()],
    ['an admin who acts as another coach than when asking', INES_AS_BEN, aJob({ startedBy: 'user:ines' })],
    [
      'an admin who acts as a coach, of everybody',
      INES_AS_ADA,
      aJob({ startedBy: 'user:ines', payload: roster(null) }),
    ],
    ['anybody, of a job that makes no file', INES, aJob({ taskType: 'game_platform_sync', payload: {} })],
    ['anybody, when there is no such job', INES, undefined],
  ])('is not there for %s', async (_, caller, job) => {
    const { by, noted, signed } = start(job);
    await expect(by(caller)).rejects.toMatchObject({ kind: 'not_found' });
    expect([...noted, ...signed]).toEqual([]);
  });

  it('is there for an admin, and for one who acts as the same coach as when asking', async () => {
    expect(await start(aJob()).by(INES)).toMatchObject({ state: 'ready' });
    const asked = aJob({ startedBy: 'user:ines', actingAs: 'coa_a' });
    const { by, noted } = start(asked);
    expect(await by(INES_AS_ADA)).toMatchObject({ state: 'ready' });
    expect(noted).toMatchObject([{ actor: 'ines', actingAs: 'coa_a' }]);
  });

  it('says how far it is while it is prepared, and is noted only with its address', async () => {
    for (const status of ['pending', 'running'] as const) {
      const { by, noted } = start(aJob({ status, finishedAt: null, counts: {} }));
      expect(await by(ADA)).toEqual({ state: 'preparing', rows: 12_000, url: null, message: null });
      expect(noted).toEqual([]);
    }
  });

  it('is kept from whoever cannot be noted', async () => {
    const { by, signed } = start(aJob(), { fails: true });
    await expect(by(ADA)).rejects.toThrow('the table is not there');
    expect(signed).toEqual([]);
  });

  it.each([
    ['failed', 'failed', aJob({ status: 'failed' }), {}, /could not be prepared\. Ask for it again/],
    ['canceled', 'failed', aJob({ status: 'cancelled' }), {}, /An admin stopped .* Ask for it again\./],
    ['a day old', 'expired', aJob(), { now: '2026-11-25T19:01:00.000Z' }, /24 hours.* Ask for it again\./],
    [
      'older than an erasure',
      'expired',
      aJob(),
      { erasedAt: '2026-11-24T19:00:30.000Z' },
      /erased.* Ask for it again/,
    ],
  ] as const)('that is %s says what to do, and has no address', async (_, state, job, world, message) => {
    const { by, noted } = start(job, world);
    expect(await by(ADA)).toEqual({ state, rows: 0, url: null, message: expect.stringMatching(message) });
    expect(noted).toEqual([]);
  });

  it('is there until its day is over, whoever was erased before it was asked for', async () => {
    const { by } = start(aJob(), { now: '2026-11-25T19:00:59.000Z', erasedAt: '2026-11-24T18:59:00.000Z' });
    expect(await by(ADA)).toMatchObject({ state: 'ready' });
  });
});
