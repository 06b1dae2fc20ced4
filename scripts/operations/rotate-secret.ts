import { randomBytes } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager';
import { KEEP_MS } from '#shared/http/origin-secret.ts';
import { createSecretReader } from '#shared/kernel/secret-reader.ts';
import { printPlan, type Given, type StageCommand, type World } from './command.ts';
import { secretNames, secretsOf, siteOf, type DeployedSite, type StageAccess } from './stage-access.ts';
import { StoppedError, UsageError } from './stopped.ts';
import { tryToken } from './vendor.ts';

interface OriginValues {
  readonly current: string | null;
  readonly previous: string | null;
}

/**
 * Where a rotation of the origin secret stands. Functions take the current value and the one before: a second new value
 * before CloudFront sends the first would lock everybody out.
 */
export type OriginState =
  /** CloudFront sends the current value: a rotation may begin. */
  | 'in_step'
  /** There is a new value, and CloudFront still sends the one before. */
  | 'put'
  /** CloudFront sends a value that the functions do not take any more. */
  | 'locked_out';

export function originState(
  { originValue }: Pick<DeployedSite, 'originValue'>,
  values: OriginValues,
): OriginState {
  if (originValue !== undefined && originValue === values.current) return 'in_step';
  return originValue !== undefined && originValue === values.previous ? 'put' : 'locked_out';
}

/** What is left to wait until each function has read a value that was put at `putAt`. */
export const leftToWait = (putAt: Date, now: Date): number =>
  Math.max(0, putAt.getTime() + KEEP_MS - now.getTime());

const NEW_VALUE_BYTES = 24;

async function originValues(access: StageAccess): Promise<OriginValues & { readonly putAt: Date }> {
  const client = secretsOf(access);
  const name = secretNames(access.stage).origin;
  const current = await client.send(new GetSecretValueCommand({ SecretId: name }));
  return {
    current: current.SecretString ?? null,
    previous: await createSecretReader(client)(name, 'AWSPREVIOUS'),
    putAt: current.CreatedDate ?? new Date(0),
  };
}

async function deployedSite(access: StageAccess): Promise<DeployedSite> {
  const site = await siteOf(access);
  if (site !== undefined) return site;
  throw new StoppedError(
    'The stage has no distribution yet, so that nothing sends the secret.',
    `Deploy it first: npm run deploy -- ${access.name}.`,
  );
}

const PLAN_AFTER_VALUE = [
  'wait until every function has read it beside the old one (five minutes)',
  'deploy the Web stack with a raised `originSecretGeneration`, which makes CloudFront send it',
  'see that CloudFront sends it and the API takes it',
];

async function rotateOrigin(access: StageAccess, given: Given, world: World): Promise<boolean> {
  const site = await deployedSite(access);
  const before = await originValues(access);
  const state = originState(site, before);
  if (!given.yes)
    return printPlan(world, [
      ...(state === 'in_step' ? ['put a new random value beside the current one'] : []),
      ...PLAN_AFTER_VALUE.slice(state === 'locked_out' ? 1 : 0),
    ]);
  if (state === 'in_step') {
    const value = randomBytes(NEW_VALUE_BYTES).toString('hex');
    await secretsOf(access).send(
      new PutSecretValueCommand({ SecretId: secretNames(access.stage).origin, SecretString: value }),
    );
    world.print('  done     put a new value; functions take it and the one before');
  } else if (state === 'put') world.print('  done     a new value is there since an earlier run');
  else
    world.print(
      '  problem  CloudFront sends a value that the secret no longer has: the API refuses everybody until the Web stack is deployed',
    );

  if (state !== 'locked_out') {
    const wait = leftToWait((await originValues(access)).putAt, world.now());
    if (wait > 0) {
      world.print(`  wait     ${Math.ceil(wait / 1_000)} s, until every function has read it`);
      await world.sleep(wait);
    }
  }
  await deployWeb(access, site, world);
  return confirmOrigin(access, world);
}

/** CloudFormation does not notice a new value by itself: a changed generation makes it read the secret again. */
async function deployWeb(access: StageAccess, site: DeployedSite, world: World): Promise<void> {
  const { stage, local, name } = access;
  const deployed = site.originGeneration ?? 0;
  if (local !== undefined)
    throw new StoppedError(
      'The local stack sends a new value when it starts.',
      'End `npm start`, start it again, and run this once more without --yes to see that nothing is left.',
    );
  if (stage.originSecretGeneration <= deployed)
    throw new StoppedError(
      `${name} was deployed with originSecretGeneration ${deployed}, and infra/stages.ts says ${stage.originSecretGeneration}.`,
      `Set it to ${deployed + 1} in infra/stages.ts, commit that, and run this again: it goes on with the deployment.`,
    );
  const code = await world.runProgram('cdk', [
    'deploy',
    `CoachDashboard-${stage.name}-Web`,
    '--exclusively',
    '--require-approval',
    'never',
    '-c',
    `stage=${stage.name}`,
    '-c',
    'deploy=true',
  ]);
  if (code !== 0)
    throw new StoppedError(
      'The Web stack was not deployed.',
      'Read what CloudFormation said above. CloudFront sends the value before, which the API takes: nothing is broken. Run this again.',
    );
}

async function confirmOrigin(access: StageAccess, world: World): Promise<boolean> {
  const site = await deployedSite(access);
  if (originState(site, await originValues(access)) !== 'in_step')
    throw new StoppedError(
      'CloudFront does not send the new value after the deployment.',
      'Wait until the distribution is deployed (CloudFront console), then run this again without --yes.',
    );
  const { status } = await fetch(`${site.url}/api/health`, { signal: AbortSignal.timeout(30_000) });
  if (status !== 200)
    throw new StoppedError(
      `CloudFront sends the new value, and the API answers ${status}.`,
      'Wait five minutes and try the site. If it stays: the log of public-api.',
    );
  world.print('  done     CloudFront sends the new value, and the API takes it');
  world.print('The value before is taken until the next rotation: after a leak, do it all once more.');
  return true;
}

/** What an HTTP header can carry. */
const USABLE_TOKEN = /^[\x21-\x7e]{1,8192}$/;

async function readToken({ ask, readInput, print }: World): Promise<string> {
  const text = ask === undefined ? await readInput() : await ask('The new token (it is not shown): ', true);
  const token = text.trim();
  if (USABLE_TOKEN.test(token)) return token;
  print(token === '' ? 'No token was given.' : 'A token has no spaces and no letters beyond ASCII.');
  throw new UsageError('Give the token at the prompt, or on standard input: `… vendor --yes < token.txt`.');
}

async function rotateVendor(access: StageAccess, given: Given, world: World): Promise<boolean> {
  const { token: name } = secretNames(access.stage);
  if (!given.yes)
    return printPlan(world, [
      'read the new token from standard input or a prompt, never from the command line',
      `try it with one call that reads, at ${new URL(access.stage.gamePlatformApiBaseUrl).host}`,
      `put it into the secret ${name}`,
    ]);
  const token = await readToken(world);
  const trial = await tryToken(access, token);
  if (trial.kind === 'token_refused')
    throw new StoppedError(
      'The platform refuses this token; the one in use was left alone.',
      'Check that it is whole and meant for this address, then run this again.',
    );
  if (trial.kind === 'unknown' && !given.flag('untried'))
    throw new StoppedError(
      `The token could not be tried: ${trial.why}`,
      'Run this again when the platform answers, or with --untried to put it all the same.',
    );
  if (trial.kind === 'answered') world.print('  done     the platform takes it');
  const client = secretsOf(access);
  if ((await createSecretReader(client)(name)) === token) {
    world.print('It is the token in use already: nothing to do.');
    return true;
  }
  try {
    await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: token }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new StoppedError(
      'The stage has no secret yet.',
      `Deploy it first: npm run deploy -- ${access.name}.`,
    );
  }
  world.print('  done     put it');
  world.print(
    `Functions read it after the first call that the platform refuses, after a quarter of an hour at the latest; nothing is deployed. npm run smoke -- ${access.name} tells that it works, and so does the next score sync on the jobs page.`,
  );
  return true;
}

export const rotateSecret: StageCommand = {
  name: 'rotate-secret',
  usage: '<stage> origin|vendor [--untried] [--yes]',
  about: [
    'origin: a new value of what CloudFront sends to the API, and the deployment that makes CloudFront send it.',
    'vendor: a new token of the game platform, read from standard input or a prompt, tried and put. --untried puts it',
    'also when the platform does not answer.',
    'A run that broke off is completed by the next one. Without --yes it only says what it would do.',
  ],
  takes: 1,
  options: { untried: { type: 'boolean', default: false } },
  run: (access, given, world) => {
    const [which] = given.positionals;
    if (which === 'origin') return rotateOrigin(access, given, world);
    if (which === 'vendor') return rotateVendor(access, given, world);
    throw new UsageError('The second argument is origin or vendor.');
  },
};
