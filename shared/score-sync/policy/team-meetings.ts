import type { AccessEvidence } from './access-evidence.ts';
import type { Habit } from './reading-habit.ts';
import {
  MEAN_LATE,
  meetingStart,
  SESSION_GAP,
  silentAfter,
  SOLVE_RATE,
  stillThere,
  timeInSession,
} from './session-model.ts';
import type { RhythmWindow } from './weekly-rhythm.ts';

/**
 * Whether a team is meeting, by Bayes' rule from its members' own reads: a meeting may have begun in any of the last
 * steps, with any number of the team's keenest. Reads since then that showed nothing speak against it, sessions that
 * began just then for it. Everything comes from the habits; nothing is kept. Times in Unix seconds.
 */

/** Begins that are told apart, and how far back. */
const STEP = 600;
const STEPS = 18;
const LOOK_BACK = STEP * STEPS;
/** Share of own sessions that are seen soon. */
const SEEN = 0.8;
/** Of what is looked up, seconds. */
const RESOLUTION = 60;
/** Sessions a second, where there are none. */
const LEAST = 1e-12;

/** A competitor on a team. */
export interface Member {
  readonly index: number;
  readonly habit: Habit;
  /** Sessions a week. */
  readonly sessions: number;
}

/** What a meeting that may be going on means for a member. */
export interface MeetingNews {
  /** Unseen solves. */
  readonly solves: number;
  /** Solves per second now. */
  readonly rate: number;
  /** Unseen solves of teammates, weighted by how likely they were there if this member was. */
  readonly revealed: number;
  /** A teammate's last sign of a session that may be the meeting; 0: none. */
  readonly seenAt: number;
}

export const NO_MEETING: MeetingNews = { solves: 0, rate: 0, revealed: 0, seenAt: 0 };

/** Of what is usual in the last `age` seconds, the share that meetings do not account for. */
export function ownShare(age: number, together: number, window: RhythmWindow): number {
  const all = window.within(age);
  return all > 0 ? 1 - (together * window.within(Math.min(age, LOOK_BACK))) / all : 1;
}

export interface MeetingKnowledge {
  readonly window: RhythmWindow;
  /** Share of sessions that are the team's. */
  readonly together: number;
  readonly access: AccessEvidence;
}

/** Values for whole minutes up to the look-back, to be looked up instead of worked out for each member. */
function lookUp(of: (seconds: number) => number): (seconds: number) => number {
  const values = Array.from({ length: LOOK_BACK / RESOLUTION + 2 }, (_, at) => of(at * RESOLUTION));
  return (seconds) =>
    seconds > 0 ? (values[Math.min(values.length - 1, Math.round(seconds / RESOLUTION))] ?? 0) : 0;
}

/** What reads have shown of a member, and what it comes to. */
interface Seat {
  readonly sessions: number;
  /** Sessions a week that the next member has less. */
  readonly lead: number;
  readonly readAt: number;
  /** Of the last session seen. */
  readonly startedAt: number;
  readonly lastAt: number;
  /** For each step, how likely it is that a meeting began then and this was its least keen member; not yet normalized. */
  readonly weights: Float64Array;
  /** In the step under way: chance that the member was there, and solves unseen if so. */
  there: number;
  unseen: number;
  solves: number;
  rate: number;
  revealed: number;
}

function seatOf({ habit, sessions }: Member, next: Member | undefined, usesAccess: boolean): Seat {
  const { readAt, sessionStartedAt, lastSolveAt, accessAt } = habit;
  const lastAt = usesAccess ? Math.max(lastSolveAt, accessAt) : lastSolveAt;
  return {
    sessions,
    lead: sessions - (next?.sessions ?? 0),
    readAt,
    startedAt: Math.min(sessionStartedAt, lastAt),
    lastAt,
    weights: new Float64Array(STEPS),
    there: 0,
    unseen: 0,
    solves: 0,
    rate: 0,
    revealed: 0,
  };
}

/**
 * For one round, what to expect of a team's members, who are given and returned the keenest first. Takes time in
 * proportion to the members.
 */
export function meetingModel({
  window,
  together,
  access,
}: MeetingKnowledge): (members: readonly Member[]) => readonly MeetingNews[] {
  const { now } = window;
  const usesAccess = access.isSession > 0;
  const spent = lookUp(timeInSession);
  const silent = lookUp((seconds) => silentAfter(seconds, access.isShown));
  const began = lookUp(meetingStart);
  const steps = Array.from({ length: STEPS }, (_, step) => {
    const begin = now - (step + 0.5) * STEP;
    const since = now - begin - MEAN_LATE;
    return {
      step,
      begin,
      density: window.densityAt(now - begin),
      spent: timeInSession(since),
      rate: since > 0 ? SOLVE_RATE * stillThere(since) : 0,
    };
  });

  function weigh(seats: readonly Seat[]): number {
    let all = 1;
    for (const { step, begin, density } of steps) {
      let likelihood = STEP * density * together;
      for (const seat of seats) {
        if (seat.startedAt > begin) {
          const own = (1 - together) * seat.sessions * density * SEEN;
          likelihood *= 1 + began(seat.startedAt - begin) / Math.max(own, LEAST);
        } else if (seat.readAt > begin && seat.lastAt <= begin - SESSION_GAP / 2) {
          likelihood *= silent(seat.readAt - begin);
        }
        const weight = seat.lead * likelihood;
        seat.weights[step] = weight;
        all += weight;
      }
    }
    return all;
  }

  return (members) => {
    const seats = members.map((member, rank) => seatOf(member, members[rank + 1], usesAccess));
    const leastKeenFirst = seats.toReversed();
    const all = weigh(seats);
    for (const { step, begin, rate, spent: until } of steps) {
      let chance = 0;
      let ofLessKeen = 0;
      for (const seat of leastKeenFirst) {
        chance += (seat.weights[step] ?? 0) / all;
        seat.there = chance;
        // Who was seen in a session since goes by that.
        const seenSince = seat.lastAt > begin;
        const before = spent(seat.readAt - begin - MEAN_LATE);
        seat.unseen = seenSince ? 0 : SOLVE_RATE * Math.max(0, until - before);
        seat.solves += chance * seat.unseen;
        if (seat.unseen > 0) seat.rate += chance * rate;
        seat.revealed += ofLessKeen;
        ofLessKeen += chance * seat.unseen;
      }
      // When somebody was there, everyone keener was.
      let ofKeener = 0;
      for (const seat of seats) {
        seat.revealed += seat.there * ofKeener;
        ofKeener += seat.unseen;
      }
    }
    return seats.map((seat) => {
      const { solves, rate, revealed } = seat;
      const signs = seats.filter((other) => other !== seat && other.startedAt > now - LOOK_BACK);
      return {
        solves,
        rate,
        revealed,
        seenAt: signs.reduce((last, { lastAt }) => Math.max(last, lastAt), 0),
      };
    });
  };
}
