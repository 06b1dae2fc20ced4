import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const RUNBOOK = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');

/** Headings that only gather the articles below them. */
const CHAPTERS = new Set(['Dead letters', 'Functions', 'Syncing', 'API']);

const ARTICLES = RUNBOOK.split(/^(?=#{2,3} )/m)
  .slice(1)
  .map((text) => ({ heading: /^#+ (.+)/.exec(text)?.[1] ?? '', text }))
  .filter(({ heading }) => !CHAPTERS.has(heading));

describe('the runbook', () => {
  it.each(ARTICLES)('says how to know that it worked: $heading', ({ text }) => {
    expect(text).toMatch(/^\*\*Worked when\*\* \S.{20,}/m);
  });

  it.each(ARTICLES.filter(({ text }) => text.includes('_Alarm: ')))(
    'says of an alarm what it means, what to look at and what to do: $heading',
    ({ text }) => {
      const parts = [...text.matchAll(/\*\*(Means|Look at|Do|Worked when)\b/g)].map(([, part]) => part);
      expect(parts).toEqual(['Means', 'Look at', 'Do', 'Worked when']);
    },
  );

  it('has articles for what operators fear most', () => {
    expect(ARTICLES.map(({ heading }) => heading)).toEqual(
      expect.arrayContaining([
        'An outage of the vendor',
        'The vendor changed its API',
        'A quota is used up',
        'The bill is higher than expected',
        'The first deployment failed',
        'An authenticator is lost',
        'A parent asks for erasure',
        'A teacher leaves',
        'Rolling back over a release that added a reference',
        'Rotating the origin secret',
        "Replacing the vendor's token",
        'Restoring the table',
      ]),
    );
  });
});
