import type { Competitor } from './competitor.ts';

/** Lower case, without accents, one space between words: what two spellings of a name have in common. */
export const normaliseName = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[\s#]+/gu, ' ')
    .trim();

/** Both orders of a name, as they are searched. */
export function searchNames(competitor: Pick<Competitor, 'firstName' | 'lastName'>): {
  readonly last: string;
  readonly first: string;
} {
  const first = normaliseName(competitor.firstName);
  const last = normaliseName(competitor.lastName);
  return { last: `${last} ${first}`.trim(), first: `${first} ${last}`.trim() };
}

/** Whether a name holds the words anywhere, as a coach searches their own list. */
export function nameContains(
  competitor: Pick<Competitor, 'firstName' | 'lastName'>,
  normalised: string,
): boolean {
  const { last, first } = searchNames(competitor);
  return first.includes(normalised) || last.includes(normalised);
}
