import { Accounts } from './accounts.ts';
import { FlashCtfs } from './flash-ctfs.ts';
import { Journal } from './journal.ts';
import type { Operation } from './operations.ts';
import { Sessions } from './population.ts';
import { SchoolWeek } from './school-week.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsChange, settingsSchema } from './settings.ts';
import { SolveHistory } from './solve-history.ts';

export interface ModelOptions {
  readonly seed?: number;
  /** Keeps what happened over restarts; without it the model lives in memory. */
  readonly stateFile?: string;
  /** Unix seconds. */
  readonly now?: () => number;
  readonly timeZone?: string;
  readonly settings?: Partial<Settings>;
}

/**
 * What there is: a function of the seed, the operations so far and the clock. Nothing else is kept, so that nothing
 * can be lost.
 */
export class World {
  readonly seed: number;
  private readonly clock: () => number;
  private readonly journal: Journal | undefined;
  private readonly schoolWeek: SchoolWeek;
  private parts: {
    readonly accounts: Accounts;
    readonly history: SolveHistory;
    readonly flashCtfs: FlashCtfs;
  };
  private current: Settings;

  constructor(private readonly options: ModelOptions) {
    this.journal =
      options.stateFile === undefined ? undefined : Journal.open(options.stateFile, options.seed ?? 1);
    this.seed = this.journal?.seed ?? options.seed ?? 1;
    this.clock = options.now ?? (() => Date.now() / 1000);
    this.schoolWeek = new SchoolWeek(options.timeZone ?? 'America/Los_Angeles');
    this.current = { ...DEFAULT_SETTINGS, ...options.settings };
    this.parts = this.empty();
    for (const operation of this.journal?.operations ?? []) {
      this.apply(operation);
    }
  }

  /** Whole Unix seconds. */
  now(): number {
    return Math.floor(this.clock());
  }

  get accounts(): Accounts {
    return this.parts.accounts;
  }

  get history(): SolveHistory {
    return this.parts.history;
  }

  get flashCtfs(): FlashCtfs {
    return this.parts.flashCtfs;
  }

  get settings(): Settings {
    return this.current;
  }

  changeSettings(change: SettingsChange): void {
    this.current = settingsSchema.parse({ ...this.current, ...change });
    this.history.forget();
  }

  resetSettings(): void {
    this.current = { ...DEFAULT_SETTINGS, ...this.options.settings };
    this.history.forget();
  }

  /** Forgets every operation. */
  clear(): void {
    this.journal?.clear();
    this.parts = this.empty();
  }

  record(operation: Operation): void {
    this.journal?.append(operation);
    this.apply(operation);
  }

  private apply(operation: Operation): void {
    this.accounts.apply(operation);
    this.history.apply(operation);
  }

  private empty() {
    const flashCtfs = new FlashCtfs(this.seed, this.schoolWeek);
    const sessions = new Sessions(this.seed, this.schoolWeek);
    const history = new SolveHistory(this.seed, sessions, flashCtfs, () => this.settings);
    return { accounts: new Accounts(), history, flashCtfs };
  }
}
