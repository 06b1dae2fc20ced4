import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdminDeleteUserCommand,
  AdminRemoveUserFromGroupCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { DeleteScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { signInAsBrowser } from '#infra/local/product/sign-ins/browser-sign-in.ts';
import { meViewSchema } from '#shared/identity/contract.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { PROCESSING_ON } from '#shared/settings/processing.ts';
import { itemsOf } from '#test/support/dynamodb.ts';
import { copySeededState } from '#test/support/seeded-state.ts';
import {
  apiOf,
  apiWithToken,
  COACH,
  OTHER_COACH,
  newStateDirectory,
  removeStateDirectory,
  startTestStack,
  type TestStack,
} from '#test/support/stack.ts';
import { backfill } from '../../scripts/operations/backfill.ts';
import { runCommand, type Command, type World } from '../../scripts/operations/command.ts';
import { createAdmin } from '../../scripts/operations/create-admin.ts';
import { deploy } from '../../scripts/operations/deploy.ts';
import { preflight } from '../../scripts/operations/preflight.ts';
import { renewSignIn } from '../../scripts/operations/renew-sign-in.ts';
import { replayErasuresCommand } from '../../scripts/operations/replay-erasures.ts';
import { rehearseRestore } from '../../scripts/operations/restore-rehearsal.ts';
import { rotateSecret } from '../../scripts/operations/rotate-secret.ts';
import { smoke } from '../../scripts/operations/smoke.ts';

const EMAIL = 'ines.salgado@office.example.org';
const NAME = ['--name', 'Ines Salgado'];
const PASSWORD = 'Quiet-Harbor-42';

/** The commands of operators, on the local stack: what AWS would be asked is asked of its stand-ins. */
describe('Operations', () => {
  const stateDirectory = newStateDirectory();
  const files = mkdtempSync(join(tmpdir(), 'operations-'));
  let stack: TestStack;
  beforeAll(async () => {
    copySeededState(inject('seededState'), stateDirectory);
    stack = await startTestStack({ stateDirectory });
  });
  afterAll(async () => {
    await stack.stop();
    removeStateDirectory(stateDirectory);
    rmSync(files, { recursive: true, force: true });
  });

  /** Runs a command as an operator types it, without a terminal; its exit code and what it printed. */
  async function run(command: Command, args: readonly string[], over: Partial<World> = {}) {
    const lines: string[] = [];
    const code = await runCommand(command, ['local', '--state', stateDirectory, ...args], {
      print: (line) => lines.push(line),
      ask: undefined,
      readInput: () => Promise.resolve(''),
      runProgram: () => Promise.reject(new Error('No program may run here.')),
      now: () => new Date(),
      sleep: (ms) =>
        new Promise((resolve) => {
          setTimeout(resolve, Math.min(ms, 100));
        }),
      ...over,
    });
    const text = lines.join('\n');
    if (process.env['SHOW'] !== undefined)
      console.log(`$ npm run ${command.name} -- local ${args.join(' ')}   → ${code}\n${text}`);
    return { code, text };
  }
  const client = () => ({
    region: stack.deployment.region,
    endpoint: stack.aws.addresses.awsUrl,
    credentials: stack.aws.operatorCredentials,
  });
  const secret = async (name: string): Promise<string | undefined> => {
    const asked = new GetSecretValueCommand({ SecretId: `coach-dashboard/dev/${name}` });
    return (await new SecretsManagerClient(client()).send(asked)).SecretString;
  };
  const poolId = () => stack.deployment.userPools[0]?.id ?? '';
  const invitations = (email = EMAIL): string[] =>
    stack.events.flatMap((event) => {
      const file =
        event.event === 'log' ? /An invitation was written to (.*)\.$/.exec(event.message)?.[1] : undefined;
      const letter = file === undefined ? '' : readFileSync(file, 'utf8');
      const password = /Your temporary password is (\S+)/.exec(letter)?.[1];
      return letter.includes(`To: ${email}\n`) && password !== undefined ? [password] : [];
    });

  /** Signs in with the password of the only invitation that the address got, and chooses another. */
  async function acceptOnlyInvitation(email: string) {
    const [temporary = '', ...more] = invitations(email);
    expect(more).toEqual([]);
    const { accessToken } = await signInAsBrowser({
      url: stack.url,
      email,
      password: temporary,
      newPassword: PASSWORD,
    });
    return apiWithToken(stack.url, accessToken);
  }

  const file = (name: string, ...lines: readonly string[]): string => {
    const path = join(files, name);
    writeFileSync(path, lines.join('\n'));
    return path;
  };

  it('a deployment is prepared, planned and tried, and nothing is deployed without being asked for', async () => {
    const checked = await run(preflight, []);
    expect(checked).toMatchObject({ code: 0, text: expect.stringContaining('All is well.') });
    expect(checked.text).not.toContain('problem');
    for (const found of ['account 111111111111', 'version 30', 'may run 1000', 'coach-dashboard-dev is ours'])
      expect(checked.text).toContain(found);

    const planned = await run(deploy, []);
    expect(planned.code).toBe(0);
    expect(planned.text).toMatch(/-Data\n.*-Sync\n.*-Web\n.*-Observability\n/);
    expect(planned.text).toContain('Nothing was deployed.');
    const other = await run(deploy, [], { ask: () => Promise.resolve('prod') });
    expect(other.text).toContain('Nothing was deployed.');
  });

  it('the smoke test finds a stage that works, and what does not', async () => {
    const quiet = await run(smoke, []);
    expect(quiet).toMatchObject({ code: 0, text: expect.stringContaining('not tried: with --yes') });
    const tried = await run(deploy, ['--yes']);
    expect(tried).toMatchObject({
      code: 0,
      text: expect.stringContaining('was set off and reached the topic'),
    });
    expect(tried.text).toContain('it takes the token');

    const group = stack.deployment.scheduleGroups[0]?.name ?? '';
    await new SchedulerClient(client()).send(
      new DeleteScheduleCommand({ GroupName: group, Name: 'job-cleanup' }),
    );
    const dead = stack.deployment.queues.find(({ name }) => name.endsWith('-scheduler-dead-letters'));
    await new SQSClient(client()).send(new SendMessageCommand({ QueueUrl: dead?.url, MessageBody: '{}' }));
    const broken = await run(smoke, ['--test-user', 'nobody-at-all']);
    expect(broken.code).toBe(1);
    expect(broken.text).toContain('Schedules: missing: job-cleanup');
    expect(broken.text).toContain('Dead letters of scheduler: 1');
    expect(broken.text).toContain('does not know the test user');
    expect(broken.text).toContain('3 problems.');
  });

  it('an admin is made once, however often a run breaks off, and signs in', async () => {
    const plan = await run(createAdmin, [EMAIL, ...NAME]);
    expect(plan).toMatchObject({ code: 0, text: expect.stringContaining('Nothing was changed.') });
    expect(invitations()).toEqual([]);

    // The group fails after the sign-in was made, and then the row.
    for (const action of ['cognito-idp:AdminAddUserToGroup', 'dynamodb:TransactWriteItems']) {
      stack.aws.injectFault({ action, probability: 1, kind: 'serverError', times: 5 });
      expect((await run(createAdmin, [EMAIL, ...NAME, '--yes'])).code).toBe(1);
      stack.aws.clearFaults();
    }
    const completed = await run(createAdmin, [EMAIL, ...NAME, '--yes']);
    expect(completed).toMatchObject({ code: 0, text: expect.stringContaining('put the row') });
    expect(completed.text).not.toContain(EMAIL);
    const admin = await acceptOnlyInvitation(EMAIL);
    const me = meViewSchema.parse((await admin('GET', '/api/me')).body);
    expect(me).toMatchObject({ role: 'admin', name: 'Ines Salgado' });
    const log = await admin('GET', '/api/admin/audit?action=admin.create');
    expect(log.body.items).toMatchObject([{ actor: { name: 'An operator' }, subject: { id: me.sub } }]);
    expect((await run(createAdmin, [EMAIL, ...NAME, '--yes'])).text).toContain('nothing to do');

    // What was taken away by hand comes back: the group, then the sign-in, which gets a row of its own.
    const cognito = new CognitoIdentityProviderClient(client());
    const user = { UserPoolId: poolId(), Username: EMAIL };
    await cognito.send(new AdminRemoveUserFromGroupCommand({ ...user, GroupName: 'admin' }));
    expect((await run(createAdmin, [EMAIL, ...NAME, '--yes'])).text).toContain('put into the group');
    await cognito.send(new AdminDeleteUserCommand(user));
    expect((await run(createAdmin, [EMAIL, ...NAME, '--yes'])).code).toBe(0);
    expect(invitations()).toHaveLength(2);

    const coach = await run(createAdmin, ['coach@example.com', ...NAME, '--yes']);
    expect(coach).toMatchObject({ code: 1, text: expect.stringContaining('is the sign-in of a coach') });
  });

  it('a coach whose authenticator is lost gets a new sign-in with all competitors, however often a run breaks off', async () => {
    const before = await apiOf(stack, OTHER_COACH);
    const me = meViewSchema.parse((await before('GET', '/api/me')).body);
    const competitors = (await before('GET', '/api/competitors')).body.total;
    expect((await run(renewSignIn, [OTHER_COACH])).text).toContain('Nothing was changed.');
    expect((await before('GET', '/api/me')).status).toBe(200);

    for (const action of [
      'cognito-idp:AdminCreateUser',
      'cognito-idp:AdminAddUserToGroup',
      'dynamodb:TransactWriteItems',
    ]) {
      stack.aws.injectFault({ action, probability: 1, kind: 'serverError', times: 5 });
      expect((await run(renewSignIn, [OTHER_COACH, '--yes'])).code).toBe(1);
      stack.aws.clearFaults();
    }
    const completed = await run(renewSignIn, [OTHER_COACH, '--yes']);
    expect(completed).toMatchObject({ code: 0, text: expect.stringContaining('moved the role') });
    expect(completed.text).not.toContain(OTHER_COACH);
    // A token that was issued before is worth nothing any more.
    expect((await before('GET', '/api/me')).status).toBe(403);
    const after = await acceptOnlyInvitation(OTHER_COACH);
    expect((await after('GET', '/api/me')).body).toMatchObject({ role: 'coach', coach: me.coach });
    expect((await after('GET', '/api/competitors')).body.total).toBe(competitors);
    expect((await run(renewSignIn, ['nobody@example.com', '--yes'])).text).toContain('sign-in of nobody');
  });

  it("the platform's token is replaced by one that the platform takes, and by no other", async () => {
    const token = (await secret('game-platform-token')) ?? '';
    const plan = await run(rotateSecret, ['vendor']);
    expect(plan).toMatchObject({ code: 0, text: expect.stringContaining('Nothing was changed.') });
    const none = await run(rotateSecret, ['vendor', '--yes']);
    expect(none.code).toBe(2);
    for (const args of [['vendor', token, '--yes'], [token]]) {
      const typed = await run(rotateSecret, args);
      expect(typed.code).toBe(2);
      expect(typed.text).not.toContain(token);
    }
    const wrong = await run(rotateSecret, ['vendor', '--yes'], {
      readInput: () => Promise.resolve('another-token\n'),
    });
    expect(wrong).toMatchObject({ code: 1, text: expect.stringContaining('refuses this token') });
    expect(wrong.text).not.toContain('another-token');
    expect(await secret('game-platform-token')).toBe(token);
    const same = await run(rotateSecret, ['vendor', '--yes'], { ask: () => Promise.resolve(token) });
    expect(same).toMatchObject({ code: 0, text: expect.stringContaining('nothing to do') });

    const old = { SecretId: 'coach-dashboard/dev/game-platform-token', SecretString: 'one-that-ran-out' };
    await new SecretsManagerClient(client()).send(new PutSecretValueCommand(old));
    expect((await run(smoke, [])).text).toContain('it refuses the token');
    const replaced = await run(rotateSecret, ['vendor', '--yes'], {
      readInput: () => Promise.resolve(`${token}\n`),
    });
    expect(replaced).toMatchObject({ code: 0, text: expect.stringContaining('put it') });
    expect(replaced.text).not.toContain(token);
    expect(await secret('game-platform-token')).toBe(token);
  });

  it('accounts that an older system knew are taken over from a file, once, after every row was checked', async () => {
    const bad = await run(backfill, [
      file('bad.csv', 'competitorId;platformUserId', 'a@b;x', ';y', 'cmp-1;'),
      '--yes',
    ]);
    expect(bad.code).toBe(1);
    expect(bad.text).toContain('line 2, competitorId: is no id');
    expect(bad.text).toContain('line 3, competitorId: is empty');
    expect(bad.text).toContain('line 4, platformUserId: is empty');
    const unknown = await run(backfill, [file('unknown.csv', 'competitorId,platformUserId', 'cmp-x,1')]);
    expect(unknown.text).toContain('line 2, competitorId: nobody has this id');

    const coach = await apiOf(stack, COACH);
    const { body } = await coach('GET', '/api/competitors?status=compliance');
    const people: string[] = body.items.map(({ id }: { id: string }) => id);
    // The platform has the first of them under the id of the older system, and knows none of the others.
    const { baseUrl, token } = stack.gamePlatform;
    const [coachRow] = await itemsOf(stack.table, 'COACHES');
    const made = await fetch(`${baseUrl.replace(/\/$/, '')}/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        first_name: 'Tove',
        last_name: 'Lindqvist',
        email: 'tove.lindqvist@mail.example.org',
        role: 'user',
        syned_user_id: 'older-0',
        syned_coach_user_id: coachRow?.['gamePlatformId'],
      }),
    });
    expect(made.ok).toBe(true);
    const known = file(
      'known.csv',
      'platformUserId,competitorId',
      ...people.map((id, index) => `older-${index},${id}`),
    );
    const planned = await run(backfill, [known]);
    expect(planned).toMatchObject({ code: 0, text: expect.stringContaining('start one job') });
    const run1 = await run(backfill, [known, '--yes']);
    expect(run1).toMatchObject({ code: 0, text: expect.stringContaining('succeeded') });
    expect(run1.text).toContain('    1  takenOver\n');
    expect(run1.text).toMatch(/\d+ {2}unknown: The platform does not know them under this id\./);
    const { body: first } = await coach('GET', `/api/competitors/${people[0]}`);
    expect(first.gamePlatform.id).toBe('older-0');
    const run2 = await run(backfill, [known, '--yes']);
    expect(run2.text).toContain('was processed before');

    const settings = createSettingsRepository(stack.table);
    await settings.saveProcessing({ ...PROCESSING_ON, enabled: false, reason: 'A trial' });
    stack.renewFunctions();
    const off = await run(backfill, [known, '--again', '--yes']);
    expect(off).toMatchObject({ code: 1, text: expect.stringContaining('processing is off') });
    await settings.saveProcessing(PROCESSING_ON);
    stack.renewFunctions();
  });

  it('a rotation of the origin secret is begun once, and ends when CloudFront sends the new value', async () => {
    const before = await secret('origin-verify');
    const plan = await run(rotateSecret, ['origin']);
    expect(plan).toMatchObject({ code: 0, text: expect.stringContaining('put a new random value') });
    expect(await secret('origin-verify')).toBe(before);

    const begun = await run(rotateSecret, ['origin', '--yes']);
    expect(begun).toMatchObject({ code: 1, text: expect.stringContaining('start it again') });
    const after = await secret('origin-verify');
    expect(after).not.toBe(before);
    // A second new value would push out the one that CloudFront sends.
    const again = await run(rotateSecret, ['origin', '--yes']);
    expect(again.text).toContain('since an earlier run');
    expect(await secret('origin-verify')).toBe(after);
    expect((await run(smoke, [])).text).toContain('ok       Health');
  });

  it('a restore to a point before an erasure brings everything back but the erased', async () => {
    const lines: string[] = [];
    const old = stack.table.name;
    await rehearseRestore(
      {
        stack,
        reopenOn: async (tableName) => {
          await stack.stop();
          stack = await startTestStack({ stateDirectory, tableName });
          return stack;
        },
      },
      { print: (line) => lines.push(line) },
    );
    if (process.env['SHOW'] !== undefined) console.log(lines.join('\n'));
    expect(lines.at(-1)).toContain('the erased one is not');

    const tables = ['--from', old, '--to', stack.table.name];
    const planned = await run(replayErasuresCommand, tables);
    expect(planned.text).toContain('erase 0 of these people again');
    expect((await run(replayErasuresCommand, [...tables, '--yes'])).text).toContain('0 erased again, 1 were');
    // The new start has made CloudFront send the rotated secret.
    expect((await run(rotateSecret, ['origin'])).text).toContain('put a new random value');
  });
});
