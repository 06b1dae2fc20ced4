import type { DeadLetter } from '#shared/dead-letters/dead-letter.ts';
import type { DeadLetterBox } from '#shared/dead-letters/dead-letter-box.ts';
import type { LetterSource } from '#shared/dead-letters/letter-sources.ts';

interface Lying {
  readonly letter: Omit<DeadLetter, 'receipt'>;
  hiddenUntil: number;
}

const AT_ONCE = 10;

/** Dead-letter queues with SQS's visibility, on a clock of the test's. */
export class LetterBox implements DeadLetterBox {
  readonly lying: Lying[] = [];
  private readonly now: () => Date;
  private made = 0;

  constructor(now: () => Date) {
    this.now = now;
  }

  put(source: LetterSource, body: unknown): string {
    this.made += 1;
    const id = `msg-${this.made}`;
    const sentAt = new Date(this.now().getTime() - 3_600_000 + this.made * 1_000).toISOString();
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.lying.push({ letter: { id, source, body: text, sentAt }, hiddenUntil: 0 });
    return id;
  }

  get ids(): string[] {
    return this.lying.map(({ letter }) => letter.id);
  }

  receive = (source: LetterSource, hideSeconds: number): Promise<DeadLetter[]> => {
    const now = this.now().getTime();
    const found = this.lying
      .filter(({ letter, hiddenUntil }) => letter.source === source && hiddenUntil <= now)
      .slice(0, AT_ONCE);
    for (const one of found) one.hiddenUntil = now + hideSeconds * 1_000;
    return Promise.resolve(found.map(({ letter }) => Object.assign({ receipt: letter.id }, letter)));
  };

  giveBack = (letters: readonly DeadLetter[]): Promise<void> => {
    for (const one of this.lying) {
      if (letters.some(({ id }) => id === one.letter.id)) one.hiddenUntil = 0;
    }
    return Promise.resolve();
  };

  remove = ({ id }: DeadLetter): Promise<void> => {
    const at = this.lying.findIndex(({ letter }) => letter.id === id);
    if (at !== -1) this.lying.splice(at, 1);
    return Promise.resolve();
  };
}
