import { resolve } from 'node:path';
import { CloudFrontClient, paginateListDistributions } from '@aws-sdk/client-cloudfront';
import {
  CognitoIdentityProviderClient,
  DescribeUserPoolDomainCommand,
  ResourceNotFoundException,
  type DomainDescriptionType,
} from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DEFAULT_STATE } from '#infra/local/command-line.ts';
import { findRunning, type RunningStack } from '#infra/local/state/running-stack.ts';
import { STAGE_NAMES, STAGES, type StageSettings } from '#infra/stages.ts';
import { requestTimeouts } from '#shared/kernel/aws-requests.ts';
import { ORIGIN_VERIFY_HEADER } from '#shared/kernel/contract.ts';
import { documentClientOf, type Table } from '#shared/table/table.ts';
import { StoppedError, UsageError } from './stopped.ts';

/** A stage on AWS, or the local stack, which is the template of `dev` on this machine. */
export interface StageAccess {
  /** As it is typed: `dev`, `staging`, `prod` or `local`. */
  readonly name: string;
  readonly stage: StageSettings;
  /** The running local stack; undefined for a stage on AWS. */
  readonly local: RunningStack | undefined;
  /** What every client of the SDK is made with. */
  readonly settings: ReturnType<typeof clientSettings>;
}

const REQUEST_TIMEOUT_MS = 15_000;
const CONNECTION_TIMEOUT_MS = 5_000;

/** An operator's line may be slow, and waits rather than fails. */
const clientSettings = (region: string, local: RunningStack | undefined) => ({
  region,
  maxAttempts: 5,
  requestHandler: requestTimeouts(REQUEST_TIMEOUT_MS, CONNECTION_TIMEOUT_MS),
  ...(local === undefined
    ? {}
    : {
        endpoint: local.aws.url,
        credentials: { accessKeyId: local.aws.accessKeyId, secretAccessKey: local.aws.secretAccessKey },
      }),
});

/** @param state folder of the local stack */
export function openStage(name: string, state: string = DEFAULT_STATE): StageAccess {
  if (name === 'local') {
    const local = running(state);
    const stage = { ...STAGES.dev, gamePlatformApiBaseUrl: local.gamePlatformUrl };
    return { name, stage, local, settings: clientSettings(stage.region, local) };
  }
  const known = STAGE_NAMES.find((one) => one === name);
  if (known === undefined)
    throw new UsageError(`There is no stage "${name}"; the stages are ${STAGE_NAMES.join(', ')} and local.`);
  const stage = STAGES[known];
  return { name, stage, local: undefined, settings: clientSettings(stage.region, undefined) };
}

function running(state: string): RunningStack {
  try {
    return findRunning(resolve(state));
  } catch (error) {
    throw new StoppedError(
      error instanceof Error ? error.message : String(error),
      'Run `npm start` in another terminal, or name its folder with --state.',
    );
  }
}

export async function accountOf({ settings }: StageAccess): Promise<string> {
  const { Account: account = '' } = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
  return account;
}

/** @throws {StoppedError} when the credentials are those of another account than the stage's */
export async function confirmAccount(access: StageAccess): Promise<void> {
  const account = await accountOf(access);
  const { name, stage } = access;
  if (account === stage.account) return;
  throw new StoppedError(
    `The credentials are those of account ${account}; ${name} lives in ${stage.account}.`,
    'Sign in to the account of the stage (AWS_PROFILE), or correct `account` in infra/stages.ts.',
  );
}

/** The stage's table, or another one of its account. */
export const tableOf = ({ stage, settings }: StageAccess, name = stage.tableName): Table => ({
  name,
  client: documentClientOf(new DynamoDBClient(settings)),
});

/** Names of the stage's secrets. */
export const secretNames = ({ name }: Pick<StageSettings, 'name'>) => ({
  token: `coach-dashboard/${name}/game-platform-token`,
  origin: `coach-dashboard/${name}/origin-verify`,
});

export const secretsOf = ({ settings }: StageAccess): SecretsManagerClient =>
  new SecretsManagerClient(settings);

/** Who has the stage's login prefix, as far as Cognito tells this account; undefined: nobody. */
export async function loginDomainOf({
  stage,
  settings,
}: StageAccess): Promise<DomainDescriptionType | undefined> {
  try {
    const { DomainDescription: domain } = await new CognitoIdentityProviderClient(settings).send(
      new DescribeUserPoolDomainCommand({ Domain: stage.loginDomainPrefix }),
    );
    return domain?.UserPoolId === undefined ? undefined : domain;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** @throws {StoppedError} while the stage has none */
export async function userPoolOf(access: StageAccess): Promise<string> {
  const poolId = (await loginDomainOf(access))?.UserPoolId;
  if (poolId !== undefined) return poolId;
  throw new StoppedError(
    `No user pool of this account has the login prefix ${access.stage.loginDomainPrefix}.`,
    `Deploy the stage first: npm run deploy -- ${access.name}.`,
  );
}

/** What CloudFront says of the stage. */
export interface DeployedSite {
  readonly url: string;
  /** What it sends to the API, so that the API knows it. */
  readonly originValue: string | undefined;
  /** With which generation of the origin secret it was deployed last. */
  readonly originGeneration: number | undefined;
}

/** The distribution whose comment the Web stack writes; undefined before the first deployment. */
export async function siteOf({ stage, local, settings }: StageAccess): Promise<DeployedSite | undefined> {
  const comment = new RegExp(String.raw`^Coach Dashboard ${stage.name} \(origin secret (\d+)\)$`);
  for await (const page of paginateListDistributions({ client: new CloudFrontClient(settings) }, {})) {
    for (const { Comment: text = '', DomainName: host = '', Origins: origins } of page.DistributionList
      ?.Items ?? []) {
      const generation = comment.exec(text)?.[1];
      if (generation === undefined) continue;
      const header = (origins?.Items ?? [])
        .flatMap(({ CustomHeaders: headers }) => headers?.Items ?? [])
        .find(({ HeaderName: name }) => name?.toLowerCase() === ORIGIN_VERIFY_HEADER);
      return {
        url: local?.url ?? `https://${host}`,
        originValue: header?.HeaderValue,
        originGeneration: Number(generation),
      };
    }
  }
  return undefined;
}
