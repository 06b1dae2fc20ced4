import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { GetScheduleCommand, ResourceNotFoundException, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { physicalName } from '#infra/names.ts';
import { SYSTEM_SCHEDULES } from '#shared/composition/tasks.ts';
import { DEAD_LETTER_SOURCES } from '#shared/dead-letters/contract.ts';
import { configViewSchema, healthViewSchema, type ConfigView } from '#shared/identity/contract.ts';
import { QUEUES } from '#shared/jobs/task-definition.ts';
import { createSecretReader } from '#shared/kernel/secret-reader.ts';
import type { Processing } from '#shared/settings/processing.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { asked, note, ok, problem, report, type Check } from './checks.ts';
import type { Given, StageCommand, World } from './command.ts';
import { secretNames, secretsOf, siteOf, tableOf, type StageAccess } from './stage-access.ts';
import { StoppedError } from './stopped.ts';
import { NOBODY, tryToken, type Trial } from './vendor.ts';

const ANSWER_TIMEOUT_MS = 30_000;
const ROLL_BACK = 'Roll back (docs/runbook.md, "Rolling back").';

const get = (address: string): Promise<Response> =>
  fetch(address, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS), redirect: 'follow' });

/** Headers that the site must carry, and what each has to say at least. */
const SECURITY_HEADERS: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/s,
  'strict-transport-security': /max-age=\d{7,}/,
  'x-content-type-options': /^nosniff$/i,
  'x-frame-options': /^DENY$/i,
  'referrer-policy': /^no-referrer$/i,
};

/** The security headers that an answer lacks, or that say too little. */
export const lackingHeaders = (headers: Pick<Headers, 'get'>): readonly string[] =>
  Object.entries(SECURITY_HEADERS).flatMap(([name, wanted]) =>
    wanted.test(headers.get(name) ?? '') ? [] : [name],
  );

async function health({ stage }: StageAccess, url: string): Promise<Check> {
  const answer = await get(`${url}/api/health`);
  const view = healthViewSchema.safeParse(await answer.json().catch(() => undefined));
  if (answer.status !== 200 || !view.success)
    return problem(
      'Health',
      `/api/health answers ${answer.status}`,
      `The log of public-api says why. ${ROLL_BACK}`,
    );
  return view.data.stage === stage.name
    ? ok('Health', `version ${view.data.version} of ${view.data.stage} answers`)
    : problem(
        'Health',
        `${url} is the stage ${view.data.stage}`,
        'Deploy each stage to an account of its own.',
      );
}

async function closed(url: string): Promise<Check> {
  const { status } = await get(`${url}/api/me`);
  return status === 401
    ? ok('Sign-in needed', 'the API answers 401 without a token')
    : problem(
        'Sign-in needed',
        `the API answers ${status} without a token`,
        `Look at the authorizer of the HTTP API. ${ROLL_BACK}`,
      );
}

async function page(url: string): Promise<readonly Check[]> {
  const answers = await Promise.all([get(url), get(`${url}/competitors`)]);
  const [answer] = answers;
  const failing = answers.find(
    ({ status, headers }) => status !== 200 || !(headers.get('content-type') ?? '').startsWith('text/html'),
  );
  if (failing !== undefined)
    return [
      problem('Site', `${failing.url} answers ${failing.status}`, `Deploy the Web stack again. ${ROLL_BACK}`),
    ];
  const lacking = lackingHeaders(answer.headers);
  return [
    ok('Site', `${url} is there, and so are its pages`),
    lacking.length === 0
      ? ok('Security headers', 'all are there')
      : problem(
          'Security headers',
          `missing or weak: ${lacking.join(', ')}`,
          "Look at the distribution's response headers policy; deploy the Web stack again.",
        ),
  ];
}

/** As the site asks for it, with a challenge that nobody will answer. */
export function loginAddress({ signIn }: Pick<ConfigView, 'signIn'>, url: string): string {
  const address = new URL(`${signIn.loginUrl}/oauth2/authorize`);
  address.search = new URLSearchParams({
    response_type: 'code',
    client_id: signIn.clientId,
    redirect_uri: `${url}/auth/callback`,
    scope: signIn.scopes.join(' '),
    state: 'smoke',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }).toString();
  return address.toString();
}

async function login(url: string): Promise<Check> {
  const config = configViewSchema.parse(await (await get(`${url}/api/config`)).json());
  const answer = await get(loginAddress(config, url));
  const isPage = (answer.headers.get('content-type') ?? '').startsWith('text/html');
  return answer.status === 200 && isPage && !new URL(answer.url).pathname.includes('error')
    ? ok('Login page', 'it opens')
    : problem(
        'Login page',
        `${new URL(answer.url).host} answers ${answer.status}`,
        'Look at the domain, the branding and the callback addresses of the app client (Cognito console).',
      );
}

async function schedules({ stage, settings }: StageAccess): Promise<readonly Check[]> {
  const client = new SchedulerClient(settings);
  const group = physicalName(stage, 'schedules');
  const missing: string[] = [];
  const off: string[] = [];
  for (const { name } of SYSTEM_SCHEDULES) {
    try {
      const { State: state } = await client.send(new GetScheduleCommand({ GroupName: group, Name: name }));
      if (state !== 'ENABLED') off.push(name);
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      missing.push(name);
    }
  }
  const checks: Check[] = [];
  if (missing.length > 0)
    checks.push(
      problem(
        'Schedules',
        `missing: ${missing.join(', ')}`,
        'Deploy the Sync stack with a release that changes them, or make them on the Schedules page.',
      ),
    );
  if (off.length > 0)
    checks.push(
      problem(
        'Schedules',
        `switched off: ${off.join(', ')}`,
        'Switch them on on the Schedules page, unless it is meant so.',
      ),
    );
  return checks.length > 0
    ? checks
    : [ok('Schedules', `all ${SYSTEM_SCHEDULES.length} are there and switched on`)];
}

interface QueueDepth {
  readonly name: string;
  readonly waiting: number;
  readonly atWork: number;
}

/** Messages that wait have a reason, or are one to look. */
export function judgeQueue({ name, waiting, atWork }: QueueDepth, processing: Processing): Check {
  const title = `Queue ${name}`;
  if (waiting === 0) return ok(title, atWork === 0 ? 'empty' : `${atWork} at work, none waiting`);
  if (!processing.enabled) return note(title, `${waiting} waiting: processing is switched off`);
  return note(
    title,
    `${waiting} waiting, ${atWork} at work`,
    'Run this again in a minute. If they do not become fewer: the log of the worker, and the Queues page.',
  );
}

export const judgeDeadLetters = ({ name, waiting, atWork }: QueueDepth): Check =>
  waiting + atWork === 0
    ? ok(`Dead letters of ${name}`, 'none')
    : problem(
        `Dead letters of ${name}`,
        `${waiting + atWork}`,
        `Look at them on the Queues page (docs/runbook.md, "Dead letters").`,
      );

async function queues(access: StageAccess): Promise<readonly Check[]> {
  const client = new SQSClient(access.settings);
  const { processing } = await createSettingsRepository(tableOf(access)).processing();
  const depth = async (name: string): Promise<QueueDepth> => {
    const QueueName = physicalName(access.stage, name);
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
    const { Attributes: found = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return {
      name,
      waiting: Number(found['ApproximateNumberOfMessages'] ?? 0),
      atWork: Number(found['ApproximateNumberOfMessagesNotVisible'] ?? 0),
    };
  };
  return [
    ...(await Promise.all(QUEUES.map(async (name) => judgeQueue(await depth(name), processing)))),
    ...(await Promise.all(
      DEAD_LETTER_SOURCES.map(async (name) =>
        judgeDeadLetters({ ...(await depth(`${name}-dead-letters`)), name }),
      ),
    )),
  ];
}

/** One alarm of each severity, which has a topic of its own. */
const ALARMS = { urgent: 'DispatcherSilent', soon: 'RosterPlanStopped' } as const;
const SEVERITIES = ['urgent', 'soon'] as const;
const ASKED_EVERY_MS = 1_000;
const ASKED_TIMES = 30;

async function alarms(access: StageAccess, given: Given, world: World): Promise<readonly Check[]> {
  const checks = await Promise.all(SEVERITIES.map((severity) => alarmsOf(severity, access, given, world)));
  return checks.flat();
}

async function alarmsOf(
  severity: (typeof SEVERITIES)[number],
  { stage, settings }: StageAccess,
  given: Given,
  world: World,
): Promise<readonly Check[]> {
  const title = `Alarms, ${severity}`;
  const alarm = ALARMS[severity];
  const client = new CloudWatchClient(settings);
  const AlarmName = physicalName(stage, alarm);
  const described = await client.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
  const [found] = described.MetricAlarms ?? [];
  const [topic] = found?.AlarmActions ?? [];
  if (topic === undefined)
    return [
      problem(
        title,
        `there is no alarm ${AlarmName} that goes to a topic`,
        'Deploy the Observability stack.',
      ),
    ];
  const { Subscriptions: subscriptions = [] } = await new SNSClient(settings).send(
    new ListSubscriptionsByTopicCommand({ TopicArn: topic }),
  );
  const subscribed = judgeSubscriptions(
    severity,
    subscriptions.map(({ SubscriptionArn: arn }) => arn),
  );
  if (!given.yes)
    return [
      subscribed,
      note(title, `not tried: with --yes, ${alarm} is set off once, which sends two emails`),
    ];

  const since = new Date(world.now().getTime() - ASKED_EVERY_MS);
  const set = (StateValue: 'OK' | 'ALARM', StateReason: string) =>
    client.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason }));
  // An alarm that is on tells nobody when it is set once more.
  if (found?.StateValue === 'ALARM') await set('OK', 'Smoke test: about to be set off');
  await set('ALARM', 'Smoke test: nothing is wrong');
  const told = await outcomeOf(client, AlarmName, since, world);
  // CloudWatch looks again by itself; this only makes it sooner.
  await set('OK', 'Smoke test: over');
  if (told === undefined)
    return [
      subscribed,
      problem(
        title,
        `${alarm} was set off and told nobody within half a minute`,
        'Look at the history of the alarm (CloudWatch console).',
      ),
    ];
  return [
    subscribed,
    told.startsWith('Successfully')
      ? ok(title, `${alarm} was set off and reached the topic`)
      : problem(title, told, 'Look at the policy of the topic and of the key (infra/constructs/).'),
  ];
}

/** An address that nobody confirmed has no ARN yet. */
export function judgeSubscriptions(
  severity: (typeof SEVERITIES)[number],
  arns: readonly (string | undefined)[],
): Check {
  const title = `Alarms, ${severity}`;
  const confirmed = arns.filter((arn) => arn?.startsWith('arn:') === true).length;
  return confirmed > 0
    ? ok(title, `the topic has ${confirmed} confirmed ${confirmed === 1 ? 'reader' : 'readers'}`)
    : problem(
        title,
        'nobody has confirmed the subscription, so that alarms reach nobody',
        `Click the link in the email that came to \`alarmMail.${severity}\`; if there is none, subscribe it again (SNS console).`,
      );
}

/** What CloudWatch says that became of the alarm's action. */
async function outcomeOf(
  client: CloudWatchClient,
  AlarmName: string,
  since: Date,
  { sleep }: Pick<World, 'sleep'>,
): Promise<string | undefined> {
  for (let time = 0; time < ASKED_TIMES; time += 1) {
    const { AlarmHistoryItems: items = [] } = await client.send(
      new DescribeAlarmHistoryCommand({ AlarmName, HistoryItemType: 'Action', StartDate: since }),
    );
    const summary = items[0]?.HistorySummary;
    if (summary !== undefined) return summary;
    await sleep(ASKED_EVERY_MS);
  }
  return undefined;
}

export function judgeTrial(trial: Trial, wanted: string | undefined, name: string): Check {
  const title = 'Game platform';
  if (trial.kind === 'token_refused')
    return problem(title, 'it refuses the token', `npm run rotate-secret -- ${name} vendor`);
  if (trial.kind === 'unknown')
    return problem(title, trial.why, 'docs/runbook.md, "Game platform server errors".');
  if (wanted !== undefined && !trial.isKnown)
    return problem(
      title,
      'it takes the token and does not know the test user',
      'Check the id of --test-user.',
    );
  return ok(
    title,
    wanted === undefined ? 'it takes the token' : 'it takes the token and knows the test user',
  );
}

async function vendor(access: StageAccess, given: Given): Promise<Check> {
  const token = await createSecretReader(secretsOf(access))(secretNames(access.stage).token);
  const wanted = given.text('test-user');
  if (token === null)
    return note(
      'Game platform',
      'there is no token, so that syncing waits',
      `npm run rotate-secret -- ${access.name} vendor`,
    );
  return judgeTrial(await tryToken(access, token, wanted ?? NOBODY), wanted, access.name);
}

async function* checksOf(
  access: StageAccess,
  url: string,
  given: Given,
  world: World,
): AsyncGenerator<Check | readonly Check[]> {
  yield asked('Health', () => health(access, url));
  yield asked('Sign-in needed', () => closed(url));
  yield asked('Site', () => page(url));
  yield asked('Login page', () => login(url));
  yield asked('Schedules', () => schedules(access));
  yield asked('Queues', () => queues(access));
  yield asked('Alarms', () => alarms(access, given, world));
  yield asked('Game platform', () => vendor(access, given));
}

export async function smokeTest(access: StageAccess, given: Given, world: World): Promise<boolean> {
  const site = await siteOf(access);
  if (site === undefined)
    throw new StoppedError(
      'The stage has no distribution.',
      `Deploy it first: npm run deploy -- ${access.name}.`,
    );
  world.print(`${access.name} at ${site.url}:`);
  return report(checksOf(access, site.url, given, world), world);
}

export const smoke: StageCommand = {
  name: 'smoke',
  usage: '<stage> [--test-user <platform id>] [--yes]',
  about: [
    'Looks whether a deployed stage works: API, sign-in, site and its headers, schedules, queues, alarms, and the game',
    'platform by one call that reads (with --test-user: of this user, who must be there).',
    'Changes nothing. With --yes it sets an alarm of each severity off, which mails whoever reads the alarms.',
  ],
  options: { 'test-user': { type: 'string' } },
  run: smokeTest,
};
