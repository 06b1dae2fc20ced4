import * as z from 'zod';
import type { Habit } from './reading-habit.ts';
import { fade, WEEK, type RhythmWindow } from './weekly-rhythm.ts';

/**
 * Which share of sessions is spent with the team, learned from whether a team's sessions begin together. Programs without
 * team practice have none, and then a teammate's session says nothing.
 *
 * The estimate is a recursive maximum likelihood: each team's latest begin, once everyone has been read since, either
 * had company or had none; the share moves by the score of that answer over the information gathered so far (Ljung and
 * Söderström, "Theory and Practice of Recursive Identification", 1983).
 */

export const teamShareSchema = z.object({
  /** From 0 to 1. */
  share: z.number().min(0).max(1),
  /** One over the variance of the share; fades, so that new habits count. */
  information: z.number().nonnegative(),
  /** Unix seconds: begins that were settled by then have been counted. */
  asOf: z.number().nonnegative(),
});
export type TeamShare = z.infer<typeof teamShareSchema>;

/** Half of the sessions, give or take 0.15. */
export const FIRST_TEAM_SHARE: TeamShare = { share: 0.5, information: 45, asOf: 0 };

const HALF_LIFE = 26 * WEEK;
/** Teammates who come to a meeting are first seen within this long. */
const COMPANY = 1_800;
const LARGEST = 0.9;

/** What a team's latest session says. */
export interface LatestBegin {
  readonly startedAt: number;
  /** Whether a teammate's began shortly before. */
  readonly company: boolean;
  /** Sessions a week: of the two keenest, of all, and of the one who began. */
  readonly keenest: number;
  readonly second: number;
  readonly all: number;
  readonly own: number;
}

/** By the members' order, the keenest first; undefined: no session of two or more members is known. */
export function latestBegin(
  members: readonly { readonly habit: Habit; readonly sessions: number }[],
): LatestBegin | undefined {
  const [keenest, second] = members;
  if (keenest === undefined || second === undefined) return undefined;
  let latest = keenest;
  let before = 0;
  for (const member of members) {
    const { sessionStartedAt: at } = member.habit;
    if (at > latest.habit.sessionStartedAt) {
      before = latest.habit.sessionStartedAt;
      latest = member;
    } else if (member !== latest) before = Math.max(before, at);
  }
  const { sessionStartedAt: startedAt } = latest.habit;
  if (!(startedAt > 0)) return undefined;
  return {
    startedAt,
    company: startedAt - before < COMPANY,
    keenest: keenest.sessions,
    second: second.sessions,
    all: members.reduce((sum, { sessions }) => sum + sessions, 0),
    own: latest.sessions,
  };
}

/** Chance of company, were this the share. A meeting of one is no company; two on their own may coincide. */
function chanceOfCompany(share: number, begin: LatestBegin, density: number): number {
  const met = share * begin.second;
  const alone = (1 - share) * begin.all + share * (begin.keenest - begin.second);
  const coincides = Math.min(1, (1 - share) * (begin.all - begin.own) * density * COMPANY);
  return Math.min(0.99, Math.max(0.01, (met + alone * coincides) / (met + alone)));
}

/**
 * The share after a round.
 * @param settledAfter seconds after which everyone has been read
 */
export function learnTeamShare(
  known: TeamShare,
  begins: readonly LatestBegin[],
  window: RhythmWindow,
  settledAfter: number,
): TeamShare {
  const until = window.now - settledAfter;
  const from = Math.max(known.asOf, until - settledAfter);
  let { share } = known;
  let information = known.information * fade(until - known.asOf, known.asOf === 0 ? Infinity : HALF_LIFE);
  for (const begin of begins) {
    if (!(begin.startedAt > from && begin.startedAt <= until)) continue;
    const density = window.densityAt(window.now - begin.startedAt);
    const chance = chanceOfCompany(share, begin, density);
    const slope =
      (chanceOfCompany(share + 0.01, begin, density) - chanceOfCompany(share - 0.01, begin, density)) / 0.02;
    const spread = chance * (1 - chance);
    information += slope ** 2 / spread;
    share += ((Number(begin.company) - chance) * slope) / spread / information;
    share = Math.min(LARGEST, Math.max(0, share));
  }
  return { share, information, asOf: Math.max(known.asOf, until) };
}
