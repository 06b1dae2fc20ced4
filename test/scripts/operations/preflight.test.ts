import { describe, expect, it } from 'vitest';
import { STAGES } from '#infra/stages.ts';
import type { Check } from '../../../scripts/operations/checks.ts';
import {
  judgeAccount,
  judgeBootstrap,
  judgeCloudFront,
  judgeConcurrency,
  judgeKeeping,
  judgeLogin,
  judgeMail,
  judgePlaceholders,
  judgeToken,
} from '../../../scripts/operations/preflight.ts';

const { dev, prod } = STAGES;
const states = (checks: readonly Check[]) => checks.map(({ state }) => state);

describe('preflight', () => {
  it('names each placeholder with what to enter', () => {
    expect(judgePlaceholders([])).toMatchObject([{ state: 'ok' }]);
    const left = { field: 'alarmMail', value: 'x@example.org', whatToDo: 'Enter an address.' };
    expect(judgePlaceholders([left])).toEqual([
      {
        title: 'Settings',
        state: 'problem',
        found: 'alarmMail is still the example\'s "x@example.org"',
        whatToDo: 'Enter an address.',
      },
    ]);
  });

  it('refuses the credentials of another account', () => {
    expect(judgeAccount(dev, dev.account).state).toBe('ok');
    expect(judgeAccount(dev, prod.account)).toMatchObject({
      state: 'problem',
      found: `they belong to account ${prod.account}, and dev lives in ${dev.account}`,
    });
  });

  it.each([
    [undefined, 'problem'],
    ['7', 'problem'],
    ['8', 'ok'],
    ['30', 'ok'],
  ])('judges a bootstrap of version %s as %s', (version, state) => {
    expect(judgeBootstrap(dev, version).state).toBe(state);
  });

  it.each([
    ['less than the queues and the API need', 9, 'problem', 'Service Quotas'],
    ['just enough', 10, 'ok', undefined],
    ['none at all', 0, 'problem', 'Service Quotas'],
  ])('judges a quota of %s', (_, limit, state, whatToDo) => {
    const check = judgeConcurrency(dev, limit);
    expect(check.state).toBe(state);
    expect(check.whatToDo ?? '').toContain(whatToDo ?? '');
  });

  it('tells a quota that is enough for the queues and less than infra/stages.ts counts on', () => {
    expect(judgeConcurrency(prod, 60)).toMatchObject({
      state: 'problem',
      whatToDo: expect.stringContaining('Enter 60 as `accountConcurrency`'),
    });
  });

  it('tells an unverified domain from an unknown one, and the sandbox from both', () => {
    const account = { ProductionAccessEnabled: false, SendingEnabled: true, EnforcementStatus: 'HEALTHY' };
    const checks = judgeMail(
      prod,
      account,
      new Map([
        ['a.test', true],
        ['b.test', false],
        ['c.test', undefined],
      ]),
    );
    expect(states(checks)).toEqual(['ok', 'problem', 'problem', 'problem']);
    expect(checks.map(({ found }) => found)).toEqual([
      'SES has verified a.test',
      'SES has not verified b.test yet',
      'SES does not know c.test in this region',
      expect.stringContaining('sandbox'),
    ]);
    const paused = { ...account, ProductionAccessEnabled: true, EnforcementStatus: 'SHUTDOWN' };
    expect(states(judgeMail(prod, paused, new Map([['a.test', true]])))).toEqual(['ok', 'problem', 'ok']);
  });

  it('asks nothing of SES where a stage sends nothing by it', () => {
    const none = { signInMail: undefined, noticeMail: undefined };
    expect(states(judgeMail(none, {}, new Map()))).toEqual(['note', 'note']);
  });

  it('knows the own login prefix and another’s, and says what it cannot know', () => {
    expect(judgeLogin(dev, { AWSAccountId: dev.account }).state).toBe('ok');
    expect(judgeLogin(dev, { AWSAccountId: prod.account }).state).toBe('problem');
    expect(judgeLogin(dev, undefined)).toMatchObject({
      state: 'note',
      found: expect.stringContaining('only the deployment tells'),
    });
  });

  it('says that nobody can ask about CloudFront before there is a site', () => {
    const site = { url: 'https://d1.cloudfront.net', originValue: 'x', originGeneration: 1 };
    expect(judgeCloudFront(site).state).toBe('ok');
    expect(judgeCloudFront(undefined)).toMatchObject({
      state: 'note',
      whatToDo: expect.stringContaining('AWS Support'),
    });
  });

  it('reminds of `established` once there is a site', () => {
    const site = { url: 'https://d1.cloudfront.net', originValue: 'x', originGeneration: 1 };
    expect(judgeKeeping({ name: 'dev', established: false }, undefined)).toEqual([]);
    expect(states(judgeKeeping({ name: 'dev', established: false }, site))).toEqual(['note']);
    expect(states(judgeKeeping({ name: 'dev', established: true }, site))).toEqual(['ok']);
  });

  it('takes a missing token for no problem, since it comes after the first deployment', () => {
    expect(judgeToken({ name: 'dev' }, true).state).toBe('ok');
    expect(judgeToken({ name: 'dev' }, false)).toMatchObject({
      state: 'note',
      whatToDo: expect.stringContaining('npm run rotate-secret -- dev vendor'),
    });
  });
});
