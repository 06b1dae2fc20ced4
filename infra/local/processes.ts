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

const INTERVAL_MS = 1_000;
/** npm, its shell, tsx, and one to spare. */
const GENERATIONS = 4;

interface Ancestor {
  readonly pid: number;
  readonly startedAt: string;
}

/** The processes from this one's parent up to npm; none when npm did not start it. */
function ancestorsUpToNpm(): readonly Ancestor[] {
  const ancestors: Ancestor[] = [];
  for (let pid = process.ppid; ancestors.length < GENERATIONS && pid > 1;) {
    const stat = processStat(pid);
    if (stat === undefined) return [];
    ancestors.push({ pid, startedAt: stat.startedAt });
    if (/^(\S*\/)?(npm|node \S*npm(-cli\.js)?)( |$)/.test(processCommand(pid))) return ancestors;
    pid = stat.parent;
  }
  return [];
}

/**
 * Calls back when npm, or what it started this process through, is gone: who kills those means the stack, and a
 * signal that cannot be caught is not handed on.
 */
export function watchParents(onGone: () => void): void {
  const ancestors = ancestorsUpToNpm();
  if (ancestors.length === 0) return;
  const timer = setInterval(() => {
    if (ancestors.every(({ pid, startedAt }) => processStat(pid)?.startedAt === startedAt)) return;
    clearInterval(timer);
    onGone();
  }, INTERVAL_MS);
  timer.unref();
}
