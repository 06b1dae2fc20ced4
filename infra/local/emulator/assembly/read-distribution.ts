import * as z from 'zod';
import type { BehaviorResource, DistributionResource, HttpApiResource, SiteFiles } from '../deployment.ts';
import { readResponseHeaders } from './read-response-headers.ts';
import type { AssemblyResources, ResourceView } from './resource-view.ts';

const behaviorSchema = z.object({
  TargetOriginId: z.string(),
  AllowedMethods: z.array(z.string()).default(['GET', 'HEAD']),
  OriginRequestPolicyId: z.string().optional(),
  ResponseHeadersPolicyId: z.string().optional(),
  CachePolicyId: z.string().optional(),
  Compress: z.boolean().default(false),
  FunctionAssociations: z.array(z.object({ EventType: z.string(), FunctionARN: z.string() })).default([]),
});

const configSchema = z.object({
  Comment: z.string().default(''),
  DefaultRootObject: z.string().optional(),
  Origins: z.array(
    z.object({
      Id: z.string(),
      DomainName: z.string(),
      OriginCustomHeaders: z.array(z.object({ HeaderName: z.string(), HeaderValue: z.string() })).default([]),
    }),
  ),
  DefaultCacheBehavior: behaviorSchema,
  CacheBehaviors: z.array(behaviorSchema.extend({ PathPattern: z.string() })).default([]),
});

/** AWS's own cache policy that takes compressed objects; without such a one, CloudFront compresses nothing. */
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';

/** The one CloudFront distribution, its behaviours in CloudFront's own order. */
export function readDistribution(
  resources: AssemblyResources,
  httpApi: HttpApiResource,
  url: string,
): DistributionResource {
  const view = resources.theOnly('AWS::CloudFront::Distribution', 'nothing would serve the site');
  const { DistributionConfig: config } = view.read({ DistributionConfig: configSchema });
  const buckets = resources.ofType('AWS::S3::Bucket');
  const origins = new Map(config.Origins.map((origin) => [origin.Id, origin]));
  const bucketOf = (originId: string): ResourceView | undefined => {
    const domain = origins.get(originId)?.DomainName;
    return buckets.find((bucket) =>
      [bucket.attribute('RegionalDomainName'), bucket.attribute('DomainName')].includes(domain ?? ''),
    );
  };
  const apiOrigin = config.Origins.find(({ DomainName }) =>
    DomainName.startsWith(`${httpApi.id}.execute-api.`),
  );

  const functionCode = new Map(
    resources
      .ofType('AWS::CloudFront::Function')
      .map((code) => [code.ref(), code.read({ FunctionCode: z.string() }).FunctionCode]),
  );
  const toBehavior = (pathPattern: string, behavior: z.infer<typeof behaviorSchema>): BehaviorResource => {
    const isApi = behavior.TargetOriginId === apiOrigin?.Id;
    if (!isApi && bucketOf(behavior.TargetOriginId) === undefined) {
      throw view.error(
        'DistributionConfig',
        `sends ${pathPattern} to an origin that is neither the API nor a bucket.`,
      );
    }
    const viewerRequest = behavior.FunctionAssociations.find(
      ({ EventType }) => EventType === 'viewer-request',
    );
    return {
      pathPattern,
      origin: isApi ? 'api' : 'site',
      allowedMethods: behavior.AllowedMethods,
      originRequestPolicyId: behavior.OriginRequestPolicyId,
      compresses: behavior.Compress && behavior.CachePolicyId === CACHING_OPTIMIZED,
      viewerRequestCode:
        viewerRequest === undefined ? undefined : functionCode.get(viewerRequest.FunctionARN),
      responseHeaders: readResponseHeaders(resources, behavior.ResponseHeadersPolicyId),
    };
  };

  const siteBucket = bucketOf(config.DefaultCacheBehavior.TargetOriginId);
  const siteFiles = siteBucket === undefined ? [] : readSiteFiles(resources, siteBucket.ref());
  return {
    url,
    id: view.ref(),
    comment: config.Comment,
    defaultRootObject: config.DefaultRootObject,
    apiOriginHeaders: Object.fromEntries(
      (apiOrigin?.OriginCustomHeaders ?? []).map(({ HeaderName, HeaderValue }) => [HeaderName, HeaderValue]),
    ),
    behaviors: [
      ...config.CacheBehaviors.map((behavior) => toBehavior(behavior.PathPattern, behavior)),
      toBehavior('*', config.DefaultCacheBehavior),
    ],
    siteFiles,
  };
}

/** What CDK's bucket deployments copy into the bucket, in their order. */
function readSiteFiles(resources: AssemblyResources, bucketName: string): SiteFiles[] {
  return resources.ofType('Custom::CDKBucketDeployment').flatMap((view) => {
    const deployment = view.read({
      SourceObjectKeys: z.array(z.string()),
      DestinationBucketName: z.string(),
      SystemMetadata: z.record(z.string(), z.string()).default({}),
      Include: z.array(z.string()).default([]),
      Exclude: z.array(z.string()).default([]),
    });
    if (deployment.DestinationBucketName !== bucketName) return [];
    return deployment.SourceObjectKeys.map((key) => {
      const directory = view.stack.assets.get(key.replace(/^.*\/|\.zip$/g, ''));
      if (directory === undefined) throw view.error('SourceObjectKeys', `names no asset: ${key}.`);
      return {
        directory,
        cacheControl: deployment.SystemMetadata['cache-control'],
        include: deployment.Include,
        exclude: deployment.Exclude,
      };
    });
  });
}
