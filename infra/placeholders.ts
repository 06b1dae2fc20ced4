import { RUNBOOK_URL, type StageSettings } from './stages.ts';

/** A setting that still has the value of the example. */
export interface Placeholder {
  readonly field: string;
  readonly value: string;
  readonly whatToDo: string;
}

/** Domains that are kept for examples, tests and this machine: nobody is reached there. */
const RESERVED_DOMAIN =
  /(^|[@/.])(example\.(com|net|org)|[\w-]+\.(example|invalid|test|localhost))(?=$|[:/])/;
const EXAMPLE_OWNER = /\/example-org\//;
/** Twelve times the same digit, or the account of AWS's own examples. */
const EXAMPLE_ACCOUNT = /^(?:(\d)\1{11}|123456789012)$/;

const isReserved = (value: string): boolean => RESERVED_DOMAIN.test(value);

export const isExampleAccount = (account: string): boolean => EXAMPLE_ACCOUNT.test(account);

/**
 * Settings of a stage that nobody has replaced yet. Such a stage can be looked at and run locally, but not deployed:
 * its alarms and emails would go nowhere, and its login prefix may be somebody else's.
 */
export function placeholdersOf(
  stage: StageSettings,
  runbookUrl: string = RUNBOOK_URL,
): readonly Placeholder[] {
  const { signInMail, noticeMail } = stage;
  const texts: readonly (readonly [field: string, value: string | undefined, whatToDo: string])[] = [
    ['signInMail.from', signInMail?.from, 'an address of your domain that SES has verified'],
    ['signInMail.verifiedDomain', signInMail?.verifiedDomain, 'your domain that SES has verified'],
    ['siteUrl', stage.siteUrl, 'the output SiteUrl; leave it and noticeMail undefined until there is one'],
    ['noticeMail.from', noticeMail?.from, 'an address of your domain that SES has verified'],
    ['noticeMail.verifiedDomain', noticeMail?.verifiedDomain, 'your domain that SES has verified'],
    ...(noticeMail?.admins ?? []).map(
      (admin, index) =>
        [
          `noticeMail.admins[${index}]`,
          admin,
          'the address of an admin who is told what no alarm says',
        ] as const,
    ),
    [
      'gamePlatformApiBaseUrl',
      stage.gamePlatformApiBaseUrl,
      "the address of the platform's API for this stage",
    ],
    ['alarmMail.urgent', stage.alarmMail.urgent, 'an address that somebody reads at once'],
    ['alarmMail.soon', stage.alarmMail.soon, 'an address that somebody reads'],
  ];
  const found = texts.flatMap(([field, value, enter]): readonly Placeholder[] =>
    value !== undefined && isReserved(value) ? [{ field, value, whatToDo: `Enter ${enter}.` }] : [],
  );
  return [
    ...(isExampleAccount(stage.account)
      ? [{ field: 'account', value: stage.account, whatToDo: 'Enter the AWS account of this stage.' }]
      : []),
    ...(stage.loginDomainPrefix === `coach-dashboard-${stage.name}`
      ? [
          {
            field: 'loginDomainPrefix',
            value: stage.loginDomainPrefix,
            whatToDo: 'Enter a prefix of your own: it is unique in the region over all of AWS’s customers.',
          },
        ]
      : []),
    ...found,
    ...(EXAMPLE_OWNER.test(runbookUrl) || isReserved(runbookUrl)
      ? [
          {
            field: 'RUNBOOK_URL',
            value: runbookUrl,
            whatToDo: 'Enter where your docs/runbook.md can be read.',
          },
        ]
      : []),
  ];
}

/** One line per placeholder, for a message. */
export const describePlaceholders = (placeholders: readonly Placeholder[]): string =>
  placeholders.map(({ field, value, whatToDo }) => `  ${field}: "${value}". ${whatToDo}`).join('\n');
