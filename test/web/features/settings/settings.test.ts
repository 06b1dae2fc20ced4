import { describe, expect, it } from 'vitest';
import { settingsPatchSchema, type SettingsPreview, type SettingsView } from '#shared/settings/contract.ts';
import { syncFeasibility } from '#shared/score-sync/policy/sync-feasibility.ts';
import { syncEffect } from '#shared/score-sync/policy/sync-effect.ts';
import { PROCESSING_ON } from '#shared/settings/processing.ts';
import {
  DEFAULT_PROGRAM_SETTINGS,
  DEFAULT_SYNC_SETTINGS,
  programSettingsSchema,
  syncSettingsSchema,
} from '#shared/settings/sync-settings.ts';
import { changeEffect, effectRows, effectSentence } from '#web/shared/settings/setting-effects.ts';
import { FIELDS, type SettingField, valueText } from '#web/shared/settings/setting-fields.ts';
import {
  changedPaths,
  fieldProblem,
  settingsPatchOf,
  settingValuesOf,
} from '#web/shared/settings/setting-values.ts';

const TIERS = { high: 60, medium: 90, low: 150 };
const VIEW: SettingsView = {
  version: 3,
  changedAt: null,
  changedBy: null,
  processing: PROCESSING_ON,
  sync: DEFAULT_SYNC_SETTINGS,
  program: DEFAULT_PROGRAM_SETTINGS,
  feasibility: syncFeasibility(DEFAULT_SYNC_SETTINGS, 300),
};
const BASE = settingValuesOf(VIEW);

const previewOf = (change: object): SettingsPreview => {
  const sync = syncSettingsSchema.parse({ ...DEFAULT_SYNC_SETTINGS, ...change });
  return {
    version: 3,
    competitors: 300,
    tiers: TIERS,
    callsToday: 2_310,
    now: syncEffect(DEFAULT_SYNC_SETTINGS, TIERS),
    after: syncEffect(sync, TIERS),
    feasibility: syncFeasibility(sync, 300),
    slower: [],
  };
};

const leaves = (value: unknown, path: string): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, part]) => leaves(part, `${path}.${name}`))
    : [path];

/** A change laid over values, group by group. */
const merged = (before: Readonly<Record<string, unknown>>, change: object = {}) =>
  Object.fromEntries(
    Object.entries({ ...before, ...change }).map(([name, part]) => [
      name,
      typeof part === 'object' && part !== null ? { ...Object(before[name]), ...part } : part,
    ]),
  );

/** What the API says of a value at its own field, whatever it has to go together with. */
const accepted = ({ path }: SettingField, text: string): boolean => {
  const { sync, program } = settingsPatchOf({ ...BASE, [path]: text }, BASE);
  return [
    syncSettingsSchema.safeParse(merged(DEFAULT_SYNC_SETTINGS, sync)),
    programSettingsSchema.safeParse(merged(DEFAULT_PROGRAM_SETTINGS, program)),
  ].every(({ error }) => error?.issues.every(({ code }) => code === 'custom') ?? true);
};

describe('the form of the settings', () => {
  it('has a field for every setting there is', () => {
    const all = [...leaves(DEFAULT_SYNC_SETTINGS, 'sync'), ...leaves(DEFAULT_PROGRAM_SETTINGS, 'program')];
    expect(FIELDS.map(({ path }) => path).toSorted()).toEqual([...all, 'processing.enabled'].toSorted());
  });

  const numbers = FIELDS.filter(({ kind }) => kind === 'whole' || kind === 'percent');
  it.each(numbers.map((field) => [field.path, field] as const))(
    'has the API’s bounds at %s',
    (_path, field) => {
      const { min = 0, max = 0 } = field;
      for (const fits of [min, max]) {
        expect(fieldProblem(field, String(fits))).toBeUndefined();
        expect(accepted(field, String(fits))).toBe(true);
      }
      for (const beyond of [min - 1, max + 1]) {
        expect(fieldProblem(field, String(beyond))).toMatch(/^Enter a /);
        expect(accepted(field, String(beyond))).toBe(false);
      }
    },
  );

  it('sends only what changed, shares as numbers from 0 to 1, and thousands without commas', () => {
    const values = {
      ...BASE,
      'sync.dailyCallBudget': '5,000',
      'sync.adaptive.share': '50',
      'program.seasonStart': '2026-08-01',
      'processing.enabled': false,
    };
    expect(changedPaths(values, BASE)).toHaveLength(4);
    const patch = settingsPatchOf(values, BASE, { reason: ' New servers. ', acceptInfeasible: true });
    expect(patch).toEqual({
      processing: { enabled: false, reason: 'New servers.' },
      sync: { dailyCallBudget: 5_000, adaptive: { share: 0.5 } },
      program: { seasonStart: '2026-08-01' },
      reason: 'New servers.',
      acceptInfeasible: true,
    });
    expect(settingsPatchSchema.parse(patch)).toEqual(patch);
    expect(settingsPatchOf(BASE, BASE)).toEqual({ acceptInfeasible: false });
  });

  it.each([
    ['sync.dailyCallBudget', '5000', '5,000 calls'],
    ['sync.adaptive.share', '12.5', '12.5%'],
    ['sync.adaptive.dailyReads', '', 'empty'],
    ['program.seasonStart', '2026-08-01', 'Aug 1, 2026'],
    ['sync.batching', false, 'Off'],
  ])('says the value of %s in words', (path, value, words) => {
    expect(valueText(path, value)).toBe(words);
  });
});

describe('what changes come to, in words', () => {
  it('fits, with the figures', () => {
    expect(effectSentence(previewOf({}))).toBe(
      'With 300 competitors this makes about 5,400 calls a day; 900,000 are left for reads, so it fits.',
    );
  });

  it('stops in the afternoon when the budget is used up by then', () => {
    const preview = previewOf({ adaptive: { on: false }, dailyCallBudget: 4_000 });
    expect(effectSentence(preview)).toBe(
      'With 300 competitors this makes about 4,415 calls a day; 3,600 are left for reads, so reading stops at about 7:30 PM until midnight.',
    );
    const [calls, wait, stops] = effectRows(preview.now!, preview.after!);
    expect(calls).toMatchObject({ now: '5,400', after: '3,600' });
    expect(wait).toMatchObject({ now: '7 hr 55 min', worse: true });
    expect(stops).toMatchObject({ now: 'never', after: 'about 7:30 PM', worse: true });
  });

  it('is not kept when the promise takes more than there is', () => {
    expect(effectSentence(previewOf({ dailyCallBudget: 900 }))).toMatch(/so reading stops at about/);
  });

  it('says nothing of calls before anyone was counted', () => {
    const preview = { ...previewOf({}), tiers: null, now: null, after: null };
    expect(effectSentence(preview)).toMatch(/No one has been counted yet/);
    expect(changeEffect('sync.batchSize', preview, false)).toBe('');
  });

  it('is told of each change', () => {
    const preview = previewOf({ adaptive: { on: false } });
    for (const { path } of FIELDS) expect(changeEffect(path, preview, false)).not.toBe('');
    expect(changeEffect('sync.adaptive.on', preview, false)).toBe(
      'With all changes, about 4,415 calls a day instead of 5,400; the longest wait stays 7 hr 55 min.',
    );
  });
});
