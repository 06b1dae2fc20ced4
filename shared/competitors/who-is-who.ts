import { tidyText } from '#shared/kernel/text.ts';
import type { Competitor } from './competitor.ts';

/**
 * Whether two records name the same person. Our id, or the platform's, decides; a name or an email address never does so
 * by itself. Names are compared as they are written, but for case and the kind of apostrophe or dash: accents count.
 */

type Named = Pick<Competitor, 'firstName' | 'lastName'>;

/** A name without case and the kind of apostrophe or dash; accents count. */
export const plainWriting = (name: string): string =>
  tidyText(name)
    .toLowerCase()
    .replaceAll(/[\u0060\u00B4\u02BC\u2018\u2019\u2032\uFF07]/gu, "'")
    .replaceAll(/\p{Pd}/gu, '-');

/** The same for two ways of writing one name, and for nothing else. */
export const nameKey = ({ firstName, lastName }: Named): string =>
  `${plainWriting(lastName)}#${plainWriting(firstName)}`;

export const sameName = (one: Named, other: Named): boolean => nameKey(one) === nameKey(other);
