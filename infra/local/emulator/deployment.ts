/**
 * What the synthesized cloud assembly says must exist, with every intrinsic function resolved. `assembly/` makes it,
 * `aws/`, `lambda/` and `edge/` run it. Nothing here has a default: what the template does not say is not there.
 */

export interface PolicyStatement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** Principals by kind (`AWS`, `Service`, `*`); undefined in identity policies. */
  readonly principals: Readonly<Record<string, readonly string[]>> | undefined;
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[] | undefined;
  readonly resources: readonly string[] | undefined;
  readonly notResources: readonly string[] | undefined;
  /** Operator → condition key → accepted values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface RoleResource {
  readonly arn: string;
  readonly name: string;
  /** `AWS::CloudFormation` path of the construct, for messages: "CoachDashboard-dev-Sync/SyncWorker". */
  readonly path: string;
  readonly trust: readonly PolicyStatement[];
  readonly statements: readonly PolicyStatement[];
}

/** Of application logs, from the lowest. */
export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface FunctionResource {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  /** Absolute folder of the code asset. */
  readonly codeDirectory: string;
  /** `file.export`, as in the template. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** `TracingConfig` is `Active`. */
  readonly tracing: boolean;
  /** Lines below it are dropped; undefined with the log format `Text`, where Lambda looks at no level. */
  readonly logLevel: LogLevel | undefined;
  readonly roleArn: string;
}

export interface TableResource {
  readonly name: string;
  readonly arn: string;
  readonly keyArn: string | undefined;
  readonly attributes: readonly { readonly name: string; readonly type: string }[];
  readonly keySchema: readonly { readonly name: string; readonly type: 'HASH' | 'RANGE' }[];
  readonly indexes: readonly {
    readonly name: string;
    readonly keySchema: readonly { readonly name: string; readonly type: 'HASH' | 'RANGE' }[];
    readonly projection: string;
  }[];
  readonly ttlAttribute: string | undefined;
}

export interface QueueResource {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly keyArn: string | undefined;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly receiveWaitSeconds: number;
  readonly redrive: { readonly deadLetterArn: string; readonly maxReceiveCount: number } | undefined;
  readonly policy: readonly PolicyStatement[];
}

export interface EventSource {
  readonly functionArn: string;
  readonly queueArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
  readonly maximumConcurrency: number | undefined;
}

/** When a bucket lets go of what is in it, by days after it came. */
export interface LifecycleRule {
  /** Start of the keys that it is about; empty: all. */
  readonly prefix: string;
  readonly expirationDays: number | undefined;
  readonly abortUploadDays: number | undefined;
}

export interface BucketResource {
  readonly name: string;
  readonly arn: string;
  /** Of its default encryption. */
  readonly keyArn: string | undefined;
  /** S3 asks for one data key for many objects. */
  readonly bucketKey: boolean;
  readonly lifecycle: readonly LifecycleRule[];
  readonly policy: readonly PolicyStatement[];
}

export interface SecretResource {
  readonly name: string;
  readonly arn: string;
  readonly keyArn: string | undefined;
  /** The literal value in the template, where there is one. */
  readonly value: string | undefined;
  /** `GenerateSecretString`, where there is one. */
  readonly generate:
    | { readonly length: number; readonly template: string | undefined; readonly key: string | undefined }
    | undefined;
}

export interface KeyResource {
  readonly arn: string;
  readonly policy: readonly PolicyStatement[];
}

export interface UserPoolClientResource {
  readonly id: string;
  readonly name: string;
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  readonly oauthFlows: readonly string[];
  readonly oauthScopes: readonly string[];
  readonly generateSecret: boolean;
  readonly accessTokenSeconds: number;
  readonly idTokenSeconds: number;
  readonly refreshTokenSeconds: number;
}

export interface UserPoolResource {
  readonly id: string;
  readonly arn: string;
  readonly keyArn: string | undefined;
  /** `iss` of its tokens, as it is on this machine. */
  readonly issuer: string;
  readonly groups: readonly string[];
  readonly clients: readonly UserPoolClientResource[];
  /** Base URL of the managed login, as it is on this machine. */
  readonly loginUrl: string;
  /** What AWS's own address of the managed login begins with. */
  readonly domainPrefix: string;
  /** `PasswordPolicy.MinimumLength`; Cognito's own default is 8. */
  readonly passwordMinimumLength?: number;
}

export interface ScheduleGroupResource {
  readonly name: string;
  readonly arn: string;
}

/** Where alarms go. */
export interface TopicResource {
  readonly arn: string;
  readonly keyArn: string | undefined;
  readonly policy: readonly PolicyStatement[];
  /** Addresses that get its messages as emails. */
  readonly emails: readonly string[];
}

export interface AlarmResource {
  readonly name: string;
  readonly arn: string;
  /** Topics that are told when it fires. */
  readonly alarmActions: readonly string[];
  /** Topics that are told when it is over. */
  readonly okActions: readonly string[];
}

export interface CustomResource {
  readonly logicalId: string;
  readonly type: string;
  readonly functionArn: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface RouteResource {
  /** `GET /api/x/{id}` or `$default`. */
  readonly key: string;
  readonly functionArn: string;
  readonly authorizer: { readonly issuer: string; readonly audience: readonly string[] } | undefined;
  readonly scopes: readonly string[];
}

export interface FunctionPermission {
  readonly functionArn: string;
  readonly principal: string;
  readonly sourceArn: string | undefined;
}

export interface HttpApiResource {
  readonly id: string;
  readonly arn: string;
  readonly routes: readonly RouteResource[];
}

export interface BehaviorResource {
  /** `*` for the default behaviour. */
  readonly pathPattern: string;
  readonly origin: 'api' | 'site';
  readonly allowedMethods: readonly string[];
  /** Which of the viewer's headers, cookies and query reach the origin; without a policy, none. */
  readonly originRequestPolicyId: string | undefined;
  /** CloudFront compresses text for viewers that take it. */
  readonly compresses: boolean;
  /** Source of the viewer-request CloudFront Function, where there is one. */
  readonly viewerRequestCode: string | undefined;
  /** Response headers by name, from the response headers policy. */
  readonly responseHeaders: Readonly<Record<string, string>>;
}

/** Files that are copied into the site's bucket. */
export interface SiteFiles {
  /** Absolute folder. */
  readonly directory: string;
  /** `Cache-Control` that the files get. */
  readonly cacheControl: string | undefined;
  /** Patterns of what is left out, and of what comes in nevertheless. */
  readonly exclude: readonly string[];
  readonly include: readonly string[];
}

export interface DistributionResource {
  readonly url: string;
  readonly id: string;
  readonly comment: string;
  readonly defaultRootObject: string | undefined;
  /** Headers that CloudFront adds towards the API origin. */
  readonly apiOriginHeaders: Readonly<Record<string, string>>;
  /** Most specific first, the default behaviour last. */
  readonly behaviors: readonly BehaviorResource[];
  /** In the order in which they are copied; a later one wins. */
  readonly siteFiles: readonly SiteFiles[];
}

export interface Deployment {
  readonly stage: string;
  readonly region: string;
  readonly accountId: string;
  readonly roles: readonly RoleResource[];
  readonly functions: readonly FunctionResource[];
  readonly permissions: readonly FunctionPermission[];
  readonly tables: readonly TableResource[];
  readonly queues: readonly QueueResource[];
  readonly eventSources: readonly EventSource[];
  readonly buckets: readonly BucketResource[];
  readonly secrets: readonly SecretResource[];
  readonly keys: readonly KeyResource[];
  readonly userPools: readonly UserPoolResource[];
  readonly scheduleGroups: readonly ScheduleGroupResource[];
  readonly topics: readonly TopicResource[];
  readonly alarms: readonly AlarmResource[];
  readonly customResources: readonly CustomResource[];
  readonly httpApi: HttpApiResource;
  readonly distribution: DistributionResource;
}

/** Where this machine's stand-ins listen; the assembly's AWS addresses are rewritten to these. */
export interface LocalAddresses {
  /** The AWS gateway, for example `http://127.0.0.1:40123`. */
  readonly awsUrl: string;
  /** The site and the API, as CloudFront would serve them. */
  readonly siteUrl: string;
  /** The managed login page. */
  readonly loginUrl: string;
}

/** A fault that the gateway answers instead of, or on top of, the real service. */
export interface AwsFault {
  /** IAM action, for example `dynamodb:TransactWriteItems`; `*` for any. */
  readonly action: string;
  /** Name of the function that is hit; undefined for any caller. */
  readonly functionName?: string;
  /** Chance from 0 to 1 for each call. */
  readonly probability: number;
  /**
   * `lostAnswer`: the service did the work, the caller hears a broken connection. `roleUnknown`: of a schedule's call,
   * the role is too new to be known everywhere.
   */
  readonly kind: 'throttle' | 'transactionConflict' | 'serverError' | 'lostAnswer' | 'slow' | 'roleUnknown';
  readonly delayMs?: number;
  /** How many times at most; undefined for ever. */
  readonly times?: number;
}
