/** A clock that runs as fast as the machine's, and can be put forward: what it shows, `new Date()` and `Date.now()` show. */
export interface ShiftedClock {
  /** @param ms since 1970 */
  set(ms: number): void;
  /** Gives the machine's clock back. */
  stop(): void;
}

/** Shifts the whole process's idea of the time; timers run as before. */
export function shiftClock(startMs: number): ShiftedClock {
  const Machine = globalThis.Date;
  let shift = startMs - Machine.now();
  class Shifted extends Machine {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [Machine.now() + shift] : given) as [number]));
    }
    static override now(): number {
      return Machine.now() + shift;
    }
  }
  globalThis.Date = Shifted as DateConstructor;
  return {
    set: (ms) => {
      shift = ms - Machine.now();
    },
    stop: () => {
      globalThis.Date = Machine;
    },
  };
}
