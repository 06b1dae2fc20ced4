import type { ChallengeSolve } from '#shared/game-platform/vendor-contract.ts';
import type { Account } from './accounts.ts';
import type { FlashCtfs, FlashEvent } from './flash-ctfs.ts';
import { type Entry, type Life, Lives } from './lives.ts';
import type { GivenSolve, Operation, SolveRef, SolveSource } from './operations.ts';
import { type Sessions, weekOf } from './population.ts';
import { unitOf } from './random.ts';
import type { SpeedStep } from './school-week.ts';
import type { Settings } from './settings.ts';

/** What each student has solved by a moment: made when first asked for, kept until something it follows from changes. */

interface Made {
  readonly stamp: string;
  readonly life: Life;
}

interface Change {
  revokedAt?: number;
  until?: number;
  points?: number;
}

export interface FlashResult {
  readonly event: FlashEvent;
  readonly solves: readonly ChallengeSolve[];
}

const refKey = ({ source, event, solveId }: SolveRef): string => `${source} ${event} ${solveId}`;
const FIRST_GIVEN_ID = 800_001;

export class SolveHistory {
  private readonly made = new Map<string, Made>();
  private readonly given = new Map<string, Entry[]>();
  private readonly changes = new Map<string, Map<string, Change>>();
  private readonly specials = new Map<string, FlashEvent>();
  private speeds: SpeedStep[] = [];
  /** Rises whenever something changes that everyone's solves follow from. */
  private version = 0;
  private givenCount = 0;
  private readonly lives: Lives;

  constructor(
    private readonly seed: number,
    private readonly sessions: Sessions,
    private readonly flashCtfs: FlashCtfs,
    private readonly settings: () => Settings,
  ) {
    this.lives = new Lives(seed, sessions, flashCtfs, settings);
  }

  get speed(): number {
    return this.speeds.at(-1)?.speed ?? 1;
  }

  nextGivenId(): number {
    return FIRST_GIVEN_ID + this.givenCount;
  }

  /** To be called when a setting changes that solves are made from. */
  forget(): void {
    this.version += 1;
    this.sessions.forget();
  }

  apply(operation: Operation): void {
    switch (operation.op) {
      case 'speed':
        // From the next second on: what was visible in this one stays as it was.
        this.speeds.push({ at: operation.at + 1, speed: operation.speed });
        this.forget();
        break;
      case 'flashCtf':
        this.specials.set(
          operation.key,
          this.flashCtfs.special(operation.key, { ...operation, eventId: operation.eventId ?? undefined }),
        );
        this.version += 1;
        break;
      case 'solveAdded': {
        const { ref, visibleFrom } = operation;
        const gift = { ref, solve: toSolve(operation.solve), visibleFrom };
        this.given.set(operation.userId, [...(this.given.get(operation.userId) ?? []), gift]);
        this.givenCount += 1;
        break;
      }
      case 'solveRevoked':
        this.changeOf(operation.userId, operation.ref).revokedAt = operation.at;
        break;
      case 'solveDelayed':
        this.changeOf(operation.userId, operation.ref).until = operation.until;
        break;
      case 'pointsCorrected':
        this.changeOf(operation.userId, operation.ref).points = operation.points;
        break;
      default:
        break;
    }
  }

  /** ODL solves that the platform shows at a moment, by time. */
  odl(account: Account, now: number): ChallengeSolve[] {
    const { odl } = this.of(account, now);
    const given = this.givenOf(account, 'odl', '');
    const shown = this.shown(account, odl, now);
    return given.length === 0
      ? shown
      : [...shown, ...this.shown(account, given, now)].toSorted(
          (a, b) => a.timestamp_unix - b.timestamp_unix,
        );
  }

  /** The Flash CTFs that the user has joined by now, oldest first. */
  flash(account: Account, now: number): FlashResult[] {
    const parts = this.of(account, now).flash.filter(({ joinedAt }) => joinedAt <= now);
    const known = new Set(parts.map(({ event }) => event.key));
    const givenTo = (this.given.get(account.user.synedUserId) ?? [])
      .filter(({ ref }) => ref.source === 'flash_ctf' && !known.has(ref.event))
      .map(({ ref }) => this.eventOf(ref.event))
      .filter((event) => event !== undefined);
    return [...parts, ...new Set(givenTo)]
      .map((part) => ('event' in part ? part : { event: part, entries: [] }))
      .toSorted((a, b) => a.event.start - b.event.start)
      .map(({ event, entries }) => ({
        event,
        solves: this.shown(
          account,
          [...entries, ...this.givenOf(account, 'flash_ctf', event.key)],
          now,
        ).toSorted((a, b) => a.timestamp_unix - b.timestamp_unix),
      }));
  }

  /** When the user last began a session or joined an event; undefined when never. */
  lastSeen(account: Account, now: number): number | undefined {
    const { starts, flash } = this.of(account, now);
    const joined = flash.map(({ joinedAt }) => joinedAt).filter((at) => at <= now);
    const last = Math.max(...joined, starts.findLast((at) => at <= now) ?? 0, 0);
    return last === 0 ? undefined : last;
  }

  /** A Flash CTF by the simulator's key. */
  eventOf(key: string): FlashEvent | undefined {
    const special = this.specials.get(key);
    const month = /^month-(\d+)$/.exec(key)?.[1];
    return special ?? (month === undefined ? undefined : this.flashCtfs.monthly(Number(month)));
  }

  private givenOf(account: Account, source: SolveSource, event: string): Entry[] {
    return (this.given.get(account.user.synedUserId) ?? []).filter(
      ({ ref }) => ref.source === source && ref.event === event,
    );
  }

  private changeOf(userId: string, ref: SolveRef): Change {
    let ofUser = this.changes.get(userId);
    if (ofUser === undefined) {
      ofUser = new Map();
      this.changes.set(userId, ofUser);
    }
    let change = ofUser.get(refKey(ref));
    if (change === undefined) {
      change = {};
      ofUser.set(refKey(ref), change);
    }
    return change;
  }

  private shown(account: Account, entries: readonly Entry[], now: number): ChallengeSolve[] {
    const { lateSolves, revokedSolves } = this.settings();
    const userId = account.user.synedUserId;
    const changes = this.changes.get(userId);
    const dropped = account.droppedUntil ?? -1;
    const shown: ChallengeSolve[] = [];
    for (const { ref, solve, visibleFrom } of entries) {
      const at = solve.timestamp_unix;
      if (visibleFrom > now || at <= dropped) {
        continue;
      }
      const change = changes?.get(refKey(ref));
      if ((change?.until ?? 0) > now || (change?.revokedAt ?? Number.POSITIVE_INFINITY) <= now) {
        continue;
      }
      const chance = (what: string): number =>
        unitOf(this.seed, what, userId, ref.source, ref.event, ref.solveId);
      if (lateSolves !== null && at + lateSolves.delaySeconds > now && chance('late') < lateSolves.share) {
        continue;
      }
      if (
        revokedSolves !== null &&
        at + revokedSolves.afterSeconds <= now &&
        chance('revoked') < revokedSolves.share
      ) {
        continue;
      }
      shown.push(change?.points === undefined ? solve : { ...solve, challenge_points: change.points });
    }
    return shown;
  }

  private of(account: Account, now: number): Life {
    const userId = account.user.synedUserId;
    const week = weekOf(now);
    const stamp = `${week} ${this.version} ${account.version}`;
    const known = this.made.get(userId);
    if (known?.stamp === stamp) {
      return known.life;
    }
    const life = this.lives.of(account, week, this.speeds, (from, to) => this.eventsBetween(from, to));
    this.made.set(userId, { stamp, life });
    return life;
  }

  private eventsBetween(from: number, to: number): FlashEvent[] {
    const specials = [...this.specials.values()].filter(({ start }) => start >= from && start <= to);
    return [...this.flashCtfs.monthlyBetween(from, to), ...specials].toSorted((a, b) => a.start - b.start);
  }
}

const toSolve = (given: GivenSolve): ChallengeSolve => ({
  ...given,
  nist_nice_work_roles: [...given.nist_nice_work_roles],
});
