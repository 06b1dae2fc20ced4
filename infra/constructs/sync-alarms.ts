import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  MathExpression,
  Stats,
  TreatMissingData,
  type Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { STOPPED_BY } from '#shared/kernel/metric-names.ts';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import type { StageSettings } from '../stages.ts';
import type { AlarmDefinition } from './alarm-definition.ts';
import { productMetric } from './product-metric.ts';

/** No one waits longer than this for their scores to be read; an admin's own `slaHours` moves no alarm. */
export const FRESHNESS_SLA = Duration.hours(DEFAULT_SYNC_SETTINGS.slaHours);
const FAILURE_RATE_PERCENT = 10;
/** Below this many reads in an hour a rate says nothing. */
const READS_WORTH_A_RATE = 20;

/** A roster edit has to have reached the platform by then. */
export const EDIT_PROMISE = Duration.seconds(60);

/**
 * The metric, `missing` where it has no sample (`whileBroken` where it has none because the breaker stops all calls, which
 * has an alarm of its own), and `whileOff` while an admin has processing switched off: what waits then waits because somebody said so,
 * and `ProcessingOff` tells when that lasts. An expression and no composite alarm: a tenth of a dollar a month and not
 * half of one, and it mutes each alarm by itself.
 */
function unlessOff(
  stage: StageSettings,
  metric: Metric,
  values: { readonly missing: number; readonly whileBroken: number; readonly whileOff: number },
): MathExpression {
  return new MathExpression({
    expression: `IF(FILL(stopped, 0) >= ${STOPPED_BY.admin}, ${values.whileOff}, IF(FILL(stopped, 0) == ${STOPPED_BY.breaker}, FILL(metric, ${values.whileBroken}), FILL(metric, ${values.missing})))`,
    usingMetrics: {
      metric,
      stopped: productMetric(stage, 'gamePlatformStopped', Stats.MAXIMUM, metric.period),
    },
    period: metric.period,
    label: `${metric.metricName}, ${values.whileOff} while processing is off`,
  });
}

/** Whether scores keep coming in, as the product itself measures it. */
export function syncAlarms(stage: StageSettings): readonly AlarmDefinition[] {
  const hour = Duration.hours(1);
  return [
    {
      id: 'NoSuccessfulSync',
      severity: 'urgent',
      metric: unlessOff(stage, productMetric(stage, 'syncRunSucceeded', Stats.SUM, hour), {
        missing: 0,
        whileBroken: 0,
        whileOff: 1,
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 12,
      treatMissingData: TreatMissingData.BREACHING,
      meaning: 'No score sync has ended well for 12 hours: every dashboard shows numbers at least that old.',
      runbookArticle: 'no-successful-sync',
    },
    {
      id: 'DispatcherSilent',
      severity: 'urgent',
      // Every dispatch measures it, also while processing is off: what counts is that there is a sample at all.
      metric: productMetric(stage, 'gamePlatformBudgetUsed', Stats.SAMPLE_COUNT, Duration.minutes(15)),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
      meaning:
        'For 15 minutes nothing was sent again that is due: the scheduler stands still, or its messages do not arrive.',
      runbookArticle: 'dispatcher-silent',
    },
    {
      id: 'SyncLag',
      severity: 'urgent',
      // Each round measures it before it reads, and a round reads everybody whom the next one would find too late: the
      // first sample at the limit is the first broken promise, and no sample in a quarter of an hour means no rounds:
      // in an outage of the platform as well, which nobody has to be woken for.
      metric: unlessOff(
        stage,
        productMetric(stage, 'oldestReadAgeSeconds', Stats.MAXIMUM, Duration.minutes(15)),
        { missing: FRESHNESS_SLA.toSeconds(), whileBroken: 0, whileOff: 0 },
      ),
      threshold: FRESHNESS_SLA.toSeconds(),
      treatMissingData: TreatMissingData.BREACHING,
      meaning: `Someone's scores were last read ${FRESHNESS_SLA.toHours()} hours ago, which is as long as we promise, or no round of reads began for 15 minutes.`,
      runbookArticle: 'sync-lag',
    },
    {
      id: 'ProcessingOff',
      severity: 'soon',
      metric: productMetric(stage, 'gamePlatformStopped', Stats.MINIMUM, hour),
      threshold: STOPPED_BY.admin,
      evaluationPeriods: 24,
      meaning:
        'Processing has been switched off for a day: nothing goes to the game platform and no scores come in.',
      runbookArticle: 'processing-off',
    },
    {
      id: 'CompetitorReadFailures',
      severity: 'soon',
      metric: new MathExpression({
        expression: `IF(failed + synced >= ${READS_WORTH_A_RATE}, 100 * failed / (failed + synced), 0)`,
        usingMetrics: {
          failed: productMetric(stage, 'competitorReadFailed', Stats.SUM, hour),
          synced: productMetric(stage, 'competitorsSynced', Stats.SUM, hour),
        },
        period: hour,
        label: 'Failed reads in percent',
      }),
      threshold: FAILURE_RATE_PERCENT,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      meaning:
        'More than 10 % of the score reads of the last hour failed; those competitors show older numbers.',
      runbookArticle: 'competitor-reads-fail',
    },
    {
      id: 'SlowRosterEdits',
      severity: 'soon',
      metric: productMetric(stage, 'editSeconds', Stats.p(99), Duration.minutes(15)),
      threshold: EDIT_PROMISE.toSeconds(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 2,
      meaning:
        'Changes of teams take more than 60 seconds to reach the game platform, longer than we promise.',
      runbookArticle: 'slow-roster-edits',
    },
    {
      id: 'RosterPlanStopped',
      severity: 'soon',
      metric: productMetric(stage, 'rosterPlanStopped', Stats.MAXIMUM, hour),
      threshold: 1,
      meaning:
        'Teams on the game platform differ from ours by more than is put right without an admin: a plan waits.',
      runbookArticle: 'roster-plan-stopped',
    },
    {
      id: 'RosterEditsWaiting',
      severity: 'urgent',
      // The minimum: one edit that was just late at one look is not meant, an edit that stays is.
      metric: productMetric(stage, 'oldestPendingEditSeconds', Stats.MINIMUM),
      threshold: EDIT_PROMISE.toSeconds(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      meaning:
        'For five minutes there was a change of teams that had been waiting for the game platform for more than 60 seconds.',
      runbookArticle: 'roster-edits-waiting',
    },
    {
      id: 'GamePlatformServerErrors',
      severity: 'soon',
      // Few calls are left to fail once the breaker stops them, so that either says it.
      metric: new MathExpression({
        expression: `MAX([FILL(errors, 0), IF(FILL(stopped, 0) == ${STOPPED_BY.breaker}, 6, 0)])`,
        usingMetrics: {
          errors: productMetric(stage, 'gamePlatformServerError', Stats.SUM),
          stopped: productMetric(stage, 'gamePlatformStopped', Stats.MAXIMUM),
        },
        period: Duration.minutes(5),
        label: 'Server errors, or calls stopped',
      }),
      threshold: 5,
      evaluationPeriods: 3,
      meaning:
        'The game platform has been failing for 15 minutes, so that calls to it fail or are stopped; work waits and is tried again.',
      runbookArticle: 'game-platform-server-errors',
    },
  ];
}
