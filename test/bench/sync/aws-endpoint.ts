import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadFauxqs, type FauxStore } from '#infra/local/emulator/aws/sqs/fauxqs.ts';

/** SQS and the one secret that the workers read, over HTTP for the real SDK. */
export interface AwsEndpoint {
  readonly url: string;
  readonly queueUrl: (name: string) => string;
  /** Messages on a queue, delayed ones and those that a consumer has received and not yet deleted included. */
  readonly waiting: (name: string) => number;
  stop(): Promise<void>;
}

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
/** Longer than any case takes, so that nothing comes twice by itself; a released part gets another message. */
const VISIBILITY_SECONDS = 3_600;
const LOOK_AGAIN_MS = 5;

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

/** Fields of a JSON object; none of anything else. */
function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : {};
}

/** A long poll ends a few milliseconds after a message came, not at fauxqs's next tick. */
async function waitFor(
  store: FauxStore,
  queueUrl: string,
  seconds: number,
  goesOn: () => boolean,
): Promise<void> {
  const deadline = performance.now() + seconds * 1_000;
  while (goesOn()) {
    const queue = store.getQueue(queueUrl);
    queue?.processTimers();
    if (queue === undefined || queue.messages.length > 0 || performance.now() > deadline) return;
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_AGAIN_MS);
    });
  }
}

export async function startAwsEndpoint(queues: readonly string[], token: string): Promise<AwsEndpoint> {
  const fauxqs = await loadFauxqs();
  const server = createServer((request, response) => {
    void (async () => {
      const [service, operation = ''] = String(request.headers['x-amz-target']).split('.');
      const text = await textOf(request);
      const answer = async () => {
        if (service === 'secretsmanager')
          return { status: 200, body: JSON.stringify({ SecretString: token }) };
        if (operation !== 'ReceiveMessage') return fauxqs.call(operation, text);
        const fields = fieldsOf(text);
        const seconds = Number(fields['WaitTimeSeconds'] ?? 0);
        await waitFor(fauxqs.store, String(fields['QueueUrl']), seconds, () => !response.destroyed);
        // The caller is gone, and would not see what it took.
        if (response.destroyed) return { status: 200, body: '' };
        return fauxqs.call(operation, JSON.stringify({ ...fields, WaitTimeSeconds: 0 }));
      };
      const { status, body } = await answer();
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(body);
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const queueUrl = (name: string) => `${url}/${ACCOUNT}/${name}`;
  for (const name of queues)
    fauxqs.store.createQueue(name, queueUrl(name), `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`, {
      VisibilityTimeout: String(VISIBILITY_SECONDS),
    });
  return {
    url,
    queueUrl,
    waiting: (name) => {
      const queue = fauxqs.store.getQueue(queueUrl(name));
      if (queue === undefined) return 0;
      return queue.messages.length + queue.delayedMessages.length + queue.inflightMessages.size;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await fauxqs.close();
    },
  };
}
