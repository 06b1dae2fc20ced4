import type { CoachView } from '#shared/coaches/contract.ts';
import * as z from 'zod';

/** What the form of a coach holds and what is sent of it; pure. */

/** Read back from the tab's storage, too. */
export const coachFormSchema = z.object({
  name: z.string(),
  email: z.string(),
  school: z.string(),
  onboarding: z.boolean(),
});
type CoachForm = Readonly<z.infer<typeof coachFormSchema>>;

export interface CoachBody {
  readonly name: string;
  readonly email: string;
  readonly school: string;
  readonly features: { readonly onboarding: boolean };
}

export interface CoachChange {
  readonly name?: string;
  readonly school?: string;
  /** False signs the coach out everywhere. */
  readonly enabled?: boolean;
  readonly features?: { readonly onboarding: boolean };
}

export const EMPTY_COACH: CoachForm = { name: '', email: '', school: '', onboarding: true };

export const coachFormOf = ({ name, email, school, features }: CoachView): CoachForm => ({
  name,
  email,
  school,
  onboarding: features.onboarding,
});

export const coachBodyOf = ({ name, email, school, onboarding }: CoachForm): CoachBody => ({
  name: name.trim(),
  email: email.trim(),
  school: school.trim(),
  features: { onboarding },
});

/** Only what differs, so that two admins who change different things do not undo each other. */
export function coachPatchOf(form: CoachForm, coach: CoachView): CoachChange {
  const { name, school, features } = coachBodyOf(form);
  return {
    ...(name === coach.name ? {} : { name }),
    ...(school === coach.school ? {} : { school }),
    ...(features.onboarding === coach.features.onboarding ? {} : { features }),
  };
}
