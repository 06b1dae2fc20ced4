import type { Identity } from '#shared/identity/identity.ts';

/** What the user pool knows of a person who may sign in. */
export interface SignIn {
  readonly sub: string;
  readonly enabled: boolean;
  /** True until the person has replaced the temporary password of the invitation. */
  readonly invited: boolean;
  readonly createdAt: Date;
  readonly groups: readonly string[];
}

/** The sign-ins of the user pool, as the administration of coaches needs them. Each may be called again. */
export interface SignIns {
  readonly byEmail: (email: string) => Promise<SignIn | undefined>;
  /** Makes the sign-in and has the invitation sent; its `sub`, or undefined when the address has one already. */
  readonly invite: (email: string) => Promise<string | undefined>;
  /** Sends a new temporary password in place of the one before. */
  readonly inviteAgain: (email: string) => Promise<void>;
  readonly admit: (email: string, group: Identity['role']) => Promise<void>;
  /** Nobody signs in with it any more, and no token is renewed. An address without a sign-in is left alone. */
  readonly switchOff: (email: string) => Promise<void>;
  readonly switchOn: (email: string) => Promise<void>;
}
