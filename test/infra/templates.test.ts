import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, STAGES } from '#infra/stages.ts';
import { alarms } from './expectations/alarms.ts';
import { api } from './expectations/api.ts';
import { clock } from './expectations/clock.ts';
import { data } from './expectations/data.ts';
import { edge } from './expectations/edge.ts';
import { functions } from './expectations/functions.ts';
import { keyUse } from './expectations/key-users.ts';
import { lifeSpan } from './expectations/life-span.ts';
import { permissions } from './expectations/permissions.ts';
import { queues } from './expectations/queues.ts';
import { release } from './expectations/release.ts';
import { signIn } from './expectations/sign-in.ts';
import { sizeAndCost } from './expectations/size-and-cost.ts';
import { synthesizeStages } from './support/synthesized-stage.ts';

// All stages once, with the checks, for all expectations: synthesizing is what takes the time here.
const { stages, report } = synthesizeStages(STAGE_NAMES);
/** Each stage as it is before or after it was established, whichever it is not. */
const others = stages.flatMap(
  ({ name, settings }) =>
    synthesizeStages([name], { settings: { established: !settings.established }, checked: false }).stages,
);

it("passes CloudFormation's and cdk-nag's rules without a finding", () => {
  expect(report.pluginReports).toEqual([]);
});

it('puts every stage into its own account, all in the region where WAF for CloudFront lives', () => {
  expect(new Set(Object.values(STAGES).map(({ account }) => account)).size).toBe(STAGE_NAMES.length);
  expect(new Set(Object.values(STAGES).map(({ region }) => region))).toEqual(new Set(['us-east-1']));
});

describe.each(stages.map((stage) => ({ name: stage.name, stage })))('$name', ({ stage }) => {
  describe('edge', () => {
    edge(stage);
  });
  describe('API', () => {
    api(stage);
  });
  describe('sign-in', () => {
    signIn(stage);
  });
  describe('queues', () => {
    queues(stage);
  });
  describe('clock', () => {
    clock(stage);
  });
  describe('functions', () => {
    functions(stage);
  });
  describe('permissions', () => {
    permissions(stage);
  });
  describe('use of the key', () => {
    keyUse(stage);
  });
  describe('data', () => {
    data(stage);
  });
  describe('life span', () => {
    lifeSpan(stage);
  });
  describe('the release', () => {
    release(stage);
  });
  describe('alarms', () => {
    alarms(stage);
  });
  describe('size and cost', () => {
    sizeAndCost(stage);
  });
});

describe.each(others.map((stage) => ({ name: stage.name, established: stage.settings.established, stage })))(
  '$name, established: $established',
  ({ stage }) => {
    describe('life span', () => {
      lifeSpan(stage);
    });
  },
);
