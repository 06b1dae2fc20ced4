/** In every text of a marked value, so that a text that got through is seen. */
export const MARK = '‡';

/** The same JSON value with the mark before every string and every key. */
export function markTexts(value: unknown): unknown {
  if (typeof value === 'string') return `${MARK}${value}`;
  if (Array.isArray(value)) return value.map(markTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [`${MARK}${key}`, markTexts(inner)]));
}
