import type { Competitor } from './competitor.ts';
import { competitorPatchSchema, type CompetitorPatch } from './contract.ts';

/** Spreadsheets and databases write days like 1900-01-01 or 1970-01-01 for none; no release of this program is as old. */
const EARLIEST_RELEASE = '2015-01-01';

type Dates = Pick<
  CompetitorPatch,
  'participationAgreementDate' | 'mediaReleaseDate' | 'consentWithdrawnDate'
>;

function whyNot(day: string, today: string, seasonStart: string | null): string | null {
  if (day > today) return 'this day is still to come';
  if (day < EARLIEST_RELEASE) return `no release is from before ${EARLIEST_RELEASE}`;
  return seasonStart !== null && day < seasonStart
    ? `this season takes releases from ${seasonStart} on`
    : null;
}

/**
 * Releases that are said to be signed later than `today` (`YYYY-MM-DD`, program's time zone), before there were any, or
 * before the season began; and releases taken back on such a day, which no season bounds. Slips, so refused.
 */
export function dateErrors(
  input: Dates,
  today: string,
  seasonStart: string | null = null,
): { path: string; message: string }[] {
  return (['participationAgreementDate', 'mediaReleaseDate', 'consentWithdrawnDate'] as const).flatMap(
    (path) => {
      const day = input[path] ?? null;
      if (day === null) return [];
      const withdrawn = path === 'consentWithdrawnDate';
      const why = whyNot(day, today, withdrawn ? null : seasonStart);
      const what = withdrawn ? 'it was taken back' : 'it was signed';
      return why === null ? [] : [{ path, message: `Enter the day ${what}; ${why}.` }];
    },
  );
}

/** The fields a patch really changes, in no particular order; empty when the record says all of it already. */
export function changedFields(competitor: Competitor, patch: CompetitorPatch): (keyof CompetitorPatch)[] {
  return competitorPatchSchema
    .keyof()
    .options.filter((field) => patch[field] !== undefined && patch[field] !== competitor[field]);
}
