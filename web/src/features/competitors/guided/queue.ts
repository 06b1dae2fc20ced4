import type { Alert, AlertCause } from '#shared/alerts/contract.ts';
import type { CompetitorRow } from '#shared/competitors/contract.ts';
import { STATUS_NAMES } from '#shared/competitors/state-names.ts';
import type { TextField } from '../competitor-form-values.ts';

/** The people whom a coach goes through, one after the other; pure. */

export interface Step {
  readonly competitorId: string;
  readonly cause: AlertCause;
}

/** Everybody whom the coach's open alerts are about, in the alerts' order; those of `first` come before the others. */
export function stepsOf(open: readonly Alert[], first: string | null): readonly Step[] {
  const mine = open.filter(({ actor, subjectKind }) => actor === 'coach' && subjectKind === 'competitor');
  return [
    ...mine.filter(({ cause }) => cause === first),
    ...mine.filter(({ cause }) => cause !== first),
  ].flatMap(({ cause, subjectIds }) => subjectIds.map((competitorId) => ({ competitorId, cause })));
}

/** The step after this one that is neither done nor skipped; null: there is none. */
export const nextStep = (steps: readonly Step[], settled: ReadonlyMap<string, unknown>): Step | null =>
  steps.find(({ competitorId }) => !settled.has(competitorId)) ?? null;

export const FIELD_LABELS: Readonly<Record<TextField, string>> = {
  firstName: 'First name',
  lastName: 'Last name',
  grade: 'Grade',
  division: 'Division',
  email: 'Email',
  schoolEmail: 'School email',
  guardianName: 'Guardian’s name',
  guardianEmail: 'Guardian’s email',
  participationAgreementDate: 'Participation agreement signed on',
  mediaReleaseDate: 'Media release signed on',
};

const isField = (field: string): field is TextField => Object.hasOwn(FIELD_LABELS, field);

export interface MissingField {
  readonly name: TextField;
  readonly label: string;
  readonly message: string;
}

/** The one field to ask for: the first that is missing; null where there is no field to fill in. */
export function fieldOf({ missing }: Pick<CompetitorRow, 'missing'>): MissingField | null {
  for (const { field, message } of missing) {
    if (isField(field)) return { name: field, label: FIELD_LABELS[field], message };
  }
  return null;
}

/** What is on a step's line in the list. */
export const STEP_NAMES: Readonly<Partial<Record<AlertCause, string>>> = {
  on_hold: 'On hold',
  account_refused: 'Account refused',
  ready_to_add: STATUS_NAMES.compliance,
  release_missing: STATUS_NAMES.profile,
  profile_incomplete: STATUS_NAMES.pending,
  never_signed_in: 'Never signed in',
  idle: 'Idle',
};
