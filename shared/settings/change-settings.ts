import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import {
  touchesFeasibility,
  type SettingsPatch,
  type SettingsPreview,
  type SettingsView,
  type SyncEffect,
  type SyncFeasibility,
} from './contract.ts';
import type { Processing } from './processing.ts';
import type * as z from 'zod';
import { slowerPaths } from './slower.ts';
import {
  DEFAULT_PROGRAM_SETTINGS,
  DEFAULT_SYNC_SETTINGS,
  programSettingsSchema,
  syncSettingsSchema,
  type ProgramSettings,
  type SyncSettings,
  type SyncSettingsRow,
} from './sync-settings.ts';

export interface ChangeSettingsDeps {
  readonly settings: {
    readonly processing: () => Promise<{ readonly processing: Processing }>;
    readonly syncSettings: () => Promise<SyncSettingsRow>;
    /** All or nothing; false when the stored version is no longer the one before this. */
    readonly save: (
      row: SyncSettingsRow,
      processing: Processing | null,
      audit: AuditEntry,
    ) => Promise<boolean>;
  };
  /** Whose scores are read, as counted by the last round. */
  readonly population: () => Promise<number>;
  /** What these settings come to with so many competitors. */
  readonly feasibility: (settings: SyncSettings, competitors: number) => SyncFeasibility;
  readonly now: Clock;
  readonly newId: NewId;
}

type ReadSettingsDeps = Pick<ChangeSettingsDeps, 'population' | 'feasibility'> & {
  readonly settings: Pick<ChangeSettingsDeps['settings'], 'processing' | 'syncSettings'>;
};

export const readSettings =
  ({ settings, population, feasibility }: ReadSettingsDeps) =>
  async (): Promise<SettingsView> => {
    const [{ processing }, { settings: sync, ...row }, competitors] = await Promise.all([
      settings.processing(),
      settings.syncSettings(),
      population(),
    ]);
    return { ...row, processing, sync, feasibility: feasibility(sync, competitors) };
  };

/** `path` of a field, for example `rosterReserve.perDay`. */
interface SettingsProblem {
  readonly path: string;
  readonly message: string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value with a change laid over it, group by group. */
function overlaid(value: unknown, change: unknown): unknown {
  if (!isRecord(value) || !isRecord(change)) return change;
  const known = new Map(Object.entries(value));
  return {
    ...value,
    ...Object.fromEntries(Object.entries(change).map(([key, part]) => [key, overlaid(known.get(key), part)])),
  };
}

/** Settings that there are not; a typing error would otherwise change nothing and say nothing. */
function unknownOnes(
  change: unknown,
  known: unknown,
  path: readonly string[] = [],
): readonly SettingsProblem[] {
  if (!isRecord(change) || !isRecord(known)) return [];
  const names = new Map(Object.entries(known));
  return Object.entries(change).flatMap(([key, part]) =>
    names.has(key)
      ? unknownOnes(part, names.get(key), [...path, key])
      : [{ path: [...path, key].join('.'), message: 'There is no such setting.' }],
  );
}

interface Group<T> {
  readonly name: 'sync' | 'program';
  readonly schema: z.ZodType<T>;
  readonly known: T;
}

/** @throws DomainError invalid, with every field that is wrong. */
function changed<T>({ name, schema, known }: Group<T>, before: T, change: unknown): T {
  if (change === undefined) return before;
  const parsed = schema.safeParse(overlaid(before, change));
  const errors = [
    ...unknownOnes(change, known),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => ({
      path: path.map(String).join('.'),
      message,
    })),
  ].map(({ path, message }) => ({ path: `${name}.${path}`, message }));
  if (parsed.success && errors.length === 0) return parsed.data;
  const detail = 'Some settings cannot be as they were sent. “errors” lists them.';
  throw new DomainError('invalid', 'VALIDATION_FAILED', detail, { errors });
}

/** @throws DomainError invalid, with every field that is wrong. */
export const changedSync = (sync: SyncSettings, change: unknown): SyncSettings =>
  changed({ name: 'sync', schema: syncSettingsSchema, known: DEFAULT_SYNC_SETTINGS }, sync, change);

/** @throws DomainError invalid, with every field that is wrong. */
const changedProgram = (program: ProgramSettings, change: unknown): ProgramSettings =>
  changed(
    { name: 'program', schema: programSettingsSchema, known: DEFAULT_PROGRAM_SETTINGS },
    program,
    change,
  );

/** What differs, by path; values as JSON. */
function differences(
  before: unknown,
  after: unknown,
  path: string,
): readonly (readonly [string, string, string])[] {
  if (isRecord(before) && isRecord(after)) {
    const known = new Map(Object.entries(before));
    return Object.entries(after).flatMap(([key, value]) =>
      differences(known.get(key), value, `${path}.${key}`),
    );
  }
  const [was, is] = [JSON.stringify(before) ?? 'null', JSON.stringify(after) ?? 'null'];
  return was === is ? [] : [[path, was, is]];
}

/** @throws DomainError invalid, with what cannot be kept. */
function assertFeasible(problems: readonly SettingsProblem[]): void {
  if (problems.length === 0) return;
  const detail =
    'These settings cannot be kept with today’s number of competitors. Change what “errors” lists, or save them all the same with “acceptInfeasible”.';
  const errors = problems.map(({ path, message }) => ({ path: `sync.${path}`, message }));
  throw new DomainError('invalid', 'SETTINGS_INFEASIBLE', detail, { errors });
}

const stale = (): DomainError =>
  new DomainError(
    'stale',
    'STALE_VERSION',
    'Someone changed the settings in the meantime. Load them again and repeat your change.',
  );

/**
 * Changes settings if they still have the version that was seen. Workers follow within ten seconds; work that waited
 * for the switch goes on with the dispatcher's next round, within a minute.
 */
export function createChangeSettings(deps: ChangeSettingsDeps) {
  const read = readSettings(deps);
  return async (
    version: number,
    patch: SettingsPatch,
    actor: { readonly sub: string; readonly requestId: string },
  ): Promise<SettingsView> => {
    const before = await read();
    if (before.version !== version) throw stale();
    const sync = changedSync(before.sync, patch.sync);
    const program = changedProgram(before.program, patch.program);
    const feasibility = deps.feasibility(sync, before.feasibility.competitors);
    if (!patch.acceptInfeasible && touchesFeasibility(patch.sync ?? {})) assertFeasible(feasibility.problems);
    const at = deps.now().toISOString();
    const by = { changedAt: at, changedBy: actor.sub };
    const processing: Processing | null =
      patch.processing === undefined
        ? null
        : {
            enabled: patch.processing.enabled,
            reason: patch.processing.enabled ? null : patch.processing.reason,
            ...by,
          };
    const row = { version: version + 1, ...by, settings: sync, program };
    const changes = [
      ...(processing === null
        ? []
        : differences(before.processing.enabled, processing.enabled, 'processing.enabled')),
      ...differences(before.sync, sync, 'sync'),
      ...differences(before.program, program, 'program'),
    ];
    const reason = patch.reason ?? processing?.reason ?? null;
    const audit: AuditEntry = {
      id: deps.newId('aud'),
      at,
      actor: actor.sub,
      actingAs: null,
      action: 'settings.change',
      subject: 'settings',
      coachId: null,
      requestId: actor.requestId,
      details: {
        fields: [
          ...(processing === null ? [] : [processing.enabled ? 'processing.on' : 'processing.off']),
          ...Object.keys(patch.sync ?? {}).map((name) => `sync.${name}`),
          ...Object.keys(patch.program ?? {}).map((name) => `program.${name}`),
        ],
        // Old and new values side by side, so that the audit log can show and undo them.
        paths: changes.map(([path]) => path),
        before: changes.map(([, was]) => was),
        after: changes.map(([, , is]) => is),
        ...(reason === null ? {} : { reason }),
      },
    };
    if (!(await deps.settings.save(row, processing, audit))) throw stale();
    return {
      version: row.version,
      ...by,
      processing: processing ?? before.processing,
      sync,
      program,
      feasibility,
    };
  };
}

type Counts = Pick<SettingsPreview, 'competitors' | 'tiers'>;

interface PreviewSettingsDeps {
  readonly settings: Pick<ChangeSettingsDeps['settings'], 'processing' | 'syncSettings'>;
  /** Whose scores are read, and how active they are, as counted by the last round. */
  readonly counts: () => Promise<Counts>;
  /** Calls to the platform since midnight. */
  readonly callsToday: () => Promise<number>;
  readonly feasibility: ChangeSettingsDeps['feasibility'];
  /** By the functions that the read policies plan with, which this floor does not know. */
  readonly effect: (settings: SyncSettings, tiers: NonNullable<Counts['tiers']>) => SyncEffect;
}

/**
 * What a change would come to, nothing saved. Answered here and not computed in the browser, since the policies plan
 * with the same functions: the page can never promise what the rounds do not do.
 */
export const createPreviewSettings =
  (deps: PreviewSettingsDeps) =>
  async (patch: SettingsPatch): Promise<SettingsPreview> => {
    const [{ settings: before, program, version }, { processing }, counts, callsToday] = await Promise.all([
      deps.settings.syncSettings(),
      deps.settings.processing(),
      deps.counts(),
      deps.callsToday(),
    ]);
    const after = changedSync(before, patch.sync);
    changedProgram(program, patch.program);
    const { tiers } = counts;
    const of = (sync: SyncSettings) => (tiers === null ? null : deps.effect(sync, tiers));
    const off = patch.processing?.enabled === false && processing.enabled;
    return {
      version,
      ...counts,
      callsToday,
      now: of(before),
      after: of(after),
      feasibility: deps.feasibility(after, counts.competitors),
      slower: [...(off ? ['processing.enabled'] : []), ...slowerPaths(before, after)],
    };
  };
