import { expect, it } from 'vitest';
import { billed, listPrice } from '#test/support/aws-prices.ts';
import { idleCost } from '../support/idle-cost.ts';
import type { SynthesizedStage } from '../support/synthesized-stage.ts';

const LIMITS = { dev: 4, staging: 14, prod: 14 } as const;

export function sizeAndCost(stage: SynthesizedStage): void {
  const count = (type: string) => stage.resources.filter((resource) => resource.type === type).length;

  it('stay far from the limits of a template', () => {
    for (const [stack, resources] of Map.groupBy(stage.resources, (resource) => resource.stack)) {
      expect(resources.length, stack).toBeLessThan(450);
    }
    for (const stack of ['Data', 'Sync', 'Web', 'Observability'] as const) {
      expect(stage.templateText(stack).length, stack).toBeLessThan(900_000);
    }
  });

  it('cost little while nobody is there', () => {
    const { queueRequest: polls = [], ...others } = Object.groupBy(idleCost(stage), ({ price }) => price);
    // Of the free requests, what the stage does needs its share.
    const polling = polls.reduce((sum, line) => sum + listPrice(line), 0);
    expect(polling + billed(Object.values(others).flat())).toBeLessThan(LIMITS[stage.name]);
  });

  it('have no composite alarm, no reserved capacity and nothing else that costs by the hour', () => {
    for (const type of ['AWS::CloudWatch::CompositeAlarm', 'AWS::EC2::NatGateway', 'AWS::Lambda::Version']) {
      expect(count(type), type).toBe(0);
    }
  });
}
