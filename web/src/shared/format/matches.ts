const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLocaleLowerCase();

/** True when every word of `search` begins or is part of the name or team, accents and case aside. */
export function matches(search: string, ...texts: readonly (string | null)[]): boolean {
  const haystack = folded(texts.filter((text) => text !== null).join(' '));
  return folded(search)
    .split(/\s+/u)
    .every((word) => haystack.includes(word));
}
