import { listDays, monthBefore, monthOf } from '#shared/kernel/days.ts';
import { count as figure, counted } from '#shared/kernel/format.ts';
import type { Kpi } from './contract.ts';
import { activeIn, countBy, solvedIn, type Figures } from './figures.ts';
import type { Period } from './period.ts';

interface Range {
  readonly from: string;
  readonly to: string;
}

/** A share in percent with one decimal; null when there is nobody to share among. */
const percentOf = (count: number, of: number): number | null =>
  of === 0 ? null : Math.round((count / of) * 1000) / 10;

const difference = (now: number | null, before: number | null): number | null =>
  now === null || before === null ? null : Math.round((now - before) * 10) / 10;

interface KpiContext {
  readonly figures: Figures;
  readonly period: Period;
  readonly asOf: string | null;
  /** People whose scores are late or were never read. */
  readonly late: number;
}

const previousRange = (period: Period): Range => ({ from: period.previousFrom, to: period.previousTo });

/** Figures made of scores are as good as the reads behind them. */
function scoreState({ asOf, late, figures: { reads } }: KpiContext): Kpi['state'] {
  if (asOf === null && reads.ever === 0) return reads.expected > 0 ? 'never' : 'ok';
  return late > 0 ? 'partial' : 'ok';
}

function activeKpi(context: KpiContext): Kpi {
  const { figures, period, asOf } = context;
  const { neverSignedIn, unapproved } = figures;
  const value = activeIn(figures, period);
  return {
    state: scoreState(context),
    value,
    unit: 'count',
    count: value,
    of: figures.registered,
    change: value - activeIn(figures, previousRange(period)),
    comparedWith: `vs ${period.previousLabel}`,
    spark: listDays(period.from, period.to).map((day) => activeIn(figures, { from: day, to: day })),
    footnote: `${counted(neverSignedIn, 'has', 'have')} not signed in, ${figure(unapproved)} unapproved`,
    asOf,
  };
}

function registeredKpi({ figures, period, asOf }: KpiContext): Kpi {
  const { counted: people, registered, onboardedOn } = figures;
  const waiting = people - registered;
  return {
    state: 'ok',
    value: registered,
    unit: 'count',
    count: registered,
    of: people,
    change: registered - countBy(onboardedOn, period.previousTo),
    comparedWith: `vs ${period.previousLabel}`,
    spark: listDays(period.from, period.to).map((day) => countBy(onboardedOn, day)),
    footnote: waiting === 0 ? 'Everyone is on the platform' : `${figure(waiting)} not on the platform yet`,
    asOf,
  };
}

function enrollmentKpi({ figures, period, asOf }: KpiContext): Kpi {
  const { counted: people, onTeam, enteredOn, enrolledOn } = figures;
  const value = percentOf(onTeam, people);
  const enrolled = (day: string) => percentOf(countBy(enrolledOn, day), countBy(enteredOn, day));
  const without = people - onTeam;
  return {
    state: 'ok',
    value,
    unit: 'percent',
    count: onTeam,
    of: people,
    change: difference(value, enrolled(period.previousTo)),
    comparedWith: `vs ${period.previousLabel}`,
    spark: listDays(period.from, period.to).map((day) => enrolled(day) ?? 0),
    footnote: without === 0 ? 'Everyone is on a team' : `${counted(without, 'has', 'have')} no team yet`,
    asOf,
  };
}

function solvedKpi(context: KpiContext): Kpi & { readonly odl: number; readonly ctf: number } {
  const { figures, period, asOf } = context;
  const now = solvedIn(figures, period);
  const before = solvedIn(figures, previousRange(period));
  return {
    state: scoreState(context),
    value: now.done,
    unit: 'count',
    count: null,
    of: null,
    change: now.done - before.done,
    comparedWith: `vs ${period.previousLabel}`,
    spark: listDays(period.from, period.to).map((day) => {
      const { odl, ctf } = figures.days[day] ?? { odl: 0, ctf: 0 };
      return odl + ctf;
    }),
    footnote: `ODL ${figure(now.odl)}, CTF ${figure(now.ctf)}`,
    asOf,
    odl: now.odl,
    ctf: now.ctf,
  };
}

/** Later than every day of a month. */
const END = '31';

function ctfParticipationKpi(context: KpiContext): Kpi {
  const { figures, period, asOf } = context;
  const { registered, players } = figures;
  const month = monthOf(period.to);
  const played = (of: string): number => countBy(players[of], `${of}-${END}`);
  const count = played(month);
  const value = percentOf(count, registered);
  const without = registered - count;
  return {
    state: scoreState(context),
    value,
    unit: 'percent',
    count,
    of: registered,
    change: difference(value, percentOf(played(monthBefore(month)), registered)),
    comparedWith: 'vs the month before',
    spark: listDays(`${month}-01`, period.to).map(
      (day) => percentOf(countBy(players[month], day), registered) ?? 0,
    ),
    footnote: `${counted(without, 'has', 'have')} no CTF solve this month`,
    asOf,
  };
}

/** The five figures on top of the dashboard. */
export const kpisOf = (context: KpiContext) => ({
  active: activeKpi(context),
  registered: registeredKpi(context),
  enrollment: enrollmentKpi(context),
  solved: solvedKpi(context),
  ctfParticipation: ctfParticipationKpi(context),
});
