import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import {
  callsByHour,
  emptyDay,
  totalCalls,
  type BudgetDay,
  type BudgetHour,
  type BudgetState,
} from '#shared/game-platform/budget/budget-state.ts';
import { blockOf, dayLimit, type Moment } from '#shared/game-platform/budget/lease-slots.ts';
import { createMoments } from '#shared/game-platform/budget/moment.ts';
import { CALL_PURPOSES } from '#shared/game-platform/budget/purposes.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { addDays, countDays, dayOf } from '#shared/kernel/days.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import type { AdviceView, VariantView, SyncHealthView, SyncRunView } from '../contract.ts';
import type { Dismissal } from '../policy-repository.ts';
import { syncEffect } from '../policy/sync-effect.ts';
import { syncFeasibility } from '../policy/sync-feasibility.ts';
import type { RoundRecord } from '../round-repository.ts';
import { TIERS } from '../policy/activity-tiers.ts';
import { variantShares } from '../policy/variants.ts';
import { weekHourIn } from '../policy/weekly-rhythm.ts';
import { GAP_BOUNDS, gapName, sumOf, type VariantDay, type VariantFigures } from '../variant-figures.ts';
import { advisedChange, groundsOf, stillDismissed } from './advised-change.ts';
import { callForecast } from './call-forecast.ts';
import { syncAdvice, type AdviceCode } from './sync-advice.ts';

export interface ReadSyncHealthDeps {
  readonly variantDays: (from: string, to: string) => Promise<readonly VariantDay[]>;
  /** Days that ended. */
  readonly budgetDays: (from: string, to: string) => Promise<readonly BudgetDay[]>;
  readonly budget: () => Promise<BudgetState | undefined>;
  readonly budgetHours: (day: string) => Promise<readonly BudgetHour[]>;
  readonly settings: () => Promise<SyncSettings>;
  readonly processing: () => Promise<SyncHealthView['processing']>;
  /** What the last round went through; undefined before the first. */
  readonly round: () => Promise<LastRound | undefined>;
  /** Names of competitors; who is gone has none. */
  readonly namesOf: (competitorIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly dismissed: () => Promise<ReadonlyMap<AdviceCode, Dismissal>>;
  readonly timeZone: string;
  readonly now: Clock;
}

type LastRound = Pick<RoundRecord, 'at' | 'competitors' | 'tiers' | 'oldest'>;

/** Days shown unless a range is given, and at most. */
const DEFAULT_DAYS = 7;
export const LONGEST_HEALTH_DAYS = 92;

const meanWait = ({ newSolves, waitSeconds }: VariantFigures): number | null =>
  newSolves === 0 ? null : Math.round(waitSeconds / newSolves);

function variantView(arm: string, figures: VariantFigures): VariantView {
  const { reads, calls, empty, failed, late, newSolves } = figures;
  return { arm, reads, calls, empty, failed, late, newSolves, meanWaitSeconds: meanWait(figures) };
}

const variantsOf = (days: readonly VariantDay[]): Map<string, VariantFigures> =>
  new Map(
    [
      ...Map.groupBy(
        days.flatMap(({ variants }) => [...variants]),
        ([variant]) => variant,
      ),
    ]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([variant, some]) => [variant, sumOf(some.map(([, figures]) => figures))]),
  );

function dayView({ day, variants }: VariantDay): SyncHealthView['days'][number] {
  const all = sumOf([...variants.values()]);
  const { reads, empty, failed, late, newSolves } = all;
  return {
    day,
    reads,
    empty,
    failed,
    late,
    newSolves,
    meanWaitSeconds: meanWait(all),
    arms: [...variants].map(([arm, figures]) => variantView(arm, figures)),
  };
}

function callsView(day: BudgetDay, perDay: number): SyncHealthView['calls']['days'][number] {
  const total = totalCalls(day);
  return {
    day: day.day,
    total,
    ofBudget: total / perDay,
    byHour: Array.from({ length: 24 }, (_, hour) => day.hours[String(hour).padStart(2, '0')] ?? 0),
    byPurpose: purposesOf(day.calls),
    refused: day.refused,
    throttled: day.throttled,
    errors: day.errors,
  };
}

const lagGroups = (variants: ReadonlyMap<string, VariantFigures>): SyncHealthView['lag']['groups'] =>
  [...variants].flatMap(([arm, { gaps }]) =>
    TIERS.map((tier) => ({
      arm,
      tier,
      reads: GAP_BOUNDS.map((bound) => gaps[gapName(tier, bound)] ?? 0),
    })).filter(({ reads }) => reads.some((count) => count > 0)),
  );

/** The variants that read any competitor, and those that have some. */
function comparison(
  figures: ReadonlyMap<string, VariantFigures>,
  people: { readonly all: number | null; readonly settings: SyncSettings; readonly days: number },
): SyncHealthView['arms'] {
  const { all, settings, days } = people;
  const shares = new Map(Object.entries(variantShares(settings)));
  const having = [...shares].filter(([, share]) => all !== null && share > 0).map(([arm]) => arm);
  return [...new Set([...figures.keys(), ...having])].toSorted().map((arm) => {
    const view = variantView(arm, figures.get(arm) ?? sumOf([]));
    const competitors = all === null ? null : Math.round(all * (shares.get(arm) ?? 0));
    const none = competitors === null || competitors === 0 || days === 0;
    return Object.assign(view, {
      competitors,
      readsPerCompetitorDay: none ? null : view.reads / competitors / days,
    });
  });
}

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

const purposesOf = (calls: BudgetDay['calls']) =>
  CALL_PURPOSES.flatMap((purpose) => {
    const some = calls[purpose] ?? 0;
    return some === 0 ? [] : [{ purpose, calls: some }];
  });

function hoursView(day: BudgetDay, kept: readonly BudgetHour[]): SyncHealthView['calls']['hours'] {
  const split = callsByHour(day, kept);
  return {
    day: day.day,
    byHour: HOURS.map((hour) => {
      const total = day.hours[hour] ?? 0;
      const calls = total === 0 ? {} : split.get(hour);
      return { total, byPurpose: calls === undefined ? null : purposesOf(calls) };
    }),
  };
}

const hourCalls = (day: Pick<BudgetDay, 'hours'>) => HOURS.map((hour) => day.hours[hour] ?? 0);

function forecastOf(
  days: readonly BudgetDay[],
  today: string,
  at: { readonly hour: number; readonly now: Date; readonly settings: SyncSettings },
): SyncHealthView['calls']['forecast'] {
  const own = days.find(({ day }) => day === today) ?? emptyDay(today);
  const earlier = days.filter(({ day }) => day < today).map(hourCalls);
  const passed = at.hour + at.now.getUTCMinutes() / 60;
  const forecast = callForecast(hourCalls(own), earlier, passed, at.settings.dailyCallBudget);
  return forecast === null ? null : { day: today, ...forecast, byHour: [...forecast.byHour] };
}

/** What stops every read now. */
function waitsView(state: BudgetState, settings: SyncSettings, at: Moment): SyncHealthView['calls']['waits'] {
  const block = blockOf(state, settings, 'reads', at);
  return block === null ? null : { code: block.code, until: new Date(block.until).toISOString() };
}

const roundView = (
  { at, competitors, oldest }: LastRound,
  names: ReadonlyMap<string, string>,
): SyncHealthView['round'] => ({
  at,
  competitors,
  late: oldest?.late ?? null,
  unread: oldest?.unread ?? null,
  // Who has left since the round has no name any more.
  oldest: (oldest?.reads ?? []).flatMap(({ competitorId, lastReadAt, lastFailure }) => {
    const name = names.get(competitorId);
    return name === undefined ? [] : [{ competitorId, name, lastReadAt, failure: lastFailure }];
  }),
});

interface AdviceInput {
  readonly days: readonly VariantDay[];
  readonly calls: readonly BudgetDay[];
  readonly settings: SyncSettings;
  readonly round: LastRound | undefined;
  readonly dismissed: ReadonlyMap<AdviceCode, Dismissal>;
}

/** The advice as it is now, each with the change that it would make and whether it is dismissed. */
function adviceViews({ days, calls, settings, round, dismissed }: AdviceInput): AdviceView[] {
  const callsOn = new Map(calls.map((day) => [day.day, totalCalls(day)]));
  const competitors = round?.competitors ?? 0;
  const tiers = round?.tiers ?? null;
  const tunable = {
    settings,
    competitors,
    leastBatch: syncFeasibility(settings, competitors).batchSize,
    effect: tiers === null ? null : syncEffect(settings, tiers),
  };
  const facts = days.map(dayView).map(({ day, reads, empty, failed, late }) => ({
    reads,
    empty,
    failed,
    late,
    calls: callsOn.get(day) ?? 0,
  }));
  const { slaHours, dailyCallBudget } = settings;
  return syncAdvice({ days: facts, slaHours, dailyCallBudget }).map((advice) => {
    const change = advisedChange(advice.code, tunable);
    const before = dismissed.get(advice.code);
    const holds = before !== undefined && stillDismissed(groundsOf(advice, change), before);
    return Object.assign(advice, { change, dismissedAt: holds ? before.at : null });
  });
}

/**
 * Dismisses an advice as it is now, or brings it back.
 * @throws DomainError conflict, when it is not given any more
 */
export function createDismissAdvice(deps: {
  readonly health: () => Promise<SyncHealthView | SyncHealthProblem>;
  readonly dismiss: (code: AdviceCode, dismissal: Dismissal | null, entry: AuditEntry) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
}) {
  return async (code: string, dismissed: boolean, actor: Actor): Promise<AdviceView> => {
    const health = await deps.health();
    const advice = 'message' in health ? undefined : health.advice.find((one) => one.code === code);
    if (advice === undefined) {
      throw new DomainError('conflict', 'ADVICE_GONE', 'This advice is not given any more.');
    }
    const at = deps.now().toISOString();
    const entry: AuditEntry = {
      id: deps.newId('aud'),
      at,
      actor: actor.sub,
      actingAs: actor.actingAs,
      action: dismissed ? 'sync_advice.dismiss' : 'sync_advice.restore',
      subject: advice.code,
      coachId: null,
      requestId: actor.requestId,
      details: {},
    };
    const dismissal = dismissed ? { at, ...groundsOf(advice, advice.change) } : null;
    await deps.dismiss(advice.code, dismissal, entry);
    return { ...advice, dismissedAt: dismissal?.at ?? null };
  };
}

export interface SyncHealthRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Why a range cannot be answered. */
export type SyncHealthProblem = { readonly path: 'from' | 'to'; readonly message: string };

/** The figures of the Sync health page, the last seven days by default; costs a few reads whatever the population. */
export async function readSyncHealth(
  deps: ReadSyncHealthDeps,
  range: SyncHealthRange,
): Promise<SyncHealthView | SyncHealthProblem> {
  const to = range.to ?? dayOf(deps.now().toISOString(), deps.timeZone);
  const from = range.from ?? addDays(to, 1 - DEFAULT_DAYS);
  const length = countDays(from, to);
  if (length === 0)
    return { path: 'from', message: 'The first day must not be after the last. Swap the two.' };
  if (length > LONGEST_HEALTH_DAYS)
    return { path: 'from', message: `Choose at most ${LONGEST_HEALTH_DAYS} days.` };

  const now = deps.now();
  const today = dayOf(now.toISOString(), deps.timeZone);
  const lately = addDays(today, 1 - DEFAULT_DAYS);
  const [variantDays, adviceDays, ended, budget, settings, processing, round, dismissed] = await Promise.all([
    deps.variantDays(from, to),
    // What is advised is about now, whichever days are looked at.
    from === lately && to === today ? null : deps.variantDays(lately, today),
    deps.budgetDays(from < lately ? from : lately, today),
    deps.budget(),
    deps.settings(),
    deps.processing(),
    deps.round(),
    deps.dismissed(),
  ]);
  // The day that has not ended is in the state; after midnight, until the first call, it is still yesterday.
  const running = budget === undefined ? [] : [budget.today];
  const known = [...ended.filter(({ day }) => day !== running[0]?.day), ...running];
  const within = (first: string, last: string) => known.filter(({ day }) => day >= first && day <= last);
  const callDays = within(from, to);
  const lastDay = callDays.at(-1);
  const [hours, names] = await Promise.all([
    lastDay === undefined ? [] : deps.budgetHours(lastDay.day),
    deps.namesOf((round?.oldest?.reads ?? []).map(({ competitorId }) => competitorId)),
  ]);
  const variants = variantsOf(variantDays);
  const hour = weekHourIn(deps.timeZone)(now.getTime() / 1000) % 24;
  // Of today, what has passed, to half an hour.
  const daysPassed = variantDays.reduce((sum, { day }) => sum + (day === today ? (hour + 0.5) / 24 : 1), 0);
  const { slaHours, dailyCallBudget } = settings;
  const advice = adviceViews({
    days: adviceDays ?? variantDays,
    calls: within(lately, today),
    settings,
    round,
    dismissed,
  });
  return {
    period: { from, to, timeZone: deps.timeZone },
    arms: comparison(variants, { all: round?.competitors ?? null, settings, days: daysPassed }),
    days: variantDays.map(dayView),
    calls: {
      budget: {
        perDay: dailyCallBudget,
        perSecond: settings.callsPerSecond,
        keptPerDay: dailyCallBudget - dayLimit(settings, 'reads'),
      },
      days: callDays.map((day) => callsView(day, dailyCallBudget)),
      hours: lastDay === undefined ? null : hoursView(lastDay, hours),
      forecast:
        to < today || !processing.enabled
          ? null
          : forecastOf(within(lately, today), today, { hour, now, settings }),
      waits: budget === undefined ? null : waitsView(budget, settings, createMoments(deps.timeZone)(now)),
    },
    lag: { slaHours, bounds: GAP_BOUNDS, groups: lagGroups(variants) },
    processing: { enabled: processing.enabled, reason: processing.reason, changedAt: processing.changedAt },
    round: round === undefined ? null : roundView(round, names),
    advice,
  };
}

/** What people are counted as who were not asked about. */
const NOT_READ = ['left', 'notDue'];
/** A totals sweep that found all in step had nothing new either. */
const EMPTY = ['skipped', 'inStep'];

const sum = (counts: Job['counts'], names: readonly string[]): number =>
  names.reduce((all, name) => all + (counts[name] ?? 0), 0);

export function syncRunView(job: Job): SyncRunView {
  const { counts, startedAt, finishedAt } = job;
  const read = Math.max(0, (counts['total'] ?? 0) - sum(counts, NOT_READ));
  const share = (count: number): number | null => (read === 0 ? null : Math.min(1, count / read));
  return {
    id: job.id,
    taskType: job.taskType,
    status: job.status,
    startedBy: job.startedBy,
    createdAt: job.createdAt,
    startedAt,
    finishedAt,
    durationMs:
      startedAt === null || finishedAt === null
        ? null
        : Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)),
    parts: { total: job.parts, done: job.partsDone, failed: job.partsFailed },
    progress: { done: job.done, total: job.planned ? job.total : 0 },
    counts,
    errorShare: share(counts['failed'] ?? 0),
    emptyShare: share(sum(counts, EMPTY)),
    error: job.status === 'failed' ? job.error : null,
  };
}

export interface RunDays {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Where a list of runs begins that ends with a day: a day of a time zone touches two of UTC's. */
export const runsBefore = ({ to }: RunDays): string | null => (to === undefined ? null : addDays(to, 2));

/** The jobs of a page that began on these days, and whether older ones are of no use. */
export function runsWithin(jobs: readonly Job[], { from, to }: RunDays, timeZone: string) {
  const days = jobs.map((job) => dayOf(job.createdAt, timeZone));
  const inside = (day: string | undefined) =>
    day !== undefined && (from === undefined || day >= from) && (to === undefined || day <= to);
  return {
    jobs: jobs.filter((_, index) => inside(days[index])),
    over: from !== undefined && days.some((day) => day < from),
  };
}
