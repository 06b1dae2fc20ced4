import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Trace } from '../emulator/xray/trace-store.ts';

/** With the file before it, that is what the traces take at most. */
const LIMIT_BYTES = 5 * 1024 * 1024;

export interface TraceFile {
  add(trace: Trace): void;
}

/** One trace a line in `traces.jsonl`; a full file becomes `traces.jsonl.1`, and the one before that goes. */
export function createTraceFile(directory: string, limitBytes: number = LIMIT_BYTES): TraceFile {
  const file = join(directory, 'traces.jsonl');
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return {
    add(trace) {
      const line = `${JSON.stringify(trace)}\n`;
      try {
        if (size > 0 && size + line.length > limitBytes) {
          renameSync(file, `${file}.1`);
          size = 0;
        }
        appendFileSync(file, line);
        size += Buffer.byteLength(line);
      } catch {
        // A full disk, or a state folder that is gone, must not end the stack.
      }
    },
  };
}
