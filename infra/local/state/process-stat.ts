import { readFileSync } from 'node:fs';

export interface ProcessStat {
  readonly parent: number;
  /** When it began, in the kernel's own count: together with the id, it names one process for good. */
  readonly startedAt: string;
}

/** Undefined for a process that is not there, and where there is no /proc. */
export function processStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; after it come the state, the parent, and 18 fields on the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), startedAt: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** The command line, its words parted by spaces; empty when it cannot be read. */
export function processCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
