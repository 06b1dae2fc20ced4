import { foldForSearch } from '#shared/kernel/text.ts';

/** True when every word of `search` begins or is part of the name or team, accents and case aside. */
export function matches(search: string, ...texts: readonly (string | null)[]): boolean {
  const haystack = foldForSearch(texts.filter((text) => text !== null).join(' '));
  return foldForSearch(search)
    .split(' ')
    .every((word) => haystack.includes(word));
}
