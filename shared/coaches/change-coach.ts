import type * as z from 'zod';
import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Coach } from '#shared/identity/identity.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { coachPatchSchema } from './contract.ts';
import type { SignIns } from './sign-ins.ts';

export type CoachChange = Partial<Pick<Coach, 'name' | 'school' | 'enabled' | 'features'>>;

export interface ChangeCoachDeps {
  readonly signIns: Pick<SignIns, 'switchOff' | 'switchOn'>;
  /** Consistent. */
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  /** All or nothing. */
  readonly change: (coachId: string, change: CoachChange, audit: AuditEntry) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
}

/** Rounds until the sign-in is what the table says; each more than one means that another admin was at it too. */
const ROUNDS = 4;

/** What of a patch differs from the coach. */
export function coachChange(coach: Coach, patch: z.output<typeof coachPatchSchema>): CoachChange {
  const { name = coach.name, school = coach.school, enabled = coach.enabled } = patch;
  const { onboarding = coach.features.onboarding } = patch.features ?? {};
  return {
    ...(name === coach.name ? {} : { name }),
    ...(school === coach.school ? {} : { school }),
    ...(enabled === coach.enabled ? {} : { enabled }),
    ...(onboarding === coach.features.onboarding ? {} : { features: { onboarding } }),
  };
}

const detailsOf = ({ enabled, features, ...words }: CoachChange): AuditEntry['details'] => ({
  fields: [
    ...Object.keys(words),
    ...(enabled === undefined ? [] : ['enabled']),
    ...(features === undefined ? [] : ['features']),
  ],
  ...(enabled === undefined ? {} : { enabled: String(enabled) }),
  ...(features === undefined ? {} : { onboarding: String(features.onboarding) }),
});

/**
 * Changes what an admin says about a coach; undefined for an unknown one. Rights follow the table, so that switching
 * somebody off works from the next request on; the user pool follows, and a repeated request makes up for one that
 * broke off in between.
 */
export function createChangeCoach(
  deps: ChangeCoachDeps,
): (coachId: string, patch: z.output<typeof coachPatchSchema>, actor: Actor) => Promise<Coach | undefined> {
  /** Two admins at once may reach the pool in another order than the table: whoever is last sees to it. */
  async function settleSignIn(coachId: string): Promise<void> {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const coach = await deps.coachById(coachId);
      if (coach === undefined) return;
      await (coach.enabled ? deps.signIns.switchOn(coach.email) : deps.signIns.switchOff(coach.email));
      if ((await deps.coachById(coachId))?.enabled === coach.enabled) return;
    }
  }

  return async (coachId, patch, actor) => {
    const coach = await deps.coachById(coachId);
    if (coach === undefined) return undefined;
    const change = coachChange(coach, patch);
    if (Object.keys(change).length > 0) {
      await deps.change(coachId, change, {
        id: deps.newId('aud'),
        at: deps.now().toISOString(),
        actor: actor.sub,
        actingAs: actor.actingAs,
        action: 'coach.update',
        subject: coachId,
        coachId,
        requestId: actor.requestId,
        details: detailsOf(change),
      });
    }
    // Asked for again, it is done again: the earlier request may have died before the pool heard of it.
    if (patch.enabled !== undefined) await settleSignIn(coachId);
    return deps.coachById(coachId);
  };
}
