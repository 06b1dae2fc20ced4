import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ChallengeSolve, FlashCtf, OdlScores, Unparsed } from '#shared/game-platform/vendor-contract.ts';
import { dayOf } from '#shared/kernel/days.ts';
import {
  ODL_EVENT,
  type FlashEvent,
  type FlashResult,
  type Solve,
  type SolveSource,
} from './score-records.ts';

/** Whose scores are read, and where days begin. */
export interface Subject {
  readonly competitorId: string;
  readonly coachId: string;
}

export interface MappingContext {
  readonly timeZone: string;
  /** ISO 8601. */
  readonly readAt: string;
}

/** A record that cannot be kept: where it came from, what was wrong, and nothing of its text. */
export interface Rejected {
  readonly source: SolveSource | 'ctf_event';
  readonly eventId: string;
  readonly unparsed: Unparsed;
  /** Which solve it is, where that much could be read. */
  readonly solveId: number | null;
}

/** What one answer has for us. */
export interface Mapped {
  /** Each key once; of several, the choice does not depend on the answer's order. */
  readonly solves: readonly Solve[];
  readonly rejected: readonly Rejected[];
  /** Parts of the answer beside its solves that could not be read: to be set aside too, but no solve is missing. */
  readonly oddParts: readonly Rejected[];
  /**
   * Whether the answer lists everything of an event (or of ODL), so that what it lacks is not there any more. Never so
   * when it lists fewer solves than it counts, or has a record that could be any solve. Says nothing of an answer
   * to a filtered call.
   */
  readonly listsAllOf: (eventId: string) => boolean;
}

export interface MappedFlash extends Mapped {
  readonly results: readonly FlashResult[];
  readonly events: readonly FlashEvent[];
}

/** 2000 to 2100: seconds that are outside were milliseconds, zeros or typing errors. */
const EARLIEST_UNIX = 946_684_800;
const LATEST_UNIX = 4_102_444_800;
const plausible = (unix: number): boolean => unix >= EARLIEST_UNIX && unix < LATEST_UNIX;

/** The platform’s clock and ours may differ by this; a solve that is dated later has not happened. */
const CLOCKS_MS = 5 * 60_000;

const isoOf = (unix: number): string => new Date(unix * 1000).toISOString();

/** An event without an end is taken to last this long: they run about two hours, sometimes more. */
const ASSUMED_EVENT_SECONDS = 3 * 60 * 60;

/** Identity of a solve: the platform's solve ids repeat across events and sources. */
export const solveKey = (solve: Pick<Solve, 'source' | 'eventId' | 'solveId'>): string =>
  `${solve.source}#${solve.eventId}#${solve.solveId}`;

/**
 * An event's stable id from its name and start, since the platform names none. Case and spacing of the name do not
 * count. Starts with the time, so that ids sort as events do.
 */
export function flashEventId(name: string, startUnix: number): string {
  const plain = name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 10);
  return `${startUnix}-${hash}`;
}

function toSolve(
  subject: Subject,
  context: MappingContext,
  origin: Pick<Solve, 'source' | 'eventId'>,
  solve: ChallengeSolve,
): Solve {
  return {
    competitorId: subject.competitorId,
    coachId: subject.coachId,
    ...origin,
    solveId: solve.challenge_solve_id,
    challengeId: solve.challenge_id,
    title: solve.challenge_title,
    points: solve.challenge_points,
    category: solve.challenge_category,
    solvedAt: isoOf(solve.timestamp_unix),
    day: dayOf(solve.timestamp_unix, context.timeZone),
    retired: solve.challenge_retired,
    workRoles: solve.nist_nice_work_roles,
    storedAt: context.readAt,
  };
}

const redactedSchema = z.object({ challenge_solve_id: z.int() });

/** Numbers survive redaction. */
const solveIdOf = (unparsed: Unparsed): number | null =>
  redactedSchema.safeParse(unparsed.redacted).data?.challenge_solve_id ?? null;

const implausible = (
  index: number,
  path: string,
  message = 'is not a time between 2000 and 2100',
): Unparsed => ({
  index,
  issues: [{ path, message }],
  redacted: null,
});

/** Of two solves under one key the earlier, else one that any order of the list gives. */
function keepOne(solves: Map<string, Solve>, solve: Solve): void {
  const key = solveKey(solve);
  const other = solves.get(key);
  if (other === undefined || rankOf(solve) < rankOf(other)) solves.set(key, solve);
}
const rankOf = (solve: Solve): string => `${solve.solvedAt}#${JSON.stringify(solve)}`;

function mapSolves(
  subject: Subject,
  context: MappingContext,
  origin: Pick<Solve, 'source' | 'eventId'>,
  answer: { readonly challenge_solves: readonly ChallengeSolve[]; readonly unparsed: readonly Unparsed[] },
  /** Null: the answer does not say. */
  counted: number | null,
): Pick<Mapped, 'solves' | 'rejected'> & { readonly all: boolean } {
  const solves = new Map<string, Solve>();
  const rejected: Rejected[] = answer.unparsed.map((unparsed) => ({
    ...origin,
    unparsed,
    solveId: solveIdOf(unparsed),
  }));
  for (const [index, raw] of answer.challenge_solves.entries()) {
    if (!plausible(raw.timestamp_unix)) {
      const unparsed = implausible(index, 'timestamp_unix');
      rejected.push({ ...origin, unparsed, solveId: raw.challenge_solve_id });
      continue;
    }
    if (raw.timestamp_unix * 1_000 > Date.parse(context.readAt) + CLOCKS_MS) {
      const unparsed = implausible(index, 'timestamp_unix', 'is in the future');
      rejected.push({ ...origin, unparsed, solveId: raw.challenge_solve_id });
      continue;
    }
    keepOne(solves, toSolve(subject, context, origin, raw));
  }
  const all =
    counted !== null &&
    solves.size + rejected.length >= counted &&
    rejected.every(({ solveId }) => solveId !== null);
  return { solves: [...solves.values()], rejected, all };
}

const oddPartsOf = (
  origin: Pick<Solve, 'source' | 'eventId'>,
  { odd }: { readonly odd?: Unparsed | undefined },
): Rejected[] => (odd === undefined ? [] : [{ ...origin, unparsed: odd, solveId: null }]);

/** ODL scores → solves. Totals are read elsewhere: with a time filter they are not totals. */
export function mapOdlScores(subject: Subject, context: MappingContext, scores: OdlScores): Mapped {
  const origin = { source: 'odl', eventId: ODL_EVENT } as const;
  const { all, ...mapped } = mapSolves(subject, context, origin, scores, scores.total_challenges_solved);
  const oddParts = oddPartsOf(origin, scores);
  return { ...mapped, oddParts, listsAllOf: (eventId) => all && eventId === ODL_EVENT };
}

const moreOf = (result: FlashResult): string =>
  [result.solved, result.points, result.maxPoints ?? 0, result.rank ?? 0]
    .map((figure) => String(figure).padStart(16, '0'))
    .concat(result.endsAt ?? '', result.eventName)
    .join('#');

/** Flash CTF progress → solves, one result per event and the events themselves. */
export function mapFlashProgress(
  subject: Subject,
  context: MappingContext,
  progress: { readonly flash_ctfs: readonly FlashCtf[]; readonly unparsed: readonly Unparsed[] },
): MappedFlash {
  const rejected: Rejected[] = progress.unparsed.map((unparsed) => ({
    source: 'ctf_event',
    eventId: '',
    unparsed,
    solveId: null,
  }));
  const oddParts: Rejected[] = [];
  const solves = new Map<string, Solve>();
  const listed = new Map<string, boolean>();
  const results = new Map<string, FlashResult>();
  const events = new Map<string, FlashEvent>();
  for (const [index, ctf] of progress.flash_ctfs.entries()) {
    const startUnix = ctf.flash_ctf_time_start_unix;
    if (!plausible(startUnix)) {
      const unparsed = implausible(index, 'flash_ctf_time_start_unix');
      rejected.push({ source: 'ctf_event', eventId: '', unparsed, solveId: null });
      continue;
    }
    const eventId = flashEventId(ctf.flash_ctf_name, startUnix);
    const givenEnd = ctf.flash_ctf_time_end_unix ?? 0;
    const endsAt = plausible(givenEnd) && givenEnd >= startUnix ? isoOf(givenEnd) : null;
    const origin = { source: 'ctf', eventId } as const;
    const mapped = mapSolves(subject, context, origin, ctf, ctf.challenges_solved);
    listed.set(eventId, mapped.all && (listed.get(eventId) ?? true));
    rejected.push(...mapped.rejected);
    oddParts.push(...oddPartsOf(origin, ctf));
    for (const solve of mapped.solves) {
      keepOne(solves, solve);
    }
    const event = { eventId, startsAt: isoOf(startUnix) };
    const result: FlashResult = {
      ...event,
      competitorId: subject.competitorId,
      coachId: subject.coachId,
      ...(ctf.event_id === undefined || ctf.event_id === null
        ? {}
        : { platformEventId: String(ctf.event_id) }),
      eventName: ctf.flash_ctf_name,
      endsAt,
      // Where it does not say, it is what it lists.
      solved: ctf.challenges_solved ?? mapped.solves.length,
      points: ctf.points_earned ?? mapped.solves.reduce((sum, { points }) => sum + points, 0),
      maxPoints: ctf.max_points_possible,
      rank: ctf.rank,
      readAt: context.readAt,
    };
    const known = results.get(eventId);
    // An event that is listed twice: the result with more, whatever the order.
    if (known !== undefined && moreOf(known) >= moreOf(result)) continue;
    results.set(eventId, result);
    events.set(eventId, {
      ...event,
      name: ctf.flash_ctf_name,
      endsAt: endsAt ?? isoOf(startUnix + ASSUMED_EVENT_SECONDS),
      firstSeenAt: context.readAt,
    });
  }
  const allEvents = !rejected.some(({ source }) => source === 'ctf_event');
  return {
    solves: [...solves.values()],
    rejected,
    oddParts,
    listsAllOf: (eventId) => listed.get(eventId) ?? allEvents,
    results: [...results.values()],
    events: [...events.values()],
  };
}

/**
 * A fingerprint of what an answer says, whatever its order and the time of the read. The same fingerprint as that of
 * an answer that was stored means that nothing has to be looked up. 128 bits of SHA-256.
 */
export function answerDigest(mapped: Mapped | MappedFlash): string {
  const solves = mapped.solves
    .map((solve) => JSON.stringify({ ...solve, key: solveKey(solve), storedAt: '' }))
    .toSorted();
  const results =
    'results' in mapped
      ? mapped.results.map((result) => JSON.stringify({ ...result, readAt: '' })).toSorted()
      : [];
  const rejected = [...mapped.rejected, ...mapped.oddParts]
    .map(({ source, eventId, unparsed }) =>
      JSON.stringify([source, eventId, unparsed.issues, unparsed.redacted]),
    )
    .toSorted();
  return createHash('sha256')
    .update(JSON.stringify([solves, results, rejected]))
    .digest('base64url')
    .slice(0, 22);
}
