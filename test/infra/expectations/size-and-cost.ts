import { expect, it } from 'vitest';
import { METRICS } from '#shared/kernel/metric-names.ts';
import type { SynthesizedStage } from '../support/synthesized-stage.ts';

/** AWS's list prices in us-east-1 of what costs money while nothing happens, dollars a month. */
const PRICES = {
  alarmMetric: 0.1,
  customMetric: 0.3,
  key: 1,
  secret: 0.4,
  polledQueue: 0.2,
  firewall: 5,
  firewallRule: 1,
};
/** An account's first ten of each cost nothing. */
const FREE = 10;
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
    const alarmMetrics = stage.ofType('AWS::CloudWatch::Alarm').reduce((sum, { properties }) => {
      const { Metrics } = properties;
      return (
        sum + (Array.isArray(Metrics) ? Metrics.filter((metric) => 'MetricStat' in Object(metric)).length : 1)
      );
    }, 0);
    const rules = stage.resources
      .filter(({ type }) => type === 'AWS::WAFv2::WebACL')
      .flatMap(({ properties }) => properties['Rules'] as readonly unknown[]);
    const idle =
      Math.max(0, alarmMetrics - FREE) * PRICES.alarmMetric +
      Math.max(0, Object.keys(METRICS).length - FREE) * PRICES.customMetric +
      count('AWS::KMS::Key') * PRICES.key +
      count('AWS::SecretsManager::Secret') * PRICES.secret +
      count('AWS::Lambda::EventSourceMapping') * PRICES.polledQueue +
      count('AWS::WAFv2::WebACL') * PRICES.firewall +
      rules.length * PRICES.firewallRule;
    expect(idle).toBeLessThan(LIMITS[stage.name]);
  });

  it('have no composite alarm, no reserved capacity and nothing else that costs by the hour', () => {
    for (const type of ['AWS::CloudWatch::CompositeAlarm', 'AWS::EC2::NatGateway', 'AWS::Lambda::Version']) {
      expect(count(type), type).toBe(0);
    }
  });
}
