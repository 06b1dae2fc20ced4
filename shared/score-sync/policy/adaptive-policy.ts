import {
  bookReads,
  callPrice,
  demandOf,
  ledgerAt,
  readsToSpare,
  type CallBudget,
  type CallLedger,
} from './call-price.ts';
import {
  expectedSolves,
  meanRate,
  roundKnowledge,
  worthwhileSolves,
  type Expectation,
  type FlashEvent,
  type RoundKnowledge,
} from './expected-solves.ts';
import { meetingModel, type MeetingNews, type Member } from './team-meetings.ts';
import { explainRead } from './explain-read.ts';
import { readable, readDue, ROUND_SECONDS, URGENCY, urgencyOf, type ReadPolicy } from './read-policy.ts';
import {
  sessionsPerWeek,
  solvesPerSession,
  usualSessions,
  type Habit,
  type ProgramHabit,
} from './reading-habit.ts';
import { latestBegin, learnTeamShare, type TeamShare } from './team-share.ts';
import { SOLVE_RATE } from './session-model.ts';
import { hourShares, rhythmWindow } from './weekly-rhythm.ts';

/**
 * Whom to read now, so that new solves are seen soon with a limited number of calls.
 *
 * The cost to keep small is the sum of all waits, Σ (seen − solved), plus a price c for every read; the price is set so
 * that the day's reads come to the budget (a Lagrange multiplier; Azar, Horvitz, Lubetzky, Peres, Shahaf, "Tractable
 * near-optimal policies for crawling", PNAS 115(32), 2018: one multiplier makes the choice for everyone separable).
 * While N solves wait unseen, another second without a read costs N. Reading clears them, and from then on a
 * person costs V per second under the best reading. So delaying a read by a second costs N and saves V:
 *
 *     read as soon as N ≥ V.
 *
 * For a steady rate r, reads every T cost c/T + rT/2 per second; the best T is √(2c/r) and V = √(2cr). There
 * the rule is the square-root rule (Cho, Garcia-Molina, "Effective page refresh policies for Web crawlers", ACM TODS
 * 28(4), 2003, for freshness): N = rT reaches √(2cr) at just this T. But rates are not steady, and V is what comes
 * *after* the read: at the end of an afternoon V falls while N stays, so that one read clears up; before one begins a
 * read waits. V is also an average over what the read will show. With probability p the person is in a session (rate
 * μ), else idle, and p·V(μ) + (1−p)·V(idle) is less than V of the mean rate, as the square root is concave: the less is
 * known about a competitor, the sooner a read pays. An idle person has to begin a session first, so that N grows with t²;
 * the least of c/T + σμT²/6 gives V(idle) = 1.5 · ∛(c²σμ/3), σ being sessions per second.
 *
 * N and the rate come from `expected-solves.ts`, c from `call-price.ts`. Times in Unix seconds.
 */

export interface PolicySettings extends CallBudget {
  /** No one waits longer between two reads. */
  readonly slaSeconds: number;
  readonly roundSeconds: number;
}

export interface Candidate {
  /** Null: on no team. */
  readonly teamId: string | null;
  readonly habit: Habit;
}

export interface Round {
  readonly now: number;
  readonly candidates: readonly Candidate[];
  readonly program: ProgramHabit;
  readonly ledger: CallLedger;
  readonly teamShare: TeamShare;
  /** Known from any read or announced; null: none. */
  readonly event: FlashEvent | null;
  readonly settings: PolicySettings;
  readonly weekHour: (unix: number) => number;
  /** Reads that can be made until the next round. @default as many as are worth it */
  readonly most?: number;
}

export interface PlannedRead {
  /** Into the candidates. */
  readonly index: number;
  /** Whether the service level, not the expectation, asks for it. */
  readonly due: boolean;
  readonly expectation: Expectation;
  /** Solves that would have been enough. */
  readonly worthwhile: number;
}

export interface RoundPlan {
  /** Most worthwhile first; due ones in front. */
  readonly reads: readonly PlannedRead[];
  /** To be kept for the next round. */
  readonly ledger: CallLedger;
  readonly teamShare: TeamShare;
  /** Solve-seconds of waiting that a call is taken to be worth. */
  readonly price: number;
}

/** Members of each team, the keenest first. */
function teamsOf(candidates: readonly Candidate[], usual: number): Member[][] {
  const teams = new Map<string, Member[]>();
  candidates.forEach(({ teamId, habit }, index) => {
    if (teamId === null) return;
    const member = { index, habit, sessions: sessionsPerWeek(habit, usual) };
    const team = teams.get(teamId);
    if (team === undefined) teams.set(teamId, [member]);
    else team.push(member);
  });
  return [...teams.values()].map((team) => team.toSorted((a, b) => b.sessions - a.sessions));
}

/** For each candidate what their team's meeting means, if there is one. */
function meetingsNow(
  candidates: readonly Candidate[],
  teams: readonly (readonly Member[])[],
  knowledge: RoundKnowledge,
): readonly (MeetingNews | null)[] {
  const meetings = candidates.map((): MeetingNews | null => null);
  const meetingOf = meetingModel(knowledge);
  for (const team of teams) {
    const news = meetingOf(team);
    team.forEach(({ index }, rank) => {
      meetings[index] = news[rank] ?? null;
    });
  }
  return meetings;
}

/** How many times over a read is worth its price. */
const gain = ({ expectation, worthwhile }: PlannedRead): number =>
  (expectation.solves + expectation.revealed) / worthwhile;

/** Everyone to read in this round. Takes time in proportion to the candidates. */
export function planRound(round: Round): RoundPlan {
  const { now, candidates, program, event, settings, weekHour, most = Infinity } = round;
  const shares = hourShares(program.rhythm, solvesPerSession(program));
  const window = rhythmWindow(shares, now, weekHour);
  const teams = teamsOf(candidates, usualSessions(program));
  const begins = teams.flatMap((team) => latestBegin(team) ?? []);
  const teamShare = learnTeamShare(round.teamShare, begins, window, settings.slaSeconds);
  const knowledge = roundKnowledge(program, window, event, teamShare.share);
  const roundsPerHour = 3600 / settings.roundSeconds;
  const demand = demandOf(shares, weekHour(now), roundsPerHour);
  let ledger = ledgerAt(round.ledger, now);
  if (!(ledger.demand > 0)) {
    // The square-root rule, until the first rounds have shown better.
    const rates = candidates.reduce((sum, { habit }) => sum + Math.sqrt(meanRate(habit, knowledge) / 2), 0);
    ledger = { ...ledger, demand: rates * settings.roundSeconds, average: settings.usualCalls };
  }
  const eventOpen = event !== null && now < event.end;
  const extra = eventOpen
    ? 0.4 * candidates.length * Math.sqrt(SOLVE_RATE / 2) * (event.end - Math.max(now, event.start))
    : 0;
  const price = callPrice(ledger, demand, extra, settings);
  const meetings = meetingsNow(candidates, teams, knowledge);
  // Whoever of a team tells most, once a round: finding that one in a meeting makes the others be read.
  const telling = new Map<string, PlannedRead>();
  const due: PlannedRead[] = [];
  const worth: PlannedRead[] = [];
  // People return a round before their time is up, so that whole hours of it are fewer.
  const dueHours = Math.max(1, Math.floor((settings.slaSeconds - settings.roundSeconds) / 3600));
  const dueIn = Array.from({ length: dueHours }, () => 0);
  candidates.forEach(({ teamId, habit }, index) => {
    const expectation = expectedSolves(habit, meetings[index] ?? null, knowledge);
    const worthwhile = worthwhileSolves(expectation, price);
    if (readDue(habit, now, settings)) {
      due.push({ index, due: true, expectation, worthwhile });
      return;
    }
    const left = settings.slaSeconds - settings.roundSeconds - (now - habit.readAt);
    const hour = Math.min(dueIn.length - 1, Math.floor(left / 3600));
    dueIn[hour] = (dueIn[hour] ?? 0) + 1;
    const read = { index, due: false, expectation, worthwhile };
    if (expectation.solves >= worthwhile) worth.push(read);
    const best = teamId === null ? undefined : telling.get(teamId);
    if (teamId !== null && gain(read) >= 1 && (best === undefined || gain(read) > gain(best))) {
      telling.set(teamId, read);
    }
  });
  for (const read of telling.values()) {
    if (read.expectation.solves < read.worthwhile) worth.push(read);
  }
  dueIn[0] = (dueIn[0] ?? 0) + due.length;
  const spare = readsToSpare(ledger, settings.dailyBudget, dueIn);
  worth.sort((a, b) => gain(b) - gain(a) || a.index - b.index);
  if (due.length > most) {
    const readAt = ({ index }: PlannedRead): number => candidates[index]?.habit.readAt ?? 0;
    due.sort((a, b) => readAt(a) - readAt(b) || a.index - b.index);
  }
  const chosen = worth.slice(0, Math.max(0, Math.min(spare, most - due.length)));
  const reads = [...due.slice(0, most), ...chosen];
  return {
    reads,
    price,
    teamShare,
    ledger: bookReads(ledger, {
      reads: reads.length,
      price,
      demand,
      representative: !eventOpen && chosen.length === worth.length && due.length <= most,
      roundsPerDay: 24 * roundsPerHour,
    }),
  };
}

/** What tiers take of a competitor on an average day. */
const USUAL_DAILY_READS = 18;
/** Above an ordinary day, for Flash CTFs. */
const BUSIEST_DAY = 1.25;

export interface AdaptiveLimits {
  /** Reads of an ordinary day; null: as many as tiers would take. */
  readonly dailyReads: number | null;
  /** Reads that all policies may make on any day. */
  readonly mostDailyReads: number;
}

/** Calls of an ordinary day, and at most, for so many competitors beside what the other policies take. */
export function budgetOf(
  { dailyReads, mostDailyReads }: AdaptiveLimits,
  competitors: number,
  others: number,
) {
  const left = Math.max(1, Math.floor(mostDailyReads - others));
  const usualCalls = Math.min(dailyReads ?? USUAL_DAILY_READS * competitors, left);
  return {
    usualCalls: Math.max(1, usualCalls),
    dailyBudget: Math.max(1, Math.min(left, Math.floor(BUSIEST_DAY * usualCalls))),
  };
}

/** Where new solves are worth a call; see the top of the file. */
export const adaptivePolicy = (limits: AdaptiveLimits): ReadPolicy => ({
  name: 'adaptive',

  choose(candidates, context) {
    if (candidates.length === 0) return { reads: [] };
    const { now, slaSeconds, program, event, weekHour, memory } = context;
    const settings = {
      ...budgetOf(limits, candidates.length, context.othersDailyReads),
      slaSeconds,
      roundSeconds: ROUND_SECONDS,
    };
    const present = readable(candidates, context);
    // While an event is open a read is two calls.
    const most = Math.floor(context.ownCalls / (event === null ? 1 : 2));
    const { ledger, teamShare } = memory;
    const plan = planRound({
      now,
      candidates: present,
      program,
      event,
      ledger,
      teamShare,
      settings,
      weekHour,
      most,
    });
    const reads = plan.reads.flatMap((read) => {
      const candidate = present[read.index];
      if (candidate === undefined) return [];
      const {
        code,
        expectedSolves: expected,
        worthwhileSolves: enough,
      } = explainRead(read, candidate.habit.readAt, now);
      const late = urgencyOf(candidate, slaSeconds, context);
      const worth = (expected + read.expectation.revealed) / Math.max(enough, Number.EPSILON);
      // Of a competitor never read nothing is expected that would say anything.
      const figures = candidate.lastReadAt === null ? [] : [expected, enough];
      return [
        {
          id: candidate.id,
          reason: [code, ...figures.map((figure) => figure.toPrecision(2))].join(' '),
          urgency: read.due ? Math.max(URGENCY.due, late) : Math.min(worth, URGENCY.due),
          calls: candidate.calls,
        },
      ];
    });
    return { reads, memory: { ledger: plan.ledger, teamShare: plan.teamShare } };
  },
});
