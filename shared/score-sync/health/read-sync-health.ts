import { totalCalls, type BudgetDay, type BudgetState } from '#shared/game-platform/budget/budget-state.ts';
import { CALL_PURPOSES } from '#shared/game-platform/budget/purposes.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { addDays, countDays, dayOf } from '#shared/kernel/days.ts';
import type { SyncSettings } from '#shared/settings/sync-settings.ts';
import type { VariantView, SyncHealthView, SyncRunView } from '../contract.ts';
import { TIERS } from '../policy/activity-tiers.ts';
import { variantShares } from '../policy/variants.ts';
import { weekHourIn } from '../policy/weekly-rhythm.ts';
import { GAP_BOUNDS, gapName, sumOf, type VariantDay, type VariantFigures } from '../variant-figures.ts';
import { syncAdvice } from './sync-advice.ts';

export interface ReadSyncHealthDeps {
  readonly variantDays: (from: string, to: string) => Promise<readonly VariantDay[]>;
  /** Days that ended. */
  readonly budgetDays: (from: string, to: string) => Promise<readonly BudgetDay[]>;
  readonly budget: () => Promise<BudgetState | undefined>;
  readonly settings: () => Promise<SyncSettings>;
  /** What the last round went through; undefined before the first. */
  readonly round: () => Promise<{ readonly competitors: number } | undefined>;
  readonly timeZone: string;
  readonly now: Clock;
}

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
    byPurpose: CALL_PURPOSES.flatMap((purpose) => {
      const calls = day.calls[purpose] ?? 0;
      return calls === 0 ? [] : [{ purpose, calls }];
    }),
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

  const [variantDays, ended, budget, settings, round] = await Promise.all([
    deps.variantDays(from, to),
    deps.budgetDays(from, to),
    deps.budget(),
    deps.settings(),
    deps.round(),
  ]);
  // The day that has not ended is in the state; after midnight, until the first call, it is still yesterday.
  const running =
    budget !== undefined && budget.today.day >= from && budget.today.day <= to ? [budget.today] : [];
  const callDays = [...ended.filter(({ day }) => day !== running[0]?.day), ...running];
  const variants = variantsOf(variantDays);
  const today = dayOf(deps.now().toISOString(), deps.timeZone);
  const hour = weekHourIn(deps.timeZone)(deps.now().getTime() / 1000) % 24;
  // Of today, what has passed, to half an hour.
  const daysPassed = variantDays.reduce((sum, { day }) => sum + (day === today ? (hour + 0.5) / 24 : 1), 0);
  const days = variantDays.map(dayView);
  const callsOn = new Map(callDays.map((day) => [day.day, totalCalls(day)]));
  const { slaHours } = settings;
  return {
    period: { from, to, timeZone: deps.timeZone },
    arms: comparison(variants, { all: round?.competitors ?? null, settings, days: daysPassed }),
    days,
    calls: {
      budget: { perDay: settings.dailyCallBudget, perSecond: settings.callsPerSecond },
      days: callDays.map((day) => callsView(day, settings.dailyCallBudget)),
    },
    lag: { slaHours, bounds: GAP_BOUNDS, groups: lagGroups(variants) },
    advice: syncAdvice({
      days: days.map(({ day, reads, empty, failed, late }) => ({
        reads,
        empty,
        failed,
        late,
        calls: callsOn.get(day) ?? 0,
      })),
      slaHours,
      dailyCallBudget: settings.dailyCallBudget,
    }),
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
