import type { AwsCall, AwsRefusal } from '../local-aws.ts';

const KEPT_CALLS = 4_096;

/** The last calls, and each refusal once. */
export class CallLog {
  readonly #calls: AwsCall[] = [];
  #oldest = 0;
  readonly #refusals = new Map<string, AwsRefusal>();
  readonly #listeners = new Set<(refusal: AwsRefusal) => void>();

  add(call: AwsCall): void {
    if (this.#calls.length < KEPT_CALLS) {
      this.#calls.push(call);
      return;
    }
    this.#calls[this.#oldest] = call;
    this.#oldest = (this.#oldest + 1) % KEPT_CALLS;
  }

  calls(): readonly AwsCall[] {
    return [...this.#calls.slice(this.#oldest), ...this.#calls.slice(0, this.#oldest)];
  }

  refuse(refusal: AwsRefusal): void {
    const key = `${refusal.caller}\n${refusal.action}\n${refusal.resource}`;
    if (this.#refusals.has(key)) return;
    this.#refusals.set(key, refusal);
    for (const listener of this.#listeners) listener(refusal);
  }

  refusals(): readonly AwsRefusal[] {
    return [...this.#refusals.values()];
  }

  onRefusal(listener: (refusal: AwsRefusal) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
