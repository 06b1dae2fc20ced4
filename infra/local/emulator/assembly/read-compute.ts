import * as z from 'zod';
import {
  LOG_LEVELS,
  type CustomResource,
  type EventSource,
  type FunctionPermission,
  type FunctionResource,
} from '../deployment.ts';
import type { AssemblyResources, ResourceView } from './resource-view.ts';

/** CDK's own helpers at deploy time; the local stack does their work itself (or has none to do). */
const CDK_CUSTOM_RESOURCES = new Set([
  'Custom::CDKBucketDeployment',
  'Custom::S3AutoDeleteObjects',
  'Custom::LogRetention',
]);

/** Finds a function by name, ARN, or ARN with a version or alias at its end. */
export function functionFinder(resources: AssemblyResources): (reference: string) => string {
  const byReference = new Map<string, string>();
  for (const view of resources.ofType('AWS::Lambda::Function')) {
    const arn = view.attribute('Arn');
    byReference.set(view.ref(), arn).set(arn, arn);
  }
  return (reference) =>
    byReference.get(reference) ?? byReference.get(reference.split(':').slice(0, 7).join(':')) ?? reference;
}

const loggingSchema = z.object({
  LogFormat: z.enum(['JSON', 'Text']).default('Text'),
  ApplicationLogLevel: z.enum(LOG_LEVELS).default('INFO'),
});

/** Functions that this machine can run: Node.js with a code asset. Limits left out are Lambda's: 3 s, 128 MB. */
export function readFunctions(resources: AssemblyResources): FunctionResource[] {
  return resources.ofType('AWS::Lambda::Function').flatMap((view) => {
    const { Runtime } = view.read({ Runtime: z.string().optional() });
    const codeDirectory = assetDirectory(view);
    if (Runtime === undefined || !Runtime.startsWith('nodejs') || codeDirectory === undefined) return [];
    const { Handler, Timeout, MemorySize, Environment, TracingConfig, LoggingConfig, Role } = view.read({
      Handler: z.string(),
      Timeout: z.number().default(3),
      MemorySize: z.number().default(128),
      Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
      TracingConfig: z.object({ Mode: z.string() }).optional(),
      LoggingConfig: loggingSchema.optional(),
      Role: z.string(),
    });
    return {
      logicalId: view.logicalId,
      name: view.ref(),
      arn: view.attribute('Arn'),
      path: view.path,
      codeDirectory,
      handler: Handler,
      timeoutSeconds: Timeout,
      memoryMb: MemorySize,
      environment: Environment?.Variables ?? {},
      tracing: TracingConfig?.Mode === 'Active',
      logLevel: LoggingConfig?.LogFormat === 'JSON' ? LoggingConfig.ApplicationLogLevel : undefined,
      roleArn: Role,
    };
  });
}

function assetDirectory(view: ResourceView): string | undefined {
  const { Code } = view.read({ Code: z.object({ S3Key: z.string().optional() }) });
  return Code.S3Key === undefined
    ? undefined
    : view.stack.assets.get(Code.S3Key.replace(/^.*\/|\.zip$/g, ''));
}

export function readPermissions(resources: AssemblyResources): FunctionPermission[] {
  const findFunction = functionFinder(resources);
  return resources.ofType('AWS::Lambda::Permission').map((view) => {
    const { FunctionName, Principal, SourceArn } = view.read({
      FunctionName: z.string(),
      Principal: z.string(),
      SourceArn: z.string().optional(),
    });
    return { functionArn: findFunction(FunctionName), principal: Principal, sourceArn: SourceArn };
  });
}

/** Batch size and window left out are Lambda's: 10 messages, no wait. */
export function readEventSources(resources: AssemblyResources): EventSource[] {
  const findFunction = functionFinder(resources);
  return resources.ofType('AWS::Lambda::EventSourceMapping').map((view) => {
    const mapping = view.read({
      EventSourceArn: z.string(),
      FunctionName: z.string(),
      Enabled: z.boolean().default(true),
      BatchSize: z.number().default(10),
      MaximumBatchingWindowInSeconds: z.number().default(0),
      FunctionResponseTypes: z.array(z.string()).default([]),
      ScalingConfig: z.object({ MaximumConcurrency: z.number().optional() }).optional(),
    });
    return {
      functionArn: findFunction(mapping.FunctionName),
      queueArn: mapping.EventSourceArn,
      enabled: mapping.Enabled,
      batchSize: mapping.BatchSize,
      batchingWindowSeconds: mapping.MaximumBatchingWindowInSeconds,
      reportBatchItemFailures: mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      maximumConcurrency: mapping.ScalingConfig?.MaximumConcurrency,
    };
  });
}

export function readCustomResources(resources: AssemblyResources): CustomResource[] {
  const findFunction = functionFinder(resources);
  return resources
    .where(({ type }) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource')
    .filter(({ type }) => !CDK_CUSTOM_RESOURCES.has(type))
    .map((view) => {
      const { ServiceToken } = view.read({ ServiceToken: z.string() });
      return {
        logicalId: view.logicalId,
        type: view.type,
        functionArn: findFunction(ServiceToken),
        properties: view.readAll(),
      };
    });
}
