import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import { createCognitoSignIns } from '#shared/coaches/cognito-sign-ins.ts';
import type { SignIn } from '#shared/coaches/sign-ins.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import type { Identity } from '#shared/identity/identity.ts';
import { emailOf, printPlan, type StageCommand } from './command.ts';
import { operatorEntry } from './operator-entry.ts';
import { tableOf, userPoolOf } from './stage-access.ts';
import { StoppedError, UsageError } from './stopped.ts';

const GROUP = 'admin';
const MOST_LETTERS = 100;

/** What is still to be done, in its order. A sign-in without its row opens nothing, so that the row comes last. */
export type Step = 'invite' | 'inviteAgain' | 'admit' | 'putRow';

/** The invitation of an earlier run was perhaps never sent; a fresh one would send it twice. */
export const SURELY_BROKEN_OFF_MS = 60_000;

/**
 * What an earlier run, however far it came, left to do.
 *
 * @throws {StoppedError} when the address is a coach's, or was switched off
 */
export function stepsLeft(signIn: SignIn | undefined, row: Identity | undefined, now: Date): readonly Step[] {
  if (signIn === undefined) return ['invite', 'admit', 'putRow'];
  if (row?.role === 'coach' || (row === undefined && signIn.groups.includes('coach')))
    throw new StoppedError(
      'That address is the sign-in of a coach.',
      'Take another address for the admin: nobody is both, so that each sees what is theirs.',
    );
  if (!signIn.enabled || row?.enabled === false)
    throw new StoppedError(
      'That sign-in was switched off.',
      'Switch it on again by hand if that is meant: `aws cognito-idp admin-enable-user`, and `enabled` in the row.',
    );
  const forgotten =
    row === undefined && signIn.invited && now.getTime() - signIn.createdAt.getTime() > SURELY_BROKEN_OFF_MS;
  return [
    ...(forgotten ? ['inviteAgain' as const] : []),
    ...(signIn.groups.includes(GROUP) ? [] : ['admit' as const]),
    ...(row === undefined ? ['putRow' as const] : []),
  ];
}

const IN_WORDS: Readonly<Record<Step, string>> = {
  invite: 'make a sign-in and have Cognito send the invitation',
  inviteAgain: 'have Cognito send the invitation of an earlier run again',
  admit: 'put the sign-in into the group "admin"',
  putRow: 'put the row that says that it is an admin, and a line into the audit log',
};

const DONE: Readonly<Record<Step, string>> = {
  invite: 'made the sign-in; Cognito sends the invitation',
  inviteAgain: 'sent the invitation again',
  admit: 'put into the group "admin"',
  putRow: 'put the row that says that it is an admin',
};

export const createAdmin: StageCommand = {
  name: 'create-admin',
  usage: '<stage> <email> --name "First Last" [--yes]',
  about: [
    'Makes an admin: the sign-in with its invitation, its group, and the row that says who it is. A run that broke off',
    'is completed by the next one; an admin who is complete is left alone.',
    'Without --yes it only says what it would do.',
  ],
  takes: 1,
  options: { name: { type: 'string' } },
  run: async (access, given, world) => {
    const email = emailOf(given);
    const name = given.text('name')?.trim() ?? '';
    if (name === '' || name.length > MOST_LETTERS)
      throw new UsageError(`--name takes the admin's name, up to ${MOST_LETTERS} letters.`);

    const table = tableOf(access);
    const { identities } = createIdentityRepository(table);
    const audit = createAuditRepository(table);
    const signIns = createCognitoSignIns(
      new CognitoIdentityProviderClient(access.settings),
      await userPoolOf(access),
    );
    const found = await signIns.byEmail(email);
    const row = found === undefined ? undefined : await identities.bySub(found.sub);
    const steps = stepsLeft(found, row, world.now());
    if (steps.length === 0) {
      world.print('That address is an admin already: nothing to do.');
      return true;
    }
    if (!given.yes)
      return printPlan(
        world,
        steps.map((step) => IN_WORDS[step]),
      );

    let sub = found?.sub;
    for (const step of steps) {
      if (step === 'invite')
        // Made by another run at this very moment: it is the same person.
        sub = (await signIns.invite(email)) ?? (await signIns.byEmail(email))?.sub;
      if (step === 'inviteAgain') await signIns.inviteAgain(email);
      if (step === 'admit') await signIns.admit(email, GROUP);
      if (step === 'putRow') {
        if (sub === undefined) throw new Error('The user pool lost the sign-in while it was made.');
        const at = world.now().toISOString();
        await identities.create(
          { sub, role: GROUP, coachId: null, name, email, enabled: true, createdAt: at },
          [
            await audit.appendTransaction(
              operatorEntry('create-admin', { at, action: 'admin.create', subject: sub, coachId: null }),
            ),
          ],
        );
      }
      world.print(`  done     ${DONE[step]}`);
    }
    if (steps.includes('invite') || steps.includes('inviteAgain'))
      world.print('The invitation comes by email; the password in it is good for seven days.');
    return true;
  },
};
