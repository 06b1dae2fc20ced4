/** Which days of a period are on screen; pure. Days are counted from 0, the period's first. */
export interface DayWindow {
  readonly start: number;
  readonly size: number;
}

/** Closer than a week there is nothing more to see. */
export const LEAST_DAYS = 7;

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** The window as it can be: at least a week where there is one, and within the period. */
export function windowIn(days: number, { start, size }: DayWindow): DayWindow {
  const fits = clamp(Math.round(size), Math.min(LEAST_DAYS, days), days);
  return { start: clamp(Math.round(start), 0, days - fits), size: fits };
}

/** Half as many days (`in`) or twice as many (`out`) around the same middle. */
export function zoomed(days: number, { start, size }: DayWindow, to: 'in' | 'out'): DayWindow {
  const next = windowIn(days, { start, size: to === 'in' ? size / 2 : size * 2 });
  return windowIn(days, { start: start + (size - next.size) / 2, size: next.size });
}
