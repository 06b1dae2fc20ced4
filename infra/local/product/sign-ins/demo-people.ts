import * as z from 'zod';
import type { Identity } from '#shared/identity/identity.ts';

/** A sign-in of the running stack. */
export const demoUserSchema = z.object({
  email: z.string(),
  password: z.string(),
  role: z.enum(['coach', 'admin']),
  coachId: z.string().nullable(),
});
export type DemoUser = z.infer<typeof demoUserSchema>;

export interface DemoPerson extends Pick<Identity, 'email' | 'name' | 'role' | 'coachId'> {
  readonly school: string;
}

/** Everybody who can sign in to a fresh local stack. All of them are invented. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { email: 'admin@example.com', name: 'Avery Admin', role: 'admin', coachId: null, school: '' },
  {
    email: 'coach@example.com',
    name: 'Morgan Reyes',
    role: 'coach',
    coachId: 'coach-01',
    school: 'Redwood High School',
  },
  {
    email: 'coach-two@example.com',
    name: 'Sam Whitaker',
    role: 'coach',
    coachId: 'coach-02',
    school: 'Harbor View Academy',
  },
];
