/** Small pieces of English that the brief is made of. */

const NUMBERS = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

/** "seven" up to twelve, digits from there on. */
export const inWords = (count: number): string => NUMBERS[count] ?? String(count);

export const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many);

/** "Anouk", "Anouk and Noah", "Anouk, Noah, Hana and 3 more". */
export function listNames(names: readonly string[], most: number): string {
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** "a moment", "6 minutes", "9 hours", "3 days". */
export function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'a moment';
  if (minutes < 60) return `${minutes} ${plural(minutes, 'minute', 'minutes')}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} ${plural(hours, 'hour', 'hours')}`;
  return `${Math.floor(hours / 24)} days`;
}
