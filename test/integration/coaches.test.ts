import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { signInAsBrowser } from '#infra/local/product/sign-ins/browser-sign-in.ts';
import { competitorListSchema } from '#shared/competitors/contract.ts';
import { problemSchema } from '#shared/kernel/problem.ts';
import { coachListSchema, coachViewSchema } from '#shared/coaches/contract.ts';
import { configViewSchema, meViewSchema } from '#shared/identity/contract.ts';
import { ADMIN, apiOf, apiWithToken, COACH, runJob, useLocalStack, type Api } from '#test/support/stack.ts';

const NADIA = {
  name: 'Nadia Brandt',
  email: 'Nadia.Brandt@cedar.example.org',
  school: 'Cedar Hollow School',
};
const PASSWORD = 'Quiet-Harbor-42';

describe('Coaches', () => {
  const stack = useLocalStack();
  let admin: Api;
  beforeAll(async () => {
    admin = await apiOf(stack(), ADMIN);
  });

  /** The temporary passwords that were written to the mailbox for this address. */
  const invitations = (email: string): string[] =>
    stack().events.flatMap((event) => {
      const file =
        event.event === 'log' ? /An invitation was written to (.*)\.$/.exec(event.message)?.[1] : undefined;
      const letter = file === undefined ? '' : readFileSync(file, 'utf8');
      const password = /Your temporary password is (\S+)/.exec(letter)?.[1];
      return letter.includes(`To: ${email}\n`) && password !== undefined ? [password] : [];
    });
  const renew = async (refreshToken: string): Promise<number> => {
    const config = configViewSchema.parse((await admin('GET', '/api/config')).body);
    const { status } = await fetch(`${config.signIn.loginUrl}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: config.signIn.clientId,
        refresh_token: refreshToken,
      }),
    });
    return status;
  };

  it('are invited, sign in, are switched off and signed out at once, and come back', async () => {
    const made = await admin('POST', '/api/admin/coaches', { body: NADIA });
    expect(made.status).toBe(201);
    const coach = coachViewSchema.parse(made.body);
    expect(coach).toMatchObject({
      name: NADIA.name,
      email: NADIA.email.toLowerCase(),
      enabled: true,
      competitors: 0,
      features: { onboarding: true },
      gamePlatformId: null,
    });
    const [temporary = '', ...more] = invitations(coach.email);
    expect(more).toEqual([]);

    const again = await admin('POST', '/api/admin/coaches', { body: { ...NADIA, name: 'Somebody Else' } });
    expect([again.status, problemSchema.parse(again.body).code]).toEqual([409, 'EMAIL_TAKEN']);

    const signIn = { url: stack().url, email: NADIA.email, password: temporary };
    const tokens = await signInAsBrowser({ ...signIn, newPassword: PASSWORD });
    const nadia = apiWithToken(stack().url, tokens.accessToken);
    expect(meViewSchema.parse((await nadia('GET', '/api/me')).body)).toMatchObject({
      role: 'coach',
      name: NADIA.name,
      coach: { id: coach.id, school: NADIA.school },
      features: { onboarding: true },
    });
    expect((await nadia('GET', '/api/admin/coaches')).status).toBe(403);

    const path = `/api/admin/coaches/${coach.id}`;
    const off = await admin('PATCH', path, { body: { enabled: false } });
    expect(coachViewSchema.parse(off.body).enabled).toBe(false);
    const refused = await nadia('GET', '/api/me');
    expect([refused.status, problemSchema.parse(refused.body).code]).toEqual([403, 'SIGN_IN_DISABLED']);
    expect(await renew(tokens.refreshToken)).toBe(400);
    await expect(signInAsBrowser({ ...signIn, password: PASSWORD })).rejects.toThrow('Incorrect');

    const renamed = { name: 'Nadia Keller', enabled: true };
    expect(coachViewSchema.parse((await admin('PATCH', path, { body: renamed })).body)).toMatchObject(
      renamed,
    );
    const back = await signInAsBrowser({ ...signIn, password: PASSWORD });
    const me = await apiWithToken(stack().url, back.accessToken)('GET', '/api/me');
    expect(meViewSchema.parse(me.body).name).toBe('Nadia Keller');
  });

  it('get their own platform account, one by one or all together', async () => {
    const coachOf = async (name: string) => {
      const email = `${name}@cedar.example.org`;
      const { body } = await admin('POST', '/api/admin/coaches', { body: { ...NADIA, name, email } });
      return coachViewSchema.parse(body);
    };
    const one = await coachOf('olga');
    const answer = await admin('POST', `/api/admin/coaches/${one.id}/onboard`);
    expect(answer.status).toBe(200);
    expect(coachViewSchema.parse(answer.body)).toMatchObject({ id: one.id, gamePlatformId: one.id });
    expect((await admin('POST', `/api/admin/coaches/${one.id}/onboard`)).status).toBe(200);
    expect((await admin('POST', '/api/admin/coaches/coa_nobody/onboard')).status).toBe(404);

    const two = await coachOf('pavel');
    const off = await coachOf('quinn');
    await admin('PATCH', `/api/admin/coaches/${off.id}`, { body: { enabled: false } });
    const job = await runJob(admin, 'onboard_coaches');
    expect(job).toMatchObject({ status: 'succeeded', result: { onboarded: expect.any(Number) } });
    const { body: rows } = await admin('GET', `/api/jobs/${job.id}/rows?limit=200`);
    const subjects = (rows.items as { subject: string; outcome: string }[]).map((row) => [
      row.subject,
      row.outcome,
    ]);
    expect(subjects).toContainEqual([two.id, 'onboarded']);
    expect(subjects.flat()).not.toContain(one.id);
    expect(subjects.flat()).not.toContain(off.id);
    const { items } = coachListSchema.parse((await admin('GET', '/api/admin/coaches?limit=200')).body);
    expect(items.find(({ id }) => id === two.id)?.gamePlatformId).toBe(two.id);
  });

  it('put nobody on the platform while that is not switched on for them, whoever asks', async () => {
    const coach = await apiOf(stack(), COACH);
    const switchTo = async (onboarding: boolean) => {
      const { status } = await admin('PATCH', '/api/admin/coaches/coach-01', {
        body: { features: { onboarding } },
      });
      expect(status).toBe(200);
    };
    const { body } = await coach('GET', '/api/competitors?status=compliance');
    const waiting =
      competitorListSchema.parse(body).items.find((one) => one.gamePlatform.refusal === null)?.id ?? 'none';
    const calls = () =>
      (stack().gamePlatform.simulator?.requests.since() ?? []).filter((call) =>
        JSON.stringify(call).includes(waiting),
      );

    await switchTo(false);
    expect(meViewSchema.parse((await coach('GET', '/api/me')).body).features).toEqual({ onboarding: false });
    const acting = { headers: { 'x-act-as': 'coach-01' } };
    const answers = [
      await coach('POST', `/api/game-platform/competitors/${waiting}`),
      await admin('POST', `/api/game-platform/competitors/${waiting}`, acting),
      await admin('POST', `/api/game-platform/competitors/${waiting}`),
      await coach('POST', '/api/game-platform/competitors/onboard'),
      await coach('POST', '/api/game-platform/competitors/onboard', { body: { competitorIds: [waiting] } }),
      await admin('POST', '/api/game-platform/competitors/onboard', { body: { coachId: 'coach-01' } }),
    ];
    for (const answer of answers)
      expect([answer.status, problemSchema.parse(answer.body).code]).toEqual([409, 'NOT_ENABLED']);
    const job = await runJob(admin, 'onboard_competitors', { competitorIds: [waiting] });
    expect(job.result).toMatchObject({ total: 1, onboarded: 0, notEnabled: 1 });
    expect(calls()).toEqual([]);

    await switchTo(true);
    expect((await coach('POST', `/api/game-platform/competitors/${waiting}`)).status).toBe(200);
    expect(calls()).not.toEqual([]);
  });
});
