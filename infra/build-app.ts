import { App, Tags, Validations } from 'aws-cdk-lib';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { builtAssets } from './built-assets.ts';
import { describePlaceholders, isExampleAccount, placeholdersOf } from './placeholders.ts';
import { DataStack } from './stacks/data-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import { SyncStack } from './stacks/sync-stack.ts';
import { WebStack } from './stacks/web-stack.ts';
import { LIVE_GAME_PLATFORM_HOST, STAGES, type StageName, type StageSettings } from './stages.ts';

export interface BuildAppOptions {
  readonly stages: readonly StageName[];
  /** Folder of the cloud assembly. @default the CLI's, else a temporary folder */
  readonly outdir?: string;
  /** Another address of the vendor's API than the stage's. */
  readonly gamePlatformApiBaseUrl?: string;
  /** Other settings than those of the stages. */
  readonly settings?: Partial<Omit<StageSettings, 'name'>>;
  /** For a deployment: refuses every placeholder. @default whether the stage's account is a real one */
  readonly deploy?: boolean;
  /** Where the built functions and the built site are. @default 'dist' */
  readonly assetsDirectory?: string;
  /** Check the templates against CloudFormation's rules and cdk-nag's: some 7 seconds of computing. @default true */
  readonly checked?: boolean;
}

/**
 * The feature flags are set here and not in `cdk.json`, so that the CLI, the local stack and the tests synthesize the
 * same templates. References between stacks are exports, except those to what holds data: a resource in use cannot be
 * deleted by mistake, and the order of two deployments cannot leave one stack pointing at nothing.
 */
const CONTEXT = {
  ...featureFlags,
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
};

/**
 * Four stacks per stage, split by life span. A finding of the checks makes `synth()` throw.
 *
 * @throws {Error} when `assetsDirectory` holds no built functions or no built site, and for a stage that may not be
 * deployed as it is: with placeholders, or with the platform's live address without being `prod`
 */
export function buildApp(options: BuildAppOptions): App {
  const assets = builtAssets(options.assetsDirectory ?? 'dist');
  const checked = options.checked ?? true;
  const app = new App({
    analyticsReporting: false,
    context: CONTEXT,
    builtinCloudFormationValidation: checked,
    ...(options.outdir === undefined ? {} : { outdir: options.outdir }),
  });
  if (checked) Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));

  for (const name of options.stages) {
    const stage = withVendorAddress({ ...STAGES[name], ...options.settings }, options.gamePlatformApiBaseUrl);
    refuseLiveVendor(stage);
    // With an example's account nothing can be deployed, so that the stages as they come can be looked at.
    if (options.deploy ?? !isExampleAccount(stage.account)) refusePlaceholders(stage);
    const props = { stage, env: { account: stage.account, region: stage.region } };
    const id = `CoachDashboard-${name}`;
    const data = new DataStack(app, `${id}-Data`, props);
    const sync = new SyncStack(app, `${id}-Sync`, { ...props, data, assets });
    const web = new WebStack(app, `${id}-Web`, { ...props, data, sync, assets });
    const observability = new ObservabilityStack(app, `${id}-Observability`, { ...props, data, sync, web });
    // What a stack knows by name tells CDK nothing of the order.
    for (const later of [sync, web, observability]) later.addStackDependency(data);
    web.addStackDependency(sync);
    for (const later of [sync, web]) observability.addStackDependency(later);
    for (const stack of [data, sync, web, observability]) {
      Tags.of(stack).add('product', 'coach-dashboard');
      Tags.of(stack).add('stage', name);
    }
  }
  return app;
}

function withVendorAddress(stage: StageSettings, address: string | undefined): StageSettings {
  if (address === undefined) return stage;
  if (!URL.canParse(address))
    throw new Error(`gamePlatformApiBaseUrl must be an absolute URL, not "${address}".`);
  return { ...stage, gamePlatformApiBaseUrl: address };
}

/** With a real token, another stage would put its invented teams onto the live platform, or take real ones apart. */
function refuseLiveVendor({ name, gamePlatformApiBaseUrl }: StageSettings): void {
  if (name === 'prod' || new URL(gamePlatformApiBaseUrl).hostname !== LIVE_GAME_PLATFORM_HOST) return;
  throw new Error(
    `"${name}" may not talk to the live game platform at ${LIVE_GAME_PLATFORM_HOST}: enter a sandbox's address as gamePlatformApiBaseUrl.`,
  );
}

function refusePlaceholders(stage: StageSettings): void {
  const placeholders = placeholdersOf(stage);
  if (placeholders.length === 0) return;
  throw new Error(
    `"${stage.name}" cannot be deployed with the placeholders of infra/stages.ts:\n${describePlaceholders(placeholders)}`,
  );
}
