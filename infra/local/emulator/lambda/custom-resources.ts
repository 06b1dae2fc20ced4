import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import * as z from 'zod';
import { closeServer, listen } from '../aws/listen.ts';
import type { CustomResource, Deployment } from '../deployment.ts';
import type { FunctionRunner } from './function-runner.ts';

/** Physical ids by logical id, kept over restarts. */
export type PhysicalIds = Readonly<Record<string, string>>;

const responseSchema = z.object({
  Status: z.enum(['SUCCESS', 'FAILED']),
  Reason: z.string().optional(),
  PhysicalResourceId: z.string().min(1),
});

/** What CDK's provider framework takes from the function behind it. */
const onEventResultSchema = z.object({ PhysicalResourceId: z.string().optional() }).nullish();

export interface CustomResourceOptions {
  readonly deployment: Pick<Deployment, 'customResources' | 'functions' | 'region' | 'accountId' | 'stage'>;
  readonly runner: Pick<FunctionRunner, 'invoke'>;
  readonly known: PhysicalIds;
}

/**
 * Calls the functions behind the template's custom resources as CloudFormation does: `Create` the first time,
 * `Update` at every later start. The function answers to a URL, or returns when it stands behind CDK's provider.
 *
 * @returns the physical ids to keep
 * @throws {Error} when a function fails, answers FAILED, or does not answer
 */
export async function runCustomResources({
  deployment,
  runner,
  known,
}: CustomResourceOptions): Promise<PhysicalIds> {
  const ids: Record<string, string> = { ...known };
  for (const resource of deployment.customResources) {
    const handler = deployment.functions.find(({ arn }) => arn === resource.functionArn);
    const onEventArn = handler?.handler.startsWith('framework.')
      ? handler.environment['USER_ON_EVENT_FUNCTION_ARN']
      : undefined;
    const event = requestOf(resource, deployment, ids[resource.logicalId]);
    ids[resource.logicalId] =
      onEventArn === undefined
        ? await callDirectly(resource, event, runner)
        : await callProvider(resource, onEventArn, event, runner);
  }
  return ids;
}

function requestOf(
  resource: CustomResource,
  { region, accountId, stage }: CustomResourceOptions['deployment'],
  physicalId: string | undefined,
) {
  const properties = stringified(resource.properties);
  return {
    RequestType: physicalId === undefined ? 'Create' : 'Update',
    RequestId: randomUUID(),
    StackId: `arn:aws:cloudformation:${region}:${accountId}:stack/${stage}/local`,
    LogicalResourceId: resource.logicalId,
    ResourceType: resource.type,
    ServiceToken: resource.functionArn,
    ResourceProperties: properties,
    ...(physicalId === undefined
      ? {}
      : { PhysicalResourceId: physicalId, OldResourceProperties: properties }),
  };
}

/** CloudFormation turns every scalar into text. */
function stringified(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stringified);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, stringified(item)]));
}

async function callDirectly(
  resource: CustomResource,
  event: Readonly<Record<string, unknown>>,
  runner: Pick<FunctionRunner, 'invoke'>,
): Promise<string> {
  const answered = Promise.withResolvers<unknown>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.end();
      answered.resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
  const port = await listen(server, undefined);
  try {
    const outcome = await runner.invoke(resource.functionArn, {
      ...event,
      ResponseURL: `http://127.0.0.1:${port}/${createHash('sha256').update(resource.logicalId).digest('hex')}`,
    });
    if (outcome.kind === 'failed') throw failure(resource, outcome.fault.errorMessage);
    const body = await Promise.race([answered.promise, Promise.resolve(undefined)]);
    if (body === undefined) throw failure(resource, 'the function ended without an answer to ResponseURL');
    const answer = responseSchema.safeParse(jsonOf(body));
    if (!answer.success)
      throw failure(resource, 'the answer to ResponseURL is not one that CloudFormation takes');
    if (answer.data.Status === 'FAILED') throw failure(resource, answer.data.Reason ?? 'no reason given');
    return answer.data.PhysicalResourceId;
  } finally {
    await closeServer(server);
  }
}

async function callProvider(
  resource: CustomResource,
  onEventArn: string,
  event: Readonly<Record<string, unknown>>,
  runner: Pick<FunctionRunner, 'invoke'>,
): Promise<string> {
  const outcome = await runner.invoke(onEventArn, event);
  if (outcome.kind === 'failed') throw failure(resource, outcome.fault.errorMessage);
  const result = onEventResultSchema.safeParse(jsonOf(outcome.payload));
  if (!result.success) throw failure(resource, 'the function returned no object');
  const known = event['PhysicalResourceId'];
  return result.data?.PhysicalResourceId ?? (typeof known === 'string' ? known : resource.logicalId);
}

const failure = (resource: CustomResource, reason: string): Error =>
  new Error(`The custom resource ${resource.logicalId} (${resource.type}) failed: ${reason}`);

function jsonOf(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
