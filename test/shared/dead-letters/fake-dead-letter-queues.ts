import type { DeadLetter } from '#shared/dead-letters/dead-letter.ts';
import type { DeadLetterQueues } from '#shared/dead-letters/dead-letter-queues.ts';
import type { DeadLetterSource } from '#shared/dead-letters/contract.ts';

interface Lying {
  readonly message: Omit<DeadLetter, 'receipt'>;
  hiddenUntil: number;
}

const AT_ONCE = 10;

/** Dead-letter queues with SQS's visibility, on a clock of the test's. */
export class FakeDeadLetterQueues implements DeadLetterQueues {
  readonly lying: Lying[] = [];
  private readonly now: () => Date;
  private made = 0;

  constructor(now: () => Date) {
    this.now = now;
  }

  put(source: DeadLetterSource, body: unknown): string {
    this.made += 1;
    const id = `msg-${this.made}`;
    const sentAt = new Date(this.now().getTime() - 3_600_000 + this.made * 1_000).toISOString();
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.lying.push({ message: { id, source, body: text, sentAt }, hiddenUntil: 0 });
    return id;
  }

  get ids(): string[] {
    return this.lying.map(({ message }) => message.id);
  }

  receive = (source: DeadLetterSource, hideSeconds: number): Promise<DeadLetter[]> => {
    const now = this.now().getTime();
    const found = this.lying
      .filter(({ message, hiddenUntil }) => message.source === source && hiddenUntil <= now)
      .slice(0, AT_ONCE);
    for (const one of found) one.hiddenUntil = now + hideSeconds * 1_000;
    return Promise.resolve(found.map(({ message }) => Object.assign({ receipt: message.id }, message)));
  };

  giveBack = (letters: readonly DeadLetter[]): Promise<void> => {
    for (const one of this.lying) {
      if (letters.some(({ id }) => id === one.message.id)) one.hiddenUntil = 0;
    }
    return Promise.resolve();
  };

  remove = ({ id }: DeadLetter): Promise<void> => {
    const at = this.lying.findIndex(({ message }) => message.id === id);
    if (at !== -1) this.lying.splice(at, 1);
    return Promise.resolve();
  };
}
