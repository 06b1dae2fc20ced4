import { cutToBytes, foldForSearch } from '#shared/kernel/text.ts';
import type { Competitor } from './competitor.ts';

/** DynamoDB takes 1,024 bytes for a sort key; the order and the id come behind the name. */
const KEY_BYTES = 900;

/** Both orders of a name, as they are searched; of a very long one the beginning. */
export function searchNames(competitor: Pick<Competitor, 'firstName' | 'lastName'>): {
  readonly last: string;
  readonly first: string;
} {
  const first = foldForSearch(competitor.firstName);
  const last = foldForSearch(competitor.lastName);
  return {
    last: cutToBytes(`${last} ${first}`.trim(), KEY_BYTES),
    first: cutToBytes(`${first} ${last}`.trim(), KEY_BYTES),
  };
}

/** What is looked for when somebody types this. */
export const searchWords = (typed: string): string => cutToBytes(foldForSearch(typed), KEY_BYTES);

/** Whether a name holds the words anywhere, as a coach searches their own list. */
export function nameContains(
  competitor: Pick<Competitor, 'firstName' | 'lastName'>,
  folded: string,
): boolean {
  const { last, first } = searchNames(competitor);
  return first.includes(folded) || last.includes(folded);
}
