/**
 * Signing out whoever has not used the site for a while: a school's computer is left open. Tabs tell each other by one
 * time in the browser's storage, so that working in one keeps the others. Pure, but for that.
 */

/** The warning comes so long before the end; earlier where the whole time is shorter than twice that. */
const WARNING_MS = 2 * 60_000;

export type Idle =
  | { readonly kind: 'in_use' }
  /** `leftMs` until the end. */
  | { readonly kind: 'warning'; readonly leftMs: number }
  | { readonly kind: 'over' };

/** How it stands for somebody who used the site last at this time. */
export function idleAt(lastUsedMs: number, nowMs: number, limitMs: number): Idle {
  // A clock that was put back must not keep anybody signed in for longer.
  const idleMs = Math.abs(nowMs - lastUsedMs);
  if (idleMs >= limitMs) return { kind: 'over' };
  const leftMs = limitMs - idleMs;
  return leftMs <= Math.min(WARNING_MS, limitMs / 2) ? { kind: 'warning', leftMs } : { kind: 'in_use' };
}

/** `2 minutes`, `1 minute`, `45 seconds`: seconds only in the last minute, in steps that can be read. */
export function leftLabel(leftMs: number): string {
  if (leftMs > 60_000) return `${Math.ceil(leftMs / 60_000)} minutes`;
  const seconds = Math.max(5, Math.ceil(leftMs / 5_000) * 5);
  return seconds >= 60 ? '1 minute' : `${seconds} seconds`;
}

const KEY = 'last-used';

/** When the site was used last in any tab; null: not known. */
export function lastUse(storage: Pick<Storage, 'getItem'>): number | null {
  const at = Number(storage.getItem(KEY) ?? Number.NaN);
  return Number.isFinite(at) ? at : null;
}

export function noteUse(storage: Pick<Storage, 'setItem'>, nowMs: number): void {
  storage.setItem(KEY, String(nowMs));
}
