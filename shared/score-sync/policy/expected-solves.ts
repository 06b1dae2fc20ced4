import {
  sessionsPerWeek,
  solvesPerSession,
  usualSessions,
  type Habit,
  type ProgramHabit,
} from './reading-habit.ts';
import {
  joinedEvent,
  joinedTeam,
  MEAN_SESSION,
  REMAINING,
  SESSION_GAP,
  SOLVE_RATE,
  stillSolving,
  type Expected,
} from './session-model.ts';
import { WEEK, type RhythmWindow } from './weekly-rhythm.ts';

/** How many solves a read of a competitor would show now, and why; from what reads have shown so far. */

/** Share of sessions spent with the team. */
const TOGETHER = 0.5;
/** When two are at it, it is the team's session; nearly. */
const TEAM_SESSION = 0.9;
/** Share of people in a Flash CTF. */
const PARTICIPATION = 0.4;

/** A competitor on a team, as far as reads have shown. */
export interface Member {
  readonly index: number;
  readonly habit: Habit;
  /** Sessions a week. */
  readonly sessions: number;
}

export interface TeamNow {
  /** Who has most sessions: being there says most about the others. */
  readonly keenest: Member;
  /** Sessions a week of all members together. */
  readonly sessions: number;
  /** Whose session still counts as going on. */
  readonly solving: readonly Member[];
}

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
}

export const roundKnowledge = (
  program: ProgramHabit,
  window: RhythmWindow,
  event: FlashEvent | null,
): RoundKnowledge => ({
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
  /** The teammate's solve seen last, Unix seconds; 0: none. */
  readonly teamSolveAt: number;
}

export const isSolving = (habit: Habit, now: number): boolean =>
  habit.lastSolveAt > 0 && now - habit.lastSolveAt < SESSION_GAP;

const NONE: Expected = { solves: 0, rate: 0 };

interface TeamNews extends Expected {
  readonly solveAt: number;
}

function teamNews(
  habit: Habit,
  index: number,
  sessions: number,
  mates: readonly Member[],
  now: number,
): TeamNews {
  let count = 0;
  let startedAt = Infinity;
  let least = Infinity;
  let solveAt = 0;
  for (const mate of mates) {
    if (mate.index === index) continue;
    count += 1;
    startedAt = Math.min(startedAt, mate.habit.sessionStartedAt);
    least = Math.min(least, mate.sessions);
    solveAt = Math.max(solveAt, mate.habit.lastSolveAt);
  }
  // A competitor who was seen solving then goes by that.
  if (count === 0 || habit.lastSolveAt >= startedAt - SESSION_GAP / 2) return { ...NONE, solveAt: 0 };
  // Of the mate's sessions this person can share as many as both have.
  const chance = (count === 1 ? TOGETHER : TEAM_SESSION) * Math.min(1, sessions / least);
  return { ...joinedTeam(chance, startedAt, habit.readAt, now), solveAt };
}

/** The part of it that no other read would have led to as soon. */
const REVEALED = 0.7;

/** Finding the keenest of a team in its session makes the others be read, who come to fewer of them. */
function revealedSolves(usual: number, index: number, sessions: number, team: TeamNow | undefined): number {
  if (team === undefined || team.keenest.index !== index || !(sessions > 0)) return 0;
  return REVEALED * TOGETHER * usual * Math.max(0, team.sessions / sessions - 1);
}

/**
 * - Usual: the observed rate times the weekly rhythm since the last read, less what sessions under way at that read
 *   would have brought, since the read showed whether there was one.
 * - Session: what the session seen at the last read brings, if it went on: it may have ended right after.
 * - Team: teammates were seen solving, and this person has not been read since, or was read too early to show it.
 * - Flash CTF: one is open, and this person takes part or may do.
 * @param team this person's, if any
 */
export function expectedSolves(
  habit: Habit,
  index: number,
  teamNow: TeamNow | undefined,
  { window, usual, perSession, event }: RoundKnowledge,
): Expectation {
  const { now } = window;
  const age = Math.max(0, now - habit.readAt);
  const sessions = sessionsPerWeek(habit, usual);
  const perWeek = sessions * perSession;
  const left = Math.exp(-age / REMAINING);
  // The window's densities are shares of a week per second.
  const underWay = perWeek * window.densityAt(age);
  const usualSolves = Math.max(0, perWeek * window.within(age) - underWay * REMAINING * (1 - left));
  const usualRate = Math.max(0, perWeek * window.density - underWay * left);
  const seen = habit.lastSolveAt > 0 ? SOLVE_RATE * stillSolving(habit.readAt - habit.lastSolveAt) : 0;
  const session = seen * REMAINING * (1 - left);
  const mates = teamNow?.solving ?? [];
  const team = mates.length === 0 ? { ...NONE, solveAt: 0 } : teamNews(habit, index, sessions, mates, now);
  const takesPart = event !== null && habit.eventSolveAt >= event.start;
  const flash =
    event === null || now > event.end + SESSION_GAP
      ? NONE
      : joinedEvent(takesPart ? 1 : PARTICIPATION, event, habit.readAt, now);
  return {
    solves: usualSolves + session + team.solves + flash.solves,
    rate: usualRate + seen * left + team.rate + flash.rate,
    usual: usualSolves,
    session,
    team: team.solves,
    flash: flash.solves,
    revealed: revealedSolves(usualSolves, index, sessions, teamNow),
    idleRate: perWeek * window.ahead,
    teamSolveAt: team.solveAt,
  };
}

/** Solves per second of a competitor over a whole week. */
export const meanRate = (habit: Habit, { usual, perSession }: RoundKnowledge): number =>
  (sessionsPerWeek(habit, usual) * perSession) / WEEK;

/** Cost per second of keeping a competitor read who solves at a steady rate: √(2 · price · rate). */
const steadyCost = (rate: number, price: number): number => Math.sqrt(2 * price * rate);

/** 1.5 by the calculus; more, since a session under way may not have shown a solve yet. Chosen by simulation. */
const IDLE_COST = 1.9;

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
