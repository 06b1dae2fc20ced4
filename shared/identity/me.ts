import type { Caller } from './caller.ts';
import type { MeView } from './contract.ts';
import type { Coach } from './identity.ts';

/** `GET /api/me`. */
export function createDescribeMe(deps: {
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
}): (caller: Caller) => Promise<MeView> {
  return async (caller) => {
    const coach = caller.coachId === null ? undefined : await deps.coachById(caller.coachId);
    return {
      sub: caller.sub,
      email: caller.email,
      name: caller.name,
      role: caller.actingAs === null ? caller.role : 'admin',
      coach: coach === undefined ? null : { id: coach.id, name: coach.name, school: coach.school },
      features: coach === undefined ? null : coach.features,
      actingAs: caller.actingAs === null || coach === undefined ? null : { id: coach.id, name: coach.name },
    };
  };
}
