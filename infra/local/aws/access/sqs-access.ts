import type { QueueResource } from '../../deployment.ts';
import { keyAccess } from './key-access.ts';
import { stringField, UnknownOperationError, type Requirement } from './requirement.ts';
import type { ResourceNames } from './resource-names.ts';

const SENDING = ['kms:GenerateDataKey', 'kms:Decrypt'];
const RECEIVING = ['kms:Decrypt'];

/** Batches are authorized as their single form (Service Authorization Reference, Amazon SQS). */
const QUEUE_ACTIONS: Readonly<Record<string, { readonly action: string; readonly key?: readonly string[] }>> =
  {
    SendMessage: { action: 'SendMessage', key: SENDING },
    SendMessageBatch: { action: 'SendMessage', key: SENDING },
    ReceiveMessage: { action: 'ReceiveMessage', key: RECEIVING },
    DeleteMessage: { action: 'DeleteMessage' },
    DeleteMessageBatch: { action: 'DeleteMessage' },
    ChangeMessageVisibility: { action: 'ChangeMessageVisibility' },
    ChangeMessageVisibilityBatch: { action: 'ChangeMessageVisibility' },
    GetQueueAttributes: { action: 'GetQueueAttributes' },
    SetQueueAttributes: { action: 'SetQueueAttributes' },
    PurgeQueue: { action: 'PurgeQueue' },
    ListDeadLetterSourceQueues: { action: 'ListDeadLetterSourceQueues' },
    ListQueueTags: { action: 'ListQueueTags' },
  };

/** Developer Guide, "Configuring queue permissions for a dead-letter queue redrive". */
const MOVING = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

export function sqsAccess(operation: string, body: unknown, names: ResourceNames): readonly Requirement[] {
  if (operation === 'ListQueues') return [{ action: 'sqs:ListQueues', resource: '*' }];
  if (operation === 'GetQueueUrl') {
    const arn = names.arn('sqs', stringField(body, 'QueueName') ?? '');
    return [{ action: 'sqs:GetQueueUrl', resource: arn }];
  }
  if (operation === 'ListMessageMoveTasks') {
    return onQueue(['ListMessageMoveTasks', ...MOVING], stringField(body, 'SourceArn') ?? '');
  }
  if (operation === 'CancelMessageMoveTask') {
    const source = moveTaskSource(stringField(body, 'TaskHandle') ?? '') ?? names.arn('sqs', '*');
    return onQueue(['CancelMessageMoveTask', ...MOVING], source);
  }
  if (operation === 'StartMessageMoveTask') return startMove(body, names);

  const known = QUEUE_ACTIONS[operation];
  if (known === undefined) throw new UnknownOperationError(operation);
  const url = stringField(body, 'QueueUrl') ?? '';
  const queue = names.queueByUrl(url);
  const arn = queue?.arn ?? names.arn('sqs', url.slice(url.lastIndexOf('/') + 1));
  return [{ action: `sqs:${known.action}`, resource: arn }, ...ofKey(queue, known.key ?? [], names)];
}

function startMove(body: unknown, names: ResourceNames): readonly Requirement[] {
  const sourceArn = stringField(body, 'SourceArn') ?? '';
  const destinationArn = stringField(body, 'DestinationArn');
  const destinations =
    destinationArn === undefined ? names.queuesRedrivingTo(sourceArn) : [names.queueByArn(destinationArn)];
  return [
    ...onQueue(['StartMessageMoveTask', ...MOVING], sourceArn),
    ...ofKey(names.queueByArn(sourceArn), RECEIVING, names),
    ...destinations.flatMap((queue) => (queue === undefined ? [] : onQueue(['SendMessage'], queue.arn))),
    ...destinations.flatMap((queue) => ofKey(queue, SENDING, names)),
  ];
}

function onQueue(actions: readonly string[], arn: string): readonly Requirement[] {
  return actions.map((action) => ({ action: `sqs:${action}`, resource: arn }));
}

function ofKey(
  queue: QueueResource | undefined,
  actions: readonly string[],
  names: ResourceNames,
): readonly Requirement[] {
  if (queue === undefined || actions.length === 0) return [];
  return keyAccess(names, queue.keyArn, 'sqs', actions, { 'aws:sqs:arn': queue.arn });
}

/** The queue that a task handle belongs to; as on AWS the handle says so. */
export function moveTaskSource(handle: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(handle, 'base64url').toString());
    return stringField(parsed, 'sourceArn');
  } catch {
    return undefined;
  }
}
