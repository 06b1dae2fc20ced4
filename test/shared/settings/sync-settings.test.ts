import { describe, expect, it } from 'vitest';
import { createCachedSyncSettings } from '#shared/settings/cached-settings.ts';
import {
  DEFAULT_PROGRAM_SETTINGS,
  DEFAULT_SYNC_SETTINGS,
  programSettingsSchema,
  syncSettingsSchema,
  UNCHANGED_SYNC_SETTINGS,
} from '#shared/settings/sync-settings.ts';
import { slowerPaths } from '#shared/settings/slower.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { useTestTables } from '../../support/dynamodb.ts';

const newTable = useTestTables();
const changed = (dailyCallBudget: number) => ({
  version: 1,
  changedAt: '2026-11-25T18:00:00.000Z',
  changedBy: 'sub-admin',
  settings: { ...DEFAULT_SYNC_SETTINGS, dailyCallBudget },
  program: DEFAULT_PROGRAM_SETTINGS,
});

const pathsOf = (program: object) =>
  programSettingsSchema.safeParse(program).error?.issues.map(({ path }) => path.join('.'));

describe('sync settings', () => {
  it('have defaults, also for what an older row does not say', () => {
    expect(syncSettingsSchema.parse({ concurrency: 2 })).toEqual({
      ...DEFAULT_SYNC_SETTINGS,
      concurrency: 2,
    });
    expect(DEFAULT_SYNC_SETTINGS).toMatchObject({
      callsPerSecond: 10,
      rosterReserve: { perSecond: 0.2, perDay: 0.1 },
      concurrency: 4,
      batching: true,
      prioritisation: { on: true, share: 1 },
      adaptive: { on: true, share: 1, dailyReads: null },
    });
  });

  it.each([
    ['tierMinutes.medium', { tierMinutes: { high: 60, medium: 30 } }],
    ['tierMinutes.low', { tierMinutes: { medium: 240, low: 120 } }],
    ['tierMinutes.low', { slaHours: 4 }],
    ['adaptive.share', { adaptive: { share: 1.5 } }],
    ['prioritisation.share', { prioritisation: { share: -0.1 } }],
    ['batchSize', { batchSize: 0 }],
    ['sweepLimit', { sweepLimit: 0 }],
  ])('refuse what does not go together, at %s', (path, settings) => {
    const refused = syncSettingsSchema.safeParse(settings);
    expect(refused.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it.each([
    ['callsPerSecond', 1],
    ['callsPerSecond', 2.5],
    ['dailyCallBudget', 0],
    ['concurrency', 1_000],
    ['concurrency', 0],
  ])('refuse %s of %d', (field, value) => {
    const refused = syncSettingsSchema.safeParse({ [field]: value });
    expect(refused.error?.issues.map(({ path }) => path)).toEqual([[field]]);
  });

  it('have bounds for how long rows are kept, and jobs are kept no shorter than they are listed', () => {
    expect(DEFAULT_PROGRAM_SETTINGS).toEqual({
      seasonStart: null,
      inactiveDays: 14,
      keepDays: { activity: 400, audit: 400, readLog: 400, jobsListed: 14, jobs: 90, quarantine: 90 },
    });
    expect(pathsOf({ inactiveDays: 2 })).toEqual(['inactiveDays']);
    expect(pathsOf({ keepDays: { audit: 30, readLog: 89 } })).toEqual(['keepDays.audit', 'keepDays.readLog']);
    expect(pathsOf({ keepDays: { jobsListed: 100 } })).toEqual(['keepDays.jobs']);
  });

  it.each([
    ['batching switched on', { batching: false }, {}, ['sync.batching']],
    ['a smaller budget', {}, { dailyCallBudget: 5_000 }, ['sync.dailyCallBudget']],
    ['a smaller share', {}, { adaptive: { share: 0.5 } }, ['sync.adaptive']],
    ['a switch that goes off', {}, { prioritisation: { on: false } }, ['sync.prioritisation']],
    ['longer minutes', {}, { tierMinutes: { high: 60 } }, ['sync.tierMinutes.high']],
    ['fewer reads a day', {}, { adaptive: { dailyReads: 900 } }, ['sync.adaptive.dailyReads']],
    ['more kept back', {}, { rosterReserve: { perDay: 0.5 } }, ['sync.rosterReserve.perDay']],
    ['more of everything', { dailyCallBudget: 900, callsPerSecond: 3 }, {}, []],
  ])('make someone wait longer after %s', (_change, before, after, paths) => {
    expect(slowerPaths(syncSettingsSchema.parse(before), syncSettingsSchema.parse(after))).toEqual(paths);
  });

  it('are saved by whoever read the latest version', async () => {
    const settings = createSettingsRepository(await newTable());
    expect(await settings.syncSettings()).toEqual(UNCHANGED_SYNC_SETTINGS);
    expect(await settings.saveSyncSettings(changed(5_000))).toBe(true);
    expect(await settings.saveSyncSettings(changed(6_000))).toBe(false);
    expect(await settings.saveSyncSettings({ ...changed(7_000), version: 2 })).toBe(true);
    expect(await settings.syncSettings()).toEqual({ ...changed(7_000), version: 2 });
  });

  it('reach a worker within ten seconds', async () => {
    let at = 0;
    let row = UNCHANGED_SYNC_SETTINGS;
    const cached = createCachedSyncSettings({
      settings: { syncSettings: () => Promise.resolve(row) },
      now: () => new Date(at),
    });
    await cached();
    row = changed(5_000);
    at = 9_999;
    expect((await cached()).dailyCallBudget).toBe(DEFAULT_SYNC_SETTINGS.dailyCallBudget);
    at = 10_000;
    expect((await cached()).dailyCallBudget).toBe(5_000);
  });
});
