import { createHash } from 'node:crypto';
import { addToDay, addToStats, counterDeltas, emptyStats } from './counters.ts';
import {
  isStanding,
  type CompetitorDay,
  type CompetitorStats,
  type PendingWithdrawal,
  type SOLVE_CHANGES,
  type Solve,
  type SolveHistory,
  type SolveSource,
  type Sums,
} from './score-records.ts';
import { solveKey, type Mapped, type Subject } from './solve-mapping.ts';

/** What one answer says of one competitor's solves, to be compared with what is stored. */
export interface Claim {
  readonly source: SolveSource;
  readonly mapped: Mapped;
  /** False for an answer to a filtered call, which says nothing of what it lacks. */
  readonly complete: boolean;
  /** When the answer was asked for, ISO 8601: what was changed later is none of its business. */
  readonly readAt: string;
  readonly jobId: string;
}

export interface SolveChange {
  /** `updated`: only details that no number and no list follows from. */
  readonly kind: (typeof SOLVE_CHANGES)[number] | 'updated';
  readonly before: Solve | null;
  readonly after: Solve;
}

export interface AuditPlan {
  readonly changes: readonly SolveChange[];
  /** The withdrawals that wait for a second read, null when none do. */
  readonly pending: PendingWithdrawal | null;
  /** Keys of solves that the platform dropped with a team and that stay here. */
  readonly kept: ReadonlySet<string>;
}

/** Fewer than these are never "more than half". */
const MANY = 5;
/** Two reads of one bad moment are no confirmation. */
const CONFIRM_AFTER_MS = 15 * 60 * 1000;

/** The answer that a row follows, ISO 8601. */
const asOf = (solve: Solve): string => solve.change?.at ?? solve.storedAt;

type Described = Pick<Solve, 'title' | 'points' | 'category' | 'solvedAt'>;

const sameNumbers = (a: Described, b: Described): boolean =>
  a.points === b.points && a.category === b.category && a.title === b.title && a.solvedAt === b.solvedAt;

const sameDetails = (a: Solve, b: Solve): boolean =>
  a.challengeId === b.challengeId &&
  a.retired === b.retired &&
  a.workRoles.length === b.workRoles.length &&
  a.workRoles.every((role, index) => role === b.workRoles[index]);

/** Whether an answer's solve is another than the stored one. */
export const differs = (stored: Solve, answered: Solve): boolean =>
  !isStanding(stored) || !sameNumbers(stored, answered) || !sameDetails(stored, answered);

/** Keys of records that are there but could not be read: quarantined ones are not missing. */
const unreadable = ({ rejected }: Mapped): ReadonlySet<string> =>
  new Set(
    rejected.flatMap(({ source, eventId, solveId }) =>
      source === 'ctf_event' || solveId === null ? [] : [solveKey({ source, eventId, solveId })],
    ),
  );

function changeOf(stored: Solve | undefined, answered: Solve, claim: Claim): SolveChange | null {
  const stamp = (kind: (typeof SOLVE_CHANGES)[number]) => ({ kind, at: claim.readAt, jobId: claim.jobId });
  if (stored === undefined)
    return { kind: 'found', before: null, after: { ...answered, change: stamp('found') } };
  if (asOf(stored) > claim.readAt || !differs(stored, answered)) return null;
  const after = { ...answered, storedAt: stored.storedAt };
  if (!isStanding(stored))
    return { kind: 'restored', before: stored, after: { ...after, change: stamp('restored') } };
  if (!sameNumbers(stored, answered))
    return { kind: 'corrected', before: stored, after: { ...after, change: stamp('corrected') } };
  return {
    kind: 'updated',
    before: stored,
    after: stored.change === undefined ? after : { ...after, change: stored.change },
  };
}

const digestOf = (keys: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(keys.toSorted())).digest('base64url').slice(0, 22);

/** All of an event's (or of ODL's) solves, or more than half of several: a reset looks like that, too. */
const isMass = (missing: number, standing: number): boolean =>
  missing === standing || (standing >= MANY && missing > standing / 2);

/** Which of the missing solves are believed to be gone, and what waits. */
function classify(
  missing: readonly Solve[],
  standing: readonly Solve[],
  claim: Claim,
  pending: PendingWithdrawal | null,
): { readonly gone: readonly Solve[]; readonly pending: PendingWithdrawal | null } {
  const counts = Map.groupBy(standing, ({ eventId }) => eventId);
  const groups = [...Map.groupBy(missing, ({ eventId }) => eventId)];
  const mass = groups
    .filter(([eventId, list]) => isMass(list.length, counts.get(eventId)?.length ?? 0))
    .flatMap(([, list]) => list);
  const few = missing.filter((solve) => !mass.includes(solve));
  if (mass.length === 0) return { gone: few, pending: null };
  const digest = digestOf(mass.map(solveKey));
  if (pending?.digest !== digest) {
    return { gone: few, pending: { jobId: claim.jobId, at: claim.readAt, count: mass.length, digest } };
  }
  const confirmed =
    pending.jobId !== claim.jobId && Date.parse(claim.readAt) - Date.parse(pending.at) >= CONFIRM_AFTER_MS;
  return confirmed ? { gone: missing, pending: null } : { gone: few, pending };
}

/**
 * What has to change so that what is stored is what the answer says. Pure; `stored` are all solves of the competitor.
 *
 * Withdrawn is only what a complete answer lacks; not what could not be read, not what was changed after the answer
 * was asked for, and not what the platform dropped when the competitor left a team. Many at once wait until a
 * later job sees the same.
 */
export function planAudit(
  stored: readonly Solve[],
  stats: Pick<CompetitorStats, 'heldOdl' | 'heldCtf' | 'leftTeamAt'> | undefined,
  claim: Claim,
): AuditPlan {
  const rows = new Map(stored.map((solve) => [solveKey(solve), solve]));
  const answered = new Set(claim.mapped.solves.map(solveKey));
  const changes = claim.mapped.solves
    .map((solve) => changeOf(rows.get(solveKey(solve)), solve, claim))
    .filter((change) => change !== null);
  const pending = (claim.source === 'odl' ? stats?.heldOdl : stats?.heldCtf) ?? null;
  // A filtered answer neither takes back nor confirms anything.
  if (!claim.complete) return { changes, pending, kept: new Set() };

  const unreadableKeys = unreadable(claim.mapped);
  const standing = stored.filter(
    (solve) => solve.source === claim.source && isStanding(solve) && asOf(solve) <= claim.readAt,
  );
  const lacking = standing.filter(
    (solve) =>
      claim.mapped.listsAllOf(solve.eventId) &&
      !answered.has(solveKey(solve)) &&
      !unreadableKeys.has(solveKey(solve)),
  );
  const left = stats?.leftTeamAt ?? '';
  const beforeLeaving = standing.filter(({ solvedAt }) => solvedAt <= left);
  const dropped = beforeLeaving.length > 0 && beforeLeaving.every((solve) => lacking.includes(solve));
  const kept = new Set(dropped ? beforeLeaving.map(solveKey) : []);
  const isOpen = (solve: Solve): boolean => !kept.has(solveKey(solve));
  const verdict = classify(lacking.filter(isOpen), standing.filter(isOpen), claim, pending);
  const change = { kind: 'revoked', at: claim.readAt, jobId: claim.jobId } as const;
  const revoked = verdict.gone.map((before) => ({
    kind: 'revoked' as const,
    before,
    after: { ...before, revokedAt: claim.readAt, change },
  }));
  return { changes: [...changes, ...revoked], pending: verdict.pending, kept };
}

/** The history row of a change; null for those that leave none. */
export function historyOf(change: SolveChange, claim: Claim): SolveHistory | null {
  const { kind, before } = change;
  if (kind === 'found' || kind === 'updated' || before === null) return null;
  const { competitorId, coachId, source, eventId, solveId, title, points, category, solvedAt } = before;
  return {
    competitorId,
    coachId,
    source,
    eventId,
    solveId,
    kind,
    at: claim.readAt,
    jobId: claim.jobId,
    before: { title, points, category, solvedAt, revoked: !isStanding(before) },
  };
}

/** The counters of the competitor, recounted from all solves. */
export function countAll(subject: Subject, solves: readonly Solve[]): CompetitorStats {
  const deltas = counterDeltas(solves.filter(isStanding));
  const none = emptyStats(subject);
  return deltas === null ? none : addToStats(none, deltas.stats);
}

/** One day's row, recounted from all solves; null when nothing is left of it. */
export function countDay(subject: Subject, day: string, solves: readonly Solve[]): CompetitorDay | null {
  const deltas = counterDeltas(solves.filter((solve) => isStanding(solve) && solve.day === day));
  return deltas === null ? null : addToDay(subject, day, undefined, deltas.stats);
}

/** Days on which a change moves numbers. */
export const daysOf = ({ kind, before, after }: SolveChange): string[] =>
  kind === 'updated' ? [] : [...new Set(before === null ? [after.day] : [before.day, after.day])];

/** What one competitor's solves of one source came to, after an audit. */
export interface AuditResult {
  /** Counted from the rows that carry the job's mark, so that its earlier attempts count too. */
  readonly found: number;
  readonly restored: number;
  readonly corrected: number;
  readonly revoked: number;
  readonly pending: number;
  readonly kept: number;
  readonly quarantined: number;
  /** What the answer's totals should be: solves that stand, without kept and unreadable ones. */
  readonly expected: Sums;
  /** All solves of that source as they are stored now. */
  readonly solves: readonly Solve[];
}

export function auditResult(stored: readonly Solve[], plan: AuditPlan, claim: Claim): AuditResult {
  const mine = stored.filter((solve) => solve.source === claim.source);
  const count = (kind: (typeof SOLVE_CHANGES)[number]) =>
    mine.filter(({ change }) => change?.jobId === claim.jobId && change.kind === kind).length;
  const unreadableKeys = unreadable(claim.mapped);
  const expected = mine.filter(
    (solve) =>
      isStanding(solve) &&
      asOf(solve) <= claim.readAt &&
      !plan.kept.has(solveKey(solve)) &&
      !unreadableKeys.has(solveKey(solve)),
  );
  return {
    found: count('found'),
    restored: count('restored'),
    corrected: count('corrected'),
    revoked: count('revoked'),
    pending: plan.pending?.count ?? 0,
    kept: plan.kept.size,
    quarantined: claim.mapped.rejected.length,
    expected: {
      solves: expected.length,
      points: expected.reduce((sum, { points }) => sum + points, 0),
    },
    solves: mine,
  };
}
