import type { Kpi } from '#shared/dashboard/contract.ts';
import { count } from '#shared/kernel/format.ts';

/** The words of a KPI card; pure, so that card, label and table say the same. */

export const kpiValue = (kpi: Kpi): string => (kpi.value === null ? 'none yet' : count(round(kpi.value)));

/** What stands after the figure: `of 14`, `15 of 18`. Null when the figure is not a share. */
export function kpiShare(kpi: Kpi): string | null {
  if (kpi.of === null) return null;
  return kpi.unit === 'percent' && kpi.count !== null
    ? `${count(kpi.count)} of ${count(kpi.of)}`
    : `of ${count(kpi.of)}`;
}

interface Change {
  readonly direction: 'up' | 'down' | 'flat';
  readonly text: string;
}

/** The difference to the period before, in words; null when it is unknown. */
export function kpiChange(kpi: Kpi): Change | null {
  if (kpi.change === null || kpi.value === null) return null;
  const size = Math.abs(round(kpi.change));
  if (size === 0) return { direction: 'flat', text: 'no change' };
  const unit = kpi.unit === 'percent' ? (size === 1 ? ' pt' : ' pts') : '';
  return { direction: kpi.change > 0 ? 'up' : 'down', text: `${count(size)}${unit}` };
}

/** What a sparkline shows, in a sentence. */
export function sparkFinding(name: string, values: readonly number[], unit: Kpi['unit'] = 'count'): string {
  const first = values[0];
  const last = values.at(-1);
  if (first === undefined || last === undefined) return `${name}: no daily values yet.`;
  const highest = Math.max(...values);
  const shown = (value: number) => `${count(round(value))}${unit === 'percent' ? '%' : ''}`;
  return `${name}: ${shown(last)} now, ${shown(first)} at the start, ${shown(highest)} at the most.`;
}

/** Whole numbers: the share beside a percentage is the exact figure. */
const round = (value: number): number => Math.round(value);
