import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetAccountCommand,
  GetEmailIdentityCommand,
  NotFoundException,
  SESv2Client,
  type GetAccountCommandOutput,
} from '@aws-sdk/client-sesv2';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { placeholdersOf, type Placeholder } from '#infra/placeholders.ts';
import { CONCURRENCY_KEPT_FREE, type StageSettings } from '#infra/stages.ts';
import { createSecretReader } from '#shared/kernel/secret-reader.ts';
import { asked, note, ok, problem, report, type Check } from './checks.ts';
import type { StageCommand, World } from './command.ts';
import {
  accountOf,
  loginDomainOf,
  secretNames,
  secretsOf,
  siteOf,
  type DeployedSite,
  type StageAccess,
} from './stage-access.ts';

/** The highest `requiresBootstrapStackVersion` of the cloud assembly. */
const OLDEST_BOOTSTRAP = 8;
const BOOTSTRAP_PARAMETER = '/cdk-bootstrap/hnb659fds/version';

export const judgePlaceholders = (placeholders: readonly Placeholder[]): readonly Check[] =>
  placeholders.length === 0
    ? [ok('Settings', 'no placeholder is left in infra/stages.ts')]
    : placeholders.map(({ field, value, whatToDo }) =>
        problem('Settings', `${field} is still the example's "${value}"`, whatToDo),
      );

export const judgeAccount = ({ name, account }: StageSettings, found: string): Check =>
  found === account
    ? ok('Credentials', `they belong to account ${account}`)
    : problem(
        'Credentials',
        `they belong to account ${found}, and ${name} lives in ${account}`,
        'Sign in to the account of the stage (AWS_PROFILE), or correct `account` in infra/stages.ts.',
      );

export function judgeBootstrap({ account, region }: StageSettings, version: string | undefined): Check {
  const title = `CDK bootstrap in ${region}`;
  const whatToDo = `Run \`npx cdk bootstrap aws://${account}/${region}\`.`;
  if (version === undefined) return problem(title, 'the account is not prepared for CDK', whatToDo);
  return Number(version) >= OLDEST_BOOTSTRAP
    ? ok(title, `version ${version}`)
    : problem(title, `version ${version}, and ${OLDEST_BOOTSTRAP} is needed`, whatToDo);
}

/** The queues may not take what the API and deployments need. */
export function judgeConcurrency(stage: StageSettings, limit: number): Check {
  const title = 'Concurrent functions';
  const queues = Object.values(stage.queueConcurrency).reduce((sum, one) => sum + one, 0);
  const needed = queues + CONCURRENCY_KEPT_FREE;
  const ask =
    'Ask for more in Service Quotas (AWS Lambda, "Concurrent executions"), or lower `queueConcurrency` in infra/stages.ts.';
  if (limit < needed)
    return problem(
      title,
      `the account may run ${limit}, the queues take up to ${queues}, and ${CONCURRENCY_KEPT_FREE} are kept free`,
      ask,
    );
  if (limit < stage.accountConcurrency)
    return problem(
      title,
      `the account may run ${limit}, and infra/stages.ts counts on ${stage.accountConcurrency}`,
      `Enter ${limit} as \`accountConcurrency\` in infra/stages.ts. ${ask}`,
    );
  return ok(title, `the account may run ${limit}, and the queues take up to ${queues}`);
}

type SesAccount = Pick<
  GetAccountCommandOutput,
  'ProductionAccessEnabled' | 'SendingEnabled' | 'EnforcementStatus'
>;

/** @param verified by domain; undefined: SES does not know it */
export function judgeMail(
  { signInMail, noticeMail }: Pick<StageSettings, 'signInMail' | 'noticeMail'>,
  account: SesAccount,
  verified: ReadonlyMap<string, boolean | undefined>,
): readonly Check[] {
  const title = 'Email';
  const checks: Check[] = [];
  if (signInMail === undefined)
    checks.push(
      note(
        title,
        'Cognito sends the invitations itself, at most 50 a day',
        'Set `signInMail` before many are invited.',
      ),
    );
  if (noticeMail === undefined)
    checks.push(
      note(title, 'no weekly email is sent', 'Set `noticeMail` once the address of the site is known.'),
    );
  for (const [domain, isVerified] of verified) {
    checks.push(
      isVerified === true
        ? ok(title, `SES has verified ${domain}`)
        : problem(
            title,
            isVerified === undefined
              ? `SES does not know ${domain} in this region`
              : `SES has not verified ${domain} yet`,
            'Create the identity in SES and put its DKIM records into the DNS; it takes up to 72 hours.',
          ),
    );
  }
  if (verified.size === 0) return checks;
  if (account.SendingEnabled !== true || account.EnforcementStatus === 'SHUTDOWN')
    checks.push(
      problem(title, 'SES has paused sending for this account', 'Look at the SES console for the reason.'),
    );
  checks.push(
    account.ProductionAccessEnabled === true
      ? ok(title, 'SES sends to everybody')
      : problem(
          title,
          'the account is in the SES sandbox, where every recipient has to be verified',
          'Request production access in the SES console (Account dashboard); it takes about a day.',
        ),
  );
  return checks;
}

export function judgeLogin(
  stage: StageSettings,
  domain: { readonly AWSAccountId?: string | undefined } | undefined,
): Check {
  const title = 'Login prefix';
  if (domain === undefined)
    return note(
      title,
      `nobody of this account has ${stage.loginDomainPrefix}; whether another customer has it, only the deployment tells`,
    );
  return domain.AWSAccountId === undefined || domain.AWSAccountId === stage.account
    ? ok(title, `${stage.loginDomainPrefix} is ours`)
    : problem(
        title,
        `${stage.loginDomainPrefix} belongs to somebody else`,
        'Enter another `loginDomainPrefix` in infra/stages.ts.',
      );
}

export const judgeCloudFront = (site: DeployedSite | undefined): Check =>
  site === undefined
    ? note(
        'CloudFront',
        'no API tells whether a new account is allowed to use it; the first deployment of the Web stack does',
        'If it fails with "Your account must be verified", open a case with AWS Support (account and billing) and deploy again.',
      )
    : ok('CloudFront', `the stage has a distribution: ${site.url}`);

/** Nothing to say before the first deployment, and none of the local stack. */
export const judgeKeeping = (
  { name, established }: Pick<StageSettings, 'name' | 'established'>,
  site: DeployedSite | undefined,
): readonly Check[] => {
  if (site === undefined) return [];
  return established
    ? [ok('Keeping', 'what holds data is kept when a stack goes')]
    : [
        note(
          'Keeping',
          `${name} was deployed, and infra/stages.ts does not say \`established\`: its data goes with its stacks`,
          'Once all four stacks are there, set `established` to true and deploy again, before anybody is invited.',
        ),
      ];
};

export const judgeToken = (access: Pick<StageAccess, 'name'>, isThere: boolean): Check =>
  isThere
    ? ok("Platform's token", 'it is there')
    : note(
        "Platform's token",
        'there is none yet; until then syncing waits and says so',
        `After the first deployment: npm run rotate-secret -- ${access.name} vendor.`,
      );

const budgetOf = ({ monthlyBudgetUsd }: StageSettings): Check =>
  monthlyBudgetUsd > 0
    ? ok('Budget', `the deployment sets $${monthlyBudgetUsd} a month and tells \`alarmMail.soon\` at 80 %`)
    : problem('Budget', 'it is not more than nothing', 'Set `monthlyBudgetUsd` in infra/stages.ts.');

async function bootstrapVersion({ settings }: StageAccess): Promise<string | undefined> {
  try {
    const answer = await new SSMClient(settings).send(new GetParameterCommand({ Name: BOOTSTRAP_PARAMETER }));
    return answer.Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

async function concurrency(access: StageAccess): Promise<Check> {
  const { AccountLimit: limit } = await new LambdaClient(access.settings).send(
    new GetAccountSettingsCommand({}),
  );
  return judgeConcurrency(access.stage, limit?.ConcurrentExecutions ?? 0);
}

async function mail({ stage, settings }: StageAccess): Promise<readonly Check[]> {
  const client = new SESv2Client(settings);
  const domains = new Set(
    [stage.signInMail, stage.noticeMail].flatMap((one) => (one === undefined ? [] : [one.verifiedDomain])),
  );
  const verified = new Map<string, boolean | undefined>();
  for (const domain of domains) {
    try {
      const identity = await client.send(new GetEmailIdentityCommand({ EmailIdentity: domain }));
      verified.set(domain, identity.VerifiedForSendingStatus ?? false);
    } catch (error) {
      if (!(error instanceof NotFoundException)) throw error;
      verified.set(domain, undefined);
    }
  }
  return judgeMail(stage, await client.send(new GetAccountCommand({})), verified);
}

async function* checksOf(access: StageAccess): AsyncGenerator<Check | readonly Check[]> {
  const { stage, local } = access;
  yield local === undefined
    ? judgePlaceholders(placeholdersOf(stage))
    : note('Settings', 'the local stack runs with the placeholders as they are');
  const credentials = await asked('Credentials', async () => judgeAccount(stage, await accountOf(access)));
  yield credentials;
  // Of another account nothing else is worth knowing.
  if ('state' in credentials && credentials.state === 'problem') return;
  yield asked(`CDK bootstrap in ${stage.region}`, async () =>
    judgeBootstrap(stage, await bootstrapVersion(access)),
  );
  yield asked('Concurrent functions', () => concurrency(access));
  yield asked('Email', () => mail(access));
  yield asked('Login prefix', async () => judgeLogin(stage, await loginDomainOf(access)));
  yield asked('CloudFront', async () => {
    const site = await siteOf(access);
    return [judgeCloudFront(site), ...(local === undefined ? judgeKeeping(stage, site) : [])];
  });
  yield asked("Platform's token", async () => {
    const token = await createSecretReader(secretsOf(access))(secretNames(stage).token);
    return judgeToken(access, token !== null);
  });
  yield budgetOf(stage);
}

export const checkBeforeDeployment = (access: StageAccess, world: Pick<World, 'print'>): Promise<boolean> =>
  report(checksOf(access), world);

export const preflight: StageCommand = {
  name: 'preflight',
  usage: '<stage>',
  about: [
    'Looks at what a deployment of the stage needs, before it is begun: settings, account, CDK bootstrap, quota of',
    'concurrent functions, emails, login prefix, platform token, budget. Changes nothing.',
  ],
  anyAccount: true,
  run: (access, _given, world) => {
    world.print(`Before a deployment of ${access.name}:`);
    return checkBeforeDeployment(access, world);
  },
};
