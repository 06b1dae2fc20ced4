import { QUEUES, type QueueName } from '#shared/jobs/task-definition.ts';
import type { Command } from './edges.ts';

export interface Message {
  readonly id: string;
  readonly body: string;
  receives: number;
  /** Milliseconds since 1970. */
  visibleAt: number;
}

export interface DeadLetter {
  readonly queue: QueueName;
  readonly body: string;
}

/**
 * What can go wrong with a call that sends: refused; taken, and the answer lost; the last of several not taken; taken,
 * and lost later; taken, and delivered twice.
 */
export const SEND_TROUBLES = ['refused', 'lostAnswer', 'notAll', 'lost', 'doubled'] as const;
export type SendTrouble = (typeof SEND_TROUBLES)[number];

const queueOf = (url: unknown): QueueName => {
  const name = String(url).split('/').at(-1);
  const queue = QUEUES.find((one) => one === name);
  if (queue === undefined) throw new Error(`There is no queue ${name}.`);
  return queue;
};

/** The three queues, in no order. */
export class Queues {
  readonly waiting: Record<QueueName, Message[]> = { roster: [], sync: [], work: [] };
  deadLetters: DeadLetter[] = [];
  troubles: SendTrouble[] = [];
  readonly hits: string[] = [];
  #ids = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  put(queue: QueueName, body: string): void {
    this.#ids += 1;
    this.waiting[queue].push({ id: `msg-${this.#ids}`, body, receives: 0, visibleAt: this.#now() });
  }

  visible(queue: QueueName): Message[] {
    return this.waiting[queue].filter(({ visibleAt }) => visibleAt <= this.#now());
  }

  remove(queue: QueueName, message: Message): void {
    this.waiting[queue] = this.waiting[queue].filter((one) => one !== message);
  }

  /** Dead letters, all unless told which, go back to where they came from. */
  redrive(which: (letter: DeadLetter) => boolean = () => true): number {
    const letters = this.deadLetters.filter(which);
    this.deadLetters = this.deadLetters.filter((letter) => !letters.includes(letter));
    for (const { queue, body } of letters) this.put(queue, body);
    return letters.length;
  }

  readonly send = (command: Command): Promise<unknown> => {
    const { input } = command;
    const queue = queueOf(input['QueueUrl']);
    if (command.constructor.name === 'ChangeMessageVisibilityCommand') {
      const message = this.waiting[queue].find(({ id }) => id === input['ReceiptHandle']);
      if (message !== undefined) message.visibleAt = this.#now() + Number(input['VisibilityTimeout']) * 1_000;
      return Promise.resolve({});
    }
    const entries: unknown = input['Entries'];
    if (!Array.isArray(entries)) throw new Error(`${command.constructor.name} is not known here.`);
    const bodies = entries.map((entry: unknown) => String(Object(entry)['MessageBody']));
    const trouble = this.troubles.shift();
    if (trouble !== undefined) this.hits.push(trouble);
    if (trouble === 'refused') return Promise.reject(new Error('The queue cannot be reached.'));
    const taken = trouble === 'notAll' ? bodies.slice(0, -1) : trouble === 'lost' ? [] : bodies;
    for (const body of taken) this.put(queue, body);
    if (trouble === 'doubled') for (const body of taken) this.put(queue, body);
    if (trouble === 'lostAnswer') return Promise.reject(new Error('The connection broke.'));
    const Failed = trouble === 'notAll' ? [{ Id: String(bodies.length - 1), Code: 'InternalError' }] : [];
    return Promise.resolve({ Failed });
  };
}
