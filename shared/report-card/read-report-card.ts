import type { Actor } from '#shared/audit/actor.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { onHold } from '#shared/competitors/consent.ts';
import type { createReadLog } from '#shared/competitors/privacy/read-log.ts';
import type { FactsRange } from '#shared/dashboard/dashboard-repository.ts';
import type { CoachFacts } from '#shared/dashboard/facts.ts';
import { isReadable, NOTHING, tallies } from '#shared/dashboard/metrics.ts';
import type { Period } from '#shared/dashboard/period.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { addDays, countDays, listDays } from '#shared/kernel/days.ts';
import type { FlashResult, SyncState } from '#shared/score-sync/score-records.ts';
import { comparisonOf, runningPoints } from './comparison.ts';
import { HEAT_DAYS, MOST_EVENTS, type CardFigures, type CardFlash, type ReportCard } from './contract.ts';
import { insightsOf, longestStreak } from './insights.ts';
import type { ReportCardRepository } from './report-card-repository.ts';
import { categoriesOf, listSolves, workRolesOf } from './solve-list.ts';
import { WORK_ROLES } from './work-roles.ts';

export interface ReportCardDeps extends ReportCardRepository {
  readonly factsOfCoach: (coachId: string, range: FactsRange) => Promise<CoachFacts>;
  readonly flashResultsOf: (competitorId: string) => Promise<readonly FlashResult[]>;
  readonly logRead: ReturnType<typeof createReadLog>;
  /** Hours within which everyone is read, as the settings say. */
  readonly slaHours: () => Promise<number>;
  readonly inactiveDays: () => Promise<number>;
  readonly now: Clock;
  readonly timeZone: string;
  readonly dayOf: (iso: string) => string;
}

export interface CardFacts {
  readonly competitor: Competitor;
  /** Of the competitor's coach, the days of the heat map, the period and the one before. */
  readonly facts: CoachFacts;
  readonly stored: Awaited<ReturnType<ReportCardRepository['solvesOf']>>;
  readonly changes: Awaited<ReturnType<ReportCardRepository['changesOf']>>;
  readonly flashResults: readonly FlashResult[];
}

type CardContext = Pick<ReportCardDeps, 'timeZone' | 'dayOf'> & {
  readonly period: Period;
  readonly slaHours: number;
  readonly inactiveDays: number;
  readonly now: Date;
};

/** How it stands with somebody's scores; see `CARD_STATES`. */
export function cardState(
  competitor: Competitor,
  state: Pick<SyncState, 'lastReadAt'> | undefined,
  { hasScores, now, slaHours }: { hasScores: boolean; now: Date; slaHours: number },
): ReportCard['state'] {
  if (competitor.gamePlatformId === null) return 'no_account';
  if (onHold(competitor) !== null) return 'on_hold';
  if (!competitor.active) return 'deactivated';
  if (!isReadable(competitor)) return 'not_approved';
  const lastReadAt = state?.lastReadAt ?? null;
  if (lastReadAt === null) return hasScores ? 'stale' : 'never_read';
  return now.getTime() - Date.parse(lastReadAt) > slaHours * 3_600_000 ? 'stale' : 'ok';
}

const heatFrom = (period: Period): string => addDays(period.to, 1 - HEAT_DAYS);

function flashOf(results: readonly FlashResult[], { period, dayOf }: CardContext): CardFlash[] {
  return (
    results
      .map((result) => ({ ...result, day: dayOf(result.startsAt) }))
      // What was taken back whole stays as a result of nothing.
      .filter(({ day, solved }) => solved > 0 && day <= period.to)
      .toSorted((a, b) => a.startsAt.localeCompare(b.startsAt) || a.eventId.localeCompare(b.eventId))
      .slice(-MOST_EVENTS)
      .map(({ eventId, eventName, startsAt, day, solved, points, maxPoints, rank }) => ({
        eventId,
        name: eventName,
        startsAt,
        day,
        solved,
        points,
        maxPoints,
        rank,
      }))
  );
}

function figuresOf({ competitor, facts, stored, changes, flashResults }: CardFacts, context: CardContext) {
  const { period, now, dayOf } = context;
  const own = facts.days.filter(({ competitorId }) => competitorId === competitor.id);
  const inRange = (range: { readonly from: string; readonly to: string }) =>
    tallies(own, range).get(competitor.id) ?? NOTHING;
  const total = inRange(period);
  const before = inRange({ from: period.previousFrom, to: period.previousTo });
  const activeDays = own
    .filter(({ day, odl, ctf }) => day >= period.from && day <= period.to && odl + ctf > 0)
    .map(({ day }) => day)
    .toSorted();
  const streak = longestStreak(activeDays);
  const flash = flashOf(flashResults, context);
  const inPeriod = flash.filter(({ day }) => day >= period.from);
  const best = inPeriod
    .flatMap(({ rank, name, day }) => (rank === null ? [] : [{ rank, eventName: name, day }]))
    .toSorted((a, b) => a.rank - b.rank)[0];
  const stats = facts.stats.find(({ competitorId }) => competitorId === competitor.id);
  const lastSolveAt = stats?.lastSolveAt ?? null;
  const solves = listSolves(stored.solves, changes, flashResults, period);
  const categories = categoriesOf(
    solves,
    facts.stats.flatMap(({ platform }) => Object.keys(platform?.categoryPoints ?? {})),
  );
  const running = runningPoints(own, period);
  const perDay = new Map(own.map((row) => [row.day, row]));
  const eventDays = new Set(flash.map(({ day }) => day));
  const onboarded = competitor.platform.onboardedAt;
  const firstDay = onboarded === null ? null : dayOf(onboarded);
  const figures = {
    totals: {
      challenges: total.done,
      odl: total.odl,
      ctf: total.ctf,
      points: total.points,
      previous:
        before.done === 0 && firstDay !== null && firstDay > period.previousTo
          ? null
          : { challenges: before.done, points: before.points },
      activeDays: activeDays.length,
      days: countDays(period.from, period.to),
      longestStreak: streak?.days ?? 0,
      bestRank: best ?? null,
    },
    allTime: {
      challenges: (stats?.storedOdl ?? 0) + (stats?.storedCtf ?? 0),
      points: (stats?.storedOdlPoints ?? 0) + (stats?.storedCtfPoints ?? 0),
      lastSolveAt,
      checkedAt: stats?.platform?.readAt ?? null,
      differs: stats?.drift !== undefined,
    },
    categories,
    cumulative: listDays(period.from, period.to).map((day, index) => ({ day, points: running[index] ?? 0 })),
    heat: listDays(heatFrom(period), period.to).map((day) => {
      const { odl = 0, ctf = 0 } = perDay.get(day) ?? {};
      return {
        day,
        odl,
        ctf,
        flashCtf: eventDays.has(day),
        beforeAccount: firstDay !== null && day < firstDay && odl + ctf === 0,
      };
    }),
    solves,
    solvesComplete: stored.complete,
    flash,
    workRoles: workRolesOf(stored.solves, period),
    knownRoles: WORK_ROLES.length,
    comparison: comparisonOf(competitor, { ...context, facts, range: period }),
  } satisfies Omit<CardFigures, 'insights'>;
  const quietDays = lastSolveAt === null ? null : countDays(dayOf(lastSolveAt), dayOf(now.toISOString())) - 1;
  return {
    ...figures,
    insights: insightsOf({ ...figures, streak, quietDays, inactiveDays: context.inactiveDays }),
  };
}

/** The card, from what the table holds. On hold, nothing of the scores is told. */
export function reportCardOf(card: CardFacts, context: CardContext): ReportCard {
  const { competitor, facts, stored } = card;
  const { period, slaHours, now } = context;
  const sync = facts.syncStates.find(({ competitorId }) => competitorId === competitor.id);
  const hasScores = stored.solves.length > 0;
  const state = cardState(competitor, sync, { hasScores, now, slaHours });
  const team = facts.teams.find(({ id }) => id === competitor.teamId);
  const shown = hasScores || (sync?.lastReadAt ?? null) !== null;
  const figures = state === 'no_account' || state === 'on_hold' || !shown ? null : figuresOf(card, context);
  const groups = (figures?.comparison ?? []).filter(({ averages }) => averages !== null);
  return {
    period: {
      from: period.from,
      to: period.to,
      previousFrom: period.previousFrom,
      previousTo: period.previousTo,
      timeZone: context.timeZone,
    },
    competitor: {
      id: competitor.id,
      coachId: competitor.coachId,
      firstName: competitor.firstName,
      lastName: competitor.lastName,
      grade: competitor.grade,
      division: competitor.division,
      team: team === undefined ? null : { id: team.id, name: team.name },
      username: competitor.platform.username,
      onboardedAt: competitor.platform.onboardedAt,
    },
    state,
    asOf: sync?.lastReadAt ?? null,
    flashAsOf: sync?.lastFlashReadAt ?? null,
    promiseSeconds: slaHours * 3_600,
    partial: state === 'stale' || groups.some(({ late }) => late > 0),
    figures,
  };
}

/** Reads a card for whoever asks, once it is in the read log that they saw it. */
export function createReadReportCard(
  deps: ReportCardDeps,
): (competitor: Competitor, period: Period, actor: Actor) => Promise<ReportCard> {
  return async (competitor, period, actor) => {
    const now = deps.now();
    const earliest = [period.previousFrom, heatFrom(period)].toSorted()[0] ?? period.previousFrom;
    const nothingSince = now.toISOString();
    const [facts, stored, changes, flashResults, slaHours, inactiveDays] = await Promise.all([
      deps.factsOfCoach(competitor.coachId, {
        from: earliest,
        to: period.to,
        // Of the coach's events, newest solves and team edits, a card needs nothing.
        eventsSince: nothingSince,
        solvesSince: nothingSince,
        editsWithin: { from: nothingSince, to: nothingSince },
      }),
      deps.solvesOf(competitor.id),
      deps.changesOf(competitor.id),
      deps.flashResultsOf(competitor.id),
      deps.slaHours(),
      deps.inactiveDays(),
    ]);
    await deps.logRead('competitor.read', competitor, actor);
    return reportCardOf(
      { competitor, facts, stored, changes, flashResults },
      { period, slaHours, inactiveDays, now, timeZone: deps.timeZone, dayOf: deps.dayOf },
    );
  };
}
