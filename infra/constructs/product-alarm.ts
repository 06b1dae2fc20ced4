import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import { RUNBOOK_URL, type StageSettings } from '../stages.ts';
import type { AlarmDefinition, Severity } from './alarm-definition.ts';

const HOW_SOON: Readonly<Record<Severity, string>> = { urgent: 'Urgent.', soon: 'Within a working day.' };

/** Makes the alarm of a definition: it tells the topic of its severity when it fires and when it is over. */
export function createAlarm(
  scope: Construct,
  definition: AlarmDefinition,
  props: { readonly stage: StageSettings; readonly topics: Readonly<Record<Severity, ITopic>> },
): Alarm {
  const { stage, topics } = props;
  const alarm = new Alarm(scope, definition.id, {
    alarmName: physicalName(stage, definition.id),
    alarmDescription: `${HOW_SOON[definition.severity]} ${definition.meaning}\n\nWhat to do: ${RUNBOOK_URL}#${definition.runbookArticle}`,
    metric: definition.metric,
    threshold: definition.threshold,
    evaluationPeriods: definition.evaluationPeriods ?? 1,
    comparisonOperator:
      definition.comparisonOperator ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: definition.treatMissingData ?? TreatMissingData.NOT_BREACHING,
  });
  const action = new SnsAction(topics[definition.severity]);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  return alarm;
}
