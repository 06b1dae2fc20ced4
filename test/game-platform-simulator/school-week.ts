import { exponential, type Random } from './random.ts';

/**
 * When students sit down to solve: a school-week rhythm in the programme's time zone. Weeks here are blocks of
 * 604,800 s counted from 1970-01-01T00:00Z, so that any block can be made on its own.
 */

const HOUR = 3600;
export const WEEK = 168 * HOUR;

/**
 * From `at` on (Unix seconds) students sit down `speed` times as often; before the first step once. At 0 whoever is at it
 * stops as well.
 */
export interface SpeedStep {
  readonly at: number;
  readonly speed: number;
}

/** Whether nobody solves anything at a moment (Unix seconds): the speed is 0 then. */
export const standsStill = (speeds: readonly SpeedStep[], at: number): boolean =>
  speeds.findLast((step) => step.at <= at)?.speed === 0;

type Weekday = 'Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat' | 'Sun';

/** Relative weight of each local hour, 0 to 23. */
function day(night: number, lessons: number, afternoon: number, evening: number): readonly number[] {
  return Array.from({ length: 24 }, (_, hour) => {
    if (hour < 7 || hour >= 23) {
      return night;
    }
    if (hour < 15) {
      return lessons;
    }
    return hour < 18 ? afternoon : evening;
  });
}
const DAYS: Readonly<Record<Weekday, readonly number[]>> = {
  Mon: day(0.04, 0.35, 4, 2.2),
  Tue: day(0.04, 0.45, 5, 2.4),
  Wed: day(0.04, 0.4, 4.5, 2.2),
  Thu: day(0.04, 0.45, 5, 2.2),
  Fri: day(0.04, 0.35, 2.5, 0.8),
  Sat: day(0.06, 0.7, 1.2, 0.7),
  Sun: day(0.04, 0.5, 1.5, 1.8),
};
const TOTAL = Object.values(DAYS)
  .flat()
  .reduce((sum, weight) => sum + weight, 0);

export interface LocalHour {
  readonly weekday: string;
  readonly hour: number;
}

export class SchoolWeek {
  private readonly format: Intl.DateTimeFormat;
  private readonly weeks = new Map<number, readonly number[]>();

  constructor(timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: 'numeric',
      hourCycle: 'h23',
    });
  }

  localHour(unix: number): LocalHour {
    const parts = this.format.formatToParts(unix * 1000);
    return {
      weekday: parts.find(({ type }) => type === 'weekday')?.value ?? '',
      hour: Number(parts.find(({ type }) => type === 'hour')?.value ?? 0),
    };
  }

  /** Share of a week's sessions that begin in each of the 168 hours of a week; about 1 in all. */
  sharesOf(week: number): readonly number[] {
    const known = this.weeks.get(week);
    if (known !== undefined) {
      return known;
    }
    const shares = Array.from({ length: 168 }, (_, index) => {
      const { weekday, hour } = this.localHour(week * WEEK + index * HOUR);
      return (DAYS[weekday as Weekday][hour] ?? 0) / TOTAL;
    });
    this.weeks.set(week, shares);
    return shares;
  }

  /**
   * Session starts within one week, in order: a Poisson process with this rhythm and rate, sped up or slowed down
   * by the steps. It spends one exponential "work" after the other, so that a later speed step changes nothing
   * before it.
   */
  arrivals(week: number, perWeek: number, speeds: readonly SpeedStep[], random: Random): number[] {
    const found: number[] = [];
    const shares = this.sharesOf(week);
    let work = exponential(random);
    for (let hour = 0; hour < 168; hour += 1) {
      const from = week * WEEK + hour * HOUR;
      const share = shares[hour] ?? 0;
      for (const piece of pieces(from, from + HOUR, speeds)) {
        const perSecond = (perWeek * share * piece.speed) / HOUR;
        let at = piece.from;
        while (work <= (piece.to - at) * perSecond) {
          at += perSecond === 0 ? 0 : work / perSecond;
          found.push(at);
          work = exponential(random);
        }
        work -= (piece.to - at) * perSecond;
      }
    }
    return found;
  }
}

/** A span cut where the speed changes; steps are in order of time. */
function pieces(from: number, to: number, speeds: readonly SpeedStep[]) {
  let speed = 1;
  let start = from;
  const cut: { from: number; to: number; speed: number }[] = [];
  for (const step of speeds) {
    if (step.at >= to) {
      break;
    }
    if (step.at > start) {
      cut.push({ from: start, to: step.at, speed });
      start = step.at;
    }
    speed = step.speed;
  }
  cut.push({ from: start, to, speed });
  return cut;
}
