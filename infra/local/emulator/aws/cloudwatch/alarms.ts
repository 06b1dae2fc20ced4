import * as z from 'zod';
import type { AlarmResource, Deployment } from '../../deployment.ts';
import type { Authorizer } from '../iam/authorizer.ts';
import { AwsError } from '../gateway/aws-answer.ts';
import type { AlarmOperations } from './cloudwatch.ts';
import type { Documents } from '../state-database.ts';

const COLLECTION = 'alarms';
const KEPT_ITEMS = 100;

const stateSchema = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);
const itemSchema = z.object({
  AlarmName: z.string(),
  /** Seconds since 1970. */
  Timestamp: z.number(),
  HistoryItemType: z.enum(['StateUpdate', 'Action', 'ConfigurationUpdate']),
  HistorySummary: z.string(),
});
const keptSchema = z.object({
  state: stateSchema,
  reason: z.string(),
  updatedAt: z.number(),
  /** Newest first. */
  history: z.array(itemSchema),
});
type Kept = z.infer<typeof keptSchema>;

const describeSchema = z.strictObject({ AlarmNames: z.array(z.string()).min(1).max(100) });
const setSchema = z.strictObject({
  AlarmName: z.string(),
  StateValue: stateSchema,
  StateReason: z.string().min(1).max(1_023),
});
const historySchema = z.strictObject({
  AlarmName: z.string(),
  HistoryItemType: itemSchema.shape.HistoryItemType.optional(),
  StartDate: z.number().optional(),
});

export interface AlarmsParts {
  readonly documents: Documents;
  readonly deployment: Pick<Deployment, 'alarms' | 'topics'>;
  readonly authorizer: Pick<Authorizer, 'serviceMay'>;
  readonly now: () => number;
}

/**
 * The alarms of the templates, by name of the call. Nothing measures anything here, so that their state is what somebody
 * sets; the topics that are told are asked whether CloudWatch may.
 */
export function createAlarms({ documents, deployment, authorizer, now }: AlarmsParts): AlarmOperations {
  const kept = (name: string): Kept => {
    const stored = documents.get(COLLECTION, name);
    return stored === undefined
      ? { state: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', updatedAt: 0, history: [] }
      : keptSchema.parse(stored);
  };
  const find = (name: string): AlarmResource => {
    const alarm = deployment.alarms.find((candidate) => candidate.name === name);
    if (alarm === undefined) throw new AwsError('ResourceNotFound', `Unknown alarm: ${name}`, 404);
    return alarm;
  };

  /** CloudWatch's own words of whether the topic took the message. */
  const tell = (topicArn: string): string => {
    const topic = deployment.topics.find(({ arn }) => arn === topicArn);
    const { keyArn } = topic ?? {};
    const refusal = authorizer.serviceMay('cloudwatch.amazonaws.com', [
      { action: 'sns:Publish', resource: topicArn },
      ...(keyArn === undefined
        ? []
        : ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({ action, resource: keyArn }))),
    ]);
    if (topic !== undefined && refusal === undefined) return `Successfully executed action ${topicArn}`;
    const why =
      refusal?.action.startsWith('kms:') === true
        ? 'CloudWatch Alarms does not have authorization to access the SNS topic encryption key.'
        : 'Resource: the topic does not exist or does not let CloudWatch publish.';
    return `Failed to execute action ${topicArn}. Received error: "${why}"`;
  };

  const setState = (body: unknown): unknown => {
    const { AlarmName: name, StateValue: state, StateReason: reason } = setSchema.parse(body);
    const alarm = find(name);
    const before = kept(name);
    const at = now() / 1_000;
    if (before.state === state) return {};
    const actions = state === 'ALARM' ? alarm.alarmActions : state === 'OK' ? alarm.okActions : [];
    const history: Kept['history'] = [
      ...actions.map((action) => ({
        AlarmName: name,
        Timestamp: at,
        HistoryItemType: 'Action' as const,
        HistorySummary: tell(action),
      })),
      {
        AlarmName: name,
        Timestamp: at,
        HistoryItemType: 'StateUpdate',
        HistorySummary: `Alarm updated from ${before.state} to ${state}`,
      },
      ...before.history,
    ];
    documents.put(COLLECTION, name, { state, reason, updatedAt: at, history: history.slice(0, KEPT_ITEMS) });
    return {};
  };

  return {
    SetAlarmState: setState,
    DescribeAlarms: (body) => {
      const { AlarmNames: names } = describeSchema.parse(body);
      const found = deployment.alarms.filter(({ name }) => names.includes(name));
      return {
        CompositeAlarms: [],
        MetricAlarms: found.map(({ name, arn, alarmActions, okActions }) => {
          const { state, reason, updatedAt } = kept(name);
          return {
            AlarmName: name,
            AlarmArn: arn,
            ActionsEnabled: true,
            AlarmActions: alarmActions,
            OKActions: okActions,
            StateValue: state,
            StateReason: reason,
            StateUpdatedTimestamp: updatedAt,
          };
        }),
      };
    },
    DescribeAlarmHistory: (body) => {
      const { AlarmName: name, HistoryItemType: type, StartDate: from = 0 } = historySchema.parse(body);
      const items = kept(name).history.filter(
        (item) => item.Timestamp >= from && (type === undefined || item.HistoryItemType === type),
      );
      return { AlarmHistoryItems: items };
    },
  };
}
