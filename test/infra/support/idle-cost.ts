import { METRICS } from '#shared/kernel/metric-names.ts';
import { POLLS_OF_A_QUEUE, type CostLine } from '#test/support/aws-prices.ts';
import type { SynthesizedStage } from './synthesized-stage.ts';

/** What a stage costs a month while nobody is there, by what its templates have. */
export function idleCost({ resources }: Pick<SynthesizedStage, 'resources'>): readonly CostLine[] {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const alarmMetrics = ofType('AWS::CloudWatch::Alarm').reduce((sum, { properties: { Metrics } }) => {
    const metrics: readonly unknown[] = Array.isArray(Metrics) ? Metrics : [];
    const own = metrics.filter((metric) => 'MetricStat' in Object(metric)).length;
    return sum + (Array.isArray(Metrics) ? own : 1);
  }, 0);
  const rules = ofType('AWS::WAFv2::WebACL').flatMap(({ properties: { Rules } }): readonly unknown[] =>
    Array.isArray(Rules) ? Rules : [],
  );
  const queues = ofType('AWS::Lambda::EventSourceMapping').length;
  return [
    { item: 'alarms', quantity: alarmMetrics, price: 'alarmMetric' },
    { item: 'metrics of the product', quantity: Object.keys(METRICS).length, price: 'customMetric' },
    { item: 'keys', quantity: ofType('AWS::KMS::Key').length, price: 'key' },
    { item: 'secrets', quantity: ofType('AWS::SecretsManager::Secret').length, price: 'secret' },
    { item: 'queues that are polled', quantity: queues * POLLS_OF_A_QUEUE, price: 'queueRequest' },
    { item: 'firewall', quantity: ofType('AWS::WAFv2::WebACL').length, price: 'firewall' },
    { item: 'rules of the firewall', quantity: rules.length, price: 'firewallRule' },
  ];
}
