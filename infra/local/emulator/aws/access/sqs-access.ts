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
    ListQueueTags: { action: 'ListQueueTags' },
  };

export function sqsAccess(operation: string, body: unknown, names: ResourceNames): readonly Requirement[] {
  if (operation === 'ListQueues') return [{ action: 'sqs:ListQueues', resource: '*' }];
  if (operation === 'GetQueueUrl') {
    const arn = names.arn('sqs', stringField(body, 'QueueName') ?? '');
    return [{ action: 'sqs:GetQueueUrl', resource: arn }];
  }
  const known = QUEUE_ACTIONS[operation];
  if (known === undefined) throw new UnknownOperationError(operation);
  const url = stringField(body, 'QueueUrl') ?? '';
  const queue = names.queueByUrl(url);
  const arn = queue?.arn ?? names.arn('sqs', url.slice(url.lastIndexOf('/') + 1));
  return [{ action: `sqs:${known.action}`, resource: arn }, ...ofKey(queue, known.key ?? [], names)];
}

function ofKey(
  queue: QueueResource | undefined,
  actions: readonly string[],
  names: ResourceNames,
): readonly Requirement[] {
  if (queue === undefined || actions.length === 0) return [];
  return keyAccess(names, queue.keyArn, 'sqs', actions, { 'aws:sqs:arn': queue.arn });
}
