import type { Given, StageCommand, World } from './command.ts';
import { checkBeforeDeployment } from './preflight.ts';
import { smokeTest } from './smoke.ts';
import type { StageAccess } from './stage-access.ts';
import { StoppedError } from './stopped.ts';

/** In the order of what needs what. */
const STACKS = ['Data', 'Sync', 'Web', 'Observability'] as const;

export const stacksOf = (stageName: string): readonly string[] =>
  STACKS.map((stack) => `CoachDashboard-${stageName}-${stack}`);

interface Parts {
  readonly preflight: (access: StageAccess, world: World) => Promise<boolean>;
  readonly smoke: (access: StageAccess, given: Given, world: World) => Promise<boolean>;
}

/** Whether the person at the terminal, or `--yes`, wants it. */
async function isWanted(name: string, { yes }: Given, { ask }: World): Promise<boolean> {
  if (yes) return true;
  if (ask === undefined) return false;
  return (await ask(`Deploy this? Type the name of the stage (${name}): `)).trim() === name;
}

export async function deployStage(
  { preflight, smoke }: Parts,
  access: StageAccess,
  given: Given,
  world: World,
): Promise<boolean> {
  const { name, stage, local } = access;
  const context = ['-c', `stage=${stage.name}`, '-c', 'deploy=true'];
  world.print(`1. Before a deployment of ${name}:`);
  if (!(await preflight(access, world)))
    throw new StoppedError(
      'The stage is not ready to be deployed.',
      'Do what is said above, then run this again.',
    );

  if (local === undefined) {
    world.print('2. What would change:');
    if ((await world.runProgram('cdk', ['diff', ...context])) !== 0)
      throw new StoppedError('`cdk diff` failed.', 'Read what it said above, then run this again.');
  } else world.print('2. Left out: the local stack deploys itself when it starts.');
  if (!(await isWanted(name, given, world))) {
    world.print('It would then deploy, one after the other:');
    for (const stack of stacksOf(stage.name)) world.print(`  - ${stack}`);
    world.print(
      'and try the result (npm run smoke). Nothing was deployed. With --yes it does so without asking.',
    );
    return true;
  }

  if (local === undefined) {
    world.print(`3. Deploying ${stacksOf(stage.name).join(', ')}:`);
    const deploy = ['deploy', ...stacksOf(stage.name), '--require-approval', 'never', ...context];
    if ((await world.runProgram('cdk', deploy)) !== 0)
      throw new StoppedError(
        'The deployment failed; the stack that failed went back to what it was, those before it stay.',
        'Read what CloudFormation said above, mend it, and run this again: what is deployed is left alone.',
      );
  } else world.print('3. Left out, as well.');
  world.print('4. Trying it:');
  return smoke(access, { ...given, yes: true }, world);
}

export const deploy: StageCommand = {
  name: 'deploy',
  usage: '<stage> [--test-user <platform id>] [--yes]',
  about: [
    'Checks what the stage needs (npm run preflight), shows what would change, asks, deploys all stacks in their order',
    'and tries the result (npm run smoke, which sets two alarms off).',
    'Without a terminal and without --yes it shows the plan and stops.',
  ],
  anyAccount: true,
  options: { 'test-user': { type: 'string' } },
  run: (access, given, world) =>
    deployStage({ preflight: checkBeforeDeployment, smoke: smokeTest }, access, given, world),
};
