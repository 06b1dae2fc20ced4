import type { CsvLine } from './write-csv.ts';

/** Where a file goes on; it is kept as JSON from one invocation to the next. */
export type CsvCursor = Readonly<Record<string, unknown>>;

export interface CsvStep {
  readonly lines: readonly CsvLine[];
  /** How many of the lines are rows and not heads. */
  readonly rows: number;
  /** Null: that was all. */
  readonly next: CsvCursor | null;
}

/**
 * A table as the lines of a file, some at a time, so that nobody has to hold all of it and another invocation can go
 * on with it. Null: from the beginning.
 */
export type CsvSource = (cursor: CsvCursor | null) => Promise<CsvStep>;

/** Where a source puts what it needs again before the file is whole. */
export interface Scratch {
  /** Answers the name under which it is read. */
  readonly keep: (value: unknown) => Promise<string>;
  readonly read: (name: string) => Promise<unknown>;
}

/** For a file that is made within one invocation. */
export function createMemoryScratch(): Scratch {
  const kept: unknown[] = [];
  return {
    keep: (value) => Promise.resolve(String(kept.push(value) - 1)),
    read: (name) => Promise.resolve(kept[Number(name)]),
  };
}
