import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { requestTimeouts } from '#shared/kernel/aws-requests.ts';
import { htmlOf, textOf, type Letter } from './letter.ts';

/** Sends one email to one address. Sending it again sends it twice: SES takes no token that would say so. */
export type SendLetter = (to: string, letter: Letter, stopUrl: string | null) => Promise<void>;

/** SES answers within a second. The SDK waits between its tries, the longer the more there were, each time at random. */
const REQUEST_TIMEOUT_MS = 5_000;

export const createMailClient = (): SESv2Client =>
  new SESv2Client({ maxAttempts: 3, requestHandler: requestTimeouts(REQUEST_TIMEOUT_MS) });

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

/** @param from an address of the stage's verified domain */
export const createSendLetter =
  (client: SESv2Client, from: string): SendLetter =>
  async (to, letter, stopUrl) => {
    await client.send(
      new SendEmailCommand({
        FromEmailAddress: `Coach Dashboard <${from}>`,
        Destination: { ToAddresses: [to] },
        Content: {
          Simple: {
            Subject: utf8(letter.subject),
            Body: { Text: utf8(textOf(letter)), Html: utf8(htmlOf(letter)) },
            // One press in the mail program, without opening a page: RFC 8058.
            Headers:
              stopUrl === null
                ? []
                : [
                    { Name: 'List-Unsubscribe', Value: `<${stopUrl}>` },
                    { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
                  ],
          },
        },
      }),
    );
  };
