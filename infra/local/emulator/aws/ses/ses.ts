import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { addressIn, domainOf, sesAccess } from '../access/ses-access.ts';
import { stringField } from '../access/requirement.ts';
import type { ResourceNames } from '../access/resource-names.ts';
import { AwsError, jsonAnswer } from '../gateway/aws-answer.ts';
import type { StandIn } from '../gateway/dispatcher.ts';
import type { Documents } from '../state-database.ts';

const content = z.object({ Data: z.string(), Charset: z.string().optional() });

const inputSchema = z.strictObject({
  FromEmailAddress: z.string(),
  Destination: z.strictObject({ ToAddresses: z.array(z.string()).min(1) }),
  Content: z.strictObject({
    Simple: z.strictObject({
      Subject: content,
      Body: z.strictObject({ Text: content, Html: content }),
      Headers: z.array(z.strictObject({ Name: z.string().max(126), Value: z.string().max(870) })).max(15),
    }),
  }),
});

const storedMailSchema = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type StoredMail = z.infer<typeof storedMailSchema>;

const COLLECTION = 'mailbox';
const KEPT = 500;
const ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** Where emails land instead of leaving the machine; the newest {@link KEPT} are kept. */
export interface Mailbox {
  /** Newest first. */
  list(): readonly StoredMail[];
  byId(id: string): StoredMail | undefined;
}

/** Out of the sandbox: everybody gets emails here. */
const ACCOUNT = {
  DedicatedIpAutoWarmupEnabled: false,
  EnforcementStatus: 'HEALTHY',
  ProductionAccessEnabled: true,
  SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 0 },
  SendingEnabled: true,
};

function identityOf(body: unknown, verifiedDomains: readonly string[]): unknown {
  const identity = stringField(body, 'EmailIdentity') ?? '';
  if (!verifiedDomains.includes(identity))
    throw new AwsError('NotFoundException', `Email identity ${identity} does not exist.`, 404);
  return {
    IdentityType: 'DOMAIN',
    VerifiedForSendingStatus: true,
    VerificationStatus: 'SUCCESS',
    FeedbackForwardingStatus: true,
    DkimAttributes: { SigningEnabled: true, Status: 'SUCCESS' },
  };
}

/** @param verifiedDomains those that the account may send from */
export function createSes(
  documents: Documents,
  names: ResourceNames,
  verifiedDomains: readonly string[],
  now: () => number,
): { readonly standIn: StandIn; readonly mailbox: Mailbox } {
  const all = (): StoredMail[] =>
    documents
      .list(COLLECTION)
      .map(({ value }) => storedMailSchema.parse(value))
      .toReversed();

  function keep(input: z.output<typeof inputSchema>): string {
    const { Subject, Body, Headers } = input.Content.Simple;
    const at = now();
    const id = randomUUID();
    const mail: StoredMail = {
      id,
      at: new Date(at).toISOString(),
      from: input.FromEmailAddress,
      to: input.Destination.ToAddresses.join(', '),
      subject: Subject.Data,
      text: Body.Text.Data,
      html: Body.Html.Data,
      headers: Headers.map(({ Name, Value }) => ({ name: Name, value: Value })),
    };
    // Sorted by time: keys are listed in their order.
    documents.put(COLLECTION, `${String(at).padStart(15, '0')}#${id}`, mail);
    for (const { key } of documents.list(COLLECTION).slice(0, -KEPT)) documents.delete(COLLECTION, key);
    return id;
  }

  return {
    standIn: {
      access: (operation, body) => sesAccess(operation, body, names),
      answer: ({ operation, body }) => {
        if (operation === 'GetAccount') return jsonAnswer('ses', ACCOUNT);
        if (operation === 'GetEmailIdentity') return jsonAnswer('ses', identityOf(body, verifiedDomains));
        const input = inputSchema.safeParse(body);
        if (!input.success) {
          const [issue] = input.error.issues;
          throw new AwsError('BadRequestException', `${issue?.path.join('.')}: ${issue?.message}`);
        }
        const { FromEmailAddress: from, Destination } = input.data;
        for (const address of [from, ...Destination.ToAddresses].map(addressIn)) {
          if (!ADDRESS.test(address)) throw new AwsError('BadRequestException', 'Illegal address.');
        }
        if (!verifiedDomains.includes(domainOf(addressIn(from)))) {
          throw new AwsError(
            'MessageRejected',
            `Email address is not verified. The following identities failed the check in region ${names.region.toUpperCase()}: ${from}`,
          );
        }
        return jsonAnswer('ses', { MessageId: keep(input.data) });
      },
    },
    mailbox: { list: all, byId: (id) => all().find((mail) => mail.id === id) },
  };
}
