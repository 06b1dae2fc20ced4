/** Two people changed one record: what both changed is asked, the rest is merged. Pure. */

type Value = string | boolean;
export type Values = Readonly<Record<string, Value>>;

export interface Conflict {
  /** Changed on both sides, and differently. */
  readonly both: readonly string[];
  readonly onlyMine: readonly string[];
  readonly onlyTheirs: readonly string[];
}

/** `base`: the record as it was when the form opened. */
export function conflictOf(base: Values, mine: Values, theirs: Values): Conflict {
  const changed = (side: Values) => (field: string) => side[field] !== base[field];
  const fields = Object.keys(base).filter((field) => mine[field] !== theirs[field]);
  const [here, there] = [changed(mine), changed(theirs)];
  return {
    both: fields.filter((field) => here(field) && there(field)),
    onlyMine: fields.filter((field) => here(field) && !there(field)),
    onlyTheirs: fields.filter((field) => !here(field) && there(field)),
  };
}

export type Side = 'mine' | 'theirs';
export type Choices = Readonly<Record<string, Side>>;

/** What is written once every question is answered. */
export function mergedValues<T extends Values>(theirs: T, mine: T, conflict: Conflict, choices: Choices): T {
  const kept = new Set([...conflict.onlyMine, ...conflict.both.filter((field) => choices[field] === 'mine')]);
  return { ...theirs, ...Object.fromEntries(Object.entries(mine).filter(([field]) => kept.has(field))) };
}
