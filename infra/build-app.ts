import { App, Tags, Validations } from 'aws-cdk-lib';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { builtAssets } from './built-assets.ts';
import { DataStack } from './stacks/data-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import { SyncStack } from './stacks/sync-stack.ts';
import { WebStack } from './stacks/web-stack.ts';
import { STAGES, type StageName, type StageSettings } from './stages.ts';

export interface BuildAppOptions {
  readonly stages: readonly StageName[];
  /** Folder of the cloud assembly. @default the CLI's, else a temporary folder */
  readonly outdir?: string;
  /** Another address of the vendor's API than the stage's. */
  readonly gamePlatformApiBaseUrl?: string;
  /** Where the built functions and the built site are. @default 'dist' */
  readonly assetsDirectory?: string;
  /** Check the templates against CloudFormation's rules and cdk-nag's: some 7 seconds of computing. @default true */
  readonly checked?: boolean;
}

/**
 * The feature flags are set here and not in `cdk.json`, so that the CLI, the local stack and the tests synthesize the
 * same templates. References between stacks are exports: a resource in use cannot be deleted by mistake, and the
 * order of two deployments cannot leave one stack pointing at nothing.
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
 * @throws {Error} when `assetsDirectory` holds no built functions or no built site
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
    const stage = withVendorAddress(STAGES[name], options.gamePlatformApiBaseUrl);
    const props = { stage, env: { account: stage.account, region: stage.region } };
    const id = `CoachDashboard-${name}`;
    const data = new DataStack(app, `${id}-Data`, props);
    const sync = new SyncStack(app, `${id}-Sync`, { ...props, data, assets });
    const web = new WebStack(app, `${id}-Web`, { ...props, data, sync, assets });
    const observability = new ObservabilityStack(app, `${id}-Observability`, { ...props, data, sync, web });
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
