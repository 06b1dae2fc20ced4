import type { Competitor } from './competitor.ts';
import { competitorPatchSchema, type CompetitorPatch } from './contract.ts';

/** Releases that are said to be signed later than `today` (`YYYY-MM-DD`, program's time zone): a slip, so refused. */
export function futureDateErrors(
  input: Pick<CompetitorPatch, 'participationAgreementDate' | 'mediaReleaseDate'>,
  today: string,
): { path: string; message: string }[] {
  return (['participationAgreementDate', 'mediaReleaseDate'] as const)
    .filter((field) => (input[field] ?? '') > today)
    .map((field) => ({ path: field, message: 'Enter the day it was signed; this day is still to come.' }));
}

/** The fields a patch really changes, in no particular order; empty when the record says all of it already. */
export function changedFields(competitor: Competitor, patch: CompetitorPatch): (keyof CompetitorPatch)[] {
  return competitorPatchSchema
    .keyof()
    .options.filter((field) => patch[field] !== undefined && patch[field] !== competitor[field]);
}
