import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import {
  touchesFeasibility,
  type SyncFeasibility,
  type SettingsPatch,
  type SettingsView,
} from './contract.ts';
import type { Processing } from './processing.ts';
import {
  DEFAULT_SYNC_SETTINGS,
  syncSettingsSchema,
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

/** @throws DomainError invalid, with every field that is wrong. */
export function changedSync(sync: SyncSettings, change: unknown): SyncSettings {
  const parsed = syncSettingsSchema.safeParse(overlaid(sync, change));
  const errors = [
    ...unknownOnes(change, DEFAULT_SYNC_SETTINGS),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => ({
      path: path.map(String).join('.'),
      message,
    })),
  ].map(({ path, message }) => ({ path: `sync.${path}`, message }));
  if (parsed.success && errors.length === 0) return parsed.data;
  const detail = 'Some settings cannot be as they were sent. “errors” lists them.';
  throw new DomainError('invalid', 'VALIDATION_FAILED', detail, { errors });
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
    const sync = patch.sync === undefined ? before.sync : changedSync(before.sync, patch.sync);
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
    const program = { ...before.program, ...patch.program };
    const row = { version: version + 1, ...by, settings: sync, program };
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
