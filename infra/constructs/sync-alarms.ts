import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { DEFAULT_SYNC_SETTINGS } from '#shared/settings/sync-settings.ts';
import type { StageSettings } from '../stages.ts';
import type { AlarmDefinition } from './alarm-definition.ts';
import { productMetric } from './product-metric.ts';

/** No one waits longer than this for their scores to be read; an admin's own `slaHours` moves no alarm. */
const FRESHNESS_SLA = Duration.hours(DEFAULT_SYNC_SETTINGS.slaHours);
const FAILURE_RATE_PERCENT = 10;
/** Below this many reads in an hour a rate says nothing. */
const READS_WORTH_A_RATE = 20;

/** A roster edit has to have reached the platform by then. */
const EDIT_PROMISE = Duration.seconds(60);

/** Whether scores keep coming in, as the product itself measures it. */
export function syncAlarms(stage: StageSettings): readonly AlarmDefinition[] {
  const hour = Duration.hours(1);
  return [
    {
      id: 'NoSuccessfulSync',
      metric: productMetric(stage, 'syncRunSucceeded', Stats.SUM, hour),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 12,
      treatMissingData: TreatMissingData.BREACHING,
      meaning: 'No score sync has ended well for 12 hours: every dashboard shows numbers at least that old.',
      runbookArticle: 'no-successful-sync',
    },
    {
      id: 'DispatcherSilent',
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
      metric: productMetric(stage, 'oldestReadAgeSeconds', Stats.MAXIMUM, Duration.minutes(15)),
      threshold: FRESHNESS_SLA.toSeconds(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 2,
      meaning: `Someone's scores were last read more than ${FRESHNESS_SLA.toHours()} hours ago, which is longer than we promise.`,
      runbookArticle: 'sync-lag',
    },
    {
      id: 'CompetitorReadFailures',
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
      metric: productMetric(stage, 'rosterPlanStopped', Stats.MAXIMUM, hour),
      threshold: 1,
      meaning:
        'Teams on the game platform differ from ours by more than is put right without an admin: a plan waits.',
      runbookArticle: 'roster-plan-stopped',
    },
    {
      id: 'RosterEditsWaiting',
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
      // Few calls are left to fail once the breaker stops them, so that either says it.
      metric: new MathExpression({
        expression: 'MAX([FILL(errors, 0), 6 * FILL(stopped, 0)])',
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
