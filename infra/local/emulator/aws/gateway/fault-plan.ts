import type { AwsFault } from '../../deployment.ts';

/** Which of the injected faults strike a call. */
export class FaultPlan {
  #faults: { readonly fault: AwsFault; left: number }[] = [];
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  inject(fault: AwsFault): void {
    this.#faults.push({ fault, left: fault.times ?? Infinity });
  }

  clear(): void {
    this.#faults = [];
  }

  /**
   * Slowness adds up; of the other kinds the first one strikes. A fault that cannot happen to the call (a transaction
   * conflict on a read) is passed over and not used up.
   */
  strike(
    action: string,
    caller: string,
    mayConflict: boolean,
  ): { delayMs: number; kind: AwsFault['kind'] | undefined } {
    let delayMs = 0;
    let kind: AwsFault['kind'] | undefined;
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (fault.action !== '*' && fault.action !== action) continue;
      if (fault.functionName !== undefined && fault.functionName !== caller) continue;
      if (fault.kind === 'transactionConflict' && !mayConflict) continue;
      if (kind !== undefined && kind !== 'slow' && fault.kind !== 'slow') continue;
      if (entry.left <= 0 || this.#random() >= fault.probability) continue;
      entry.left -= 1;
      delayMs += fault.delayMs ?? 0;
      if (kind === undefined || kind === 'slow') kind = fault.kind;
    }
    this.#faults = this.#faults.filter((entry) => entry.left > 0);
    return { delayMs, kind };
  }
}
