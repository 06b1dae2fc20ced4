import { createLog, type Log, type LogLevel } from '#shared/kernel/log.ts';

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines for assertions. */
export function recordingLog(): { readonly log: Log; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  return { lines, log: createLog((level, message, fields) => lines.push({ level, message, fields })) };
}
