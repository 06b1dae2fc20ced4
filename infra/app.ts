/**
 * What `cdk` runs. `-c stage=dev` takes one stage, `-c gamePlatformApiBaseUrl=…` another vendor address, `-c deploy=true`
 * refuses placeholders whatever the account is.
 */
import { App } from 'aws-cdk-lib';
import { buildApp } from './build-app.ts';
import { STAGE_NAMES, type StageName } from './stages.ts';

const context = new App({ autoSynth: false }).node;

/** A value given with `-c name=value`; undefined when it was not given. */
function option(name: string): string | undefined {
  const value: unknown = context.tryGetContext(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function wantedStages(name: string | undefined): readonly StageName[] {
  if (name === undefined) return STAGE_NAMES;
  const stage = STAGE_NAMES.find((known) => known === name);
  if (stage === undefined)
    throw new Error(`There is no stage "${name}"; the stages are ${STAGE_NAMES.join(', ')}.`);
  return [stage];
}

const gamePlatformApiBaseUrl = option('gamePlatformApiBaseUrl');

buildApp({
  stages: wantedStages(option('stage')),
  ...(gamePlatformApiBaseUrl === undefined ? {} : { gamePlatformApiBaseUrl }),
  ...(option('deploy') === 'true' ? { deploy: true } : {}),
}).synth();
