import { AsyncLocalStorage } from 'node:async_hooks';
import * as z from 'zod';
import { isRecord } from '../access/requirement.ts';
import type { ServiceCall } from '../gateway/dispatcher.ts';
import type { FauxMessage } from './fauxqs.ts';

const entrySchema = z.object({
  MessageBody: z.string(),
  MessageSystemAttributes: z
    .object({ AWSTraceHeader: z.object({ StringValue: z.string() }).optional() })
    .optional(),
});
const bodySchema = z.union([z.object({ Entries: z.array(entrySchema) }), entrySchema]);

/** The messages of the call that is being answered, with what each has for a trace header. */
type Sending = { readonly body: string; readonly header: string | undefined }[];

const ATTRIBUTE = 'AWSTraceHeader';
const KEPT_HEADERS = 20_000;

/**
 * The system attribute `AWSTraceHeader`, which fauxqs drops: from the message, else from the request's header, as SQS
 * has it. Kept in memory only; a message that outlives the stack goes on without.
 */
export class TraceHeaders {
  readonly #headers = new Map<string, string>();
  readonly #sending = new AsyncLocalStorage<Sending>();

  during<T>(call: ServiceCall, answer: () => Promise<T>): Promise<T> {
    const parsed = bodySchema.safeParse(call.body);
    if (!call.operation.startsWith('SendMessage') || !parsed.success) return answer();
    const entries = 'Entries' in parsed.data ? parsed.data.Entries : [parsed.data];
    const sending = entries.map(({ MessageBody, MessageSystemAttributes }) => ({
      body: MessageBody,
      header: MessageSystemAttributes?.AWSTraceHeader?.StringValue ?? call.traceHeader,
    }));
    return this.#sending.run(sending, answer);
  }

  /** Adds the attribute to received messages when the caller asked for it. */
  addTo(
    received: Readonly<Record<string, unknown>>,
    request: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> {
    const asked = new Set([request['MessageSystemAttributeNames'], request['AttributeNames']].flat());
    const messages = received['Messages'];
    if (!Array.isArray(messages) || !(asked.has('All') || asked.has(ATTRIBUTE))) return received;
    for (const message of messages) {
      const header = isRecord(message) ? this.#headers.get(String(message['MessageId'])) : undefined;
      if (!isRecord(message) || header === undefined) continue;
      const attributes = isRecord(message['Attributes']) ? message['Attributes'] : {};
      Object.assign(message, { Attributes: { ...attributes, [ATTRIBUTE]: header } });
    }
    return received;
  }

  /** Gives a message that enters a queue the header it was sent with. */
  note({ messageId, body }: FauxMessage): void {
    const sending = this.#sending.getStore() ?? [];
    const index = sending.findIndex((entry) => entry.body === body);
    const [entry] = index < 0 ? [] : sending.splice(index, 1);
    if (entry?.header === undefined) return;
    this.#headers.set(messageId, entry.header);
    const [oldest] = this.#headers.keys();
    if (this.#headers.size > KEPT_HEADERS && oldest !== undefined) this.#headers.delete(oldest);
  }
}
