import { useSyncExternalStore } from 'react';
import * as z from 'zod';

/**
 * Files that a job prepares, for as long as this tab is open: asked for on any page, over a reload as well. Ids and what
 * the file is of; never an address, which is a key to the file.
 */
const fileSchema = z.object({
  jobId: z.string(),
  /** "the roster". */
  what: z.string(),
  actingAs: z.string().nullable(),
  /** How it ended; null: it is being prepared. */
  outcome: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('saved') }),
      z.object({ kind: z.enum(['failed', 'expired']), message: z.string() }),
    ])
    .nullable(),
});
export type LargeFile = z.infer<typeof fileSchema>;

const STORED_UNDER = 'large-files';
const listeners = new Set<() => void>();

function stored(): readonly LargeFile[] {
  try {
    return z.array(fileSchema).parse(JSON.parse(sessionStorage.getItem(STORED_UNDER) ?? '[]'));
  } catch {
    return [];
  }
}

let files: readonly LargeFile[] | undefined;
const current = (): readonly LargeFile[] => (files ??= stored());

function replace(next: readonly LargeFile[]): void {
  files = next;
  if (next.length === 0) sessionStorage.removeItem(STORED_UNDER);
  else sessionStorage.setItem(STORED_UNDER, JSON.stringify(next));
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useLargeFiles = (): readonly LargeFile[] => useSyncExternalStore(subscribe, current);

/** One for each thing that there are files of: a new file takes the place of the last one. */
export const addLargeFile = (file: Omit<LargeFile, 'outcome'>): void =>
  replace([
    ...current().filter(({ what, actingAs }) => what !== file.what || actingAs !== file.actingAs),
    { ...file, outcome: null },
  ]);

export const endLargeFile = (jobId: string, outcome: LargeFile['outcome']): void =>
  replace(current().map((file) => (file.jobId === jobId ? Object.assign({}, file, { outcome }) : file)));

/** Whoever signs out leaves nothing in the tab. */
export const dropLargeFiles = (): void => replace([]);

export const dropLargeFile = (jobId: string): void =>
  replace(current().filter((file) => file.jobId !== jobId));
