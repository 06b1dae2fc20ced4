import type { Competitor } from './competitor.ts';
import { competitorPatchSchema, type CompetitorPatch } from './contract.ts';

/** Spreadsheets and databases write days like 1900-01-01 or 1970-01-01 for none; no release of this program is as old. */
const EARLIEST_RELEASE = '2015-01-01';

/**
 * Releases that are said to be signed later than `today` (`YYYY-MM-DD`, program's time zone) or before there were any:
 * slips, so refused.
 */
export function dateErrors(
  input: Pick<CompetitorPatch, 'participationAgreementDate' | 'mediaReleaseDate'>,
  today: string,
): { path: string; message: string }[] {
  return (['participationAgreementDate', 'mediaReleaseDate'] as const).flatMap((path) => {
    const day = input[path] ?? null;
    if (day === null || (day >= EARLIEST_RELEASE && day <= today)) return [];
    const why = day > today ? 'this day is still to come' : `no release is from before ${EARLIEST_RELEASE}`;
    return [{ path, message: `Enter the day it was signed; ${why}.` }];
  });
}

/** The fields a patch really changes, in no particular order; empty when the record says all of it already. */
export function changedFields(competitor: Competitor, patch: CompetitorPatch): (keyof CompetitorPatch)[] {
  return competitorPatchSchema
    .keyof()
    .options.filter((field) => patch[field] !== undefined && patch[field] !== competitor[field]);
}
