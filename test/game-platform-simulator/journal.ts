import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Operation } from './operations.ts';

/**
 * The operations in a file, one JSON object a line, the seed first. Every line has reached the kernel before the
 * call that caused it is answered, so that a killed process loses nothing; a torn last line is cut off.
 */
export class Journal {
  private constructor(
    private readonly path: string,
    readonly seed: number,
    /** What the file held when it was opened. */
    readonly operations: readonly Operation[],
  ) {}

  /** The seed of an existing file wins over the one given: its history was made with it. */
  static open(path: string, seed: number): Journal {
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) {
      writeWhole(path, [{ seed }]);
      return new Journal(path, seed, []);
    }
    const lines = readFileSync(path, 'utf8').split('\n');
    // After the last line break there is nothing, or what a killed process did not finish.
    const torn = lines.pop() !== '';
    const [header, ...operations] = lines.map((line): unknown => JSON.parse(line));
    if (header === undefined) {
      writeWhole(path, [{ seed }]);
      return new Journal(path, seed, []);
    }
    if (torn) {
      writeWhole(path, [header, ...operations]);
    }
    return new Journal(path, (header as { seed: number }).seed, operations as Operation[]);
  }

  append(operation: Operation): void {
    appendFileSync(this.path, `${JSON.stringify(operation)}\n`);
  }

  /** Forgets every operation. */
  clear(): void {
    writeWhole(this.path, [{ seed: this.seed }]);
  }
}

function writeWhole(path: string, records: readonly unknown[]): void {
  const next = `${path}.next`;
  writeFileSync(next, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  renameSync(next, path);
}
