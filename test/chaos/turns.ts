import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { awaitSite } from './await-site.ts';
import { randomFrom, type Random } from '#test/game-platform-simulator/random.ts';

/** The process dies at one of its steps (a call of the table, the platform, a queue), before it is made or after. */
export interface Kill {
  readonly at: number;
  readonly side: 'before' | 'after';
}

export type End<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'died' }
  /** Its time was over. */
  | { readonly kind: 'timed_out' };

/** One invocation of a function: what it does until it ends, dies, or its time is over. */
export interface Invocation {
  readonly name: string;
  readonly deadline: number;
  readonly kill: Kill | undefined;
  steps: number;
  dead: boolean;
  ended: boolean;
  readonly died: (how: 'died' | 'timed_out') => void;
}

interface Step {
  readonly invocation: Invocation;
  readonly label: string;
  readonly effect: () => Promise<unknown>;
  readonly settle: (end: PromiseSettledResult<unknown>) => void;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly invocation: Invocation;
  readonly fire: () => void;
}

const STEP_MS = 3;
const never = new Promise<never>(() => {});

/**
 * Many processes and one clock, one step at a time: whenever all wait, one of the waiting steps is drawn and made, so
 * that a seed tells in which order everything happens. Waiting is free: the clock jumps to the next timer.
 */
export class Turns {
  now: number;
  readonly random: Random;
  /** Kills that hit, by function and side. */
  readonly kills: string[] = [];
  /** Where processes died, by side; and, while `watching`, all places where they wait. */
  readonly killedAt = { before: new Set<string>(), after: new Set<string>() };
  readonly waitedAt = new Set<string>();
  watching = false;
  readonly #current = new AsyncLocalStorage<Invocation>();
  #steps: Step[] = [];
  #timers: Timer[] = [];
  #order = 0;
  /** Steps made so far. */
  made = 0;

  constructor(seed: number, start: Date) {
    this.now = start.getTime();
    this.random = randomFrom(seed);
  }

  /** The invocation that runs; undefined in the world around it. */
  get inside(): Invocation | undefined {
    return this.#current.getStore();
  }

  /** Begins an invocation; it goes on while {@link drive} runs. */
  begin<T>(
    name: string,
    { limitMs, kill }: { readonly limitMs: number; readonly kill?: Kill | undefined },
    work: (remainingMs: () => number) => Promise<T>,
  ): { readonly invocation: Invocation; readonly end: Promise<End<T>> } {
    const ended = Promise.withResolvers<End<T>>();
    const invocation: Invocation = {
      name,
      deadline: this.now + limitMs,
      kill,
      steps: 0,
      dead: false,
      ended: false,
      died: (kind) => {
        invocation.dead = true;
        invocation.ended = true;
        ended.resolve({ kind });
      },
    };
    const finish = (end: End<T>) => {
      if (invocation.dead) return;
      invocation.ended = true;
      ended.resolve(end);
    };
    void this.#current
      .run(invocation, async () => work(() => invocation.deadline - this.now))
      .then(
        (value) => finish({ kind: 'done', value }),
        (error: unknown) => finish({ kind: 'failed', error }),
      );
    return { invocation, end: ended.promise };
  }

  /** Runs all that began until every one of these has ended. */
  async drive(invocations: readonly Invocation[]): Promise<void> {
    for (;;) {
      await setImmediate();
      if (invocations.every(({ ended }) => ended)) return;
      if (this.#steps.length > 0) await this.#makeOne();
      else this.#nextTimer(Infinity, invocations);
    }
  }

  /** Time goes by; what was to happen meanwhile happens. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      await setImmediate();
      if (this.#steps.length > 0) await this.#makeOne();
      else if (!this.#nextTimer(until, [])) break;
    }
    this.now = Math.max(this.now, until);
  }

  /** What the running invocation does with the world outside, in its turn. Never settles for a dead one. */
  step<T>(label: string, effect: () => Promise<T>): Promise<T> {
    const invocation = this.inside;
    if (invocation === undefined) return effect();
    const index = invocation.steps;
    invocation.steps += 1;
    if (invocation.dead) return never;
    const dies = invocation.kill?.at === index;
    if (dies || this.watching) {
      const site = `${invocation.name}: ${awaitSite()}`;
      this.waitedAt.add(site);
      if (dies && invocation.kill !== undefined) this.killedAt[invocation.kill.side].add(site);
    }
    if (dies && invocation.kill?.side === 'before') {
      this.#die(invocation);
      return never;
    }
    return new Promise<T>((resolve, reject) => {
      this.#steps.push({
        invocation,
        label,
        effect,
        settle: (end) => {
          if (dies) this.#die(invocation);
          if (invocation.dead) return;
          if (end.status === 'fulfilled') resolve(end.value as T);
          else reject(end.reason as Error);
        },
      });
    });
  }

  /** A timer of the running invocation. */
  after(ms: number, fire: () => void): Timer | undefined {
    const invocation = this.inside;
    if (invocation === undefined) return undefined;
    this.#order += 1;
    const timer = { at: this.now + Math.max(0, ms), order: this.#order, invocation, fire };
    this.#timers.push(timer);
    return timer;
  }

  cancel(timer: unknown): void {
    this.#timers = this.#timers.filter((one) => one !== timer);
  }

  #die(invocation: Invocation): void {
    this.kills.push(`${invocation.name} ${invocation.kill?.side}`);
    // What it had sent may arrive all the same.
    this.#steps = this.#steps.filter((step) => step.invocation !== invocation || this.random() < 0.5);
    this.#timers = this.#timers.filter((timer) => timer.invocation !== invocation);
    invocation.died('died');
  }

  async #makeOne(): Promise<void> {
    const [step] = this.#steps.splice(Math.floor(this.random() * this.#steps.length), 1);
    if (step === undefined) return;
    this.now += STEP_MS;
    this.made += 1;
    const [end] = await this.#current.exit(() => Promise.allSettled([step.effect()]));
    step.settle(end);
    if (!step.invocation.ended && this.now > step.invocation.deadline) step.invocation.died('timed_out');
  }

  /** The clock jumps to the next timer, if there is one up to then; ends who waits beyond the end of their time. */
  #nextTimer(until: number, invocations: readonly Invocation[]): boolean {
    const [timer] = this.#timers.toSorted((a, b) => a.at - b.at || a.order - b.order);
    const running = invocations.filter(({ ended }) => !ended);
    const deadline = Math.min(...running.map((one) => one.deadline));
    if (timer === undefined || timer.at > Math.min(until, deadline)) {
      if (running.length === 0) return false;
      this.now = Math.max(this.now, deadline);
      for (const one of running) if (one.deadline <= this.now) one.died('timed_out');
      return true;
    }
    this.cancel(timer);
    this.now = Math.max(this.now, timer.at);
    if (!timer.invocation.dead) this.#current.run(timer.invocation, timer.fire);
    return true;
  }
}
