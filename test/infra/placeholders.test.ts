import { describe, expect, it } from 'vitest';
import { placeholdersOf } from '#infra/placeholders.ts';
import { STAGE_NAMES, STAGES, type StageSettings } from '#infra/stages.ts';

const RUNBOOK = 'https://code.example-program.net.au/docs/runbook.md';

const untouched: StageSettings = {
  ...STAGES.staging,
  account: '222222222222',
  loginDomainPrefix: 'coach-dashboard-staging',
  signInMail: { from: 'no-reply@coaches.example.org', verifiedDomain: 'coaches.example.org' },
  siteUrl: 'https://coaches.example.org',
  noticeMail: {
    from: 'no-reply@coaches.example.org',
    verifiedDomain: 'coaches.example.org',
    admins: ['admins@example.org'],
  },
  gamePlatformApiBaseUrl: 'https://game-platform.example.org/v1',
  alarmMail: { urgent: 'on-call@example.org', soon: 'operations@example.org' },
};

const replaced: StageSettings = {
  ...STAGES.staging,
  account: '482915730164',
  loginDomainPrefix: 'lakeside-coaches-staging',
  signInMail: { from: 'no-reply@lakeside-coaches.internal', verifiedDomain: 'lakeside-coaches.internal' },
  siteUrl: 'https://d1a2b3c4.cloudfront.net',
  noticeMail: {
    from: 'no-reply@lakeside-coaches.internal',
    verifiedDomain: 'lakeside-coaches.internal',
    admins: ['operations@lakeside-coaches.internal'],
  },
  gamePlatformApiBaseUrl: 'https://sandbox.lakeside-coaches.internal/v1',
  alarmMail: { urgent: 'on-call@lakeside-coaches.internal', soon: 'operations@lakeside-coaches.internal' },
};

const withMail = (soon: string): StageSettings => ({
  ...replaced,
  alarmMail: { ...replaced.alarmMail, soon },
});

const fieldsOf = (stage: StageSettings, runbookUrl = RUNBOOK): readonly string[] =>
  placeholdersOf(stage, runbookUrl).map(({ field }) => field);

describe('placeholders of a stage', () => {
  it('are all found in a stage as it comes', () => {
    expect(placeholdersOf(untouched, 'https://github.com/example-org/x').map(({ field }) => field)).toEqual([
      'account',
      'loginDomainPrefix',
      'signInMail.from',
      'signInMail.verifiedDomain',
      'siteUrl',
      'noticeMail.from',
      'noticeMail.verifiedDomain',
      'noticeMail.admins[0]',
      'gamePlatformApiBaseUrl',
      'alarmMail.urgent',
      'alarmMail.soon',
      'RUNBOOK_URL',
    ]);
  });

  it.each(STAGE_NAMES)(
    'of %s are looked for in every setting that is an address, a domain or an account',
    (name) => {
      const known = new Set(placeholdersOf(untouched).map(({ field }) => field.replace(/[.[].*/, '')));
      const addresses = Object.entries(STAGES[name]).filter(([, value]) =>
        /@|:\/\/|^"\d{12}"/.test(JSON.stringify(value)),
      );
      expect(addresses.map(([field]) => field).filter((field) => !known.has(field))).toEqual([]);
    },
  );

  it('are none once everything is replaced, also without emails', () => {
    expect(fieldsOf(replaced)).toEqual([]);
    expect(
      fieldsOf({ ...replaced, signInMail: undefined, siteUrl: undefined, noticeMail: undefined }),
    ).toEqual([]);
  });

  it.each(['111111111111', '000000000000', '123456789012'])('are an account like %s', (account) => {
    expect(fieldsOf({ ...replaced, account })).toEqual(['account']);
  });

  it.each(['ops@example.com', 'ops@alarms.example.net', 'ops@coaches.test', 'ops@coaches.invalid'])(
    'are an address like %s, which nobody reads',
    (soon) => {
      expect(fieldsOf(withMail(soon))).toEqual(['alarmMail.soon']);
    },
  );

  it('are no addresses that only look like an example', () => {
    expect(fieldsOf(withMail('ops@counterexample.org'))).toEqual([]);
    expect(fieldsOf(withMail('ops@example.organization.net.au'))).toEqual([]);
  });

  it('say what to enter, and what is there now', () => {
    expect(placeholdersOf(withMail('ops@example.org'), RUNBOOK)).toEqual([
      {
        field: 'alarmMail.soon',
        value: 'ops@example.org',
        whatToDo: 'Enter an address that somebody reads.',
      },
    ]);
  });
});
