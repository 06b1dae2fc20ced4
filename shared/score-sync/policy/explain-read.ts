import { roughly } from '#shared/kernel/format.ts';
import type { PlannedRead } from './adaptive-policy.ts';
import type { Cause } from './expected-solves.ts';

/** Why the adaptive policy reads a competitor. */
export const READ_CAUSES = ['sla_due', 'usual_time', 'in_session', 'team_solving', 'flash_ctf'] as const;
type ReadCause = (typeof READ_CAUSES)[number];

/** Why a competitor is read now, for people and for figures. Contains no names. */
export interface Explanation {
  readonly code: ReadCause;
  /** New solves that the read may show, and how many would have been enough. */
  readonly expectedSolves: number;
  readonly worthwhileSolves: number;
  readonly minutesSinceRead: number | null;
  /** Since a teammate's last sign of a session that may be the team's; null: there is none. */
  readonly minutesSinceTeammate: number | null;
  readonly sentence: string;
}

const MINUTE_MS = 60_000;
const minutes = (some: number): string => roughly(some * MINUTE_MS);

function figure(solves: number): string {
  if (solves < 0.01) return 'next to no';
  return solves < 0.1 ? solves.toFixed(2) : solves.toFixed(1);
}

/** What most of the expected solves come from. */
function causeOf({ usual, session, team, flash }: PlannedRead['expectation']): Cause {
  const most = Math.max(usual, session, team, flash);
  if (most === flash && flash > 0) return 'flash_ctf';
  if (most === team && team > 0) return 'team_solving';
  return most === session && session > 0 ? 'in_session' : 'usual_time';
}

function because(code: Explanation['code'], sinceRead: number | null, sinceTeam: number | null): string {
  switch (code) {
    case 'sla_due':
      return sinceRead === null
        ? 'there has been no read yet'
        : `the last read was ${minutes(sinceRead)} ago, which is as long as anyone waits`;
    case 'flash_ctf':
      return 'a Flash CTF is open or has just closed';
    case 'team_solving':
      return `a teammate was practicing ${minutes(sinceTeam ?? 0)} ago`;
    case 'in_session':
      return 'a session was under way at the last read';
    case 'usual_time':
      return 'it is a time at which solves are usual';
    default:
      return code satisfies never;
  }
}

export function explainRead(read: PlannedRead, lastReadAt: number, now: number): Explanation {
  const { expectation, worthwhile } = read;
  const code = read.due ? 'sla_due' : causeOf(expectation);
  const since = (at: number): number | null => (at > 0 ? Math.max(0, Math.round((now - at) / 60)) : null);
  const minutesSinceRead = since(lastReadAt);
  const minutesSinceTeammate = since(expectation.teamSeenAt);
  const reason = because(code, minutesSinceRead, minutesSinceTeammate);
  const enough = read.due ? '' : `; ${figure(worthwhile)} would be enough`;
  return {
    code,
    expectedSolves: expectation.solves,
    worthwhileSolves: worthwhile,
    minutesSinceRead,
    minutesSinceTeammate,
    sentence: `Read now because ${reason}: ${figure(expectation.solves)} new solves are expected${enough}.`,
  };
}

/** The cause of a read that is over, when no more than its code is known. */
export function pastCause(code: ReadCause): string {
  switch (code) {
    case 'sla_due':
      return 'the read before was as long ago as anyone waits';
    case 'flash_ctf':
      return 'a Flash CTF was open or had just closed';
    case 'team_solving':
      return 'a teammate had just been practicing';
    case 'in_session':
      return 'a session was under way at the read before';
    case 'usual_time':
      return 'it was a time at which solves are usual';
    default:
      return code satisfies never;
  }
}

/** The sentence of a read that is over. `expected`, `enough`: new solves; null when no policy foretold any. */
export function pastReadSentence(cause: string, expected: number | null, enough: number | null): string {
  if (expected === null) return `Read because ${cause}.`;
  const limit = enough === null ? '' : `; ${figure(enough)} would have been enough`;
  return `Read because ${cause}: ${figure(expected)} new solves were expected${limit}.`;
}
