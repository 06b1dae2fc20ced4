import type { DashboardView } from '#shared/dashboard/contract.ts';

/** The rail in words. */
export function railFinding(ticks: DashboardView['freshness']['ticks']): string {
  const count = (state: string) => ticks.filter((tick) => tick.state === state).length;
  const news = ticks.reduce((sum, tick) => sum + tick.newSolves, 0);
  return (
    `Score reads of the last 24 hours: ${ticks.length} planned, ${count('ok')} on time, ${count('late')} late, ` +
    `${count('missed')} missed; ${news} new solves.`
  );
}
