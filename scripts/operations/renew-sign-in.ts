import { createHash } from 'node:crypto';
import {
  AdminDeleteUserCommand,
  CognitoIdentityProviderClient,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createCognitoSignIns } from '#shared/coaches/cognito-sign-ins.ts';
import type { SignIn } from '#shared/coaches/sign-ins.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import type { Identity } from '#shared/identity/identity.ts';
import { emailOf, printPlan, type StageCommand } from './command.ts';
import { SURELY_BROKEN_OFF_MS } from './create-admin.ts';
import { operatorEntry } from './operator-entry.ts';
import { tableOf, userPoolOf } from './stage-access.ts';
import { StoppedError } from './stopped.ts';

export interface Found {
  /** Of the address, now. */
  readonly signIn: SignIn | undefined;
  /** Who signed in with it: by the note of a run that broke off, else by the sign-in. */
  readonly person: Identity | undefined;
  /** A run before this one began to replace `person`'s sign-in. */
  readonly begun: boolean;
}

/** What is still to be done, in its order. What the old sign-in was is kept first: once it is gone, nobody else knows. */
export type Step = 'begin' | 'remove' | 'invite' | 'inviteAgain' | 'admit' | 'finish';

/**
 * What an earlier run, however far it came, left to do.
 *
 * @throws {StoppedError} when the address is nobody's, or was switched off
 */
export function stepsLeft({ signIn, person, begun }: Found, now: Date): readonly Step[] {
  if (person === undefined)
    throw new StoppedError(
      'That address is the sign-in of nobody.',
      'Look for it under Coaches on the site; an admin who was never completed is made by npm run create-admin.',
    );
  if (!person.enabled || (!begun && signIn?.enabled === false))
    throw new StoppedError('That sign-in was switched off.', 'Switch the coach on again on the site first.');
  if (!begun) {
    // Whoever never signed in registered no authenticator.
    return signIn?.invited === true ? ['inviteAgain'] : ['begin', 'remove', 'invite', 'admit', 'finish'];
  }
  if (signIn === undefined) return ['invite', 'admit', 'finish'];
  if (signIn.sub === person.sub) return ['remove', 'invite', 'admit', 'finish'];
  const forgotten = signIn.invited && now.getTime() - signIn.createdAt.getTime() > SURELY_BROKEN_OFF_MS;
  return [
    ...(forgotten ? ['inviteAgain' as const] : []),
    ...(signIn.groups.includes(person.role) ? [] : ['admit' as const]),
    'finish',
  ];
}

const IN_WORDS: Readonly<Record<Step, string>> = {
  begin: 'note whose sign-in is replaced',
  remove: 'delete the sign-in with its authenticator; whoever uses it is out at once',
  invite: 'make a new one and have Cognito send the invitation',
  inviteAgain: 'have Cognito send the invitation again: nobody signed in with the one before',
  admit: 'put it into the group of the role',
  finish: 'move the role, and the coach with all competitors, to the new sign-in',
};

const DONE: Readonly<Record<Step, string>> = {
  begin: 'noted whose sign-in is replaced',
  remove: 'deleted the old sign-in',
  invite: 'made the new one; Cognito sends the invitation',
  inviteAgain: 'sent the invitation again',
  admit: 'put into the group of the role',
  finish: 'moved the role to the new sign-in',
};

export const renewSignIn: StageCommand = {
  name: 'renew-sign-in',
  usage: '<stage> <email> [--yes]',
  about: [
    'For somebody whose authenticator is lost: deletes the sign-in, invites the same address again, and moves the role,',
    'a coach with all competitors, to the new one. A run that broke off is completed by the next one.',
    'Make sure first, by voice or in person, that it is really them. Without --yes it only says what it would do.',
  ],
  takes: 1,
  run: async (access, given, world) => {
    const email = emailOf(given);
    const digest = createHash('sha256').update(email).digest('hex');

    const table = tableOf(access);
    const { identities, renewals } = createIdentityRepository(table);
    const cognito = new CognitoIdentityProviderClient(access.settings);
    const userPool = await userPoolOf(access);
    const signIns = createCognitoSignIns(cognito, userPool);
    const signIn = await signIns.byEmail(email);
    const oldSub = await renewals.begun(digest);
    const sub = oldSub ?? signIn?.sub;
    const person = sub === undefined ? undefined : await identities.bySub(sub);
    const steps = stepsLeft({ signIn, person, begun: oldSub !== undefined }, world.now());
    if (!given.yes)
      return printPlan(
        world,
        steps.map((step) => IN_WORDS[step]),
      );
    if (person === undefined) throw new Error('Steps for nobody.');

    let newSub = signIn?.sub;
    const finish = async (): Promise<void> => {
      if (newSub === undefined) throw new Error('The user pool lost the sign-in while it was made.');
      const at = world.now().toISOString();
      const isFinished = await renewals.finish(digest, person, { sub: newSub, createdAt: at }, [
        await createAuditRepository(table).appendTransaction(
          operatorEntry('renew-sign-in', {
            at,
            action: `${person.role}.renew_sign_in`,
            subject: person.coachId ?? newSub,
            coachId: person.coachId,
          }),
        ),
      ]);
      if (isFinished) return;
      throw new StoppedError(
        'The record of who they are was changed at this very moment: by another run, or switched off.',
        'Run this again; it goes on from what is true then.',
      );
    };
    const take: Readonly<Record<Step, () => Promise<void>>> = {
      begin: () => renewals.begin(digest, person.sub),
      remove: async () => {
        try {
          await cognito.send(new AdminDeleteUserCommand({ UserPoolId: userPool, Username: person.sub }));
        } catch (error) {
          // Another run was quicker.
          if (!(error instanceof UserNotFoundException)) throw error;
        }
      },
      invite: async () => {
        newSub = (await signIns.invite(email)) ?? (await signIns.byEmail(email))?.sub;
      },
      inviteAgain: () => signIns.inviteAgain(email),
      admit: () => signIns.admit(email, person.role),
      finish,
    };
    for (const step of steps) {
      await take[step]();
      world.print(`  done     ${DONE[step]}`);
    }
    world.print('The invitation comes by email; the password in it is good for seven days.');
    return true;
  },
};
