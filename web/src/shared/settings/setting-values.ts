import {
  touchesFeasibility,
  type SettingsPatch,
  type SettingsPreview,
  type SettingsView,
} from '#shared/settings/contract.ts';
import { count } from '#shared/kernel/format.ts';
import * as z from 'zod';
import { FIELDS, fieldOf, HUNDRED, plainNumber, shownValue, type SettingField } from './setting-fields.ts';

/** What the form of the settings holds and what is sent of it. Pure. */

export const settingValuesSchema = z.record(z.string(), z.union([z.string(), z.boolean()]));
export type SettingValues = z.infer<typeof settingValuesSchema>;
type Value = SettingValues[string];

/** The value at a path such as `sync.tierMinutes.high`. */
function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (part, name) =>
        typeof part === 'object' && part !== null ? new Map(Object.entries(part)).get(name) : undefined,
      value,
    );
}

export const settingValuesOf = (settings: SettingsView): SettingValues =>
  Object.fromEntries(FIELDS.map((field) => [field.path, shownValue(field, at(settings, field.path))]));

/** Old values of the audit log, as JSON by path, as the form has them. */
export const oldValues = (before: Readonly<Record<string, string>>): SettingValues =>
  Object.fromEntries(
    Object.entries(before).flatMap(([path, json]) => {
      const field = fieldOf(path);
      return field === undefined ? [] : [[path, shownValue(field, JSON.parse(json))]];
    }),
  );

export const changedPaths = (values: SettingValues, base: SettingValues): readonly string[] =>
  FIELDS.map(({ path }) => path).filter((path) => values[path] !== base[path]);

/** What is wrong with a field, in a sentence; undefined: it can be sent. */
export function fieldProblem(field: SettingField, value: Value | undefined): string | undefined {
  const { kind, min = 0, max = Infinity, optional = false } = field;
  if (typeof value !== 'string' || kind === 'switch' || kind === 'day') return undefined;
  if (plainNumber(value) === '' && optional) return undefined;
  const number = Number(plainNumber(value));
  const fits = plainNumber(value) !== '' && number >= min && number <= max;
  if (kind === 'percent') return fits ? undefined : `Enter a percentage from ${count(min)} to ${count(max)}.`;
  return fits && Number.isInteger(number)
    ? undefined
    : `Enter a whole number from ${count(min)} to ${count(max)}${optional ? ', or nothing' : ''}.`;
}

function sentValue({ kind }: SettingField, value: Value | undefined): unknown {
  if (typeof value !== 'string') return value;
  if (kind === 'day') return value === '' ? null : value;
  if (plainNumber(value) === '') return null;
  return kind === 'percent' ? Number(plainNumber(value)) / HUNDRED : Number(plainNumber(value));
}

type Nested = { [name: string]: unknown };
const isNested = (value: unknown): value is Nested => typeof value === 'object' && value !== null;

function put(into: Nested, [name, ...rest]: readonly string[], value: unknown): Nested {
  if (name === undefined) return into;
  const inner = into[name];
  return {
    ...into,
    [name]: rest.length === 0 ? value : put(isNested(inner) ? inner : {}, rest, value),
  };
}

const programPatchSchema = z.custom<NonNullable<SettingsPatch['program']>>(isNested);

interface Asked {
  readonly reason: string;
  readonly acceptInfeasible: boolean;
}

/** Only what changed. `reason`: blank where none was given. */
export function settingsPatchOf(
  values: SettingValues,
  base: SettingValues,
  { reason, acceptInfeasible }: Asked = { reason: '', acceptInfeasible: false },
): SettingsPatch {
  let nested: Nested = {};
  for (const path of changedPaths(values, base)) {
    const field = fieldOf(path);
    if (field !== undefined) nested = put(nested, path.split('.'), sentValue(field, values[path]));
  }
  const { processing, sync, program } = nested;
  const why = reason.trim();
  const enabled = isNested(processing) ? processing['enabled'] === true : null;
  return {
    ...(enabled === null
      ? {}
      : { processing: enabled ? { enabled } : { enabled, reason: why === '' ? UNSAID : why } }),
    ...(isNested(sync) ? { sync } : {}),
    ...(program === undefined ? {} : { program: programPatchSchema.parse(program) }),
    ...(why === '' ? {} : { reason: why }),
    acceptInfeasible,
  };
}

/** A preview is asked before the reason is given. */
const UNSAID = 'not said yet';

const SHORTEST_REASON = 3;

/** What has to be said or ticked before this can be saved. */
export function stillNeeded(
  preview: SettingsPreview | undefined,
  { values, base }: { readonly values: SettingValues; readonly base: SettingValues },
  said: { readonly reason: string; readonly accepted: boolean },
) {
  const slower = (preview?.slower.length ?? 0) > 0;
  const { sync = {} } = settingsPatchOf(values, base);
  const broken = (preview?.feasibility.problems.length ?? 0) > 0 && touchesFeasibility(sync);
  return {
    slower,
    broken,
    reason: slower && said.reason.trim().length < SHORTEST_REASON,
    accept: broken && !said.accepted,
  };
}
