import { divisionSchema, type CompetitorView } from '#shared/competitors/contract.ts';
import * as z from 'zod';

/** The form holds text; the API takes numbers, dates and nulls. Pure. */

export interface CompetitorBody {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string | null;
  readonly adult: boolean;
  readonly schoolEmail: string | null;
  readonly guardianName: string | null;
  readonly guardianEmail: string | null;
  /** Text that is no number goes as it is, so that the server names the mistake. */
  readonly grade: number | string | null;
  readonly division: string | null;
  readonly participationAgreementDate: string | null;
  readonly mediaReleaseDate: string | null;
  readonly consentWithdrawnDate?: string | null;
  readonly active?: boolean;
}

const TEXT_FIELDS = [
  'firstName',
  'lastName',
  'email',
  'schoolEmail',
  'guardianName',
  'guardianEmail',
  'grade',
  'division',
  'participationAgreementDate',
  'mediaReleaseDate',
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

/** Read back from the tab's storage, too. */
export const formValuesSchema = z
  .record(z.enum(TEXT_FIELDS), z.string())
  .and(z.object({ adult: z.boolean(), active: z.boolean() }));
export type FormValues = Readonly<z.infer<typeof formValuesSchema>>;

export const EMPTY_FORM: FormValues = {
  firstName: '',
  lastName: '',
  email: '',
  schoolEmail: '',
  guardianName: '',
  guardianEmail: '',
  grade: '',
  division: '',
  participationAgreementDate: '',
  mediaReleaseDate: '',
  adult: false,
  active: true,
};

export const formOf = (competitor: CompetitorView): FormValues => ({
  firstName: competitor.firstName,
  lastName: competitor.lastName,
  email: competitor.email ?? '',
  schoolEmail: competitor.schoolEmail ?? '',
  guardianName: competitor.guardianName ?? '',
  guardianEmail: competitor.guardianEmail ?? '',
  grade: competitor.grade === null ? '' : String(competitor.grade),
  division: competitor.division ?? '',
  participationAgreementDate: competitor.participationAgreementDate ?? '',
  mediaReleaseDate: competitor.mediaReleaseDate ?? '',
  adult: competitor.adult,
  active: competitor.active,
});

const known = (text: string): string | null => (text.trim() === '' ? null : text.trim());

const gradeOf = (text: string | null): number | string | null =>
  text !== null && /^\d+$/.test(text) ? Number(text) : text;

/** What is sent; an empty field is "not known", which the API calls null. */
export function bodyOf(values: FormValues): CompetitorBody {
  const division = divisionSchema.safeParse(values.division);
  return {
    firstName: values.firstName.trim(),
    lastName: values.lastName.trim(),
    email: known(values.email),
    adult: values.adult,
    schoolEmail: known(values.schoolEmail),
    guardianName: known(values.guardianName),
    guardianEmail: known(values.guardianEmail),
    grade: gradeOf(known(values.grade)),
    division: division.success ? division.data : null,
    participationAgreementDate: known(values.participationAgreementDate),
    mediaReleaseDate: known(values.mediaReleaseDate),
  };
}

/** Only what differs from the record, so that two people who edit different fields do not undo each other. */
export function patchOf(values: FormValues, competitor: CompetitorView): Partial<CompetitorBody> {
  const before = { ...bodyOf(formOf(competitor)), active: competitor.active };
  const after = { ...bodyOf(values), active: values.active };
  return Object.fromEntries(
    Object.entries(after).filter(([field, value]) =>
      Object.entries(before).some(([name, old]) => name === field && old !== value),
    ),
  );
}
