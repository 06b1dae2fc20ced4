import { foldForSearch } from '#shared/kernel/text.ts';

const grouped = new Intl.NumberFormat('en-US');

/** `31,590`. */
export const count = (value: number): string => grouped.format(value);

/** `1 team`, `3 teams`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

const NAMES: Readonly<Record<string, string>> = {
  middle_school: 'Middle School',
  high_school: 'High School',
  college: 'College',
};

/** The name of a division; one we do not know yet is shown as it came. */
export const divisionName = (division: string): string => NAMES[division] ?? division;

/** True when every word of `search` begins or is part of the name or team, accents and case aside. */
export function matches(search: string, ...texts: readonly (string | null)[]): boolean {
  const haystack = foldForSearch(texts.filter((text) => text !== null).join(' '));
  return foldForSearch(search)
    .split(' ')
    .every((word) => haystack.includes(word));
}
