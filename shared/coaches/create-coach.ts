import type * as z from 'zod';
import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Coach, Identity } from '#shared/identity/identity.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { DomainError, OwnError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { coachCreateSchema } from './contract.ts';
import type { SignIns } from './sign-ins.ts';

export interface CreateCoachDeps {
  readonly signIns: Pick<SignIns, 'byEmail' | 'invite' | 'inviteAgain' | 'admit'>;
  /** Consistent. */
  readonly identityBySub: (sub: string) => Promise<Identity | undefined>;
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  /** All or nothing; false when the sign-in belongs to somebody already. */
  readonly create: (coach: Coach, identity: Identity, audit: AuditEntry) => Promise<boolean>;
  readonly now: Clock;
  readonly newId: NewId;
}

export interface CreateCoachRequest {
  readonly input: z.output<typeof coachCreateSchema>;
  readonly actor: Actor;
  /** The same for each try of one request; undefined when tries cannot be told apart. */
  readonly idempotencyId: string | undefined;
}

/** No attempt is still at work after that: the function is ended sooner. */
const LONGEST_ATTEMPT_MS = 30_000;

const emailTaken = (): DomainError =>
  new DomainError(
    'conflict',
    'EMAIL_TAKEN',
    'That email address has a sign-in already. Enter another one, or look for it in the list of coaches.',
    { errors: [{ path: 'email', message: 'This address has a sign-in already.' }] },
  );

/**
 * A new coach with an invitation to sign in. First the sign-in, then its group, then the rows of coach and identity in
 * one transaction: a sign-in without an identity is an attempt that broke off, which any later one completes. Until
 * then it opens nothing.
 *
 * @throws DomainError conflict `EMAIL_TAKEN`
 */
export function createCreateCoach(deps: CreateCoachDeps): (request: CreateCoachRequest) => Promise<Coach> {
  const { signIns } = deps;

  /** The coach that an earlier try of the same request made; refused when the sign-in is anybody else's. */
  async function madeBefore(sub: string, coachId: string): Promise<Coach | undefined> {
    const identity = await deps.identityBySub(sub);
    if (identity === undefined) return undefined;
    const coach = identity.coachId === coachId ? await deps.coachById(coachId) : undefined;
    if (coach === undefined) throw emailTaken();
    return coach;
  }

  /** The sign-in of an attempt that broke off. An invitation that was perhaps never sent is sent again. */
  async function brokenOff(email: string): Promise<string> {
    const found = await signIns.byEmail(email);
    if (found === undefined) throw new OwnError('A sign-in was removed while its coach was being made.');
    if ((await deps.identityBySub(found.sub)) !== undefined) return found.sub;
    // Made by hand, as the first admin's, or switched off by hand: not ours to hand out.
    if (!found.enabled || found.groups.includes('admin')) throw emailTaken();
    const age = deps.now().getTime() - found.createdAt.getTime();
    if (found.invited && age > LONGEST_ATTEMPT_MS) await signIns.inviteAgain(email);
    return found.sub;
  }

  return async ({ input, actor, idempotencyId }) => {
    const email = input.email.toLowerCase();
    const coachId = idempotencyId === undefined ? deps.newId('coa') : `coa_${idempotencyId}`;
    const sub = (await signIns.invite(email)) ?? (await brokenOff(email));
    const before = await madeBefore(sub, coachId);
    if (before !== undefined) return before;
    await signIns.admit(email, 'coach');

    const { name, school, features } = input;
    const at = deps.now().toISOString();
    const coach: Coach = {
      id: coachId,
      name,
      email,
      school,
      enabled: true,
      gamePlatformId: null,
      features: { onboarding: features?.onboarding ?? true },
      createdAt: at,
    };
    const identity: Identity = { sub, role: 'coach', coachId, name, email, enabled: true, createdAt: at };
    const created = await deps.create(coach, identity, {
      id: deps.newId('aud'),
      at,
      actor: actor.sub,
      actingAs: actor.actingAs,
      action: 'coach.create',
      subject: coachId,
      coachId,
      requestId: actor.requestId,
      details: {},
    });
    return created ? coach : ((await madeBefore(sub, coachId)) ?? coach);
  };
}
