import { type Challenge, flashChallenges } from './challenges.ts';
import { exponential, hashOf, pick, randomFrom, unitOf } from './random.ts';
import type { SchoolWeek } from './school-week.ts';

/** Monthly Flash CTFs: two hours on a Friday afternoon, joined by 40 %, their ranks moving for two days after. */

const HOUR = 3600;
const DAY = 24 * HOUR;
export const FLASH_CTF_SHARE = 0.4;

export interface FlashEvent {
  /** Ours, to tell events apart; the platform does not show it. */
  readonly key: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Whether the platform tells when it ends, and by which id it goes. */
  readonly showsEnd: boolean;
  readonly eventId: string | undefined;
  readonly challenges: readonly Challenge[];
}

export interface FlashSolve {
  readonly challenge: Challenge;
  readonly at: number;
}

const THEMES = [
  'Midnight Relay',
  'Copper Lantern',
  'Paper Satellite',
  'Borrowed Signal',
  'Glass Harbour',
  'Static Garden',
  'Velvet Kernel',
  'Lost Luggage',
  'Salt and Sand',
  'Winter Router',
  'Orange Orbit',
  'Hollow Proxy',
] as const;

export type EventIdPolicy = 'some' | 'never' | 'always';

export class FlashCtfs {
  private readonly months = new Map<number, FlashEvent>();
  private readonly fields = new Map<string, Rivals>();

  constructor(
    private readonly seed: number,
    private readonly schoolWeek: SchoolWeek,
  ) {}

  /** Monthly events that began between two moments (Unix seconds), in order. */
  monthlyBetween(from: number, to: number): FlashEvent[] {
    const found: FlashEvent[] = [];
    for (let month = monthOf(from - DAY); month <= monthOf(to + DAY); month += 1) {
      const event = this.monthly(month);
      if (event.start >= from && event.start <= to) {
        found.push(event);
      }
    }
    return found;
  }

  /** An event outside the monthly ones; `eventId` undefined leaves it out of the answers. */
  special(
    key: string,
    event: {
      readonly name: string;
      readonly start: number;
      readonly end: number;
      readonly showsEnd: boolean;
      readonly eventId: string | undefined;
    },
  ): FlashEvent {
    const seed = hashOf(this.seed, 'event', key);
    return { key, ...event, challenges: flashChallenges(seed, 500_000 + (seed % 400_000)) };
  }

  joins(event: FlashEvent, userId: string): boolean {
    return unitOf(this.seed, 'joins', event.key, userId) < FLASH_CTF_SHARE;
  }

  /** When the one who joins is first seen in the event. */
  joinedAt(event: FlashEvent, userId: string): number {
    return Math.floor(event.start + 900 * unitOf(this.seed, 'joined', event.key, userId));
  }

  /** All solves that a participant will have made by the end, in order. */
  solvesOf(event: FlashEvent, userId: string): FlashSolve[] {
    const random = randomFrom(hashOf(this.seed, 'flash', event.key, userId));
    const skill = unitOf(this.seed, 'skill', userId);
    const gap = (event.end - event.start) / (2 + 8 * skill);
    const solves: FlashSolve[] = [];
    let at = this.joinedAt(event, userId) + gap * exponential(random);
    for (const challenge of event.challenges) {
      if (random() < 0.15) {
        continue;
      }
      if (at >= event.end) {
        break;
      }
      solves.push({ challenge, at: Math.floor(at) });
      at += gap * exponential(random);
    }
    return solves;
  }

  /** The rank that `points` give at a moment among the invented participants of other schools. */
  rank(event: FlashEvent, points: number, now: number): number {
    let rivals = this.fields.get(event.key);
    if (rivals === undefined) {
      rivals = new Rivals(hashOf(this.seed, 'rivals', event.key), event);
      this.fields.set(event.key, rivals);
    }
    return 1 + rivals.ahead(points, now);
  }

  /** The event of a month, counted from January 1970. */
  monthly(month: number): FlashEvent {
    const known = this.months.get(month);
    if (known !== undefined) {
      return known;
    }
    const key = `month-${month}`;
    const unit = (what: string): number => unitOf(this.seed, what, key);
    const date = new Date(Date.UTC(1970, month, 1));
    const firstFriday = 1 + ((5 - date.getUTCDay() + 7) % 7);
    const noon = Date.UTC(1970, month, firstFriday + (unit('week') < 0.5 ? 7 : 14), 12) / 1000;
    const start = this.atLocalHour(noon, 16);
    const name = `${date.toLocaleString('en-US', { month: 'long', timeZone: 'UTC' })} Flash CTF ${date.getUTCFullYear()}: ${pick(THEMES, unit('theme'))}`;
    const event = this.special(key, {
      name,
      start,
      end: start + 2 * HOUR + (unit('longer') < 1 / 6 ? HOUR / 2 : 0),
      showsEnd: unit('shows end') < 0.6,
      eventId: unit('shows id') < 0.15 ? `flash-${hashOf(this.seed, key) % 10_000}` : undefined,
    });
    this.months.set(month, event);
    return event;
  }

  private atLocalHour(near: number, hour: number): number {
    for (let at = near - 12 * HOUR; at < near + 24 * HOUR; at += HOUR) {
      const local = this.schoolWeek.localHour(at);
      if (local.hour === hour && local.weekday === 'Fri') {
        return at;
      }
    }
    throw new Error('A day without this hour');
  }
}

/** Months since January 1970, in UTC. */
function monthOf(unix: number): number {
  const date = new Date(unix * 1000);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** Participants of other schools: their points grow evenly; a few are struck off within two days of the end. */
class Rivals {
  private readonly finals: readonly number[];
  private readonly struckOff: readonly { readonly points: number; readonly at: number }[];

  constructor(
    seed: number,
    private readonly event: FlashEvent,
  ) {
    const most = event.challenges.reduce((sum, { points }) => sum + points, 0);
    const count = 250 + (seed % 200);
    this.finals = Array.from({ length: count }, (_, index) =>
      Math.round(most * unitOf(seed, 'final', index) ** 2),
    ).toSorted((a, b) => b - a);
    this.struckOff = this.finals.flatMap((points, index) =>
      unitOf(seed, 'struck off', index) < 0.03
        ? [{ points, at: event.end + 2 * DAY * unitOf(seed, 'when', index) }]
        : [],
    );
  }

  ahead(points: number, now: number): number {
    const { start, end } = this.event;
    const progress = Math.min(1, Math.max(0, (now - start) / (end - start)));
    // First index whose points are no longer above ours: the list falls.
    let low = 0;
    let high = this.finals.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.finals[middle] ?? 0) * progress > points) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const gone = this.struckOff.filter(({ points: theirs, at }) => at <= now && theirs * progress > points);
    return low - gone.length;
  }
}
