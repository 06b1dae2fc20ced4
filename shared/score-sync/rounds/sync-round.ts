import { dayLimit } from '#shared/game-platform/budget/lease-slots.ts';
import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import { activityScore, tierOf, tierReadDue, TIERS, type Tier } from '../policy/activity-tiers.ts';
import { planRound, readDue, ROUND_SECONDS, type PolicySettings } from '../policy/adaptive-policy.ts';
import { nextBatch, type Batch, type Rotation } from '../policy/batch-rotation.ts';
import type { CallLedger } from '../policy/call-price.ts';
import type { FlashEvent } from '../policy/expected-solves.ts';
import { explainRead } from '../policy/explain-read.ts';
import type { ProgramHabit } from '../policy/reading-habit.ts';
import { EVERYBODY_EVERY_SECONDS, readingArm, type ReadingArm } from '../policy/variants.ts';
import type { RoundCandidate } from './round-candidate.ts';

/** Whom a round of the score sync reads. Pure; times in Unix seconds. */

export interface RoundInput {
  readonly now: number;
  /** Everybody whose scores are read, in any order, each once. */
  readonly candidates: readonly RoundCandidate[];
  readonly settings: SyncSettings;
  readonly program: ProgramHabit;
  /** A Flash CTF that is on or has just ended. */
  readonly event: FlashEvent | null;
  readonly weekHour: (unix: number) => number;
  readonly ledger: CallLedger;
  /** Where the rotation stood before this round. */
  readonly rotation: Rotation;
  /** The same round planned again: its batch ends with this id, whoever came or left since. */
  readonly batch?: { readonly through: string | null };
  /** Whom parts of this round, or of one whose planning never ended, hold already. */
  readonly taken: ReadonlySet<string>;
}

interface RoundRead {
  readonly id: string;
  /** As `read-reason.ts` reads it. */
  readonly reason: string;
}

export interface SyncRound {
  /** Most urgent first, and no more than can be made until the next round. */
  readonly reads: readonly RoundRead[];
  /** Last id of the rotation's batch, whether or not a part holds it already; null: nobody was in one. */
  readonly through: string | null;
  /** To be kept for the next round. */
  readonly rotation: Rotation;
  readonly ledger: CallLedger;
  /** People who would be read, had their last read not just failed. */
  readonly heldBack: number;
}

interface Choice extends RoundRead {
  readonly urgency: number;
  readonly calls: number;
}

/** Of the time between two rounds; the rest is for starting, so that a full round ends before the next one begins. */
const ROUND_USE = 0.9;
/** Reads end some seconds after their round: half a round less, or each interval would be one round too long. */
const SLACK_SECONDS = ROUND_SECONDS / 2;
/** After a read that failed, this long; after the platform's word that it does not show somebody, longer. */
const RETRY_AFTER_SECONDS = { failed: 1_800, refused: 7_200 } as const;
/** What tiers take of a competitor on an average day. */
const USUAL_DAILY_READS = 18;
/** Above an ordinary day, for Flash CTFs. */
const BUSIEST_DAY = 1.25;
const DAY = 86_400;

const URGENCY = { rotation: Infinity, never: 1e9, late: 1e6, due: 1e3 } as const;

/** Calls that reads may take until the next round. */
export const callsOfRound = ({ callsPerSecond, rosterReserve }: SyncSettings): number =>
  Math.max(2, Math.floor(callsPerSecond * (1 - rosterReserve.perSecond) * ROUND_SECONDS * ROUND_USE));

function isHeldBack({ failedAt, refused }: RoundCandidate, now: number): boolean {
  if (failedAt === null) return false;
  const since = now - failedAt;
  return since >= 0 && since < RETRY_AFTER_SECONDS[refused ? 'refused' : 'failed'] - SLACK_SECONDS;
}

const tierAt = ({ activity }: RoundCandidate, now: number): Tier => tierOf(activityScore(activity, now));

const intervalsOf = ({ tierMinutes }: SyncSettings) => ({
  high: tierMinutes.high * 60,
  medium: tierMinutes.medium * 60,
  low: tierMinutes.low * 60,
});

/** How urgent a read is that is due after `interval` seconds. */
function urgencyOf({ lastReadAt }: RoundCandidate, now: number, interval: number, sla: number): number {
  if (lastReadAt === null) return URGENCY.never;
  const age = now - lastReadAt;
  return age >= sla ? URGENCY.late + age : age / interval;
}

/** Everybody, every half hour. */
function chooseAll(people: readonly RoundCandidate[], { now, settings }: RoundInput): Choice[] {
  return people
    .filter(
      ({ lastReadAt }) =>
        lastReadAt === null || !(now - lastReadAt < EVERYBODY_EVERY_SECONDS - SLACK_SECONDS),
    )
    .map((person) => ({
      id: person.id,
      reason: 'everyone',
      calls: person.calls,
      urgency: urgencyOf(person, now, EVERYBODY_EVERY_SECONDS, settings.slaHours * 3600),
    }));
}

/** By tier, and never beyond the service level. */
function chooseByTier(people: readonly RoundCandidate[], { now, settings }: RoundInput): Choice[] {
  const intervals = intervalsOf(settings);
  const bound = { slaSeconds: settings.slaHours * 3600, roundSeconds: ROUND_SECONDS };
  return people.flatMap((person) => {
    const tier = tierAt(person, now);
    const byTier = tierReadDue(tier, person.lastReadAt, now + SLACK_SECONDS, intervals);
    if (!byTier && !readDue({ readAt: person.lastReadAt ?? 0 }, now, bound)) return [];
    // A round before its time somebody comes for both reasons, and the tier tells more.
    const ofTier = byTier || tierReadDue(tier, person.lastReadAt, now + ROUND_SECONDS, intervals);
    const urgency = urgencyOf(person, now, intervals[tier], bound.slaSeconds);
    return [{ id: person.id, reason: ofTier ? `tier_${tier}` : 'sla_due', calls: person.calls, urgency }];
  });
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : Number(a.id > b.id);

/**
 * The batch as it was taken: everybody behind the cursor, up to its last one. One that ends before the cursor was the
 * first of a rotation that restarted.
 */
function sameBatch(ids: readonly string[], { after }: Rotation, through: string | null) {
  const from = after !== null && through !== null && through > after ? after : null;
  return ids.filter((id) => through !== null && (from === null || id > from) && id <= through);
}

interface Rotated {
  readonly choices: readonly Choice[];
  readonly through: string | null;
  readonly rotation: Rotation;
}

/** The rotation's next batch. */
function chooseBatch(people: readonly RoundCandidate[], input: RoundInput): Rotated {
  const { rotation, batch, settings, taken } = input;
  const sorted = people.toSorted(byId);
  const ids = sorted.map(({ id }) => id);
  const callsOf = new Map(sorted.map(({ id, calls }) => [id, calls]));
  const choose = (some: readonly string[]): Choice[] =>
    some
      .filter((id) => !taken.has(id))
      .map((id) => ({ id, reason: 'rotation', urgency: URGENCY.rotation, calls: callsOf.get(id) ?? 2 }));
  if (batch !== undefined) {
    return { choices: choose(sameBatch(ids, rotation, batch.through)), through: batch.through, rotation };
  }
  // Two calls each at most, so that the whole batch fits into the round: whom a cut left out would be skipped.
  const size = Math.max(1, Math.min(settings.batchSize, Math.floor(callsOfRound(settings) / 2)));
  const next: Batch = nextBatch(ids, size, rotation);
  return { choices: choose(next.ids), through: next.ids.at(-1) ?? null, rotation: next.next };
}

/** Reads a day that the arms with a fixed rhythm take. */
function dailyReadsOf(
  arms: Readonly<Record<ReadingArm, readonly RoundCandidate[]>>,
  input: RoundInput,
): number {
  const { settings, now } = input;
  const intervals = intervalsOf(settings);
  const counts = Map.groupBy(arms.tiers, (person) => tierAt(person, now));
  const tiers = TIERS.reduce(
    (sum, tier) =>
      sum + ((counts.get(tier)?.length ?? 0) * DAY) / Math.min(intervals[tier], settings.slaHours * 3600),
    0,
  );
  const batch = Math.min(settings.batchSize, arms.rotation.length);
  return (arms.all.length * DAY) / EVERYBODY_EVERY_SECONDS + tiers + (batch * DAY) / ROUND_SECONDS;
}

/** What the adaptive arm has a day: of an ordinary one, and at most. */
export function adaptiveBudget(settings: SyncSettings, competitors: number, others: number): PolicySettings {
  const left = Math.max(1, Math.floor(dayLimit(settings, 'reads') - others));
  const usualCalls = Math.min(settings.adaptive.dailyReads ?? USUAL_DAILY_READS * competitors, left);
  return {
    usualCalls: Math.max(1, usualCalls),
    dailyBudget: Math.max(1, Math.min(left, Math.floor(BUSIEST_DAY * usualCalls))),
    slaSeconds: settings.slaHours * 3600,
    roundSeconds: ROUND_SECONDS,
  };
}

function chooseAdaptively(
  people: readonly RoundCandidate[],
  input: RoundInput,
  others: number,
  most: number,
): { readonly choices: readonly Choice[]; readonly ledger: CallLedger } {
  const { now, program, event, ledger, weekHour } = input;
  if (people.length === 0) return { choices: [], ledger };
  const settings = adaptiveBudget(input.settings, people.length, others);
  // Whoever is held back is not asked again yet; what is known of them still says something about their team.
  const present = people.filter((person) => !isHeldBack(person, now) && !input.taken.has(person.id));
  const plan = planRound({ now, candidates: present, program, event, ledger, settings, weekHour, most });
  const choices = plan.reads.flatMap((read) => {
    const person = present[read.index];
    if (person === undefined) return [];
    const { code, expectedSolves, worthwhileSolves } = explainRead(read, person.habit.readAt, now);
    const late = urgencyOf(person, now, settings.slaSeconds, settings.slaSeconds);
    const gain = (expectedSolves + read.expectation.revealed) / Math.max(worthwhileSolves, Number.EPSILON);
    // Of somebody never read nothing is expected that would tell anybody anything.
    const figures = person.lastReadAt === null ? [] : [expectedSolves, worthwhileSolves];
    return [
      {
        id: person.id,
        reason: [code, ...figures.map((figure) => figure.toPrecision(2))].join(' '),
        calls: person.calls,
        urgency: read.due ? Math.max(URGENCY.due, late) : Math.min(gain, URGENCY.due),
      },
    ];
  });
  return { choices, ledger: plan.ledger };
}

/** As many of the most urgent as there are calls for. */
function withinCalls(choices: readonly Choice[], calls: number): RoundRead[] {
  let left = calls;
  const reads: RoundRead[] = [];
  for (const { id, reason, calls: taken } of choices.toSorted(
    (a, b) => b.urgency - a.urgency || byId(a, b),
  )) {
    left -= taken;
    if (left < 0) break;
    reads.push({ id, reason });
  }
  return reads;
}

/** Takes time in proportion to the candidates, and to sort those in the rotation. */
export function planSyncRound(input: RoundInput): SyncRound {
  const { now, candidates, settings, taken } = input;
  const arms: Record<ReadingArm, RoundCandidate[]> = { all: [], adaptive: [], tiers: [], rotation: [] };
  for (const person of candidates) arms[readingArm(person.id, settings)].push(person);
  const open = (people: readonly RoundCandidate[]) => people.filter(({ id }) => !taken.has(id));
  const calls = callsOfRound(settings);
  const rotated = chooseBatch(arms.rotation, input);
  const timed = [...chooseAll(open(arms.all), input), ...chooseByTier(open(arms.tiers), input)];
  const heldBack = new Set(candidates.filter((person) => isHeldBack(person, now)).map(({ id }) => id));
  const ready = timed.filter(({ id }) => !heldBack.has(id));
  // When there is not enough for all, the arms share what a round can read by their size.
  const spoken = [...rotated.choices, ...ready].reduce((sum, choice) => sum + choice.calls, 0);
  const share = (calls * arms.adaptive.length) / Math.max(1, candidates.length);
  const forAdaptive = Math.max(calls - spoken, share);
  const most = Math.floor(forAdaptive / (input.event === null ? 1 : 2));
  const adaptive = chooseAdaptively(arms.adaptive, input, dailyReadsOf(arms, input), most);
  return {
    reads: withinCalls([...rotated.choices, ...ready, ...adaptive.choices], calls),
    through: rotated.through,
    rotation: rotated.rotation,
    ledger: adaptive.ledger,
    heldBack: heldBack.size,
  };
}
