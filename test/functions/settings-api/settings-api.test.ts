import { beforeAll, describe, expect, it } from 'vitest';
import { settingsPreviewSchema, settingsViewSchema } from '#shared/settings/contract.ts';
import { FIRST_ROTATION } from '#shared/score-sync/policy/batch-rotation.ts';
import { FIRST_LEDGER } from '#shared/score-sync/policy/call-price.ts';
import { FIRST_TEAM_SHARE } from '#shared/score-sync/policy/team-share.ts';
import { DEFAULT_PROGRAM_SETTINGS, DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import { createRoundRepository } from '#shared/score-sync/round-repository.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { buildDependencies } from '../../../functions/settings-api/dependencies.ts';
import { itemsOf, useTestTables } from '../../support/dynamodb.ts';
import { apiOn, problemOf } from '../api-harness.ts';

const newTable = useTestTables();

describe('the settings', () => {
  let table: Table;
  let call: Awaited<ReturnType<typeof apiOn<'settings-api'>>>;
  beforeAll(async () => {
    table = await newTable();
    call = await apiOn(table, 'settings-api', () => buildDependencies());
  });
  const get = () => call('GET /api/admin/settings', { as: 'ines' });
  const patch = (ifMatch: string | undefined, body: unknown, as = 'ines') =>
    call('PATCH /api/admin/settings', { as, body, ...(ifMatch === undefined ? {} : { ifMatch }) });

  const preview = (body: unknown, as = 'ines') => call('POST /api/admin/settings/preview', { as, body });

  it('are the defaults until somebody changes them', async () => {
    const { status, body, headers } = await get();
    expect(status).toBe(200);
    expect(headers['etag']).toBe('"0"');
    expect(settingsViewSchema.parse(body)).toMatchObject({
      version: 0,
      processing: { enabled: true },
      sync: DEFAULT_SYNC_SETTINGS,
    });
  });

  it('are for admins', async () => {
    expect((await call('GET /api/admin/settings')).status).toBe(403);
    expect((await patch('"0"', { sync: { concurrency: 2 } }, 'ada')).status).toBe(403);
  });

  it('change one by one, with who and when, and leave a line in the audit log', async () => {
    const { status, body, headers } = await patch('"0"', {
      sync: { callsPerSecond: 25, rosterReserve: { perDay: 0.3 } },
    });
    expect(status).toBe(200);
    expect(headers['etag']).toBe('"1"');
    const expected = {
      ...DEFAULT_SYNC_SETTINGS,
      callsPerSecond: 25,
      rosterReserve: { ...DEFAULT_SYNC_SETTINGS.rosterReserve, perDay: 0.3 },
    };
    expect(body).toMatchObject({ version: 1, changedBy: 'ines', sync: expected });
    expect((await get()).body).toEqual(body);
    const day = settingsViewSchema.parse(body).changedAt?.slice(0, 10);
    expect(await itemsOf(table, `AUDIT#${day}`)).toMatchObject([
      {
        actor: 'ines',
        action: 'settings.change',
        details: { fields: ['sync.callsPerSecond', 'sync.rosterReserve'] },
      },
    ]);
  });

  it('want the version that was seen', async () => {
    expect(problemOf(await patch(undefined, { sync: { concurrency: 2 } }))).toEqual([
      428,
      'IF_MATCH_REQUIRED',
    ]);
    expect(problemOf(await patch('"0"', { sync: { concurrency: 2 } }))[0]).toBe(412);
  });

  it('leave no line in the audit log when somebody else changed them first', async () => {
    const settings = createSettingsRepository(table);
    const before = await settings.syncSettings();
    const day = (before.changedAt ?? '').slice(0, 10);
    const line = { Put: { TableName: table.name, Item: { pk: `AUDIT#${day}`, sk: 'late#aud_late' } } };
    expect(await settings.save(before, null, [line])).toBe(false);
    expect(await itemsOf(table, `AUDIT#${day}`)).toHaveLength(1);
  });

  it('say of each field what is wrong, and change nothing then', async () => {
    const answer = await patch('"1"', {
      processing: { enabled: false, reason: 'The vendor is at work.' },
      sync: { callsPerSecond: 0, callspersecond: 3, rosterReserve: { perDay: 'half' } },
    });
    expect(problemOf(answer)).toEqual([422, 'VALIDATION_FAILED']);
    expect(answer.body).toMatchObject({
      errors: expect.arrayContaining(
        ['sync.callsPerSecond', 'sync.callspersecond', 'sync.rosterReserve.perDay'].map((path) =>
          expect.objectContaining({ path }),
        ),
      ),
    });
    expect((await get()).body).toMatchObject({ version: 1, processing: { enabled: true } });
  });

  it('refuse what cannot be kept with so many competitors, unless that is accepted, and say so from then on', async () => {
    await createRoundRepository(table).save({
      version: 1,
      jobId: 'job_1',
      at: '2026-11-25T18:00:00.000Z',
      competitors: 1_000,
      tiers: { high: 100, medium: 300, low: 600 },
      rotation: { before: FIRST_ROTATION, through: null, after: FIRST_ROTATION },
      ledger: { before: FIRST_LEDGER, after: FIRST_LEDGER },
      teamShare: { before: FIRST_TEAM_SHARE, after: FIRST_TEAM_SHARE },
    });
    expect((await get()).body).toMatchObject({ feasibility: { competitors: 1_000, problems: [] } });
    const sync = { dailyCallBudget: 2_000 };
    const refused = await patch('"1"', { sync });
    expect(problemOf(refused)).toEqual([422, 'SETTINGS_INFEASIBLE']);
    expect(refused.body).toMatchObject({
      errors: [
        {
          path: 'sync.dailyCallBudget',
          message: 'Reading 1000 competitors every 8 hours takes 3032 calls a day; the budget is 1400.',
        },
      ],
    });
    expect((await get()).body).toMatchObject({ version: 1 });
    const saved = await patch('"1"', { sync, acceptInfeasible: true });
    expect(saved.body).toMatchObject({
      version: 2,
      feasibility: {
        leastDailyCalls: 3_032,
        advisedDailyCalls: 6_064,
        batchSize: 11,
        problems: [{ path: 'dailyCallBudget' }],
      },
    });
    expect((await get()).body).toEqual(saved.body);
    // What does not touch it is nobody's business; what mends it neither.
    expect((await patch('"2"', { sync: { concurrency: 2 } })).body).toMatchObject({ version: 3 });
    const mended = await patch('"3"', { sync: { dailyCallBudget: 1_000_000 } });
    expect(mended.body).toMatchObject({ version: 4, feasibility: { problems: [] } });
  });

  it('switch processing off with a reason, and on again', async () => {
    expect(problemOf(await patch('"4"', { processing: { enabled: false } }))[0]).toBe(422);
    const reason = 'The vendor is at work.';
    const off = await patch('"4"', { processing: { enabled: false, reason } });
    expect(off.body).toMatchObject({ version: 5, processing: { enabled: false, reason, changedBy: 'ines' } });
    expect((await createSettingsRepository(table).processing()).processing.enabled).toBe(false);
    const on = await patch('"5"', { processing: { enabled: true } });
    expect(on.body).toMatchObject({ version: 6, processing: { enabled: true, reason: null } });
  });

  it('hold the first day of the season, none by default', async () => {
    const before = settingsViewSchema.parse((await get()).body);
    expect(before.program).toEqual(DEFAULT_PROGRAM_SETTINGS);
    const ifMatch = `"${before.version}"`;
    expect((await patch(ifMatch, { program: { seasonStart: '08/01/2026' } })).status).toBe(422);
    const changed = settingsViewSchema.parse(
      (await patch(ifMatch, { program: { seasonStart: '2026-08-01' } })).body,
    );
    expect(changed).toMatchObject({ program: { seasonStart: '2026-08-01' }, sync: before.sync });
    const back = { program: { seasonStart: null } };
    expect((await patch(`"${changed.version}"`, back)).body).toMatchObject(back);
  });

  it('hold after how many days one is inactive and rows go, each by itself and within bounds', async () => {
    const { version } = settingsViewSchema.parse((await get()).body);
    const refused = await patch(`"${version}"`, { program: { keepDays: { jobsListed: 100 } } });
    expect(problemOf(refused)).toEqual([422, 'VALIDATION_FAILED']);
    expect(refused.body).toMatchObject({ errors: [{ path: 'program.keepDays.jobs' }] });
    const { body } = await patch(`"${version}"`, { program: { inactiveDays: 21, keepDays: { audit: 500 } } });
    expect(body).toMatchObject({
      program: { inactiveDays: 21, keepDays: { ...DEFAULT_PROGRAM_SETTINGS.keepDays, audit: 500 } },
    });
  });

  it('leave old and new values with the reason in the audit log', async () => {
    const before = settingsViewSchema.parse((await get()).body);
    const sync = { dailyCallBudget: 900_000, rosterReserve: { perSecond: 0.25 } };
    const reason = 'The vendor asked us to slow down.';
    const changed = settingsViewSchema.parse((await patch(`"${before.version}"`, { sync, reason })).body);
    const lines = await itemsOf(table, `AUDIT#${changed.changedAt?.slice(0, 10)}`);
    expect(lines.at(-1)).toMatchObject({
      details: {
        paths: ['sync.dailyCallBudget', 'sync.rosterReserve.perSecond'],
        before: ['1000000', '0.2'],
        after: ['900000', '0.25'],
        reason,
      },
    });
  });

  it('are previewed with calls, waits and what slows people down, and nothing is saved', async () => {
    const before = settingsViewSchema.parse((await get()).body);
    const off = { adaptive: { on: false }, dailyCallBudget: 5_000 };
    const { status, body } = await preview({ sync: off });
    expect(status).toBe(200);
    expect(settingsPreviewSchema.parse(body)).toMatchObject({
      version: before.version,
      competitors: 1_000,
      tiers: { high: 100, medium: 300, low: 600 },
      now: { stopsAfterSeconds: null, longestWaitSeconds: 7 * 3600 + 55 * 60 },
      after: { callsADay: 3_500, callsLeftToReads: 3_500 },
      slower: ['sync.adaptive', 'sync.dailyCallBudget'],
    });
    expect((await preview({ sync: off }, 'ada')).status).toBe(403);
    expect(problemOf(await preview({ sync: { batchSize: 0 } }))).toEqual([422, 'VALIDATION_FAILED']);
    expect((await get()).body).toEqual(before);
  });
});
