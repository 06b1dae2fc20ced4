import { accessEvidence, type AccessEvidence } from './access-evidence.ts';
import {
  sessionsPerWeek,
  solvesPerSession,
  usualSessions,
  type Habit,
  type ProgramHabit,
} from './reading-habit.ts';
import {
  joinedEvent,
  MEAN_SESSION,
  REMAINING,
  SESSION_GAP,
  SOLVE_RATE,
  stillSolving,
  type Expected,
} from './session-model.ts';
import { NO_MEETING, ownShare, type MeetingNews } from './team-meetings.ts';
import { WEEK, type RhythmWindow } from './weekly-rhythm.ts';

/** How many solves a read of a competitor would show now, and why; from what reads have shown so far. */

/** Share of people in a Flash CTF. */
const PARTICIPATION = 0.4;

export interface FlashEvent {
  /** Unix seconds. */
  readonly start: number;
  readonly end: number;
}

/** What is the same for everyone in a round. */
export interface RoundKnowledge {
  readonly window: RhythmWindow;
  /** Sessions a week of an unknown person; solves in a session. */
  readonly usual: number;
  readonly perSession: number;
  /** A Flash CTF that is open or announced to be, or null. */
  readonly event: FlashEvent | null;
  readonly access: AccessEvidence;
  /** Share of sessions that are the team's. */
  readonly together: number;
}

export const roundKnowledge = (
  program: ProgramHabit,
  window: RhythmWindow,
  event: FlashEvent | null,
  together: number,
): RoundKnowledge => ({
  access: accessEvidence(program.accesses),
  together,
  window,
  usual: usualSessions(program),
  perSession: solvesPerSession(program),
  event,
});

export type Cause = 'usual_time' | 'in_session' | 'team_solving' | 'flash_ctf';

export interface Expectation {
  /** New solves since the last read. */
  readonly solves: number;
  /** Per second, now. */
  readonly rate: number;
  /** Solves by cause. */
  readonly usual: number;
  readonly session: number;
  readonly team: number;
  readonly flash: number;
  /** Solves of teammates that this read may lead to. */
  readonly revealed: number;
  /** Per second over the next hour, if nothing is going on now. */
  readonly idleRate: number;
  /** A teammate's last sign of a session that may be the team's, Unix seconds; 0: none. */
  readonly teamSeenAt: number;
}

const NONE: Expected = { solves: 0, rate: 0 };

/** The part of it that no other read would have led to as soon. */
const REVEALED = 0.7;

/**
 * - Usual: the observed rate times the weekly rhythm since the last read, less what sessions under way at that read
 *   would have brought, since the read showed whether there was one.
 * - Session: what the session seen at the last read brings, if it went on: it may have ended right after. An access later
 *   than the last solve is a sign of one, too, as far as accesses have been worth something.
 * - Team: what a meeting of the team brings, if there is one (`team-meetings.ts`).
 * - Flash CTF: one is open, and this person takes part or may do.
 * @param meeting of this person's team; null: on no team
 */
export function expectedSolves(
  habit: Habit,
  meeting: MeetingNews | null,
  { window, usual, perSession, event, access, together }: RoundKnowledge,
): Expectation {
  const { now } = window;
  const age = Math.max(0, now - habit.readAt);
  const sessions = sessionsPerWeek(habit, usual);
  const perWeek = sessions * perSession;
  const left = Math.exp(-age / REMAINING);
  // The window's densities are shares of a week per second.
  const underWay = perWeek * window.densityAt(age);
  const own = meeting === null ? 1 : ownShare(age, together, window);
  const usualSolves = own * Math.max(0, perWeek * window.within(age) - underWay * REMAINING * (1 - left));
  const usualRate =
    (meeting === null ? 1 : 1 - together) * Math.max(0, perWeek * window.density - underWay * left);
  const solving = habit.lastSolveAt > 0 ? stillSolving(habit.readAt - habit.lastSolveAt) : 0;
  const present =
    access.isSession > 0 && habit.accessAt > habit.lastSolveAt
      ? stillSolving(habit.readAt - habit.accessAt, access.isSession)
      : 0;
  const seen = SOLVE_RATE * Math.max(solving, present);
  const session = seen * REMAINING * (1 - left);
  const takesPart = event !== null && habit.eventSolveAt >= event.start;
  const flash =
    event === null || now > event.end + SESSION_GAP
      ? NONE
      : joinedEvent(takesPart ? 1 : PARTICIPATION, event, habit.readAt, now);
  const { solves: met, rate: meetingRate, revealed, seenAt } = meeting ?? NO_MEETING;
  return {
    solves: usualSolves + session + met + flash.solves,
    rate: usualRate + seen * left + meetingRate + flash.rate,
    // Without a sign of a teammate a meeting is no more than what is usual.
    usual: usualSolves + (seenAt > 0 ? 0 : met),
    session,
    team: seenAt > 0 ? met : 0,
    flash: flash.solves,
    revealed: REVEALED * revealed,
    idleRate: perWeek * window.ahead,
    teamSeenAt: seenAt,
  };
}

/** Solves per second of a competitor over a whole week. */
export const meanRate = (habit: Habit, { usual, perSession }: RoundKnowledge): number =>
  (sessionsPerWeek(habit, usual) * perSession) / WEEK;

/** Cost per second of keeping a competitor read who solves at a steady rate: √(2 · price · rate). */
const steadyCost = (rate: number, price: number): number => Math.sqrt(2 * price * rate);

/** 1.5 by the calculus; more, since a session under way may not have shown a solve yet. Chosen by simulation. */
const IDLE_COST = 1.5;

/**
 * The same for a competitor who was just found doing nothing: a session must begin first, so that unseen solves grow with
 * the square of time; the least of price/T + σμT²/6 over T. For long T the steady cost is the lower one.
 */
function idleCost(rate: number, price: number): number {
  const growth = rate / MEAN_SESSION;
  return Math.min(steadyCost(rate, price), IDLE_COST * Math.cbrt(price ** 2 * (growth / 3)));
}

/** A session found does not go on for ever, which makes the time after finding it cheaper than its rate says. */
const SESSION_ENDS = 0.8;

/** Unseen solves from which on a read is worth the price of a call; see `adaptive-policy.ts`. */
export function worthwhileSolves(
  { rate, idleRate }: Pick<Expectation, 'rate' | 'idleRate'>,
  price: number,
): number {
  const solving = Math.min(1, rate / SOLVE_RATE);
  return solving * SESSION_ENDS * steadyCost(SOLVE_RATE, price) + (1 - solving) * idleCost(idleRate, price);
}
