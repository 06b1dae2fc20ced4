import { deployStandIns, type StandIns } from './deploy.ts';
import type { AwsFault, Deployment, LocalAddresses } from '../deployment.ts';
import { CallLog } from './gateway/call-log.ts';
import { createCredentialIssuer } from './gateway/credentials.ts';
import { FaultPlan } from './gateway/fault-plan.ts';
import { createGateway } from './gateway/gateway.ts';
import { closeServer, listen } from './listen.ts';
import { createLoginServer } from './login/login-server.ts';
import type { FiringTimes } from './scheduler/scheduler.ts';
import type { StoredMail } from './ses/ses.ts';
import { StateDatabase } from './state-database.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface LocalAwsOptions {
  /** Everything that survives a restart is kept under this folder; it is made when missing. */
  readonly stateDirectory: string;
  /** Shown on the pages of the managed login. */
  readonly applicationName: string;
  /** Port of the AWS gateway on 127.0.0.1; a free one when undefined. A taken port is an error. */
  readonly awsPort?: number;
  /** Port of the managed login on 127.0.0.1; a free one when undefined. A taken port is an error. */
  readonly loginPort?: number;
  /** Domains that emails may come from. @default none */
  readonly mailDomains?: readonly string[];
  /** When schedules fire. */
  readonly firingTimes: FiringTimes;
  /** Lines a person may want to read. Never names, email addresses, passwords or payloads. */
  readonly onLog: (entry: LocalAwsLog) => void;
  /** Each message when it enters a queue. */
  readonly onMessage?: (message: SentMessage) => void;
}

export interface SentMessage {
  readonly body: string;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
}

export interface LocalAwsLog {
  readonly level: 'info' | 'warning' | 'error';
  /** `gateway`, `dynamodb`, `sqs`, `scheduler`, `cognito`, … */
  readonly source: string;
  readonly message: string;
}

/** One call that reached the gateway. Resources are ARNs; nothing of the body is kept. */
export interface AwsCall {
  readonly at: number;
  /** Name of the function whose role called, else of the role; `operator` for {@link LocalAws.operatorCredentials}. */
  readonly caller: string;
  /** IAM prefix: `dynamodb`, `sqs`, `s3`, `secretsmanager`, `scheduler`, `ses`, `cognito-idp`, `cloudwatch`. */
  readonly service: string;
  /** API operation with the prefix, for example `dynamodb:TransactWriteItems`. */
  readonly action: string;
  readonly resources: readonly string[];
  readonly allowed: boolean;
  /** HTTP status that the caller saw; 0 when the answer was cut off. */
  readonly status: number;
  readonly fault: AwsFault['kind'] | undefined;
  /** Milliseconds from the request to the end of the answer. */
  readonly ms: number;
}

/** A call that AWS would have refused, told once for each caller, action and resource. */
export interface AwsRefusal {
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  /** AWS's own wording: "User: arn:… is not authorized to perform: …". */
  readonly message: string;
}

export interface QueueDepth {
  readonly name: string;
  readonly arn: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface LocalAws {
  /**
   * Where the gateway and the managed login listen, known before anything is deployed, because the template's URLs
   * are made of them: queue URLs are `<awsUrl>/<accountId>/<name>`, a user pool's issuer `<loginUrl>/<poolId>`, its
   * login `<loginUrl>`.
   */
  readonly addresses: Pick<LocalAddresses, 'awsUrl' | 'loginUrl'>;
  /**
   * Makes what the deployment says: tables, queues, buckets, secrets, user pools with clients and groups, schedule groups.
   * What exists already keeps its data. Until it has resolved, every AWS call is answered 503. Call it once.
   *
   * @param secretValues values by secret name that win over the template's for secrets that have none yet
   * @throws {Error} when a table exists with another key schema, or a stand-in cannot start
   */
  deploy(deployment: Deployment, secretValues: Readonly<Record<string, string>>): Promise<void>;
  /** The access key of a role, the same at every call; the gateway knows the caller by it. Throws for an unknown role. */
  credentialsFor(roleArn: string): AwsCredentials;
  /** May do everything. For the CLI, seeding and tests, never for a function. */
  readonly operatorCredentials: AwsCredentials;
  injectFault(fault: AwsFault): void;
  clearFaults(): void;
  /** The last few thousand calls, oldest first. */
  calls(): readonly AwsCall[];
  /** Each refusal once, oldest first. */
  refusals(): readonly AwsRefusal[];
  /** Called once for each new refusal; returns how to stop listening. */
  onRefusal(listener: (refusal: AwsRefusal) => void): () => void;
  queues(): readonly QueueDepth[];
  /** Current value of a secret, for resolving `{{resolve:secretsmanager:…}}`; undefined when there is none. */
  secretValue(nameOrArn: string): string | undefined;
  /** What was sent, newest first; the login shows it at `/mailbox`. */
  emails(): readonly StoredMail[];
  /** Fires a schedule out of turn, as if it were due now, with its role and its retries. */
  fireSchedule(groupName: string, name: string): void;
  /** Ends every server and child process; what was acknowledged is on disk. */
  stop(): Promise<void>;
}

/** Binds the two ports. Nothing of AWS exists until {@link LocalAws.deploy}. */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const state = new StateDatabase(options.stateDirectory);
  const gateway = createGateway();
  const login = createLoginServer();
  const log = new CallLog();
  const faults = new FaultPlan();
  const credentials = createCredentialIssuer(state);
  let standIns: StandIns | undefined;

  const closeServers = (): Promise<unknown> =>
    Promise.all([closeServer(gateway.server), closeServer(login.server)]);
  let ports: readonly [number, number];
  try {
    ports = [await listen(gateway.server, options.awsPort), await listen(login.server, options.loginPort)];
  } catch (error) {
    await closeServers();
    state.close();
    throw error;
  }

  return {
    addresses: { awsUrl: `http://127.0.0.1:${ports[0]}`, loginUrl: `http://127.0.0.1:${ports[1]}` },
    deploy: async (deployment, secretValues) => {
      if (standIns !== undefined) throw new Error('Something is deployed already.');
      const parts = { mailDomains: [], ...options, state, log, faults, credentials, gateway, login };
      standIns = await deployStandIns(parts, deployment, secretValues);
    },
    credentialsFor: (roleArn) => {
      if (standIns?.roleArns.has(roleArn) !== true) throw new Error(`There is no role ${roleArn}.`);
      return credentials(roleArn);
    },
    // A new object each time: clients of the SDK write into what they are given.
    get operatorCredentials() {
      return credentials('operator');
    },
    injectFault: (fault) => {
      faults.inject(fault);
    },
    clearFaults: () => {
      faults.clear();
    },
    calls: () => log.calls(),
    refusals: () => log.refusals(),
    onRefusal: (listener) => log.onRefusal(listener),
    queues: () => standIns?.queues() ?? [],
    secretValue: (nameOrArn) => standIns?.secretValue(nameOrArn),
    emails: () => standIns?.mailbox.list() ?? [],
    fireSchedule: (groupName, name) => standIns?.fireSchedule(groupName, name),
    stop: async () => {
      await closeServers();
      await standIns?.stop();
      state.close();
    },
  };
}
