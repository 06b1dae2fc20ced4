import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { LocalAwsLog } from '../local-aws.ts';
import type { Invitation } from './cognito-local.ts';

/** Where the mail of a machine without mail goes: a file for each, to be read by the person at the machine. */
export class Mailbox {
  readonly #directory: string;
  readonly #onLog: (entry: LocalAwsLog) => void;

  constructor(directory: string, onLog: (entry: LocalAwsLog) => void) {
    this.#directory = directory;
    this.#onLog = onLog;
  }

  invite({ destination, code }: Invitation): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const file = join(this.#directory, `${Date.now()}-${randomUUID().slice(0, 8)}.txt`);
    const text = `To: ${destination}\nSubject: Your temporary password\n\nYour temporary password is ${code}\n`;
    writeFileSync(file, text, { mode: 0o600 });
    this.#onLog({ level: 'info', source: 'cognito', message: `An invitation was written to ${file}.` });
  }
}
