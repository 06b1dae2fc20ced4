import { resolveDynamicReferences } from '../assembly/dynamic-references.ts';
import type { Deployment } from '../deployment.ts';
import { createResourceNames } from './access/resource-names.ts';
import { startCognito } from './cognito/cognito.ts';
import { startDynamoDb } from './dynamodb/dynamodb.ts';
import type { ServiceName } from './gateway/aws-answer.ts';
import type { CallLog } from './gateway/call-log.ts';
import type { createCredentialIssuer } from './gateway/credentials.ts';
import { createDispatcher, type StandIn } from './gateway/dispatcher.ts';
import type { FaultPlan } from './gateway/fault-plan.ts';
import type { createGateway } from './gateway/gateway.ts';
import { createAuthorizer, type Authorizer, type Caller } from './iam/authorizer.ts';
import type { LocalAwsLog, QueueDepth, SentMessage } from './local-aws.ts';
import { BrowserSessions } from './login/browser-sessions.ts';
import { Grants } from './login/grants.ts';
import type { createLoginServer } from './login/login-server.ts';
import { deliver } from './scheduler/delivery.ts';
import { startScheduler, type FiringTimes } from './scheduler/scheduler.ts';
import { createSes, type Mailbox } from './ses/ses.ts';
import { createSecretsManager } from './secrets/secrets-manager.ts';
import { SecretStore } from './secrets/secret-store.ts';
import { createCloudFront, createLambda, createSns, createSsm, createSts } from './account/account.ts';
import { createAlarms } from './cloudwatch/alarms.ts';
import { startCloudWatch } from './cloudwatch/cloudwatch.ts';
import { startS3 } from './s3/s3.ts';
import { startSqs } from './sqs/sqs.ts';
import type { StateDatabase } from './state-database.ts';

export interface StandIns {
  readonly roleArns: ReadonlySet<string>;
  readonly mailbox: Mailbox;
  queues(): readonly QueueDepth[];
  secretValue(nameOrArn: string): string | undefined;
  fireSchedule(groupName: string, name: string): void;
  stop(): Promise<void>;
}

interface DeployParts {
  readonly stateDirectory: string;
  readonly applicationName: string;
  readonly firingTimes: FiringTimes;
  readonly mailDomains: readonly string[];
  readonly onLog: (entry: LocalAwsLog) => void;
  readonly onMessage?: (message: SentMessage) => void;
  readonly state: StateDatabase;
  readonly log: CallLog;
  readonly faults: FaultPlan;
  readonly credentials: ReturnType<typeof createCredentialIssuer>;
  readonly gateway: ReturnType<typeof createGateway>;
  readonly login: ReturnType<typeof createLoginServer>;
}

/** Where a secret is missing, for the error. */
const DISTRIBUTION = { stack: 'app', resource: 'distribution', property: 'Origins' };

const LOGIN_SWEEP_MS = 10 * 60_000;

type Ending = () => Promise<void> | void;

/**
 * Starts every stand-in for what the deployment says, and opens gateway and login when all are ready. What was started
 * ends again when something fails.
 */
export async function deployStandIns(
  parts: DeployParts,
  deployment: Deployment,
  secretValues: Readonly<Record<string, string>>,
): Promise<StandIns> {
  const endings: Ending[] = [];
  const stop = async (): Promise<void> => {
    for (const end of endings.splice(0).toReversed()) await end();
  };
  try {
    return { ...(await start(parts, deployment, secretValues, endings)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  parts: DeployParts,
  deployment: Deployment,
  secretValues: Readonly<Record<string, string>>,
  endings: Ending[],
): Promise<Omit<StandIns, 'stop'>> {
  const { state, stateDirectory, applicationName, onLog } = parts;
  const names = createResourceNames(deployment);
  const authorizer = createAuthorizer(deployment);
  refuseFunctionsWithoutRole(deployment, authorizer);
  const callers = createCallers(deployment, parts.credentials);
  const roles = new Map(deployment.roles.map((role) => [role.arn, role]));

  const dynamodb = await startDynamoDb(stateDirectory, deployment, names, onLog);
  endings.push(() => dynamodb.stop());
  const sqs = await startSqs(state, deployment, names, ({ body, messageAttributes }) =>
    parts.onMessage?.({ body, messageAttributes }),
  );
  endings.push(() => sqs.stop());
  const alarms = createAlarms({ documents: state, deployment, authorizer, now: Date.now });
  const cloudwatch = startCloudWatch(state, () => sqs.depths(), Date.now, alarms);
  endings.push(() => cloudwatch.stop());
  const s3 = await startS3(stateDirectory, deployment, names);
  endings.push(() => s3.stop());
  const secrets = new SecretStore(state);
  for (const secret of deployment.secrets) secrets.deploy(secret, secretValues[secret.name]);
  const currentSecret = (nameOrArn: string): string | undefined =>
    secrets.find(nameOrArn)?.versions.find((version) => version.stages.includes('AWSCURRENT'))?.string;
  const { signOut, ...sessions } = startLoginSessions(state, endings);
  const cognito = await startCognito({ stateDirectory, documents: state, deployment, names, signOut, onLog });

  const clock = { now: Date.now, random: Math.random };
  const scheduler = startScheduler({
    ...clock,
    documents: state,
    deployment,
    names,
    whyNotAssumable: (roleArn, groupName) => {
      const role = roles.get(roleArn);
      const groupArn = names.arn('scheduler', `schedule-group/${groupName}`);
      return role === undefined
        ? `There is no role ${roleArn}.`
        : authorizer.mayAssume('scheduler.amazonaws.com', role, groupArn)?.message;
    },
    deliver: (schedule, scheduledTime, signal) => deliver(delivery, schedule, scheduledTime, signal),
    firingTimes: parts.firingTimes,
    onLog,
  });
  endings.push(() => scheduler.stop());
  const ses = createSes(state, names, parts.mailDomains, Date.now);
  const standIns: Record<ServiceName, StandIn> = {
    dynamodb: dynamodb.standIn,
    sqs: sqs.standIn,
    s3: s3.standIn,
    secretsmanager: createSecretsManager(secrets, names),
    scheduler: scheduler.standIn,
    ses: ses.standIn,
    'cognito-idp': cognito.standIn,
    cloudwatch: cloudwatch.standIn,
    sts: createSts(deployment),
    ssm: createSsm(names),
    lambda: createLambda(deployment),
    cloudfront: createCloudFront(deployment, (text) =>
      resolveDynamicReferences(text, currentSecret, DISTRIBUTION),
    ),
    sns: createSns(deployment),
  };
  const dispatch = createDispatcher({ authorizer, standIns, log: parts.log, faults: parts.faults, onLog });
  const delivery = {
    ...clock,
    dispatch,
    authorizer,
    roleOf: (arn: string) => roles.get(arn),
    callerOf: (role: { readonly arn: string }) => callers.ofRole(role.arn),
    names,
    refused: parts.log.refuse.bind(parts.log),
    onLog,
  };
  const { directory } = cognito;
  await parts.login.open({
    ...sessions,
    applicationName,
    deployment,
    documents: state,
    directory,
    mailbox: ses.mailbox,
    now: Date.now,
  });
  parts.gateway.open({
    dispatch,
    callerOf: callers.byAccessKey,
    secretOf: callers.secretOf,
    region: deployment.region,
    now: Date.now,
  });

  return {
    roleArns: new Set(roles.keys()),
    mailbox: ses.mailbox,
    queues: () => sqs.depths(),
    fireSchedule: (groupName, name) => scheduler.fire(groupName, name),
    secretValue: currentSecret,
  };
}

/** Refresh tokens, which Cognito's API can end, and browser sessions, which it cannot. */
function startLoginSessions(
  state: StateDatabase,
  endings: Ending[],
): {
  readonly grants: Grants;
  readonly browsers: BrowserSessions;
  readonly signOut: (poolId: string, username: string) => void;
} {
  const grants = new Grants(state, Date.now);
  const browsers = new BrowserSessions(state, Date.now);
  const sweep = setInterval(() => {
    grants.sweep();
    browsers.sweep();
  }, LOGIN_SWEEP_MS);
  sweep.unref();
  endings.push(() => {
    clearInterval(sweep);
  });
  const signOut = (poolId: string, username: string): void => {
    grants.signOut(poolId, username);
  };
  return { grants, browsers, signOut };
}

/** CloudFormation would not make such a function: "The role defined for the function cannot be assumed by Lambda." */
function refuseFunctionsWithoutRole(deployment: Deployment, authorizer: Authorizer): void {
  for (const { path, roleArn } of deployment.functions) {
    const role = deployment.roles.find((candidate) => candidate.arn === roleArn);
    const refusal =
      role === undefined ? undefined : authorizer.mayAssume('lambda.amazonaws.com', role, undefined);
    if (role === undefined || refusal !== undefined) {
      const why = refusal?.message ?? `There is no role ${roleArn}.`;
      throw new Error(`${path}: the role defined for the function cannot be assumed by Lambda. ${why}`);
    }
  }
}

function createCallers(
  deployment: Deployment,
  credentials: DeployParts['credentials'],
): {
  readonly byAccessKey: (accessKeyId: string) => Caller | undefined;
  readonly secretOf: (accessKeyId: string) => string | undefined;
  readonly ofRole: (roleArn: string) => Caller;
} {
  const functionNames = new Map(deployment.functions.map((lambda) => [lambda.roleArn, lambda.name]));
  const byRole = new Map(
    deployment.roles.map((role): [string, Caller] => [
      role.arn,
      { kind: 'role', name: functionNames.get(role.arn) ?? role.name, role },
    ]),
  );
  const operator: Caller = { kind: 'operator', name: 'operator' };
  const byKey = new Map<string, Caller>();
  const secrets = new Map<string, string>();
  for (const [roleArn, caller] of [['operator', operator] as const, ...byRole]) {
    const { accessKeyId, secretAccessKey } = credentials(roleArn);
    byKey.set(accessKeyId, caller);
    secrets.set(accessKeyId, secretAccessKey);
  }
  return {
    byAccessKey: (accessKeyId) => byKey.get(accessKeyId),
    secretOf: (accessKeyId) => secrets.get(accessKeyId),
    ofRole: (roleArn) => {
      const caller = byRole.get(roleArn);
      if (caller === undefined) throw new Error(`There is no role ${roleArn}.`);
      return caller;
    },
  };
}
