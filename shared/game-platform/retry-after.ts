/** Longer waits are cut to this: a wrong clock over there must not stop us for days. */
const LONGEST_MS = 3_600_000;

/**
 * `Retry-After` in milliseconds from now on, from whole seconds or an HTTP date (RFC 9110, 10.2.3); undefined when
 * there is none or it is neither. A date that has passed is 0.
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1_000), LONGEST_MS);
  // A date starts with its weekday; Date.parse alone takes far more than HTTP dates.
  const time = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.min(Math.max(0, time - nowMs), LONGEST_MS);
}
